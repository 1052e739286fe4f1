"""A plan comes into force: new grids replace the old ones, and everything follows, at once.

All in the caller's one write transaction: a process that is killed in the middle has changed
nothing. What changes is worked out before (:mod:`data.plan_effect`); here it is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import shapely
from sqlalchemy import Connection, bindparam, insert, select, update

from data import events, schema
from data.picture import Picture
from data.plan_effect import Effect, effect_of
from data.plan_following import follow
from data.plan_notices import IN_FORCE, concerned, tell
from data.plan_record import ENACT
from data.plan_rows import PLAN
from data.plan_sheet import Sheet
from data.store import get_meta, set_meta
from rules.boundary_plan import PlanState
from rules.levels import Level

SUPERSEDE: Final = "supersede"
SYSTEM: Final = "system"
"""Actor of a plan that comes into force by itself."""


class NotDue(RuntimeError):
    """The plan is not published, its day has not come, or it is in force already."""

    def __init__(self, plan_id: int) -> None:
        super().__init__(plan_id)
        self.plan_id = plan_id


@dataclass(frozen=True)
class Enacted:
    """What was done: the effect, and the area id of each grid of the plan by label."""

    effect: Effect
    areas: Mapping[str, int]


_P, _A = schema.plan.c, schema.area.c
_PLAN = select(_P.state, _P.effective_at, _P.in_force_at).where(_P.id == bindparam("of_id"))
_BEFORE = select(_P.id).where(
    _P.area_id == bindparam("of_area"), _P.id != bindparam("but"),
    _P.state == PlanState.PUBLISHED.value, _P.in_force_at.is_not(None),
)  # fmt: skip
_SUPERSEDE = (
    update(schema.plan)
    .where(_P.id == bindparam("of_id"))
    .values(state=PlanState.SUPERSEDED.value, version=_P.version + 1)
)
_IN_FORCE = (
    update(schema.plan).where(_P.id == bindparam("of_id")).values(in_force_at=bindparam("moment"))
)
_PUT = insert(schema.area).returning(_A.id)
_CLOSE = update(schema.area).where(_A.id == bindparam("of_id")).values(valid_to=bindparam("moment"))
_INHERIT = update(schema.area).where(_A.id == bindparam("of_id")).values(heir_id=bindparam("heir"))
_REVIVE = (
    update(schema.area)
    .where(_A.code == bindparam("of_code"), _A.parent_id == bindparam("of_parent"),
           _A.valid_to.is_not(None))
    .values(heir_id=bindparam("heir"))
)  # fmt: skip
_MEND = update(schema.area).where(_A.id == bindparam("of_id")).values(geom=bindparam("shape"))
_LINEAGE = insert(schema.lineage)


def come_into_force(
    conn: Connection, picture: Picture, sheet: Sheet, *, now: datetime, actor: str
) -> Enacted:
    """Put a published plan whose day has come into force, inside the caller's transaction.

    Grids that the plan leaves alone keep their row. Every other one is closed and followed by a
    row with the same code where it lives on. Buildings, open incidents, people, accounts and
    taught names go to the new rows; whoever handles an incident goes on with it, even from
    another grid. Closed incidents stay with the closed row, for which its heir stands.

    Parameters
    ----------
    actor
        Login of who published, or ``system``.

    Raises
    ------
    NotDue
        If the plan is not published, its day has not come, or it is in force already.
    data.plan_land.BaseReplaced
        If the grids that the plan starts from are no longer those of the record.
    """
    plan, moment = sheet.plan, int(now.timestamp())
    row = conn.execute(_PLAN, {"of_id": plan.id}).one()
    due = row.effective_at is not None and row.effective_at <= moment
    if row.state != PlanState.PUBLISHED.value or row.in_force_at is not None or not due:
        raise NotDue(plan.id)
    effect = effect_of(conn, sheet)
    told = concerned(conn, picture, sheet)
    areas = _redrawn(conn, effect, row.effective_at)
    _lineage(conn, plan.id, effect, areas)
    follow(conn, plan.id, effect, areas, now=now, actor=actor)
    _superseded(conn, sheet, now=now, actor=actor)
    conn.execute(_IN_FORCE, {"of_id": plan.id, "moment": moment})
    set_meta(conn, "area_version", str(int(get_meta(conn, "area_version") or 0) + 1))
    events.append(
        conn, at=now, actor=actor, action=ENACT, subject=PLAN, subject_id=plan.id, before=None,
        after=_summary(effect, areas) | {"digest": sheet.state.digest},
    )  # fmt: skip
    tell(conn, sheet, IN_FORCE, told, by=actor, now=now)
    return Enacted(effect, areas)


def _redrawn(conn: Connection, effect: Effect, effective: int) -> dict[str, int]:
    """Close the old rows, write the new ones, name the heirs; gives area ids by label."""
    land = effect.land
    for area_id in land.closed.values():
        conn.execute(_CLOSE, {"of_id": area_id, "moment": effective})
    areas = dict(land.kept)
    for grid in effect.grids:
        inside = shapely.point_on_surface(grid.shape)
        made: dict[str, Any] = {
            "parent_id": land.community, "level": int(Level.GRID), "code": grid.code,
            "name": grid.name, "kind": grid.kind, "households": grid.households,
            "valid_from": effective, "lon": inside.x, "lat": inside.y, "geom": grid.shape,
        }  # fmt: skip
        areas[grid.label] = int(conn.execute(_PUT, made).scalar_one())
        if grid.label not in land.closed:
            revived = {"of_code": grid.code, "of_parent": land.community}
            conn.execute(_REVIVE, {**revived, "heir": areas[grid.label]})
    for area_id in land.closed.values():
        conn.execute(_INHERIT, {"of_id": area_id, "heir": areas[effect.heir[area_id]]})
    for area_id, shape in effect.mended.items():
        conn.execute(_MEND, {"of_id": area_id, "shape": shape})
    return areas


def _lineage(conn: Connection, plan_id: int, effect: Effect, areas: Mapping[str, int]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "plan_id": plan_id, "old_id": effect.land.closed[share.before],
            "new_id": areas[share.after], "households": share.households,
            "square_metres": share.square_metres, "kind": kind.value,
        }
        for share, kind in effect.lineage
    ]  # fmt: skip
    if rows:
        conn.execute(_LINEAGE, rows)


def _superseded(conn: Connection, sheet: Sheet, *, now: datetime, actor: str) -> None:
    asked = {"of_area": sheet.plan.area_id, "but": sheet.plan.id}
    for plan_id in conn.execute(_BEFORE, asked).scalars().all():
        conn.execute(_SUPERSEDE, {"of_id": plan_id})
        events.append(
            conn, at=now, actor=actor, action=SUPERSEDE, subject=PLAN, subject_id=plan_id,
            before={"state": PlanState.PUBLISHED.value},
            after={"state": PlanState.SUPERSEDED.value, "by": sheet.plan.id},
        )  # fmt: skip


def _summary(effect: Effect, areas: Mapping[str, int]) -> dict[str, Any]:
    """Give what the log keeps of a publication: enough to tell of it, and to take it back."""
    return {
        "grids": {str(i): areas[label] for i, label in sorted(effect.heir.items())},
        "made": sorted(areas[grid.label] for grid in effect.grids),
        "buildings": len(effect.moved_homes),
        "incidents": len(effect.items),
        "chiefs": {str(home.id): [home.chief, home.next_chief] for home in effect.chiefs},
        "people": {str(p.id): [p.before, areas[p.after]] for p in effect.staff if p.after},
        "accounts": {str(a.id): [a.before, areas[a.after]] for a in effect.accounts},
        "items": {str(i.id): [i.before, areas[i.after]] for i in effect.items if not i.placed},
    }
