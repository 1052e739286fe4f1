"""What happened last in an area, read off the mirror of incidents."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal

import numpy as np

from data.areas import Ints
from data.columns import first_since, narrowed
from data.incidents import IncidentRow, read_rows
from data.picture import Picture
from data.store import Store
from rules.access import Scope
from rules.filters import IncidentFilter

Step = Literal["reported", "resolved"]

LOOK_BACK: Final = (7, 90, None)
"""Days to look back, one after the other, until enough has been found."""


@dataclass(frozen=True)
class Happening:
    """An incident was reported, or resolved or closed, at a moment."""

    at: datetime
    step: Step
    row: IncidentRow


def latest(  # noqa: PLR0913 - a list is told where, what, and how long
    store: Store, picture: Picture, *, scope: Scope, area_id: int, filter: IncidentFilter,
    now: datetime, limit: int = 8,
) -> list[Happening]:  # fmt: skip
    """Give the last happenings of an area, newest first, whatever their status.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    anything = replace(filter, status="all", states=())
    newest: list[tuple[int, Step, int]] = []
    for days in LOOK_BACK:
        newest = _newest(picture, scope, area_id, anything, now, days)[:limit]
        if len(newest) == limit:
            break
    with store.read() as conn:
        read = read_rows(conn, picture, sorted({i for _, _, i in newest}), now)
    known = {row.id: row for row in read}
    return [
        Happening(datetime.fromtimestamp(at, UTC), step, known[i])
        for at, step, i in newest
        if i in known
    ]


def _newest(
    picture: Picture, scope: Scope, area_id: int, filter: IncidentFilter, now: datetime,
    days: int | None,
) -> list[tuple[int, Step, int]]:  # fmt: skip
    columns = picture.columns
    first, last = picture.tree.admit(scope, area_id)
    start = min(first_since(times, days, now) for times in (columns.reported, columns.done_by))
    area = columns.area[start:]
    rows = np.flatnonzero((area >= first) & (area < last)) + start
    rows = narrowed(columns, rows, filter, now, buildings=scope.buildings)
    reported = _last(columns.reported, rows, now)
    done = _last(columns.done, rows, now)
    found: list[tuple[int, Step, int]] = [
        *((int(columns.reported[row]), "reported", int(columns.id[row])) for row in reported),
        *((int(columns.done[row]), "resolved", int(columns.id[row])) for row in done),
    ]
    return sorted(found, reverse=True)


def _last(times: Ints, rows: Ints, now: datetime, limit: int = 20) -> Ints:
    """Rows of the latest times that are known and not in the future."""
    at = times[rows]
    past = rows[(at > 0) & (at <= int(now.timestamp()))]
    if len(past) > limit:
        past = past[np.argpartition(times[past], -limit)[-limit:]]
    return past
