from datetime import timedelta

import pytest
from sqlalchemy import select

from data import schema
from data.events import verify_chain
from data.picture import Pictures
from data.visits import NoPerson, check_in, week_coverage
from rules.access import OutsideScope, Scope
from tests.small_district import AREA, BUILDING, NOW, PERSON, actor

DISTRICT = Scope(AREA["D"])
G1 = Scope(AREA["G1"])
CHIEF = Scope(AREA["G1"], frozenset({BUILDING["B1"], BUILDING["B2"]}))
WEEK = {"since": NOW - timedelta(days=2), "until": NOW + timedelta(days=5)}


@pytest.fixture
def pictures(district):
    return Pictures(district)


def call(store, pictures, building, *, login="lead", kind="patrol", now=NOW, scope=G1):
    return check_in(
        store, pictures.current(now), scope=scope, actor=actor(login),
        building_id=BUILDING[building], kind=kind, note=" 正常 ", now=now,
    )  # fmt: skip


def coverage(store, pictures, *, scope=G1, area="G1", now=NOW, **more):
    return week_coverage(
        store, pictures.current(now), scope=scope, area_id=AREA[area], **(WEEK | more)
    )


def test_a_call_is_a_row_and_an_event(district, pictures):
    made = call(district, pictures, "B1")
    with district.read() as conn:
        [row] = conn.execute(select(schema.visit)).all()
        [event] = conn.execute(select(schema.event).where(schema.event.c.id > 1)).all()
        assert verify_chain(conn).sound
    assert (row.id, row.building_id, row.person_id) == (made.id, 1, PERSON["lead of G1"])
    assert (row.kind, row.note) == ("patrol", "正常")
    assert (event.action, event.subject, event.subject_id) == ("check_in", "visit", made.id)


def test_a_call_reads_nothing_of_the_picture_again(district, pictures):
    before = pictures.current(NOW)
    call(district, pictures, "B1")
    after = pictures.current(NOW)
    assert after.watermark > before.watermark
    assert after.columns is before.columns
    assert after.register is before.register
    assert after.memo is before.memo


def test_twice_within_ten_minutes_is_one_call(district, pictures):
    first = call(district, pictures, "B1")
    again = call(district, pictures, "B1", now=NOW + timedelta(minutes=9))
    assert (again.id, again.at, again.again) == (first.id, NOW, True)
    assert call(district, pictures, "B1", now=NOW + timedelta(minutes=10)).id != first.id
    assert call(district, pictures, "B1", kind="safety").id != first.id
    assert call(district, pictures, "B2").id != first.id
    assert call(district, pictures, "B1", login="chief", scope=CHIEF).id != first.id


def test_who_belongs_to_no_staff_was_nowhere(district, pictures):
    with pytest.raises(NoPerson):
        call(district, pictures, "B1", login="community", scope=DISTRICT)


@pytest.mark.parametrize(("building", "scope"), [("B3", G1), ("B5", CHIEF), ("B4", CHIEF)])
def test_a_building_outside_the_scope_is_refused(district, pictures, building, scope):
    with pytest.raises(OutsideScope):
        call(district, pictures, building, scope=scope)
    with district.read() as conn:
        assert conn.execute(select(schema.visit)).all() == []


def test_coverage_counts_buildings_not_calls(district, pictures):
    assert (coverage(district, pictures).visited, coverage(district, pictures).buildings) == (0, 2)
    for hour in range(3):
        call(district, pictures, "B1", now=NOW + timedelta(hours=hour))
    found = coverage(district, pictures)
    assert (found.visited, found.buildings, found.ids) == (1, 2, {BUILDING["B1"]})
    whole = coverage(district, pictures, scope=DISTRICT, area="D")
    assert (whole.visited, whole.buildings) == (1, 6)


def test_coverage_keeps_to_kinds_and_days(district, pictures):
    call(district, pictures, "B1", kind="safety")
    call(district, pictures, "B2", now=NOW - timedelta(days=3))
    assert coverage(district, pictures).visited == 1
    assert coverage(district, pictures, kinds=("patrol",)).visited == 0
    assert coverage(district, pictures, until=NOW).visited == 0
    assert coverage(district, pictures, since=NOW - timedelta(days=3)).visited == 2


def test_a_chiefs_coverage_is_of_the_own_buildings(district, pictures):
    call(district, pictures, "B2")
    own = Scope(AREA["G1"], frozenset({BUILDING["B2"]}))
    found = coverage(district, pictures, scope=own)
    assert (found.visited, found.buildings) == (1, 1)


def test_the_coverage_of_a_foreign_area_is_refused(district, pictures):
    with pytest.raises(OutsideScope):
        coverage(district, pictures, area="G2")
