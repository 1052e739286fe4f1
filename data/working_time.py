"""Working time as a table: how much of it lies between very many pairs of moments at once.

The rules count one pair at a time (:meth:`rules.deadlines.WorkingCalendar.minutes_between`); here
the same calendar is laid out once. A test compares both.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from rules.deadlines import WorkingCalendar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class WorkingClock:
    """Working seconds counted since the start of the table, at each opening and closing."""

    times: Floats
    worked: Floats

    def read(self, at: Floats | Ints) -> Floats:
        """Working seconds up to each moment."""
        return np.asarray(np.interp(at, self.times, self.worked))

    def moment(self, worked: Floats) -> Floats:
        """Earliest moment at which so much working time is over."""
        right = np.clip(np.searchsorted(self.worked, worked, side="left"), 1, len(self.times) - 1)
        return np.asarray(self.times[right] - (self.worked[right] - worked))

    def after(self, at: Floats | Ints, seconds: Floats) -> Floats:
        """Moment ``seconds`` of working time after each moment."""
        return self.moment(self.read(at) + np.maximum(seconds, 1))


def working_clock(calendar: WorkingCalendar, first: datetime, last: datetime) -> WorkingClock:
    """Lay out the working time from ``first`` to ``last``."""
    times, worked = [first.timestamp()], [0.0]
    for begin, end in calendar.spans(first):
        if begin >= last:
            break
        times += [begin.timestamp(), end.timestamp()]
        worked += [worked[-1], worked[-1] + (end - begin).total_seconds()]
    return WorkingClock(np.array(times), np.array(worked))
