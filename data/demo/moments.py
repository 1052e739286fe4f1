"""Due times and milestones of very many incidents at once.

The rules compute one due time at a time (:func:`rules.deadlines.due_at`); here the same calendar
is laid out as a table of working time, so that a million take a second. A test compares both.
"""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from data.working_time import WorkingClock
from rules.deadlines import CHINA
from rules.kinds import KINDS, Limit, Severity

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAY = 86_400


def limits(kind: Ints, severity: Ints) -> tuple[Floats, NDArray[np.bool_]]:
    """Seconds to resolve and whether they run on the clock, per incident (rows of KINDS)."""
    seconds, clock = _limit_table()
    return seconds[kind, severity], clock[kind, severity]


def _limit_table() -> tuple[Floats, NDArray[np.bool_]]:
    seconds = np.zeros((len(KINDS), len(Severity) + 1))
    clock = np.zeros(seconds.shape, bool)
    for i, entry in enumerate(KINDS.values()):
        for severity in Severity:
            limit: Limit = entry.resolve
            if severity == Severity.URGENT and entry.urgent_resolve:
                limit = entry.urgent_resolve
            seconds[i, severity], clock[i, severity] = limit.minutes * 60, limit.clock
    return seconds, clock


def due_times(clock: WorkingClock, kind: Ints, severity: Ints, reported: Ints) -> Ints:
    """Due time of each incident, seconds since 1970."""
    seconds, by_clock = limits(kind, severity)
    due = np.where(by_clock, reported + seconds, clock.after(reported, seconds))
    return np.round(due).astype(np.int64)


_MONTHS = (0.92, 0.8, 1.02, 1.05, 1.05, 1.08, 1.12, 1.1, 1.0, 0.98, 0.96, 0.92)
_WEEKDAYS = (1.08, 1.05, 1.02, 1.0, 1.0, 0.42, 0.36)
_HOURS = (
    0.05, 0.03, 0.02, 0.02, 0.03, 0.08, 0.25, 0.7, 1.5, 2.0, 1.9, 1.5,
    0.7, 0.9, 1.6, 1.7, 1.5, 1.1, 0.7, 0.6, 0.5, 0.35, 0.2, 0.1,
)  # fmt: skip


def report_times(rng: np.random.Generator, count: int, first: datetime, last: datetime) -> Ints:
    """``count`` times of report in ascending order: office hours and summer months are busier."""
    days = int((last - first) / timedelta(days=1)) + 2
    start = first.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    weights = np.array([
        _MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()]
        for day in (start + timedelta(days=i) for i in range(days))
    ])  # fmt: skip
    steps = np.cumsum((weights[:, None] * np.array(_HOURS)).ravel())
    edges = np.concatenate([[0.0], steps])
    at = start.timestamp() + 3600.0 * np.arange(len(edges))
    low, high = np.interp([first.timestamp(), last.timestamp()], at, edges)
    return np.sort(np.interp(rng.uniform(low, high, count), edges, at)).astype(np.int64)


def china(year: int, month: int, day: int) -> datetime:
    """Midnight of a day in China, in UTC."""
    return datetime(year, month, day, tzinfo=CHINA).astimezone(UTC)
