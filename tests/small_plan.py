"""A plan small enough to draw, for every test that needs a sheet.

Eight cells, squares of 100 m, each with one building B in its middle (ids 11 … 18, cell 1 has
building 11)::

    +---+---+---+---+
    | 5 | 6 | 7 | 8 |
    +---+---+---+---+      north is up; the south-west corner is easting 500000,
    | 1 | 2 | 3 | 4 |      northing 3250000 of the zone around 105° E
    +---+---+---+---+

At the start grid ``g21`` (西一网格) holds 1 2 5 6 and ``g22`` (东一网格) 3 4 7 8; each cell has 100
households, so both grids have 400. Buildings 11 and 12 belong to estate 南苑, 17 and 18 to 北苑;
person 31 (张栋长) is the chief of 11 and 12, person 32 (李栋长) of 13 and 17; the others have none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import numpy as np
import shapely

from data.plan_rows import Plan
from data.plan_sheet import Cell, Ground, Home, Loose, Sheet
from geo.crs import STORE_CRS, transform
from rules.boundary_plan import PlanState
from rules.plan_state import BAND, CELL, GRID, Mark, PlanMap, mark_value, plan_map

CRS: Final = "EPSG:4544"
EAST, NORTH, SIDE = 500_000.0, 3_250_000.0, 100.0
WEST_EAST: Final = ("g21", "g21", "g22", "g22", "g21", "g21", "g22", "g22")
"""Labels of cells 1 … 8 at the start."""
MARKS: Final = {
    "g21": Mark("西一网格", "general", "510304001001001", 21),
    "g22": Mark("东一网格", "general", "510304001001002", 22),
}
ESTATES: Final = {11: "南苑", 12: "南苑", 17: "北苑", 18: "北苑"}
CHIEFS: Final = {11: 31, 12: 31, 13: 32, 17: 32}


def small_ground(
    *, households: Sequence[int] = (100,) * 8, barriers: Sequence[shapely.Geometry] = (),
    estates: Mapping[int, str] = ESTATES, load: Sequence[float] = (60.0,) * 8, columns: int = 4,
) -> Ground:  # fmt: skip
    """Make the land of the drawing, or a longer board of as many cells as ``households`` has."""
    squares = [
        shapely.box(x, y, x + SIDE, y + SIDE)
        for at in range(len(households))
        for x, y in [(EAST + at % columns * SIDE, NORTH + at // columns * SIDE)]
    ]
    degrees = transform(np.array(squares, object), CRS, STORE_CRS)
    homes = {
        11 + at: Home(
            11 + at, f"B{11 + at}", f"{11 + at}栋", estates.get(11 + at, ""), count,
            CHIEFS.get(11 + at), square.centroid.x, square.centroid.y, at % 2, load[at],
        )
        for at, (square, count) in enumerate(zip(squares, households, strict=True))
    }  # fmt: skip
    cells = {
        at + 1: Cell(
            at + 1, None, square, degrees[at], (11 + at,), households[at], at % 2, load[at]
        )
        for at, square in enumerate(squares)
    }
    lines = np.empty(len(barriers), object)
    lines[:] = list(barriers)
    whole = shapely.union_all(squares)
    loose = Loose(np.empty((0, 2)), np.empty(0, np.int64), np.empty(0))
    return Ground(1, CRS, whole, cells, homes, lines, {31: "张栋长", 32: "李栋长"}, loose)


def state_of(
    labels: Sequence[str], *, marks: Mapping[str, Mark] = MARKS, band: str = "300-500",
    more: Mapping[str, str] | None = None,
) -> PlanMap:  # fmt: skip
    """Make a state of the labels of cells 1, 2, …; ``more`` are locks and charges."""
    entries = {f"{CELL}{at + 1}": label for at, label in enumerate(labels)}
    entries |= {GRID + k: mark_value(mark) for k, mark in marks.items()}
    return plan_map({**entries, BAND: band, **(more or {})})


def small_sheet(
    labels: Sequence[str] = WEST_EAST, *, start: PlanMap | None = None,
    state: PlanMap | None = None, ground: Ground | None = None,
) -> Sheet:  # fmt: skip
    """Make a sheet where cells 1 … 8 now have these labels; new ones get a mark."""
    first = start or state_of(WEST_EAST)
    used = {k: m for k, m in first.marks.items() if k in labels}
    new = {k: Mark(f"新{k}") for k in labels if k not in first.marks}
    now = state or state_of(labels, marks={**used, **new})
    plan = Plan(
        1, 5, "重划", PlanState.DRAFT, "start", None, "planner",
        datetime(2026, 6, 17, 4, 0, tzinfo=UTC), 1, None, None, frozenset({"planner"}),
    )  # fmt: skip
    return Sheet(plan, ground or small_ground(), first, now, ())


def with_more(sheet: Sheet, more: Mapping[str, str]) -> Sheet:
    """Give a sheet whose state has further entries (locks, charges, another band)."""
    return replace(sheet, state=plan_map({**sheet.state.entries, **more}))
