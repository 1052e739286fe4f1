"""What an assessment looks at: the incidents, returns, reopenings and visits of a period.

Read as arrays, for a year holds some hundred thousand incidents; who may see which of them is
decided where they are counted (:mod:`data.assessment`).
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, and_, bindparam, func, or_, select

from data import schema
from data.areas import AreaTree, Ints
from data.driver import driver_rows
from data.picture import chunks
from data.words import Interner
from data.working_time import WorkingClock, working_clock
from rules.deadlines import WorkingCalendar
from rules.kinds import Severity
from rules.lifecycle import State
from rules.rulebook import Rulebook

Flags = NDArray[np.bool_]

_BEYOND: Final = timedelta(days=60)
"""The table of working time runs on so far, past any row of free days."""


@dataclass(frozen=True)
class Period:
    """What is assessed: reports, closings and visits from ``since`` to before ``until``.

    A period that is not over yet ends ``now``: what is open and overdue then counts.
    """

    since: datetime
    until: datetime
    now: datetime

    @property
    def over(self) -> bool:
        """Whether the period is over."""
        return self.until <= self.now

    @property
    def start(self) -> int:
        """Begin in seconds since 1970."""
        return int(self.since.timestamp())

    @property
    def end(self) -> int:
        """First second that does not belong to it."""
        return int(min(self.until, self.now).timestamp())


@dataclass(frozen=True, eq=False)
class Casebook:
    """Incidents that touch a period, by id, and what happened to them.

    ``area`` is a preorder number; ``body`` a position in ``bodies``; 0 is no building, assignee,
    time or score. ``done`` is when an incident was resolved, else closed; ``gone`` marks those
    merged or rejected. ``respond`` is the limit to respond in seconds, of working time unless
    ``by_clock``. ``returned`` are pairs of incident id and the person who sent it back (0 if
    unknown), ``reopened`` incident ids, ``visits`` pairs of building id and person id.
    """

    id: Ints
    area: Ints
    building: Ints
    assignee: Ints
    body: Ints
    reported: Ints
    responded: Ints
    dispatched: Ints
    done: Ints
    due: Ints
    evaluated: Ints
    score: Ints
    merged: Flags
    gone: Flags
    respond: Ints
    by_clock: Flags
    bodies: tuple[str, ...]
    returned: Ints
    reopened: Ints
    visits: Ints
    clock: WorkingClock
    rulebook: Rulebook

    def __len__(self) -> int:
        return len(self.id)

    def rows(self, ids: Ints) -> Ints:
        """Positions of those of ``ids`` that are in the book."""
        return np.asarray(np.searchsorted(self.id, ids[np.isin(ids, self.id)]))


_I, _E, _V = schema.incident.c, schema.event.c, schema.visit.c
_ZERO = 0
_DONE = func.coalesce(_I.resolved_at, _I.closed_at)
_SCORED = func.coalesce(_I.evaluated_at, _DONE)
_SINCE: Final[Any] = bindparam("since")
_UNTIL: Final[Any] = bindparam("until")
_FACTS: Final[dict[str, Any]] = {
    "id": _I.id,
    "area_id": _I.area_id,
    "building": func.coalesce(_I.building_id, _ZERO),
    "assignee": func.coalesce(_I.assignee_id, _ZERO),
    "reported": _I.reported_at,
    "responded": func.coalesce(_I.responded_at, _ZERO),
    "dispatched": func.coalesce(_I.dispatched_at, _ZERO),
    "done": func.coalesce(_DONE, _ZERO),
    "due": _I.due_at,
    "evaluated": func.coalesce(_SCORED, _ZERO),
    "score": func.coalesce(_I.satisfaction, _ZERO),
    "severity": _I.severity,
    "kind": _I.kind,
    "subkind": _I.subkind,
    "body": _I.body,
    "state": _I.state,
}
_TEXTS: Final = ("kind", "subkind", "body", "state")
_TOUCHED = select(*_FACTS.values()).where(
    or_(
        *(
            and_(at >= _SINCE, at < _UNTIL)
            for at in (_I.reported_at, _I.dispatched_at, _DONE, _SCORED)
        ),
        and_(_I.reported_at < _UNTIL, _I.due_at < _UNTIL, or_(_DONE.is_(None), _DONE >= _UNTIL)),
    )
)
_SOME = select(*_FACTS.values()).where(_I.id.in_(bindparam("ids", expanding=True)))
_REOPENED: Final = '%"state":"reopened"%'
"""An evaluation that reopened: canonical JSON has no other place for these characters."""
_TURNS = select(_E.subject_id, _E.action, _E.before).where(
    _E.subject == "incident", _E.at >= _SINCE, _E.at < _UNTIL,
    or_(_E.action.in_(("send_back", "reopen")),
        and_(_E.action == "evaluate", _E.after.like(_REOPENED))),
)  # fmt: skip
_VISITS = select(_V.building_id, _V.person_id).where(_V.at >= _SINCE, _V.at < _UNTIL).distinct()


def load_casebook(
    conn: Connection, tree: AreaTree, *, since: int, until: int, rulebook: Rulebook
) -> Casebook:
    """Read all that touches the time from ``since`` to before ``until`` (seconds since 1970)."""
    window = {"since": since, "until": until}
    turns = conn.execute(_TURNS, window).all()
    returned = [(i, _holder(before)) for i, action, before in turns if action == "send_back"]
    reopened = sorted({i for i, action, _ in turns if action != "send_back"})
    found = [row for rows in driver_rows(conn, _TOUCHED, window) for row in rows]
    seen = {row[0] for row in found}
    missing = sorted({i for i, _, _ in turns} - seen)
    for part in chunks(missing):
        found += [row for rows in driver_rows(conn, _SOME, {"ids": part}) for row in rows]
    visits = [row for rows in driver_rows(conn, _VISITS, window) for row in rows]
    facts = _columns(sorted(found), tree, rulebook)
    return Casebook(
        **facts,
        returned=np.array(returned, np.int64).reshape(-1, 2),
        reopened=np.array(reopened, np.int64),
        visits=np.array(sorted(visits), np.int64).reshape(-1, 2),
        clock=_clock(rulebook.calendar, facts["reported"], since, until),
        rulebook=rulebook,
    )


def _holder(before: str) -> int:
    """Person who held an incident before it was sent back, where the event tells."""
    return int((json.loads(before) or {}).get("assignee_id") or 0)


def _columns(found: list[Any], tree: AreaTree, rulebook: Rulebook) -> dict[str, Any]:
    columns = zip(*found, strict=True) if found else ((),) * len(_FACTS)
    raw: dict[str, Any] = dict(zip(_FACTS, columns, strict=True))
    whole = {k: np.array(v, np.int64) for k, v in raw.items() if k not in _TEXTS}
    bodies = Interner()
    ways = list(zip(raw["kind"], raw["subkind"], raw["severity"], raw["body"], strict=True))
    decided = {way: _decided(*way, rulebook, bodies) for way in set(ways)}
    respond, by_clock, body = (
        np.array([decided[way][n] for way in ways], np.int64) for n in range(3)
    )
    states = np.array(raw["state"], dtype=np.str_)
    merged = states == State.MERGED.value
    return {
        **{k: v for k, v in whole.items() if k not in {"severity", "area_id"}},
        "area": tree.placed(whole["area_id"]),
        "body": body,
        "bodies": tuple(bodies),
        "merged": merged,
        "gone": merged | (states == State.REJECTED.value),
        "respond": respond,
        "by_clock": by_clock.astype(bool),
    }


def _decided(
    kind: str, subkind: str, severity: int, body: str, rulebook: Rulebook, bodies: Interner
) -> tuple[int, int, int]:
    """Seconds to respond, whether by the clock, and the position of the body."""
    known = kind if kind in rulebook.kinds else "other"
    limit = rulebook.limits(known, subkind, Severity(severity)).respond
    return 60 * limit.minutes, limit.clock, bodies[body or rulebook.body(known, subkind)]


def _clock(calendar: WorkingCalendar, reported: Ints, since: int, until: int) -> WorkingClock:
    """Lay out the working time from the first report of the period to its end."""
    first = max(since, int(reported[reported >= since].min(initial=until)))
    begin, end = (datetime.fromtimestamp(at, UTC) for at in (min(first, until), until))
    return working_clock(calendar, begin, end + _BEYOND)
