"""Due times: a limit counted on the clock or in working time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

from rules.kinds import KINDS, Limit, Severity

CHINA: Final = timezone(timedelta(hours=8))
"""China Standard Time: one zone, no daylight saving since 1991."""


@dataclass(frozen=True)
class Shift:
    """A named duty period of every working day, in local time.

    It ends on the next day when ``closes`` is not after ``opens``. Where it ``counts``, limits
    in working time run in it as they do in the periods of the calendar; a duty shift that only
    takes urgent calls does not count.
    """

    key: str
    zh: str
    en: str
    opens: time
    closes: time
    counts: bool = False


@dataclass(frozen=True)
class WorkingCalendar:
    """When work is done: periods of a working day, shifts, holidays, and make-up working days.

    Periods are local times; one that does not end after it begins runs past midnight and belongs
    to the day it begins on. Saturday and Sunday are free unless listed in ``makeup_days``.
    """

    periods: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13), time(18)))
    holidays: frozenset[date] = field(default_factory=frozenset)
    makeup_days: frozenset[date] = field(default_factory=frozenset)
    zone: tzinfo = CHINA
    shifts: tuple[Shift, ...] = ()

    def is_working_day(self, day: date) -> bool:
        """Whether ``day`` is worked: a weekday that is no holiday, or a make-up day."""
        return day in self.makeup_days or (day.weekday() < 5 and day not in self.holidays)

    def spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working spans from ``start`` on, in order, in local time; the first may be cut.

        Spans that touch or overlap are one: they never share a moment.
        """
        begin, end = start, start
        for opens, closes in self._days(start):
            if closes <= start:
                continue
            if opens <= end:
                end = max(end, closes)
                continue
            if begin < end:
                yield begin, end
            begin, end = opens, closes
        if begin < end:
            yield begin, end

    def _days(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Every period of the working days of ten years, from the day before ``start`` on."""
        counted = [(shift.opens, shift.closes) for shift in self.shifts if shift.counts]
        periods = sorted([*self.periods, *counted])
        day = start.astimezone(self.zone).date() - timedelta(days=1)
        for _ in range(3660):
            if self.is_working_day(day):
                for opens, closes in periods:
                    yield self._span(day, opens, closes)
            day += timedelta(days=1)

    def _span(self, day: date, opens: time, closes: time) -> tuple[datetime, datetime]:
        last = day if closes > opens else day + timedelta(days=1)
        return (
            datetime.combine(day, opens, self.zone),
            datetime.combine(last, closes, self.zone),
        )

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole working minutes from ``start`` to ``end``; negative if ``end`` is before.

        It undoes :func:`add_limit` for working time: what is left of a limit when the clock is
        stopped, and what has been used of it.
        """
        if end < start:
            return -self.minutes_between(end, start)
        worked = timedelta()
        for opens, closes in self.spans(start):
            if opens >= end:
                break
            worked += min(closes, end) - opens
        return worked // timedelta(minutes=1)

    def shift_at(self, moment: datetime) -> Shift | None:
        """Give the shift on duty at ``moment``: the first of those that run then."""
        today = moment.astimezone(self.zone).date()
        for shift in self.shifts:
            for day in (today - timedelta(days=1), today):
                opens, closes = self._span(day, shift.opens, shift.closes)
                if self.is_working_day(day) and opens <= moment < closes:
                    return shift
        return None


def add_limit(start: datetime, limit: Limit, calendar: WorkingCalendar) -> datetime:
    """Moment at which ``limit`` is used up when it starts to run at ``start`` (UTC out).

    Raises
    ------
    ValueError
        If ``start`` has no time zone or the calendar has no working time in ten years.
    """
    if start.tzinfo is None:
        msg = "start needs a time zone"
        raise ValueError(msg)
    if limit.clock:
        return (start + timedelta(minutes=limit.minutes)).astimezone(UTC)
    left = timedelta(minutes=limit.minutes)
    for begin, end in calendar.spans(start):
        if begin + left <= end:
            return (begin + left).astimezone(UTC)
        left -= end - begin
    msg = "the calendar has no working time"
    raise ValueError(msg)


def due_at(
    kind: str, severity: Severity, reported_at: datetime, calendar: WorkingCalendar
) -> datetime:
    """Moment by which an incident has to be resolved (UTC)."""
    entry = KINDS[kind]
    urgent = severity == Severity.URGENT and entry.urgent_resolve is not None
    limit = entry.urgent_resolve if urgent and entry.urgent_resolve else entry.resolve
    return add_limit(reported_at, limit, calendar)
