"""The dispatch board: what waits at a desk, sorted into queues, and steps with many at once.

An incident may stand in several queues: returned and overdue, say. The queues come from the
picture; only what it does not hold, desks and days of suspension, is asked of the store.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal

import numpy as np
from sqlalchemy import bindparam, select

from data import schema
from data.areas import Ints
from data.casework import StaleSave, act
from data.columns import STATE_CODES, narrowed
from data.incidents import IncidentRow, read_rows
from data.picture import Picture
from data.store import Store, StoreUnavailable
from rules.access import Actor, OutsideScope, Scope
from rules.casework import IllegalStep, Missing, NoDesk, NotYours, Request
from rules.filters import IncidentFilter
from rules.lifecycle import State
from rules.rulebook import DEFAULT, Rulebook

Queue = Literal[
    "unassigned", "today", "overdue", "returned", "reopened", "escalated", "suspended",
    "feedback", "evaluation", "closing",
]  # fmt: skip
QUEUES: Final[tuple[Queue, ...]] = (
    "unassigned", "today", "overdue", "returned", "reopened", "escalated", "suspended",
    "feedback", "evaluation", "closing",
)  # fmt: skip
"""Queues in the order of the board."""

Refusal = (
    OutsideScope | StaleSave | IllegalStep | NotYours | NoDesk | Missing | StoreUnavailable
)  # fmt: skip


@dataclass(frozen=True)
class Board:
    """The queues of one desk as row positions of the picture, each ordered by due time."""

    queues: Mapping[Queue, Ints]

    def count(self, queue: Queue) -> int:
        """How many incidents wait in a queue."""
        return len(self.queues[queue])


@dataclass(frozen=True)
class Pick:
    """One incident as it was shown: its number and the version that the person saw."""

    number: str
    version: int


@dataclass(frozen=True)
class Outcome:
    """What became of one incident of many; without ``refused`` the step was taken.

    ``person`` is who it was given to, if the step gave it to somebody.
    """

    number: str
    refused: Refusal | None = None
    person: int | None = None


_I = schema.incident.c
_WAITING = (State.REPORTED, State.ACCEPTED, State.RETURNED, State.ESCALATED, State.REOPENED)
_BY_STATE: Final[dict[Queue, State]] = {
    "returned": State.RETURNED,
    "reopened": State.REOPENED,
    "feedback": State.RESOLVED,
    "evaluation": State.FED_BACK,
    "closing": State.EVALUATED,
}
_UP = select(_I.id).where(
    _I.state == State.ESCALATED.value, _I.desk_id == bindparam("of_desk")
)  # fmt: skip
_SLEPT = select(_I.id).where(
    _I.state == State.SUSPENDED.value, _I.until_at <= bindparam("moment")
)  # fmt: skip


def board(  # noqa: PLR0913 - whose desk, of which area, narrowed how, when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, area_id: int,
    filter: IncidentFilter, now: datetime, rulebook: Rulebook = DEFAULT,
) -> Board:  # fmt: skip
    """Sort what waits in an area into queues; the filter narrows, whatever its status.

    ``escalated`` holds what lies escalated on the actor's own desk.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    columns, moment = picture.columns, int(now.timestamp())
    first, last = picture.tree.admit(scope, area_id)
    still = np.flatnonzero(np.isin(columns.state, _LIVING))
    area = columns.area[still]
    rows = still[(area >= first) & (area < last)]
    rows = narrowed(columns, rows, filter, now, buildings=scope.buildings, status=False)
    with store.read() as conn:
        up = conn.execute(_UP, {"of_desk": actor.area_id}).scalars().all()
        slept = conn.execute(_SLEPT, {"moment": moment}).scalars().all()
    due, state, is_open = columns.due[rows], columns.state[rows], columns.is_open[rows]
    awake = is_open & (state != STATE_CODES[State.SUSPENDED])
    found: dict[Queue, Ints] = {
        "unassigned": rows[
            np.isin(state, [STATE_CODES[s] for s in _WAITING]) & (columns.assignee[rows] == 0)
        ],
        "today": rows[awake & (due >= moment) & (due < _midnight(now, rulebook))],
        "overdue": rows[is_open & (due < moment)],
        "escalated": rows[np.isin(columns.id[rows], up)],
        "suspended": rows[np.isin(columns.id[rows], slept)],
    } | {queue: rows[state == STATE_CODES[of]] for queue, of in _BY_STATE.items()}
    return Board({queue: _by_due(picture, found[queue]) for queue in QUEUES})


_LIVING = [
    code for state, code in STATE_CODES.items()
    if state not in {State.CLOSED, State.MERGED, State.REJECTED}
]  # fmt: skip


def _midnight(now: datetime, rulebook: Rulebook) -> int:
    """Moment at which the local day ends."""
    zone = rulebook.calendar.zone
    day = now.astimezone(zone).date() + timedelta(days=1)
    return int(datetime.combine(day, time(), zone).timestamp())


def _by_due(picture: Picture, rows: Ints) -> Ints:
    columns = picture.columns
    return rows[np.lexsort((columns.id[rows], columns.due[rows]))]


def queue_rows(
    store: Store, picture: Picture, found: Board, queue: Queue, *, now: datetime, limit: int = 200
) -> list[IncidentRow]:  # fmt: skip
    """Give the first incidents of a queue; the board was made for a scope."""
    with store.read() as conn:
        return read_rows(
            conn, picture, picture.columns.id[found.queues[queue][:limit]].tolist(), now
        )


def act_on_all(  # noqa: PLR0913 - as act, with many
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, picks: Sequence[Pick],
    request: Callable[[Pick], Request], now: datetime, rulebook: Rulebook = DEFAULT,
) -> list[Outcome]:  # fmt: skip
    """Take a step with each of many incidents, in a transaction each, and tell what became of it.

    ``request`` is asked for each one just before its step, so it may look at what the ones before
    have changed. A refused one does not keep the others from being done.
    """
    outcomes = []
    for pick in picks:
        refused: Refusal | None = None
        person: int | None = None
        try:
            asked = request(pick)
            act(
                store, picture, scope=scope, actor=actor, number=pick.number,
                version=pick.version, request=asked, now=now, rulebook=rulebook,
            )  # fmt: skip
            person = asked.person
        except (
            OutsideScope, StaleSave, IllegalStep, NotYours, NoDesk, Missing, StoreUnavailable,
        ) as error:  # fmt: skip
            refused = error
        outcomes.append(Outcome(pick.number, refused, person))
    return outcomes
