"""Drawn lines that cut cells: splitting a grid, carving one out, drawing a border anew."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from data.plan_sheet import Floats, Ints, Shapes, Sheet
from geo.cell_graph import CellGraph, cell_graph
from geo.crs import STORE_CRS, transform
from geo.cutting import Cut, CutsNothing, cut_by_line, cut_by_polygon, led_through_corners, sides
from geo.noding import faces, linework, noded
from rules.plan_commands import NEW, Carve, MoveBorder, Points, Split
from rules.plan_edits import Parts, UnknownGrid, redrawn
from rules.plan_state import Change


@dataclass(frozen=True)
class NewCell:
    """A part of a cell that was cut, in metres and in degrees, with its buildings."""

    number: int
    parent: int
    shape: shapely.Geometry
    degrees: shapely.Geometry
    buildings: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Division:
    """Cells divided by a line: the grid of each whole cell and of each child, by position.

    ``whole`` is by position of the live cell, ``cuts`` with the grid of every child.
    """

    whole: Mapping[int, str]
    cuts: Sequence[tuple[Cut, tuple[str, ...]]]


def divided(
    sheet: Sheet, command: Split | Carve | MoveBorder
) -> tuple[Change, tuple[NewCell, ...]]:
    """Give the change of a command that may cut cells, and the cells it makes.

    Raises
    ------
    geo.cutting.CutsNothing
        If what was drawn divides nothing.
    rules.plan_edits.Locked, BreaksGrid, NothingMoves, UnknownGrid
        If the plan does not let it happen.
    """
    match command:
        case Split(label, line):
            division = _split(sheet, label, line)
        case Carve(ring):
            division = _carved(sheet, ring)
        case MoveBorder(one, other, line):
            division = _border(sheet, one, other, line)
    return _settled(sheet, division)


def _split(sheet: Sheet, label: str, line: Points) -> Division:
    """Divide a grid: the side with more households keeps the label, the other becomes new."""
    some = _positions(sheet, [label])
    drawn = led_through_corners(_line(sheet, line), sheet.shapes[some])
    parts = _faces(sheet, some, drawn)
    homes = shapely.points(_spots(sheet, some))
    living = _lived(sheet, some)
    weight = [
        float(living[shapely.intersects(part, homes)].sum()) + shapely.area(part) * 1e-9
        for part in parts
    ]
    order = sorted(range(len(parts)), key=lambda i: -weight[i])
    names = {order[0]: label, order[1]: NEW}
    return _by_faces(sheet, some, drawn, parts, _spread(parts, names))


def _border(sheet: Sheet, one: str, other: str, line: Points) -> Division:
    """Each side goes to the grid that has more of its land now."""
    if one == other:
        raise UnknownGrid(other)
    some = _positions(sheet, [one, other])
    drawn = led_through_corners(_line(sheet, line), sheet.shapes[some])
    parts = _faces(sheet, some, drawn)
    at = sheet.order.index(one)
    mine = shapely.coverage_union_all(sheet.shapes[some[sheet.part[some] == at]])
    share = shapely.area(shapely.intersection(parts, mine)) / shapely.area(parts)
    order = np.argsort(-share, kind="stable").tolist()
    names = {i: one if share[i] > 0.5 else other for i in order[1:-1]}
    return _by_faces(sheet, some, drawn, parts, names | {order[0]: one, order[-1]: other})


def _carved(sheet: Sheet, ring: Points) -> Division:
    """Make a new grid of what the ring holds."""
    if len(ring) < 3:
        raise CutsNothing(0)
    polygon = shapely.Polygon(_metres(sheet, ring))
    everywhere = np.arange(len(sheet.cells))
    found = cut_by_polygon(sheet.shapes, polygon, points=_spots(sheet, everywhere))
    whole = dict.fromkeys(found.inside.tolist(), NEW)
    labels = list(sheet.state.cells.values())
    cuts = [
        (cut, tuple(NEW if inside else labels[cut.parent] for inside in inner.tolist()))
        for cut, inner in zip(found.cuts, found.inner, strict=True)
    ]
    if not whole and not any(NEW in names for _, names in cuts):
        raise CutsNothing(len(cuts))
    return Division(whole, cuts)


def _positions(sheet: Sheet, labels: Sequence[str]) -> Ints:
    for label in labels:
        if label not in sheet.state.marks:
            raise UnknownGrid(label)
    at = [sheet.order.index(label) for label in labels]
    return np.flatnonzero(np.isin(sheet.part, at))


def _metres(sheet: Sheet, points: Points) -> Floats:
    spots = np.asarray(shapely.points(np.array(points, float).reshape(-1, 2)), object)
    return np.asarray(shapely.get_coordinates(transform(spots, STORE_CRS, sheet.ground.crs)))


def _line(sheet: Sheet, points: Points) -> shapely.Geometry:
    xy = _metres(sheet, points)
    if len(xy) < 2:
        raise CutsNothing(0)
    return shapely.LineString(xy)


def _spots(sheet: Sheet, some: Ints) -> Floats:
    """Where the buildings of cells stand, (n, 2) metres."""
    homes = sheet.ground.homes
    spots = [(homes[i].x, homes[i].y) for at in some.tolist() for i in sheet.cells[at].buildings]
    return np.array(spots, float).reshape(-1, 2)


def _lived(sheet: Sheet, some: Ints) -> Ints:
    homes = sheet.ground.homes
    found = [homes[i].households for at in some.tolist() for i in sheet.cells[at].buildings]
    return np.array(found, np.int64)


def _faces(sheet: Sheet, some: Ints, drawn: shapely.Geometry) -> Shapes:
    """Parts that a line leaves of the land of cells; raises ``CutsNothing`` for a single one."""
    land = shapely.coverage_union_all(sheet.shapes[some])
    lines = linework(np.array([land, drawn], object))
    parts = faces(lines) if len(lines) else np.empty(0, object)
    inner = np.asarray(shapely.point_on_surface(parts), object)
    parts = parts[shapely.intersects(land, inner)]
    if len(parts) < 2:
        raise CutsNothing(int(shapely.intersects(sheet.shapes[some], drawn).sum()))
    return parts


def _spread(parts: Shapes, names: dict[int, str]) -> dict[int, str]:
    """Name every part: one without a name joins the named one it shares most border with."""
    while len(names) < len(parts):
        left = [i for i in range(len(parts)) if i not in names]
        shared = {
            (i, j): float(shapely.length(shapely.intersection(parts[i], parts[j])))
            for i in left
            for j in names
        }
        (i, j), _ = max(shared.items(), key=lambda item: item[1])
        names = {**names, i: names[j]}
    return names


def _by_faces(
    sheet: Sheet, some: Ints, drawn: shapely.Geometry, parts: Shapes, names: Mapping[int, str]
) -> Division:
    """Cut the cells under a line, and give everything the name of the part it lies in."""
    shapes = sheet.shapes[some]
    cuts = cut_by_line(shapes, drawn, points=_spots(sheet, some))
    cut = {c.parent for c in cuts}
    whole = {int(some[i]): _name(shapes[i], parts, names) for i in range(len(some)) if i not in cut}
    return Division(
        whole,
        [
            (
                Cut(int(some[c.parent]), c.children),
                tuple(_name(child, parts, names) for child in c.children),
            )
            for c in cuts
        ],
    )


def _name(shape: shapely.Geometry, parts: Shapes, names: Mapping[int, str]) -> str:
    shared = shapely.area(shapely.intersection(parts, shape))
    return names[int(np.argmax(shared))]


def _settled(sheet: Sheet, division: Division) -> tuple[Change, tuple[NewCell, ...]]:
    """Give the children numbers, and ask the plan whether it lets it happen."""
    numbers = sheet.numbers.tolist()
    to = {numbers[at]: name for at, name in division.whole.items()}
    made: list[NewCell] = []
    parts: list[Parts] = []
    following = max(sheet.ground.cells) + 1
    for cut, names in division.cuts:
        cell = sheet.cells[cut.parent]
        if len(set(names)) == 1:
            to[cell.number] = names[0]
            continue
        after = {following + i: name for i, name in enumerate(names)}
        made += _children(sheet, cell.number, cut.children, following)
        parts.append(Parts(cell.number, after))
        following += len(names)
    pieces = _counting(sheet, {part.cell for part in parts}, made)
    change = redrawn(sheet.state, to, parts=parts, pieces=pieces)
    return change, tuple(made)


def _children(sheet: Sheet, parent: int, children: Shapes, first: int) -> list[NewCell]:
    cell, homes = sheet.ground.cells[parent], sheet.ground.homes
    spots = np.array([(homes[i].x, homes[i].y) for i in cell.buildings], float).reshape(-1, 2)
    at = sides(children, spots).tolist()
    degrees = transform(children, sheet.ground.crs, STORE_CRS)
    return [
        NewCell(
            number=first + i, parent=parent, shape=child, degrees=degrees[i],
            buildings=tuple(h for h, side in zip(cell.buildings, at, strict=True) if side == i),
        )
        for i, child in enumerate(children)
    ]  # fmt: skip


def _counting(
    sheet: Sheet, cut: Collection[int], made: Sequence[NewCell]
) -> Callable[[Collection[int]], int]:
    """Give a function that counts the connected pieces of cells; a cut cell is its children."""
    kept = [i for i, cell in enumerate(sheet.cells) if cell.number not in cut]
    shapes = np.empty(len(kept) + len(made), object)
    shapes[:] = [sheet.shapes[i] for i in kept] + [cell.shape for cell in made]
    graph = cell_graph(noded(shapes))
    at: dict[int, list[int]] = {sheet.cells[i].number: [n] for n, i in enumerate(kept)}
    for n, cell in enumerate(made, start=len(kept)):
        at[cell.number] = [n]
        at.setdefault(cell.parent, []).append(n)

    def pieces(cells: Collection[int]) -> int:
        return pieces_of(graph, [n for number in cells for n in at[number]])

    return pieces


def pieces_of(graph: CellGraph, members: Collection[int]) -> int:
    """Count the connected pieces that some cells of a graph make."""
    left, count = set(members), 0
    while left:
        count += 1
        edge = [left.pop()]
        while edge:
            i = edge.pop()
            near = left.intersection(graph.neighbour[graph.start[i] : graph.start[i + 1]].tolist())
            left -= near
            edge.extend(near)
    return count
