"""Whether the grids of a boundary plan are a map, and keep what must be kept."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import shapely

from data.plan_figures import GridFigures, PlanFigures, to_degrees
from data.plan_locks import broken_locks
from data.plan_sheet import Home, Sheet
from geo.audit import Kind, audit
from geo.partition.pieces import pieces
from rules.plan_checks import DEDICATED, Finding
from rules.plan_state import LOCK_BORDER, LOCK_GRID

Place = tuple[float, float]

_RULE: Final = {
    Kind.GAP: "coverage", Kind.OVERLAP: "coverage", Kind.AREA: "coverage",
    Kind.OUTSIDE: "outside", Kind.HOLE: "enclave",
}  # fmt: skip


def faults(sheet: Sheet, now: PlanFigures) -> tuple[Finding, ...]:
    """Give the hard findings, and enclaves, of the plan whose figures are ``now``."""
    found = (_buildings(sheet), _pieces(sheet), _empty(now), _land(sheet), _locks(sheet),
             _codes(now))  # fmt: skip
    return tuple(one for some in found for one in some)


def _buildings(sheet: Sheet) -> Iterator[Finding]:
    held = Counter(i for cell in sheet.cells for i in cell.buildings)
    for home in sheet.ground.homes.values():
        if held[home.id] != 1:
            rule = "building_twice" if held[home.id] else "building_missing"
            cells = tuple(cell.number for cell in sheet.cells if home.id in cell.buildings)
            labels = tuple(sorted({sheet.state.cells[number] for number in cells}))
            yield Finding(rule, labels, cells, place=middle_of(sheet, [home]), subject=home.label)


def middle_of(sheet: Sheet, homes: Sequence[Home]) -> Place:
    """Give the building nearest to the middle of some buildings, as longitude and latitude."""
    xy = np.array([(home.x, home.y) for home in homes])
    nearest = int(np.hypot(*(xy - xy.mean(axis=0)).T).argmin())
    return to_degrees([(homes[nearest].x, homes[nearest].y)], sheet)[0]


def _on(sheet: Sheet, shape: shapely.Geometry) -> Place:
    """Give a place on the largest part of a shape in metres."""
    parts = shapely.get_parts(shape)
    point = shapely.point_on_surface(parts[int(shapely.area(parts).argmax())])
    return to_degrees([(float(shapely.get_x(point)), float(shapely.get_y(point)))], sheet)[0]


def _pieces(sheet: Sheet) -> Iterator[Finding]:
    """Value: pieces. Cells and place are those of all pieces but the largest."""
    piece = pieces(sheet.graph.source, sheet.graph.neighbour, sheet.part)
    for at, label in enumerate(sheet.order):
        mine = sheet.part == at
        names = np.unique(piece[mine])
        if len(names) > 1:
            area = np.bincount(piece, sheet.graph.area)
            small = mine & (piece != names[int(area[names].argmax())])
            yield Finding(
                "pieces", (label,), tuple(sheet.numbers[small].tolist()), len(names),
                _on(sheet, shapely.union_all(sheet.shapes[small])),
            )  # fmt: skip


def _empty(now: PlanFigures) -> Iterator[Finding]:
    for grid in now.grids:
        if grid.mark.kind != DEDICATED and not grid.households:
            yield Finding("empty_grid", (grid.label,), place=grid.centre)


def _land(sheet: Sheet) -> Iterator[Finding]:
    """Value: square metres, or metres of a gap without area. Pieces are found by cells."""
    for fault in audit(sheet.shapes, sheet.part, sheet.ground.whole):
        if fault.kind in _RULE:
            labels = tuple(sheet.order[part] for part in fault.parts)
            place = to_degrees([(fault.place.x, fault.place.y)], sheet)[0]
            yield Finding(_RULE[fault.kind], labels, value=fault.size, place=place)


def _locks(sheet: Sheet) -> Iterator[Finding]:
    for lock in broken_locks(sheet):
        shapes = [sheet.ground.cells[number].shape for number in lock.cells]
        name = lock.key.removeprefix(LOCK_GRID).removeprefix(LOCK_BORDER)
        labels = tuple(label for label in name.split("|") if label in sheet.state.marks)
        yield Finding(
            "lock", labels, lock.cells, len(lock.cells), _on(sheet, shapely.union_all(shapes)),
            subject=lock.key,
        )  # fmt: skip


def _codes(now: PlanFigures) -> Iterator[Finding]:
    holders: dict[str, list[GridFigures]] = {}
    for grid in now.grids:
        holders.setdefault(grid.mark.code, []).append(grid)
    for code, grids in sorted(holders.items()):
        if code and len(grids) > 1:
            labels = tuple(grid.label for grid in grids)
            yield Finding("code", labels, place=grids[-1].centre, subject=code)
