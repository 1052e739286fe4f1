"""Plans of the small district's first community that come into force, for tests of what follows.

C1 is G1 (B1 and B2) below G2 (B3); G3 lies east of G1. A plan is given by the grids that it shall
have, each with its label (``g8`` is G1, ``g9`` G2) or none for a new one::

    29.39 +-------------+------+
          |     G2  B3  |  G4  |
    29.38 +-------------+------+
          | UPPER    B2 |      |
    29.375+-------------+  G3  |
          | LOWER  B1   |      |
    29.37 +-------------+------+
       104.77        104.78
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import shapely
from sqlalchemy import select, update

from data import schema
from data.picture import Pictures
from data.plan_force import Enacted, come_into_force
from data.plan_making import Making, Target, new_plan
from data.plan_sheet import Sheet
from data.plans import sheet, sheet_in
from data.store import Store
from rules.access import Scope
from rules.plan_state import Mark
from tests.small_district import AREA, CODE, NOW, actor, square

G1: Final = Mark("第1网格", "general", CODE["G1"], AREA["G1"])
G2: Final = Mark("第2网格", "general", CODE["G2"], AREA["G2"])
LOWER, UPPER = (
    shapely.box(104.77, 29.37, 104.78, 29.375),
    shapely.box(104.77, 29.375, 104.78, 29.38),
)
NORTH: Final = square("G2")
DISTRICT: Final = Scope(AREA["D"])

SPLIT: Final = (
    Target(LOWER, G1, "g8"), Target(UPPER, Mark("新网格")), Target(NORTH, G2, "g9"),
)  # fmt: skip
"""G1 gives its north with B2 to a new grid; G2 stays."""
HANDED: Final = (
    Target(LOWER, G1, "g8"), Target(UPPER.union(NORTH), G2, "g9"),
)  # fmt: skip
"""G1 gives its north with B2 to G2."""
MERGED: Final = (Target(LOWER.union(UPPER).union(NORTH), G1, "g8"),)
"""G2 goes into G1."""


def seen(store: Store, now: datetime = NOW) -> dict[str, Any]:
    """Give picture, scope and actor of the planner."""
    return {"picture": Pictures(store).current(now), "scope": DISTRICT, "actor": actor("planner")}


def drafted(
    store: Store, targets: Sequence[Target], chiefs: Mapping[int, str] | None = None,
    now: datetime = NOW,
) -> int:  # fmt: skip
    """Make a draft of C1 that leads to these grids."""
    making = Making(AREA["C1"], "龙井方案", targets=targets, chiefs=chiefs or {})
    return new_plan(store, making=making, now=now, **seen(store, now))


def laid_out(store: Store, plan_id: int, now: datetime = NOW) -> Sheet:
    """Put a plan on the table."""
    return sheet(store, plan_id=plan_id, **seen(store, now))


def publish(store: Store, plan_id: int, effective: datetime = NOW) -> None:
    """Mark a plan as published for a day, as its course does."""
    with store.write() as conn:
        conn.execute(
            update(schema.plan).where(schema.plan.c.id == plan_id)
            .values(state="published", effective_at=int(effective.timestamp()))
        )  # fmt: skip


def enact(store: Store, plan_id: int, now: datetime = NOW, by: str = "planner") -> Enacted:
    """Let a published plan come into force."""
    who = seen(store, now)
    with store.write() as conn:
        found = sheet_in(conn, plan_id=plan_id, **who)
        return come_into_force(conn, who["picture"], found, now=now, actor=by)


def enacted(
    store: Store, targets: Sequence[Target], chiefs: Mapping[int, str] | None = None,
    now: datetime = NOW,
) -> Enacted:  # fmt: skip
    """Make a plan, publish it and let it come into force."""
    plan_id = drafted(store, targets, chiefs, now)
    publish(store, plan_id, now)
    return enact(store, plan_id, now)


def rows(store: Store, table: str, **where: Any) -> list[Any]:
    """Rows of a table by id, as the store has them."""
    found = schema.metadata.tables[table]
    query = select(found).order_by(*found.primary_key)
    for name, value in where.items():
        query = query.where(found.c[name] == value)
    with store.read() as conn:
        return list(conn.execute(query).all())


def row(store: Store, table: str, row_id: int) -> Any:
    """One row of a table."""
    [found] = rows(store, table, id=row_id)
    return found


def living(store: Store) -> dict[str, Any]:
    """Living grids by code."""
    return {r.code: r for r in rows(store, "area", level=6, valid_to=None)}
