"""When made-up incidents are reported: in office hours more than at night, as the year goes."""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from rules.deadlines import CHINA
from rules.rulebook import DEFAULT

Ints = NDArray[np.int64]

_MONTHS = (0.92, 0.8, 1.02, 1.05, 1.05, 1.08, 1.12, 1.1, 1.0, 0.98, 0.96, 0.92)
_WEEKDAYS = (1.08, 1.05, 1.02, 1.0, 1.0, 1.0, 1.0)
_DAY_OFF = 0.39
_HOURS = (
    0.05, 0.03, 0.02, 0.02, 0.03, 0.08, 0.25, 0.7, 1.5, 2.0, 1.9, 1.5,
    0.7, 0.9, 1.6, 1.7, 1.5, 1.1, 0.7, 0.6, 0.5, 0.35, 0.2, 0.1,
)  # fmt: skip


def report_times(rng: np.random.Generator, count: int, first: datetime, last: datetime) -> Ints:
    """``count`` times of report in ascending order.

    Office hours and summer months are busier, days off are quiet.
    """
    days = int((last - first) / timedelta(days=1)) + 2
    start = first.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    weights = np.array([
        _MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()]
        if DEFAULT.calendar.is_working_day(day.date()) else _MONTHS[day.month - 1] * _DAY_OFF
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
