"""The periods that questions are asked over: so many days before now, or a calendar year."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.areas import Ints
from rules.deadlines import CHINA
from rules.figures import PERIOD_DAYS
from rules.filters import IncidentFilter

DAY: Final = 86_400


@dataclass(frozen=True)
class Period:
    """Moments from ``since`` up to, not with, ``until``: seconds since 1970."""

    since: int = 0
    until: int = 1 << 62

    def holds(self, times: Ints) -> NDArray[np.bool_]:
        """Tell which of these times lie in the period."""
        return np.asarray((times >= self.since) & (times < self.until))


def year_of(year: int) -> Period:
    """Give the local calendar year."""
    start, end = (datetime(y, 1, 1, tzinfo=CHINA).astimezone(UTC) for y in (year, year + 1))
    return Period(int(start.timestamp()), int(end.timestamp()))


def period_of(filter: IncidentFilter, now: datetime, *, days: int | None = None) -> Period:
    """Give the period that a filter asks for; without one, so many days before now, or all time."""
    if filter.year is not None:
        return year_of(filter.year)
    window = filter.days or days
    return Period() if window is None else Period(window_start(window, now))


def period_before(period: Period, filter: IncidentFilter) -> Period:
    """Give the period of the same kind before: the year before, or as many days before."""
    if filter.year is not None:
        return year_of(filter.year - 1)
    length = (filter.days or PERIOD_DAYS) * DAY
    return Period(period.since - length, period.since)


def window_start(days: int, now: datetime) -> int:
    """Moment at which a window of so many days before now begins: on a full minute.

    So everything counted over a window can be kept for a minute.
    """
    return (int(now.timestamp()) - days * DAY) // 60 * 60
