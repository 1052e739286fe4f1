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

import shapely

from data.picture import Pictures
from data.plan_making import Making, Target, new_plan
from data.plan_sheet import Sheet
from data.plans import sheet
from data.store import Store
from rules.access import Scope
from rules.plan_state import Mark
from tests.small_district import AREA, actor

NOW: Final = datetime(2026, 6, 17, 5, 0, tzinfo=UTC)
MARKS: Final = {
    "g8": Mark("第1网格", "general", "510304001001001", 8),
    "g9": Mark("第2网格", "general", "510304001001002", 9),
}
WEST, EAST = shapely.box(104.77, 29.37, 104.775, 29.38), shapely.box(104.775, 29.37, 104.78, 29.38)
NORTH: Final = shapely.box(104.77, 29.38, 104.78, 29.39)


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
