"""Plans that begin where another one stood: back to the grids of before, or onto those of today.

Both make a new draft on the present grids whose first edit leads to the grids that are wanted; it
is reviewed and published like any other, and what it starts from stays in the record.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select

from data import schema
from data.areas import shapes
from data.picture import Picture
from data.plan_homes import read_by
from data.plan_land import grids_of
from data.plan_making import Making, Target, make_plan
from data.plan_record import ROLLBACK, Enactment, chiefs_before, enacted_since
from data.plan_rows import Entry, append_entry, log_of, read_plan, start_of
from data.plan_sheet import Sheet
from data.plans import sheet_in
from data.store import Store
from geo.vertices import with_vertices
from rules.access import Actor, Scope
from rules.plan_log import Record, position, replayed
from rules.plan_state import BAND, Mark, applied, change_to

Shapes = NDArray[np.object_]

REBASE: Final = "rebase"


class NothingBefore(RuntimeError):
    """The plan never came into force, or there were no grids before it: nothing to go back to."""

    def __init__(self, plan_id: int) -> None:
        super().__init__(plan_id)
        self.plan_id = plan_id


_A = schema.area.c
_GRIDS = select(_A.id, _A.code, _A.name, _A.kind, _A.geom).where(
    _A.id.in_(bindparam("ids", expanding=True))
)
_ALIVE = select(_A.code, _A.id).where(
    _A.parent_id == bindparam("of_area"), _A.valid_to.is_(None)
)  # fmt: skip
_CHIEFS = select(schema.building.c.id, schema.building.c.chief_id).where(
    schema.building.c.id.in_(bindparam("ids", expanding=True))
)


def roll_back(  # noqa: PLR0913 - who, what, under which title, when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int, title: str,
    now: datetime,
) -> int:  # fmt: skip
    """Make a draft that leads back to the grids as they were before a plan came into force.

    Grids that live keep their label, closed ones are revived with their code and name, and every
    building gets the chief back that it lost or changed since. When the draft comes into force,
    whoever followed the grids goes back as well, unless moved by others in the meantime.

    Raises
    ------
    OutsideScope
        If there is no such plan for the actor.
    NothingBefore
        If it never came into force, or divided a community that had no grids.
    rules.boundary_plan.NotYourPlan, data.plan_making.BadTitle
        If the role draws no plans, or the title is no title.
    """
    with store.write() as conn:
        plan = read_plan(conn, picture, scope=scope, actor=actor, plan_id=plan_id)
        done = enacted_since(conn, plan.area_id, plan_id)
        before = list(done[0].grids) if done else []
        if not before:
            raise NothingBefore(plan_id)
        alive = _alive(conn, plan.area_id)
        rows = read_by(conn, _GRIDS, before)
        known = shapes(conn, alive.values())
        targets = [
            _target(shape, Mark(row.name, row.kind, row.code), alive)
            for row, shape in zip(rows, _refined(rows, list(known.values())), strict=True)
        ]
        making = Making(plan.area_id, title, ROLLBACK, plan_id, targets, _chiefs(conn, done))
        return make_plan(conn, picture, scope=scope, actor=actor, making=making, now=now)


def rebase(  # noqa: PLR0913 - who, what, under which title, when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int, title: str,
    now: datetime,
) -> int:  # fmt: skip
    """Make a draft that leads from the present grids to those that another plan draws.

    For a plan whose grids were replaced by another's. Band and charges are taken over, locks are
    not: they were set on cells that are cut anew.

    Raises
    ------
    OutsideScope, rules.boundary_plan.NotYourPlan, data.plan_making.BadTitle
        If there is no such plan for the actor, the role draws none, or the title is no title.
    """
    with store.write() as conn:
        sheet = sheet_in(conn, picture, scope=scope, actor=actor, plan_id=plan_id)
        alive = _alive(conn, sheet.plan.area_id)
        targets = _drawn(sheet, alive)
        making = Making(
            sheet.plan.area_id, title, REBASE, plan_id, targets, dict(sheet.state.chiefs)
        )
        made = make_plan(conn, picture, scope=scope, actor=actor, making=making, now=now)
        _take_band(conn, made, sheet, actor, now)
    return made


def _alive(conn: Connection, area_id: int) -> dict[str, int]:
    """Ids of the living grids of a community by code."""
    return {row.code: int(row.id) for row in conn.execute(_ALIVE, {"of_area": area_id})}


def _target(shape: shapely.Geometry, mark: Mark, alive: Mapping[str, int]) -> Target:
    """Give a grid as it shall be: the living one of its code, else one that revives the code."""
    area_id = alive.get(mark.code)
    label = None if area_id is None else f"g{area_id}"
    return Target(shape, Mark(mark.name, mark.kind, mark.code, area_id), label)


def _refined(rows: Sequence[Any], living: Sequence[shapely.Geometry]) -> Shapes:
    """Shapes of closed grids with the vertices that the borders got since: or they would not fit.

    An edge in degrees and the same edge by way of a further vertex differ in metres.
    """
    closed = np.array([row.geom for row in rows], object)
    return with_vertices(closed, np.unique(shapely.get_coordinates(living), axis=0))


def _drawn(sheet: Sheet, alive: Mapping[str, int]) -> list[Target]:
    marks = sheet.state.marks.values()
    return [_target(shape, mark, alive) for shape, mark in zip(grids_of(sheet), marks, strict=True)]


def _chiefs(conn: Connection, done: Sequence[Enactment]) -> dict[int, str]:
    """Charges that give every building the chief of before, where there is another one now."""
    before = chiefs_before(done)
    present = {row.id: row.chief_id for row in read_by(conn, _CHIEFS, list(before))}
    return {
        building: f"p{old}" if old is not None else ""
        for building, old in before.items()
        if building in present and present[building] != old
    }


def _take_band(conn: Connection, plan_id: int, sheet: Sheet, actor: Actor, now: datetime) -> None:
    log = [entry.record for entry in log_of(conn, plan_id)]
    state = replayed(start_of(conn, plan_id), log)
    change = change_to(state, {BAND: sheet.state.entries[BAND]})
    if change:
        seq, here = len(log) + 1, position(log)
        digest = applied(state, change).digest
        record = Record(seq, "edit", here, seq, change)
        append_entry(conn, plan_id, Entry(record, "band", now, actor.login, digest))
