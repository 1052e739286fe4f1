"""What somebody has to do: the items in their hands, then those on the desk that they keep."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

import numpy as np
from sqlalchemy import bindparam, select

from data import schema
from data.cases import desk_of
from data.columns import STATE_CODES
from data.incidents import IncidentRow, read_rows
from data.picture import Picture, chunks
from data.store import Store
from rules.access import Actor, Scope
from rules.casework import DESK_ROLES
from rules.lifecycle import State

_ENDED: Final = (State.CLOSED, State.MERGED, State.REJECTED)
_GONE: Final = (State.MERGED, State.REJECTED)


@dataclass(frozen=True)
class Duty:
    """One item to do something about; ``due_at`` is when its present step has to be done.

    ``mine`` says that it was given to the actor; otherwise it lies on the actor's desk.
    """

    row: IncidentRow
    due_at: datetime
    mine: bool


_I = schema.incident.c
_STEPS = select(_I.id, _I.desk_id, _I.area_id, _I.assignee_id, _I.due_at, _I.step_due_at).where(
    _I.id.in_(bindparam("ids", expanding=True))
)


def duties(
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, now: datetime
) -> list[Duty]:
    """Give what the actor has to do in a scope, own items first, each by the step's due time.

    On a desk lies what nobody or somebody else has been given; whoever keeps it answers for all.

    Raises
    ------
    OutsideScope
        If the scope's own area does not exist.
    """
    columns = picture.columns
    first, last = picture.tree.admit(scope, scope.area_id)
    living = ~np.isin(columns.state, [STATE_CODES[state] for state in _ENDED])
    living &= (columns.area >= first) & (columns.area < last)
    if scope.buildings is not None:
        living &= np.isin(columns.building, list(scope.buildings))
    keeps_desk = actor.role in DESK_ROLES
    found: dict[int, tuple[bool, int]] = {}
    with store.read() as conn:
        for part in chunks(columns.id[living].tolist()):
            for row in conn.execute(_STEPS, {"ids": part}):
                mine = row.assignee_id is not None and row.assignee_id == actor.person_id
                desk = desk_of(picture.tree, row.area_id, row.desk_id)
                on_desk = keeps_desk and desk == actor.area_id
                if mine or on_desk:
                    found[row.id] = mine, row.step_due_at or row.due_at
        order = sorted(found, key=lambda i: (not found[i][0], found[i][1], i))
        rows = read_rows(conn, picture, order, now)
    return [
        Duty(row, datetime.fromtimestamp(found[row.id][1], UTC), found[row.id][0]) for row in rows
    ]


def done_since(picture: Picture, *, scope: Scope, person_id: int, since: datetime) -> int:
    """Count what somebody has resolved or closed in a scope since a moment."""
    columns = picture.columns
    first, last = picture.tree.admit(scope, scope.area_id)
    kept = (columns.assignee == person_id) & (columns.done >= int(since.timestamp()))
    kept &= (columns.area >= first) & (columns.area < last) & ~columns.is_open
    kept &= ~np.isin(columns.state, [STATE_CODES[state] for state in _GONE])
    return int(kept.sum())


def week_start(now: datetime, zone: tzinfo) -> datetime:
    """Give the local Monday on which the week of a moment began."""
    day = now.astimezone(zone).date()
    return datetime.combine(day - timedelta(days=day.weekday()), time(), zone)
