from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.deadlines import CHINA, Shift, WorkingCalendar, add_limit, due_at
from rules.holidays import HOLIDAYS, MAKEUP_DAYS, days
from rules.kinds import KINDS, Limit, Severity

PLAIN = WorkingCalendar()
MONDAY = datetime(2026, 6, 15, 9, tzinfo=CHINA)
moments = st.timedeltas(timedelta(0), timedelta(days=1000)).map(
    lambda since: datetime(2024, 1, 1, tzinfo=UTC) + since
)
minutes = st.integers(0, 6000)


def work(hours: float) -> Limit:
    return Limit(round(hours * 60), clock=False)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (MONDAY, 2, MONDAY.replace(hour=11)),
        (MONDAY, 4, MONDAY.replace(hour=14)),  # noon is free
        (MONDAY, 8, MONDAY.replace(hour=18)),
        (MONDAY, 9, MONDAY.replace(day=16, hour=10)),
        (MONDAY, 56, MONDAY.replace(day=23, hour=18)),  # seven days, one weekend
        (MONDAY.replace(day=13), 1, MONDAY.replace(hour=10)),  # from a Saturday
        (MONDAY.replace(hour=12, minute=30), 1, MONDAY.replace(hour=14)),
        (MONDAY.replace(hour=23), 1, MONDAY.replace(day=16, hour=10)),
    ],
)
def test_working_hours_run_only_when_work_is_done(start, hours, due):
    assert add_limit(start, work(hours), PLAIN) == due


def test_clock_hours_run_always():
    friday_night = datetime(2026, 6, 19, 23, tzinfo=CHINA)
    due = add_limit(friday_night, Limit(24 * 60, clock=True), PLAIN)
    assert due == friday_night + timedelta(days=1)
    assert due.tzinfo == UTC


def test_holidays_are_free_and_make_up_days_are_worked():
    calendar = WorkingCalendar(
        holidays=frozenset({date(2026, 6, 19)}), makeup_days=frozenset({date(2026, 6, 20)})
    )
    thursday = datetime(2026, 6, 18, 17, tzinfo=CHINA)
    assert add_limit(thursday, work(2), calendar) == datetime(2026, 6, 20, 10, tzinfo=CHINA)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        add_limit(datetime(2026, 6, 15, 9), work(1), PLAIN)  # noqa: DTZ001


def test_a_calendar_without_work_is_refused():
    idle = WorkingCalendar(periods=())
    with pytest.raises(ValueError, match="working time"):
        add_limit(MONDAY, work(1), idle)


@given(moments, minutes, minutes)
def test_a_longer_limit_is_never_due_earlier(start, one, other):
    short, long = sorted((one, other))
    assert add_limit(start, Limit(short, clock=False), PLAIN) <= add_limit(
        start, Limit(long, clock=False), PLAIN
    )


@given(moments, minutes.filter(bool), minutes.filter(bool))
def test_two_limits_one_after_the_other_are_their_sum(start, first, second):
    step = add_limit(start, Limit(first, clock=False), PLAIN)
    twice = add_limit(step, Limit(second, clock=False), PLAIN)
    assert twice == add_limit(start, Limit(first + second, clock=False), PLAIN)


@given(moments, minutes.filter(bool))
def test_a_working_limit_ends_in_working_time(start, length):
    due = add_limit(start, Limit(length, clock=False), PLAIN).astimezone(CHINA)
    assert PLAIN.is_working_day(due.date())
    assert any(opens < due.time() <= closes for opens, closes in PLAIN.periods)
    assert due >= start


def test_urgent_incidents_have_the_urgent_limit():
    assert due_at("hazard", Severity.SERIOUS, MONDAY, PLAIN) == MONDAY + timedelta(hours=24)
    assert due_at("hazard", Severity.URGENT, MONDAY, PLAIN) == MONDAY + timedelta(hours=4)
    assert due_at("dispute", Severity.URGENT, MONDAY, PLAIN) == due_at(
        "dispute", Severity.GENERAL, MONDAY, PLAIN
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_deadline_after_the_report(kind):
    for severity in Severity:
        assert due_at(kind, severity, MONDAY, PLAIN) > MONDAY


def test_periods_may_be_set():
    night = WorkingCalendar(periods=((time(20), time(22)),))
    assert add_limit(MONDAY, work(3), night) == MONDAY.replace(day=16, hour=21)


hours_of_day = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
periods = st.lists(st.tuples(hours_of_day, hours_of_day), min_size=1, max_size=4).map(tuple)
shifts = st.lists(
    st.builds(Shift, st.just("s"), st.just("班"), st.just("S"), hours_of_day, hours_of_day,
              st.booleans()),
    max_size=3,
).map(tuple)  # fmt: skip
calendars = st.builds(
    WorkingCalendar, periods, st.just(HOLIDAYS), st.just(MAKEUP_DAYS), shifts=shifts
)


@given(moments, minutes, calendars)
def test_working_minutes_undo_a_limit(start, length, calendar):
    due = add_limit(start, Limit(length, clock=False), calendar)
    assert calendar.minutes_between(start, due) == length
    assert calendar.minutes_between(due, start) == -length


@given(moments, minutes.filter(bool), st.floats(0, 1), calendars)
def test_what_is_left_when_stopped_is_what_was_not_used(start, length, share, calendar):
    limit = Limit(length, clock=False)
    due = add_limit(start, limit, calendar)
    stopped = add_limit(start, Limit(int(length * share), clock=False), calendar)
    left = calendar.minutes_between(stopped, due)
    assert left == length - int(length * share)
    assert add_limit(stopped, Limit(left, clock=False), calendar) == due or left == 0


@given(moments, calendars)
def test_spans_are_in_order_and_apart(start, calendar):
    spans = [span for _, span in zip(range(20), calendar.spans(start), strict=False)]
    assert all(begin < end for begin, end in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))
    assert spans[0][1] > start


NIGHT = Shift("night", "夜班", "Night", time(22), time(6), counts=True)
LATE = Shift("late", "晚班", "Late", time(17), time(22))


def test_a_shift_that_counts_runs_past_midnight_and_into_a_free_day():
    calendar = WorkingCalendar(shifts=(LATE, NIGHT))
    friday = datetime(2026, 6, 19, 17, tzinfo=CHINA)
    assert add_limit(friday, work(3), calendar) == datetime(2026, 6, 20, 0, tzinfo=CHINA)
    assert add_limit(friday, work(10), calendar) == datetime(2026, 6, 22, 10, tzinfo=CHINA)


def test_the_shift_on_duty_is_known_by_name():
    calendar = WorkingCalendar(shifts=(LATE, NIGHT))
    assert calendar.shift_at(MONDAY) is None
    assert calendar.shift_at(MONDAY.replace(hour=21)) == LATE
    assert calendar.shift_at(MONDAY.replace(hour=22)) == NIGHT
    assert calendar.shift_at(datetime(2026, 6, 16, 5, 59, tzinfo=CHINA)) == NIGHT
    assert calendar.shift_at(datetime(2026, 6, 15, 5, tzinfo=CHINA)) is None  # Sunday's


def test_the_holidays_are_whole():
    assert {day.year for day in HOLIDAYS} == {2024, 2025, 2026}
    assert not HOLIDAYS & MAKEUP_DAYS
    assert all(day.weekday() >= 5 for day in MAKEUP_DAYS)
    assert len(days(date(2026, 2, 15), date(2026, 2, 23))) == 9
    # 2024 to 2026 give 28, 28 and 33 days off by the notices
    assert [sum(d.year == year for d in HOLIDAYS) for year in (2024, 2025, 2026)] == [28, 28, 33]
