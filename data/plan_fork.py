"""Copies of a plan: a second planner's way out when two drew at once."""

import json
from dataclasses import dataclass
from datetime import datetime

from data.picture import Picture
from data.plan_making import DRAW, Making, write_plan
from data.plan_rows import Entry, append_entry
from data.plan_sheet import Sheet
from data.plans import sheet_in
from data.store import Store
from rules.access import Actor, Scope
from rules.boundary_plan import PLANNERS, NotYourPlan
from rules.plan_log import Record, position, walk
from rules.plan_state import applied


@dataclass(frozen=True)
class Copy:
    """What is copied: a plan as it stands, or as it stood at ``seq``, under a title."""

    plan_id: int
    title: str
    seq: int | None = None


def fork(
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, copy: Copy, now: datetime
) -> int:
    """Copy a plan with its whole history; give the id of the copy.

    Raises
    ------
    OutsideScope, NotYourPlan, data.plan_making.BadTitle, rules.plan_log.UnknownPosition
        If there is no such plan for the actor, the role draws none, the title is no title, or
        the plan never stood at ``seq``.
    """
    if actor.role not in PLANNERS:
        raise NotYourPlan(DRAW, actor.role)
    with store.write() as conn:
        found = sheet_in(conn, picture, scope=scope, actor=actor, plan_id=copy.plan_id)
        making = Making(found.plan.area_id, copy.title, "fork", copy.plan_id)
        cells = [
            {
                "number": c.number, "parent": c.parent, "geom": c.degrees,
                "buildings": json.dumps(c.buildings),
            }
            for c in found.ground.cells.values()
        ]  # fmt: skip
        plan_id = write_plan(conn, making, cells, found.start, actor=actor, now=now)
        for entry in found.log:
            append_entry(conn, plan_id, entry)
        if copy.seq is not None:
            append_entry(conn, plan_id, _went(found, copy.seq, actor.login, now))
    return plan_id


def _went(found: Sheet, seq: int, login: str, now: datetime) -> Entry:
    state = found.state
    for change in walk(found.records, seq):
        state = applied(state, change)
    record = Record(len(found.log) + 1, "walk", position(found.records), seq, {})
    return Entry(record, "go", now, login, state.digest)
