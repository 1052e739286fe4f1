from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from data import schema
from data.picture import Pictures
from data.todo import done_since, duties, week_start
from rules.access import Scope
from tests.small_district import AREA, BUILDING, INCIDENT, NOW, NUMBER, PERSON, actor

G1 = Scope(AREA["G1"])


@pytest.fixture
def pictures(district):
    return Pictures(district)


def listed(store, pictures, login, scope=G1):
    found = duties(store, pictures.current(NOW), scope=scope, actor=actor(login), now=NOW)
    return [(duty.row.number, duty.mine) for duty in found]


def change(store, key, **values):
    with store.write() as conn:
        conn.execute(
            update(schema.incident).where(schema.incident.c.id == INCIDENT[key]).values(**values)
        )


def test_own_items_come_first_then_those_of_the_desk(district, pictures):
    assert listed(district, pictures, "lead") == [(NUMBER["I2"], True), (NUMBER["I1"], False)]


def test_the_due_time_of_the_step_decides_the_order(district, pictures):
    change(district, "I1", assignee_id=PERSON["lead of G1"])
    assert listed(district, pictures, "lead") == [(NUMBER["I2"], True), (NUMBER["I1"], True)]
    soon = int((NOW - timedelta(days=9)).timestamp())
    change(district, "I1", step_due_at=soon)
    found = duties(district, pictures.current(NOW), scope=G1, actor=actor("lead"), now=NOW)
    assert [duty.row.number for duty in found] == [NUMBER["I1"], NUMBER["I2"]]
    assert found[0].due_at == NOW - timedelta(days=9)


def test_what_was_resolved_stays_until_it_is_closed(district, pictures):
    change(district, "I1", state="resolved", assignee_id=PERSON["lead of G1"])
    assert (NUMBER["I1"], True) in listed(district, pictures, "lead")


def test_what_was_handed_up_lies_on_another_desk(district, pictures):
    change(district, "I1", desk_id=AREA["C1"])
    assert listed(district, pictures, "lead") == [(NUMBER["I2"], True)]
    community = listed(district, pictures, "community", Scope(AREA["C1"]))
    assert community == [(NUMBER["I1"], False)]


def test_a_chief_has_no_desk_and_sees_the_own_buildings_only(district, pictures):
    scope = Scope(AREA["G1"], frozenset({BUILDING["B2"]}))
    assert listed(district, pictures, "chief", scope) == []
    change(district, "I1", assignee_id=PERSON["chief of B1"])
    change(district, "I2", assignee_id=PERSON["chief of B1"])
    assert listed(district, pictures, "chief", scope) == [(NUMBER["I2"], True)]


def test_what_was_done_is_counted_without_what_was_refused(district, pictures):
    picture = pictures.current(NOW)
    worker = {"scope": G1, "person_id": PERSON["worker of G1"]}
    assert done_since(picture, since=NOW - timedelta(days=30), **worker) == 1
    assert done_since(picture, since=NOW - timedelta(days=1), **worker) == 0


def test_a_week_begins_on_the_local_monday():
    zone = ZoneInfo("Asia/Shanghai")
    assert week_start(NOW, zone) == datetime(2026, 6, 15, tzinfo=zone)
    late = datetime(2026, 6, 14, 16, tzinfo=ZoneInfo("UTC"))  # already Monday in China
    assert week_start(late, zone) == datetime(2026, 6, 15, tzinfo=zone)
