"""Due times: a limit counted on the clock or in working time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

from rules.kinds import KINDS, Limit, Severity

CHINA: Final = timezone(timedelta(hours=8))
"""China Standard Time: one zone, no daylight saving since 1991."""


@dataclass(frozen=True)
class WorkingCalendar:
    """When work is done: periods of a working day, holidays, and make-up working days.

    Periods are local times; Saturday and Sunday are free unless listed in ``makeup_days``.
    """

    periods: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13), time(18)))
    holidays: frozenset[date] = field(default_factory=frozenset)
    makeup_days: frozenset[date] = field(default_factory=frozenset)
    zone: tzinfo = CHINA

    def is_working_day(self, day: date) -> bool:
        """Whether ``day`` is worked: a weekday that is no holiday, or a make-up day."""
        return day in self.makeup_days or (day.weekday() < 5 and day not in self.holidays)

    def spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working spans from ``start`` on, in order, in local time; the first may be cut."""
        day = start.astimezone(self.zone).date()
        for _ in range(3660):
            if self.is_working_day(day):
                for opens, closes in self.periods:
                    begin = datetime.combine(day, opens, self.zone)
                    end = datetime.combine(day, closes, self.zone)
                    if end > start:
                        yield max(begin, start), end
            day += timedelta(days=1)


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
