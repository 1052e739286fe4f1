from dataclasses import replace
from datetime import date, timedelta

import pytest

from data.figures import area_sums, summary
from data.picture import Pictures
from rules.access import Scope
from rules.figures import FIGURES, Sums
from rules.filters import IncidentFilter
from rules.lifecycle import State
from tests.small_district import AREA, BUILDING, NOW

DISTRICT = Scope(AREA["D"])


@pytest.fixture
def picture(sqlite_district):
    return Pictures(sqlite_district).current(NOW)


def sums_of(picture, name, chosen=None, scope=DISTRICT, now=NOW) -> Sums:
    found = area_sums(
        picture, scope=scope, area_ids=[AREA[name]], filter=chosen or IncidentFilter(), now=now
    )
    return found[AREA[name]]


def test_the_drawing_counts_the_same_on_both_stores(district):
    drawn = Pictures(district).current(NOW)
    d, s1, s2 = (sums_of(drawn, name) for name in ("D", "S1", "S2"))
    assert (d.open, d.overdue, d.households) == (7, 3, 210)
    assert (s1.open, s1.overdue) == (5, 2)
    assert (s2.open, s2.overdue) == (2, 1)
    assert d.closed == 4  # I3, I6, I9 and I10 of the year; I12 is older
    assert d.closed_on_time == 3
    assert (d.evaluated, d.satisfied) == (2, 1)
    assert (d.new, d.due_soon, d.unassigned) == (3, 1, 2)
    assert (d.capacity, d.duty) == (9 * 600, 11 * 90)
    assert d.effort == pytest.approx(60 * 1.5 + 180 * 1.2 + 60 * 2 + 30 + 45 * 1.2 + 240 * 2 + 144)


def test_many_areas_at_once_sum_up_to_their_parent(picture):
    grids = picture.tree.at_level(AREA["D"], picture.tree.deepest_level)
    found = area_sums(
        picture, scope=DISTRICT, area_ids=grids, filter=IncidentFilter("all"), now=NOW
    )
    whole = sums_of(picture, "D", IncidentFilter("all"))
    for name in whole.__dict__:
        assert sum(getattr(s, name) for s in found.values()) == pytest.approx(getattr(whole, name))


def test_no_areas_have_no_sums(picture):
    assert area_sums(picture, scope=DISTRICT, area_ids=[], filter=IncidentFilter(), now=NOW) == {}


def test_the_status_changes_the_items_and_nothing_else(picture):
    open_, closed, all_ = (
        sums_of(picture, "D", IncidentFilter(status)) for status in ("open", "closed", "all")
    )
    assert (open_.items, closed.items, all_.items) == (7, 5, 12)
    assert replace(open_, items=0) == replace(closed, items=0) == replace(all_, items=0)


def test_a_window_counts_closed_ones_by_the_time_of_closing(picture):
    week = sums_of(picture, "D", IncidentFilter(days=7))
    assert week.reported == 8
    assert week.closed == 2  # I9 today and I10 five days ago
    assert sums_of(picture, "G3", IncidentFilter(days=30)).closed == 1  # I6, reported 37 days ago


def test_overdue_depends_on_the_moment_that_is_asked_for(picture):
    assert sums_of(picture, "G1").overdue == 1
    assert sums_of(picture, "G1", now=NOW + timedelta(hours=5)).overdue == 2
    assert sums_of(picture, "G1", now=NOW - timedelta(hours=40)).overdue == 0


def test_a_building_chief_sees_the_own_buildings_households_and_duty(picture):
    scope = Scope(AREA["G1"], frozenset({BUILDING["B1"]}))
    found = sums_of(picture, "G1", scope=scope)
    assert (found.open, found.overdue, found.households) == (1, 0, 40)
    assert (found.duty, found.capacity) == (90, 0)
    assert FIGURES["load"].value(found) is None


