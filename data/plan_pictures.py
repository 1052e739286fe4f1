"""Maps of a plan as PNG pictures for documents: before, after, and what changes between.

Grids are numbered (:func:`numbers`) and named in the tables beside them, so no picture needs a font
with Chinese letters.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import shapely

from data.plan_moves import difference, origins
from data.plan_paper import INK, Paper
from data.plan_sheet import Cell, Sheet
from geo.coverage import dissolve
from rules.plan_state import label_order

FILLS: Final = (
    "#cfe3f5", "#fbe3c0", "#d3ecd4", "#ecd9ee", "#f7d5d3", "#e9e7b8", "#cdeae8", "#e3ddd3",
)  # fmt: skip
"""Light fills that print well; neighbours get different ones as far as eight suffice."""
LAND, MOVED = "#eef0f2", "#f5a663"
OLD, BARRIER, HOUSE, WAY = "#0067a5", "#8fa3b5", "#6b7783", "#8a2b06"


def numbers(sheet: Sheet) -> dict[str, int]:
    """Give each grid of before and after its number, the same in both.

    They are numbered by code; those that have none yet come last.
    """
    marks = {**sheet.start.marks, **sheet.state.marks}
    order = sorted(marks, key=lambda k: (not marks[k].code, marks[k].code, label_order(k)))
    return {label: at for at, label in enumerate(order, 1)}


def before_map(sheet: Sheet) -> bytes:
    """Draw the grids that the plan starts from."""
    return _grid_map(sheet, origins(sheet))


def after_map(sheet: Sheet) -> bytes:
    """Draw the grids of the plan."""
    return _grid_map(sheet, tuple(sheet.state.cells.values()))


def difference_map(sheet: Sheet) -> bytes:
    """Draw what changes: land that moves is filled, with where it comes from and goes to.

    Old borders are dashed, those of the plan drawn through.
    """
    paper = Paper(sheet.ground.whole)
    ways = {shift.cell: (shift.before, shift.after) for shift in difference(sheet)}
    for cell in _widest_first(sheet.cells):
        paper.fill(cell.shape, MOVED if cell.number in ways else LAND)
    _ground(paper, sheet)
    new, old = _grids(sheet, tuple(sheet.state.cells.values())), _grids(sheet, origins(sheet))
    paper.line(new.values(), INK, 3)
    gone = shapely.difference(_borders(old.values()), _borders(new.values()))
    paper.dashes([shapely.line_merge(gone)], OLD, 3)
    number = numbers(sheet)
    for label, cells in sheet.state.members.items():
        stay = [sheet.ground.cells[n].shape for n in cells if n not in ways]
        if stay:
            paper.label(dissolve(np.array(stay, object)), str(number[label]), 24, INK)
    for (before, after), shapes in _moved(sheet, ways).items():
        for part in shapely.get_parts(dissolve(np.array(shapes, object))):
            paper.label(part, f"{number[before]}>{number[after]}", 16, WAY)
    paper.foot()
    return paper.png()


def _grid_map(sheet: Sheet, labels: Sequence[str]) -> bytes:
    paper = Paper(sheet.ground.whole)
    fills, of_cell = _fills(sheet), dict(zip(sheet.state.cells, labels, strict=True))
    for cell in _widest_first(sheet.cells):
        paper.fill(cell.shape, fills[of_cell[cell.number]])
    _ground(paper, sheet)
    grids, number = _grids(sheet, labels), numbers(sheet)
    paper.line(grids.values(), INK, 3)
    for label, shape in grids.items():
        paper.label(shape, str(number[label]), 28, INK)
    paper.foot()
    return paper.png()


def _ground(paper: Paper, sheet: Sheet) -> None:
    """Draw main roads and rivers, and a spot for each building."""
    barriers = shapely.intersection(sheet.ground.barriers, sheet.ground.whole)
    paper.line(barriers.tolist(), BARRIER, 4)
    places = [(home.x, home.y) for home in sheet.ground.homes.values()]
    paper.spots(np.array(places).reshape(-1, 2), HOUSE, 2.5)


def _widest_first(cells: Iterable[Cell]) -> list[Cell]:
    """Cells so that one in the hole of another comes after it."""
    return sorted(cells, key=lambda cell: -float(shapely.area(shapely.envelope(cell.shape))))


def _grids(sheet: Sheet, labels: Sequence[str]) -> dict[str, shapely.Geometry]:
    found = np.array(labels, object)
    return {
        label: dissolve(sheet.shapes[found == label])
        for label in sorted(set(labels), key=label_order)
    }


def _borders(shapes: Iterable[shapely.Geometry]) -> shapely.Geometry:
    return shapely.union_all(shapely.boundary(np.array(list(shapes), object)))


def _moved(
    sheet: Sheet, ways: Mapping[int, tuple[str, str]]
) -> dict[tuple[str, str], list[shapely.Geometry]]:
    found: dict[tuple[str, str], list[shapely.Geometry]] = {}
    for cell, way in ways.items():
        found.setdefault(way, []).append(sheet.ground.cells[cell].shape)
    return found


def _fills(sheet: Sheet) -> dict[str, str]:
    """Colour of each grid, the same before and after; neighbours of either differ if they can."""
    graph = sheet.graph
    near: dict[str, set[str]] = {label: set() for label in numbers(sheet)}
    for labels in (origins(sheet), tuple(sheet.state.cells.values())):
        for a, b in zip(graph.source.tolist(), graph.neighbour.tolist(), strict=True):
            near[labels[a]].add(labels[b])
    found: dict[str, int] = {}
    for at, label in enumerate(near):
        taken = {found.get(other) for other in near[label] - {label}}
        free = [n for n in range(len(FILLS)) if n not in taken]
        found[label] = free[0] if free else at % len(FILLS)
    return {label: FILLS[n] for label, n in found.items()}
