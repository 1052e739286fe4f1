"""Drawn lines that cut cells: splitting a grid, carving one out, drawing a border anew."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from data.plan_sheet import Floats, Sheet
from geo.cell_graph import CellGraph, cell_graph
from geo.crs import STORE_CRS, transform
from geo.cutting import Cut, CutsNothing, sides
from geo.grids import Redraw, carve, move_border, split_cells
from geo.noding import noded
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
            redraw = _split(sheet, label, line)
            return _settled(sheet, redraw, _names(sheet, redraw, label))
        case Carve(ring):
            redraw = carve(
                sheet.shapes, sheet.part, _polygon(sheet, ring), len(sheet.order),
                points=_spots(sheet),
            )  # fmt: skip
            return _settled(sheet, redraw, [*sheet.order, NEW])
        case MoveBorder(one, other, line):
            if one == other:
                raise UnknownGrid(other)
            redraw = move_border(
                sheet.shapes, sheet.part, _part(sheet, one), _part(sheet, other),
                _line(sheet, line), points=_spots(sheet),
            )  # fmt: skip
            return _settled(sheet, redraw, sheet.order)


def _split(sheet: Sheet, label: str, line: Points) -> Redraw:
    return split_cells(
        sheet.shapes, sheet.part, _part(sheet, label), _line(sheet, line), points=_spots(sheet)
    )


def _names(sheet: Sheet, redraw: Redraw, label: str) -> list[str]:
    """Name the sides of a split: the one with most households keeps the label, others are new.

    Where most people live most stays as it was, even if the other side has more land.
    """
    part = _part(sheet, label)
    to = dict(redraw.moves)
    held: dict[int, int] = {part: 0}
    cut = {c.parent for c in redraw.cuts}
    for at in np.flatnonzero(sheet.part == part).tolist():
        if at not in cut:
            side = to.get(at, part)
            held[side] = held.get(side, 0) + int(sheet.households[at])
    for c, labels in zip(redraw.cuts, redraw.labels, strict=True):
        for home, child in _sides(sheet, c):
            side = int(labels[child])
            held[side] = held.get(side, 0) + sheet.ground.homes[home].households
        for side in labels.tolist():
            held.setdefault(side, 0)
    first = max(held, key=lambda side: (held[side], side == part, -side))
    names = [*sheet.order, *(f"{NEW}{i}" for i in range(len(held) - 1))]
    if first != part:
        names[part], names[first] = names[first], label
    return names


def _part(sheet: Sheet, label: str) -> int:
    if label not in sheet.state.marks:
        raise UnknownGrid(label)
    return sheet.order.index(label)


def _line(sheet: Sheet, points: Points) -> shapely.Geometry:
    if len(points) < 2:
        raise CutsNothing(0)
    return shapely.LineString(sheet.metres(points))


def _polygon(sheet: Sheet, points: Points) -> shapely.Geometry:
    if len(points) < 3:
        raise CutsNothing(0)
    return shapely.Polygon(sheet.metres(points))


def _spots(sheet: Sheet) -> Floats:
    """Where the buildings of all cells stand, (n, 2) metres."""
    homes = sheet.ground.homes
    spots = [(homes[i].x, homes[i].y) for cell in sheet.cells for i in cell.buildings]
    return np.array(spots, float).reshape(-1, 2)


def _sides(sheet: Sheet, cut: Cut) -> list[tuple[int, int]]:
    """Give the buildings of a cell that was cut, each with the child that it stands in."""
    homes = sheet.ground.homes
    own = sheet.cells[cut.parent].buildings
    spots = np.array([(homes[i].x, homes[i].y) for i in own], float).reshape(-1, 2)
    return list(zip(own, sides(cut.children, spots).tolist(), strict=True))


def _settled(
    sheet: Sheet, redraw: Redraw, names: Sequence[str]
) -> tuple[Change, tuple[NewCell, ...]]:
    """Give the children numbers, and ask the plan whether it lets it happen."""
    numbers = sheet.numbers.tolist()
    cut_up = {cut.parent for cut in redraw.cuts}
    # A side that was told nothing may still have got another name.
    stays = {at: side for at, side in enumerate(sheet.part.tolist()) if at not in cut_up}
    renamed = {at: side for at, side in stays.items() if names[side] != sheet.order[side]}
    to = {numbers[at]: names[side] for at, side in {**renamed, **redraw.moves}.items()}
    made: list[NewCell] = []
    parts: list[Parts] = []
    following = max(sheet.ground.cells) + 1
    for cut, labels in zip(redraw.cuts, redraw.labels, strict=True):
        made += _children(sheet, cut, following)
        after = {following + i: names[side] for i, side in enumerate(labels.tolist())}
        parts.append(Parts(numbers[cut.parent], after))
        following += len(labels)
    pieces = _counting(sheet, {part.cell for part in parts}, made)
    change = redrawn(sheet.state, to, parts=parts, pieces=pieces)
    return change, tuple(made)


def _children(sheet: Sheet, cut: Cut, first: int) -> list[NewCell]:
    degrees = transform(cut.children, sheet.ground.crs, STORE_CRS)
    held = _sides(sheet, cut)
    return [
        NewCell(
            number=first + i, parent=sheet.cells[cut.parent].number, shape=child,
            degrees=degrees[i], buildings=tuple(home for home, side in held if side == i),
        )
        for i, child in enumerate(cut.children)
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
