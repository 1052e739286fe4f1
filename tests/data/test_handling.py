from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from data import schema
from data.events import events_of
from data.handling import NewIncident, UnknownKind, report_incident
from data.incidents import incident
from data.notices import unread
from data.picture import Pictures
from data.store import set_meta
from rules.access import OutsideScope, Scope
from rules.kinds import Severity
from rules.lifecycle import State
from tests.small_district import AREA, BUILDING, NOW, PERSON, actor, corner

DISTRICT = Scope(AREA["D"])


@pytest.fixture
def pictures(district):
    return Pictures(district)


def filed(store, pictures, new, *, scope=DISTRICT, now=NOW, login="command"):
    picture = pictures.current(now)
    made = report_incident(store, picture, scope=scope, actor=actor(login), new=new, now=now)
    return incident(store, pictures.current(now), scope=scope, number=made.number, now=now)


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


def test_a_report_that_nobody_could_place_waits_where_it_was_taken(district, pictures):
    new = NewIncident("environment", "垃圾", address="老车站旁", area_id=AREA["C1"])
    found = filed(district, pictures, new)
    assert (found.row.area_id, found.place) == (AREA["C1"], "unplaced")
    with pytest.raises(OutsideScope):
        filed(district, pictures, new, scope=Scope(AREA["S2"]))


def test_the_desk_of_a_new_report_is_told(district, pictures):
    filed(district, pictures, NewIncident("hazard", "堵", *corner("G1")))
    assert unread(district, actor=actor("lead")) == 1
    assert unread(district, actor=actor("street")) == 0