def test_chiefs_and_buildings_without_one_are_counted_where_they_are(district):
    drawn = Pictures(district).current(NOW)
    d, g1, g2, g4 = (sums_of(drawn, name) for name in ("D", "G1", "G2", "G4"))
    assert (d.chiefs, d.chiefless) == (2, 3)  # B3, B4 and B6 have none
    assert (g1.chiefs, g1.chiefless, g2.chiefs, g2.chiefless) == (1, 0, 0, 1)
    assert FIGURES["per_chief"].value(g1) == 70
    assert FIGURES["per_chief"].value(g4) is None
    chief = Scope(AREA["G1"], frozenset({BUILDING["B1"], BUILDING["B3"]}))
    assert sums_of(drawn, "G1", scope=chief).chiefs == 1


def test_a_calendar_year_counts_what_was_reported_and_closed_in_it(picture):
    this, before = (sums_of(picture, "D", IncidentFilter("all", year=y)) for y in (2026, 2025))
    assert (this.items, this.reported, this.closed) == (11, 11, 4)
    assert (before.items, before.reported, before.closed) == (0, 0, 0)
    found = summary(
        picture, scope=DISTRICT, area_id=AREA["D"], filter=IncidentFilter("all", year=2025), now=NOW
    )
    assert (found.previous.reported, found.previous.closed) == (1, 1)  # I12


def test_a_service_and_a_sub_kind_narrow_the_items(picture):
    assert sums_of(picture, "D", IncidentFilter(services=("grid",))).items == 7
    assert sums_of(picture, "D", IncidentFilter(services=("legal",))).items == 0
    assert sums_of(picture, "D", IncidentFilter("all", subkinds=("fire_lane", "gas"))).items == 2


def test_the_summary_splits_the_filtered_items(picture):
    found = summary(
        picture, scope=DISTRICT, area_id=AREA["G1"], filter=IncidentFilter("all"), now=NOW
    )
    assert found.by_kind == {"hazard": 1, "dispute": 1, "public_service": 1}
    assert found.by_state == {State.IN_PROGRESS: 1, State.DISPATCHED: 1, State.CLOSED: 1}


def test_the_trend_has_thirty_local_days_that_end_today(picture):
    found = summary(picture, scope=DISTRICT, area_id=AREA["D"], filter=IncidentFilter(), now=NOW)
    days = [day.day for day in found.trend]
    assert days == [date(2026, 6, 17) - timedelta(days=29 - n) for n in range(30)]
    today, yesterday = found.trend[-1], found.trend[-2]
    # Noon: I5 came an hour ago, I8 ten hours ago; I1, I4, I9, I11 yesterday.
    assert (today.reported, today.closed) == (2, 1)
    assert (yesterday.reported, yesterday.closed) == (4, 0)
    assert sum(day.reported for day in found.trend) == 10
    assert sum(day.closed for day in found.trend) == 4


def test_the_period_before_is_compared_with(picture):
    found = summary(
        picture, scope=DISTRICT, area_id=AREA["D"], filter=IncidentFilter(days=30), now=NOW
    )
    assert found.period_days == 30
    assert (found.previous.reported, found.previous.closed) == (1, 0)  # I6, 37 days ago
    year = summary(picture, scope=DISTRICT, area_id=AREA["D"], filter=IncidentFilter(), now=NOW)
    assert (year.previous.reported, year.previous.closed) == (1, 1)  # I12
    later = summary(
        picture, scope=DISTRICT, area_id=AREA["D"], filter=IncidentFilter(days=30),
        now=NOW + timedelta(days=30),
    )  # fmt: skip
    assert (later.previous.closed, later.previous.closed_on_time) == (4, 3)


def test_what_is_kept_belongs_to_one_filter_and_moment(picture):
    hazard, all_kinds = IncidentFilter(kinds=("hazard",)), IncidentFilter()
    assert sums_of(picture, "D", hazard).open == 2
    assert sums_of(picture, "D", all_kinds).open == 7
    assert sums_of(picture, "D", hazard).closed == 1
    assert sums_of(picture, "D", hazard, now=NOW + timedelta(days=800)).closed == 0
