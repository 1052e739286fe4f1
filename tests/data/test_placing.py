import pytest
from sqlalchemy import func, select

from data import schema
from data.casework import StaleSave, act
from data.events import events_of, verify_chain
from data.geocoder.geocoder import NothingToTeach, geocode
from data.handling import NewIncident, report_incident
from data.incidents import incident
from data.notices import unread
from data.picture import Pictures
from data.placing import NotYourDesk, Spot, place_incident, unplaced
from rules.access import OutsideScope, Scope
from rules.casework import Request
from rules.steps import Action
from tests.small_district import AREA, BUILDING, NOW, NUMBER, actor, corner

DISTRICT = Scope(AREA["D"])
X, Y = corner("G4")
THERE = Spot(lon=X + 0.004, lat=Y + 0.004)


@pytest.fixture
def pictures(district):
    return Pictures(district)


@pytest.fixture
def number(district, pictures):
    new = NewIncident("environment", "垃圾", address="老车站旁", area_id=AREA["D"])
    return report_incident(
        district, pictures.current(NOW), scope=DISTRICT, actor=actor("command"), new=new, now=NOW
    ).number


def place(store, pictures, number, spot, *, version=1, login="command", scope=DISTRICT,
          teach=None):  # fmt: skip
    return place_incident(
        store, pictures.current(NOW), scope=scope, actor=actor(login), number=number,
        version=version, spot=spot, teach=teach, now=NOW,
    )  # fmt: skip


def row_of(store, number):
    with store.read() as conn:
        return conn.execute(select(schema.incident).where(schema.incident.c.number == number)).one()


def waiting(store, pictures, scope=DISTRICT):
    return [r.number for r in unplaced(store, pictures.current(NOW), scope=scope, now=NOW)]


def test_the_unplaced_wait_within_the_scope_that_took_them(district, pictures, number):
    assert waiting(district, pictures) == [number]
    assert waiting(district, pictures, Scope(AREA["S1"])) == []
    chief = Scope(AREA["G1"], frozenset({BUILDING["B1"]}))
    assert waiting(district, pictures, chief) == []


def test_a_point_gives_area_desk_and_quality_and_ends_the_waiting(district, pictures, number):
    assert place(district, pictures, number, THERE) == 2
    row = row_of(district, number)
    assert (row.area_id, row.desk_id, row.building_id) == (AREA["G4"], AREA["G4"], None)
    assert (row.lon, row.lat, row.place, row.version) == (THERE.lon, THERE.lat, "exact", 2)
    assert waiting(district, pictures) == []
    found = incident(district, pictures.current(NOW), scope=Scope(AREA["G4"]), number=number)
    last = found.events[-1]
    assert (last.action, last.before["area_id"], last.after["area_id"]) == (
        "place", AREA["D"], AREA["G4"],
    )  # fmt: skip
    with district.read() as conn:
        assert verify_chain(conn).sound


def test_a_building_gives_its_own_point(district, pictures, number):
    place(district, pictures, number, Spot(building_id=BUILDING["B5"]))
    row = row_of(district, number)
    assert (row.area_id, row.building_id, row.place) == (AREA["G5"], BUILDING["B5"], "building")


def test_a_road_is_only_somewhere_in_the_grid(district, pictures, number):
    place(district, pictures, number, Spot(lon=THERE.lon, lat=THERE.lat, nearness="grid"))
    assert row_of(district, number).place == "grid"


def test_the_desk_it_comes_to_is_told(district, pictures, number):
    before = unread(district, actor=actor("lead"))
    place(district, pictures, number, Spot(building_id=BUILDING["B1"]))
    assert unread(district, actor=actor("lead")) == before + 1


def test_a_desk_that_it_was_handed_up_to_keeps_its_level(district, pictures):
    act(
        district, pictures.current(NOW), scope=DISTRICT, actor=actor("command"),
        number=NUMBER["I4"], version=1, request=Request(Action.ESCALATE, note="超出权限"), now=NOW,
    )  # fmt: skip
    place(district, pictures, NUMBER["I4"], THERE, version=2)
    row = row_of(district, NUMBER["I4"])
    assert (row.area_id, row.desk_id) == (AREA["G4"], AREA["C2"])


def test_placing_teaches_what_the_place_is_called(district, pictures, number):
    def accepted():
        return geocode(pictures.current(NOW), district, scope=DISTRICT, text="老车站").accepted

    assert accepted() is None
    place(district, pictures, number, THERE, teach="老车站")
    assert (accepted().lon, accepted().area_id) == (THERE.lon, AREA["G4"])


def test_words_that_name_no_place_save_nothing(district, pictures, number):
    with pytest.raises(NothingToTeach):
        place(district, pictures, number, THERE, teach="3栋")
    assert row_of(district, number).place == "unplaced"
    with district.read() as conn:
        assert len(events_of(conn, "incident", row_of(district, number).id)) == 1


def test_a_stale_save_is_refused(district, pictures, number):
    place(district, pictures, number, THERE)
    with pytest.raises(StaleSave) as caught:
        place(district, pictures, number, Spot(building_id=BUILDING["B1"]))
    assert caught.value.current_version == 2
    assert row_of(district, number).area_id == AREA["G4"]


@pytest.mark.parametrize(
    ("spot", "login", "scope", "error"),
    [
        (Spot(lon=0.0, lat=0.0), "command", DISTRICT, OutsideScope),
        (Spot(building_id=4711), "command", DISTRICT, OutsideScope),
        (Spot(), "command", DISTRICT, OutsideScope),
        (THERE, "planner", DISTRICT, NotYourDesk),
        (THERE, "lead", Scope(AREA["G1"]), OutsideScope),
    ],
)
def test_a_refused_place_writes_nothing(  # noqa: PLR0917
    district, pictures, number, spot, login, scope, error
):
    with pytest.raises(error):
        place(district, pictures, number, spot, login=login, scope=scope)
    assert row_of(district, number).version == 1
    with district.read() as conn:
        assert conn.execute(select(func.count()).select_from(schema.alias)).scalar_one() == 0


def test_a_desk_places_within_its_own_area_only(district, pictures):
    with pytest.raises(OutsideScope):
        place(district, pictures, NUMBER["I1"], THERE, login="lead", scope=Scope(AREA["G1"]))
