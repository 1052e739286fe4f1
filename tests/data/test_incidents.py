from datetime import timedelta

import pytest

from data.incidents import incident, list_incidents
from data.picture import Pictures
from rules.access import OutsideScope, Scope
from rules.filters import IncidentFilter
from rules.kinds import Severity
from rules.lifecycle import State
from tests.small_district import AREA, BUILDING, INCIDENT, NOW, NUMBER

DISTRICT = Scope(AREA["D"])


@pytest.fixture
def picture(district):
    return Pictures(district).current(NOW)


def listed(store, picture, name="D", **asked):
    given = {"scope": DISTRICT, "filter": IncidentFilter(), "now": NOW} | asked
    rows, total = list_incidents(store, picture, area_id=AREA[name], **given)
    return [f"I{row.id}" for row in rows], total


def test_open_incidents_come_by_due_time(district, picture):
    assert listed(district, picture) == (["I2", "I8", "I4", "I1", "I5", "I7", "I11"], 7)


def test_closed_ones_follow_the_open_ones_latest_first(district, picture):
    names, total = listed(district, picture, filter=IncidentFilter("all"))
    assert names[7:] == ["I9", "I10", "I3", "I6", "I12"]
    assert total == 12


def test_the_latest_reports_come_first_when_asked(district, picture):
    assert listed(district, picture, order="reported")[0][:3] == ["I5", "I8", "I1"]


def test_a_page_knows_the_total(district, picture):
    assert listed(district, picture, limit=2, offset=1) == (["I8", "I4"], 7)
    assert listed(district, picture, offset=100) == ([], 7)


def test_a_building_lists_its_own(district, picture):
    chosen = IncidentFilter("all")
    assert listed(district, picture, building_id=BUILDING["B1"], filter=chosen) == (["I1", "I3"], 2)
    assert listed(district, picture, "S2", building_id=BUILDING["B5"])[0] == ["I8"]
    for scope, building in ((DISTRICT, 4711), (Scope(AREA["S1"]), BUILDING["B5"])):
        with pytest.raises(OutsideScope):
            listed(district, picture, "S1", scope=scope, building_id=building)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("消防", ["I1"]),
        ("i1 ", []),
        ("2026-0004", ["I4"]),
        ("g8附近", ["I11"]),
        ("%", []),
        ("_", []),
    ],
)
def test_text_is_found_in_number_title_and_address(district, picture, text, found):
    assert listed(district, picture, filter=IncidentFilter(text=text))[0] == found


def test_a_row_says_what_the_screens_need(district, picture):
    rows, _ = list_incidents(
        district, picture, scope=DISTRICT, area_id=AREA["G1"], filter=IncidentFilter(), now=NOW
    )
    row = rows[0]
    assert (row.number, row.kind, row.subkind) == (NUMBER["I2"], "dispute", "noise")
    assert (row.state, row.severity, row.source) == (State.DISPATCHED, Severity.GENERAL, "patrol")
    assert (row.area_name, row.assignee_name, row.overdue) == ("第1网格", "网格长1", True)
    assert row.reported_at == NOW - timedelta(hours=200)
    assert row.due_at == NOW - timedelta(hours=30)
    assert not hasattr(row, "reporter_name")


def test_a_detail_tells_the_way_so_far(district, picture):
    found = incident(district, picture, scope=Scope(AREA["S1"]), number=NUMBER["I3"], now=NOW)
    assert [m.step for m in found.milestones] == [
        "reported", "responded", "dispatched", "resolved", "closed",
    ]  # fmt: skip
    assert sorted(m.at for m in found.milestones) == [m.at for m in found.milestones]
    assert found.area_path == (AREA["S1"], AREA["C1"], AREA["G1"])
    assert (found.building_code, found.satisfaction, found.place) == ("B1", 5, "exact")
    assert found.events == ()


def test_a_detail_never_holds_who_reported(district, picture):
    found = incident(district, picture, scope=DISTRICT, number=NUMBER["I2"], now=NOW)
    assert found.has_reporter
    assert "王某" not in repr(found)
    assert "13812345678" not in repr(found)


def test_a_number_that_is_none_is_refused(district, picture):
    for number in ("", "nothing", "' OR 1=1 --"):
        with pytest.raises(OutsideScope):
            incident(district, picture, scope=DISTRICT, number=number)


def test_ids_of_the_drawing_are_those_of_the_store(picture):
    assert sorted(picture.columns.id.tolist()) == sorted(INCIDENT.values())
