"""A plan of the small district's first community, for tests of files.

C1 is two squares of 0.01 degrees, G1 (B1 with 40 households, B2 with 30) below G2 (B3 with 60).
The plan divides G1: its west, where B1 stands, stays G1; its east with B2 is a new grid::

    29.39 +-------------+
          |     G2  B3  |
    29.38 +------+------+
          | G1   | new  |
          |  B1  |  B2  |
    29.37 +------+------+
       104.77 104.775 104.78
"""

from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import shapely

from data.picture import Pictures
from data.plan_making import Making, Target, new_plan
from data.plan_rows import Plan
from data.plan_sheet import Cell, Ground, Home, Loose, Sheet
from data.plans import sheet
from data.store import Store
from geo.crs import STORE_CRS, transform
from rules.access import Scope
from rules.boundary_plan import PlanState
from rules.plan_state import Mark, mark_value, plan_map
from tests.small_district import AREA, actor

NOW: Final = datetime(2026, 6, 17, 5, 0, tzinfo=UTC)
MARKS: Final = {
    "g8": Mark("第1网格", "general", "510304001001001", 8),
    "g9": Mark("第2网格", "general", "510304001001002", 9),
}
WEST, EAST = shapely.box(104.77, 29.37, 104.775, 29.38), shapely.box(104.775, 29.37, 104.78, 29.38)
NORTH: Final = shapely.box(104.77, 29.38, 104.78, 29.39)

NOTHING: Final = Loose(np.empty((0, 2)), np.empty(0, np.int64), np.empty(0))


def seen(store: Store) -> dict[str, Any]:
    """Give picture, scope and actor of the planner."""
    return {"picture": Pictures(store).current(NOW), "scope": Scope(AREA["D"]),
            "actor": actor("planner")}  # fmt: skip


def divided(store: Store, name: str = "东网格") -> int:
    """Make the plan of the drawing; the new grid has the label n1."""
    targets = [
        Target(WEST, MARKS["g8"], "g8"), Target(EAST, Mark(name)), Target(NORTH, MARKS["g9"], "g9"),
    ]  # fmt: skip
    making = Making(AREA["C1"], "龙井方案", "import", targets=targets)
    return new_plan(store, making=making, now=NOW, **seen(store))


def laid_out(store: Store, plan_id: int) -> Sheet:
    """Put a plan on the table."""
    return sheet(store, plan_id=plan_id, **seen(store))


def board(drawing: str) -> Sheet:
    """Draw a plan: a token per cell, ``a14`` for grid a with buildings 1 and 4, ``b.`` for none.

    Cells are squares of 100 m, numbered as they are read; grid a is g1, b is g2. Building n has
    the code Bn, 10 n households and the estate E.
    """
    lines = [line.split() for line in drawing.strip().splitlines()]
    cells, homes, entries = {}, {}, {"band": "300-500"}
    places = [(x, -y, token) for y, line in enumerate(lines) for x, token in enumerate(line)]
    for number, (x, y, token) in enumerate(places, 1):
        own = tuple(int(n) for n in token[1:] if n != ".")
        west, south = 480_000.0 + 100 * x, 3_250_000.0 + 100 * y
        shape = shapely.box(west, south, west + 100, south + 100)
        for n in own:
            homes[n] = Home(n, f"B{n}", f"E {n}", "E", 10 * n, None, west + 50, south + 50, 0, 0.0)
        degrees = transform(np.array([shape], object), "EPSG:4544", STORE_CRS)[0]
        cells[number] = Cell(number, None, shape, degrees, own, 10 * sum(own), 0, 0.0)
        label = f"g{ord(token[0]) - 96}"
        entries[f"cell:{number}"] = label
        entries[f"grid:{label}"] = mark_value(
            Mark(token[0], "general", f"code {label}", int(label[1:]))
        )
    whole = shapely.union_all([cell.shape for cell in cells.values()])
    ground = Ground(1, "EPSG:4544", whole, cells, homes, np.empty(0, object), {}, NOTHING)
    plan = Plan(
        id=1, area_id=AREA["C1"], title="方案", state=PlanState.DRAFT, origin="present",
        origin_id=None, author="planner", created_at=NOW, version=1, effective_at=None,
        in_force_at=None, hands=frozenset({"planner"}),
    )  # fmt: skip
    state = plan_map(entries)
    return Sheet(plan, ground, state, state, ())
