from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import select, update

from data import schema
from data.events import events_of, verify_chain
from data.handling import NewIncident, StaleSave, UnknownKind, change_state, report_incident
from data.incidents import incident
from data.picture import Pictures
from data.store import set_meta
from rules.access import OutsideScope, Scope
from rules.kinds import Severity
from rules.lifecycle import State
from tests.small_district import AREA, BUILDING, NOW, NUMBER, PERSON, actor, corner

DISTRICT = Scope(AREA["D"])


@pytest.fixture
def pictures(district):
    return Pictures(district)


def filed(store, pictures, new, *, scope=DISTRICT, now=NOW, login="command"):
    picture = pictures.current(now)
    made = report_incident(store, picture, scope=scope, actor=actor(login), new=new, now=now)
    return incident(store, pictures.current(now), scope=scope, number=made.number, now=now)


def moved(store, pictures, number, version, state, *, now=NOW, scope=DISTRICT, login="lead"):
    return change_state(
        store, pictures.current(now), scope=scope, actor=actor(login), number=number,
        version=version, state=state, now=now, note="现场已处理",
    )  # fmt: skip


def test_a_report_gets_place_deadline_effort_and_number(district, pictures):
    x, y = corner("G4")
    found = filed(
        district, pictures, NewIncident("hazard", "燃气味", x + 0.004, y + 0.004, subkind="gas")
    )
    row = found.row
    assert row.area_id == AREA["G4"]
    assert (row.severity, row.state, row.effort_minutes) == (Severity.URGENT, State.REPORTED, 60)
    assert row.due_at == NOW + timedelta(hours=4)
    assert row.number == "510304-20260617-000001"
    assert (found.place, row.version) == ("exact", 1)
    assert [(e.action, e.actor) for e in found.events] == [("report", "command")]


def test_a_report_at_a_building_takes_its_place(district, pictures):
    found = filed(
        district, pictures,
        NewIncident(
            "dispute", "漏水", building_id=BUILDING["B3"], assignee_id=PERSON["lead of G1"]
        ),
    )  # fmt: skip
    assert (found.row.area_id, found.building_code, found.place) == (AREA["G2"], "B3", "building")
    assert found.row.address == "龙井路3号"
    assert found.row.assignee_name == "网格长1"


def test_a_report_on_a_border_goes_to_the_lowest_id(district, pictures):
    x, y = corner("G8")  # where G5, G6, G7 and G8 meet
    assert filed(district, pictures, NewIncident("other", "界桩", x, y)).row.area_id == AREA["G5"]


def test_a_chief_reports_in_the_own_building_only(district, pictures):
    scope = Scope(AREA["G1"], frozenset({BUILDING["B1"], BUILDING["B2"]}))
    new = NewIncident("hazard", "堵", building_id=BUILDING["B2"], source="building_chief")
    assert filed(district, pictures, new, scope=scope, login="chief").building_code == "B2"
    x, y = corner("G1")
    with pytest.raises(OutsideScope):
        filed(district, pictures, NewIncident("hazard", "堵", x + 0.001, y + 0.001), scope=scope)


def test_numbers_count_on_within_a_day_and_pass_those_taken(district, pictures):
    new = NewIncident("other", "事", *corner("G1"))
    with district.write() as conn:
        conn.execute(
            update(schema.incident)
            .where(schema.incident.c.id == 1)
            .values(number="510304-20260617-000002")
        )
    late = datetime(2026, 6, 17, 17, tzinfo=UTC)  # already the next day in China
    found = [filed(district, pictures, new, now=at).row.number for at in (NOW, NOW, late)]
    assert [number[7:] for number in found] == [
        "20260617-000001", "20260617-000003", "20260618-000001",
    ]  # fmt: skip


def test_a_store_may_have_a_prefix_of_its_own(district, pictures):
    with district.write() as conn:
        set_meta(conn, "number_prefix", "DA")
    found = filed(district, pictures, NewIncident("other", "事", *corner("G1")))
    assert found.row.number == "DA20260617-000001"


def test_words_outside_the_catalogues_are_refused(district, pictures):
    for new in (
        NewIncident("pothole", "x", *corner("G1")),
        NewIncident("other", "x", *corner("G1"), source="fax"),
    ):
        with pytest.raises(UnknownKind):
            filed(district, pictures, new)


def test_who_reported_is_stored_but_not_in_the_log(district, pictures):
    new = NewIncident(
        "other", "事", *corner("G1"), reporter_name="王某", reporter_phone="13812345678"
    )
    found = filed(district, pictures, new)
    assert found.has_reporter
    with district.read() as conn:
        told = repr(events_of(conn, "incident", found.row.id))
    assert "王某" not in told
    assert "13812345678" not in told


def test_a_change_writes_times_version_and_event(district, pictures):
    assert moved(district, pictures, NUMBER["I5"], 1, State.DISPATCHED) == 2
    later = NOW + timedelta(hours=1)
    assert moved(district, pictures, NUMBER["I5"], 2, State.CLOSED, now=later) == 3
    found = incident(
        district, pictures.current(later), scope=DISTRICT, number=NUMBER["I5"], now=later
    )
    assert [(m.step, m.at) for m in found.milestones][1:] == [
        ("responded", NOW), ("dispatched", NOW), ("resolved", later), ("closed", later),
    ]  # fmt: skip
    last = found.events[-1]
    assert last.before["state"] == "dispatched"
    assert last.after["state"] == "closed"
    assert last.after["note"] == "现场已处理"
    with district.read() as conn:
        assert verify_chain(conn).sound


def test_a_reopened_incident_is_no_longer_resolved(district, pictures):
    moved(district, pictures, NUMBER["I3"], 1, State.REOPENED)
    picture = pictures.current(NOW)
    found = incident(district, picture, scope=DISTRICT, number=NUMBER["I3"], now=NOW)
    assert [m.step for m in found.milestones] == ["reported", "responded", "dispatched"]
    assert picture.columns.done[picture.columns.positions([3])].tolist() == [0]


def test_a_stale_save_names_the_current_version_and_writes_nothing(district, pictures):
    moved(district, pictures, NUMBER["I1"], 1, State.RESOLVED)
    with pytest.raises(StaleSave) as caught:
        moved(district, pictures, NUMBER["I1"], 1, State.REJECTED)
    assert caught.value.current_version == 2
    with district.read() as conn:
        state = conn.execute(
            select(schema.incident.c.state).where(schema.incident.c.id == 1)
        ).scalar_one()
        assert state == "resolved"
        assert len(events_of(conn, "incident", 1)) == 1


def test_of_two_at_the_same_time_one_is_told(district, pictures):
    outcomes = []

    def close():
        try:
            outcomes.append(moved(district, pictures, NUMBER["I1"], 1, State.CLOSED))
        except StaleSave as stale:
            outcomes.append(stale)

    threads = [Thread(target=close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(o, StaleSave) for o in outcomes) == [False, True, True, True]
