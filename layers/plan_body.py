"""What the workbench map is told of a plan: all of it once, then only what an edit changed.

Places are whole steps of 1e-7 degrees (a centimetre), so two cells with a common side have the
same numbers there and the map finds borders by comparing them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely

from data.plan_sheet import Floats, Ground, Home, Sheet
from geo.crs import STORE_CRS, transform
from geo.simplify import whole_steps
from rules.plan_log import NothingToRedo, position, redo_target
from rules.plan_state import Mark, PlanMap

UNIT: Final = 1e-7
_DIGITS: Final = 6

Origin = tuple[float, float]


def sheet_body(sheet: Sheet, *, editable: bool) -> dict[str, Any]:
    """Give a plan as it stands, with its land, its cells and how it was at the start."""
    ground = sheet.ground
    outline = transform(np.array([ground.whole], object), ground.crs, STORE_CRS)[0]
    west, south, east, north = shapely.bounds(outline).tolist()
    origin = origin_of(outline)
    return {
        **standing(sheet),
        "editable": editable,
        "origin": origin,
        "unit": UNIT,
        "bounds": [west, south, east, north],
        "outline": whole_steps([outline], origin, UNIT)[0],
        "barriers": _lines(ground, origin),
        "start": {"grids": marks_body(sheet.start)},
        "homes": _homes(ground, origin),
        "cells": cells_body(sheet, sheet.numbers.tolist(), origin),
    }


def origin_of(outline: shapely.Geometry) -> Origin:
    """Give the south-west corner from which places are counted."""
    west, south, _, _ = shapely.bounds(outline).tolist()
    return round(west, _DIGITS), round(south, _DIGITS)


def change_body(before: Sheet, after: Sheet) -> dict[str, Any]:
    """Give what an edit changed: cells in other grids, cells that were cut, names, locks.

    A cell beside a cut gets a corner more where the cut meets it, so it is told anew.
    """
    old, new = before.state.cells, after.state.cells
    moved = [(n, label) for n, label in new.items() if n in old and old[n] != label]
    body: dict[str, Any] = {**standing(after), "moved": moved}
    gone = [n for n in old if n not in new]
    if gone or new.keys() - old.keys():
        corners = _corners(before)
        fresh = [n for n, count in _corners(after).items() if corners.get(n) != count]
        ground = after.ground
        outline = transform(np.array([ground.whole], object), ground.crs, STORE_CRS)[0]
        body |= {"cells": cells_body(after, fresh, origin_of(outline)), "gone": gone}
    return body


def _corners(sheet: Sheet) -> dict[int, int]:
    counts = shapely.get_num_coordinates(sheet.shapes)
    return dict(zip(sheet.numbers.tolist(), counts.tolist(), strict=True))


def standing(sheet: Sheet) -> dict[str, Any]:
    """Give what may change with every edit and is small: version, band, names, locks."""
    state = sheet.state
    return {
        "plan": sheet.plan.id,
        "version": sheet.plan.version,
        "state": sheet.plan.state.value,
        "seq": position(sheet.records),
        "can_undo": position(sheet.records) != 0,
        "can_redo": _can_redo(sheet),
        "band": state.band,
        "grids": marks_body(state),
        "locked": {
            "cells": sorted(state.locked_cells),
            "borders": sorted(state.locked_borders),
        },
    }


def marks_body(state: PlanMap) -> list[dict[str, Any]]:
    """Give the grids of a state: label, name, kind, code, whether locked."""
    return [_mark(label, mark, state) for label, mark in state.marks.items()]


def _mark(label: str, mark: Mark, state: PlanMap) -> dict[str, Any]:
    return {
        "label": label,
        "name": mark.name,
        "kind": mark.kind,
        "code": mark.code,
        "locked": label in state.locked_grids,
    }


def cells_body(sheet: Sheet, numbers: Sequence[int], origin: Origin) -> dict[str, Any]:
    """Give cells as columns: shape, where each is taken to lie, grid now and before, households."""
    at = np.searchsorted(sheet.numbers, numbers)
    cells = [sheet.ground.cells[n] for n in numbers]
    return {
        "n": list(numbers),
        "label": [sheet.state.cells[n] for n in numbers],
        "base": [sheet.origin(n) for n in numbers],
        "households": [cell.households for cell in cells],
        "open": [cell.open for cell in cells],
        "load": [round(cell.load, 1) for cell in cells],
        "homes": [cell.buildings for cell in cells],
        "anchor": _steps(_in_degrees(sheet.anchors[at], sheet.ground), origin),
        "rings": whole_steps(list(sheet.degrees[at]), origin, UNIT),
    }


def _homes(ground: Ground, origin: Origin) -> Mapping[str, Any]:
    homes: list[Home] = list(ground.homes.values())
    spots = np.array([(home.x, home.y) for home in homes], float).reshape(-1, 2)
    return {
        "id": [home.id for home in homes],
        "at": _steps(_in_degrees(spots, ground), origin),
        "households": [home.households for home in homes],
        "open": [home.open for home in homes],
        "label": [home.label for home in homes],
    }


def _lines(ground: Ground, origin: Origin) -> list[list[int]]:
    """Give main roads and rivers as lines: first point, then steps."""
    parts = shapely.get_parts(transform(ground.barriers, ground.crs, STORE_CRS))
    lines: Iterable[shapely.Geometry] = (
        part.exterior if isinstance(part, shapely.Polygon) else part for part in parts
    )
    found = []
    for line in lines:
        steps = np.array(_steps(shapely.get_coordinates(line), origin), np.int64).reshape(-1, 2)
        steps[1:] -= steps[:-1].copy()
        found.append(steps.ravel().tolist())
    return found


def _in_degrees(spots: Floats, ground: Ground) -> Floats:
    points = np.asarray(shapely.points(spots), object)
    return np.asarray(shapely.get_coordinates(transform(points, ground.crs, STORE_CRS)))


def _steps(points: Any, origin: Origin) -> list[int]:
    whole = np.rint((np.asarray(points) - np.asarray(origin)) / UNIT).astype(np.int64)
    flat: list[int] = whole.ravel().tolist()
    return flat


def _can_redo(sheet: Sheet) -> bool:
    try:
        redo_target(sheet.records)
    except NothingToRedo:
        return False
    return True
