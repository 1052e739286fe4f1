import pytest

from data import schema
from data.events import events_of
from data.geocoder.geocoder import NothingToTeach, geocode, teach_alias
from data.picture import Pictures
from rules.access import OutsideScope, Scope
from tests.data.geocoder.conftest import furnish
from tests.small_district import AREA, NOW, actor

DISTRICT = Scope(AREA["D"])


def teach(store, text, *, scope=DISTRICT, login="command", **place):
    picture = Pictures(store).current(NOW)
    return teach_alias(
        store, picture, scope=scope, actor=actor(login), text=text, now=NOW, **place
    )  # fmt: skip


def test_what_was_taught_is_found_ever_after(places, ask):
    assert ask("老糖厂宿舍3栋").accepted is None
    teach(places, "老糖厂宿舍三号楼", building_id=12)
    found = ask("大安区老糖厂宿舍3幢").accepted
    assert (found.building_id, found.kind, found.quality) == (12, "building", "building")
    assert "alias" in found.reasons


def test_a_building_can_be_taught_on_both_stores(district):
    store = furnish(district)
    teach(store, "老糖厂", building_id=12)
    picture = Pictures(store).current(NOW)
    assert geocode(picture, store, scope=DISTRICT, text="老糖厂").accepted.building_id == 12


def test_a_point_laid_by_hand_is_exact_and_an_area_is_an_area(places, ask):
    teach(places, "牌坊下", lon=104.783, lat=29.374)
    teach(places, "老城", area_id=AREA["C2"])
    point, area = ask("牌坊下").accepted, ask("老城").accepted
    assert (point.lon, point.lat, point.area_id) == (104.783, 29.374, AREA["G3"])
    assert (point.kind, point.quality, point.building_id) == ("area", "exact", None)
    assert (area.area_id, area.quality) == (AREA["C2"], "area")


def test_teaching_and_its_event_are_written_together(places, stored):
    alias = teach(places, " 老糖厂２＃ ", building_id=12)
    (row,) = stored(schema.alias)
    assert (row.text, row.label, row.building_id, row.area_id) == (
        "老糖厂2栋", "老糖厂２＃", 12, AREA["G1"],
    )  # fmt: skip
    assert (row.actor, row.created_at, row.version) == ("command", int(NOW.timestamp()), 1)
    with places.read() as conn:
        (event,) = events_of(conn, "alias", alias.id)
    assert (event.actor, event.action, event.before) == ("command", "teach", None)
    assert event.after["building_id"] == 12


def test_taught_again_in_the_same_area_the_words_move(places, ask, stored):
    first = teach(places, "老糖厂", building_id=11)
    second = teach(places, "老 糖厂", building_id=12)
    assert (second.id, second.version) == (first.id, 2)
    assert len(stored(schema.alias)) == 1
    assert ask("老糖厂").accepted.building_id == 12
    with places.read() as conn:
        event = events_of(conn, "alias", first.id)[0]
    assert (event.before["building_id"], event.after["building_id"]) == (11, 12)


def test_words_with_a_meaning_in_each_of_two_areas_are_asked_about(places, ask):
    teach(places, "老糖厂", building_id=11)
    teach(places, "老糖厂", building_id=14)
    assert ask("老糖厂").accepted is None
    assert {c.building_id for c in ask("老糖厂").candidates} == {11, 14}
    assert ask("老糖厂", "S2").accepted.building_id == 14


def test_nobody_teaches_or_is_told_of_what_the_scope_does_not_hold(places, ask):
    grid = Scope(AREA["G1"])
    for place in (
        {"building_id": 14}, {"building_id": 999}, {"area_id": AREA["G5"]}, {},
        {"lon": 104.785, "lat": 29.375}, {"lon": 0.0, "lat": 0.0},
    ):  # fmt: skip
        with pytest.raises(OutsideScope):
            teach(places, "老糖厂", scope=grid, login="lead", **place)
    teach(places, "老糖厂", building_id=14)
    assert ask("老糖厂", "G1").candidates == ()


def test_a_chief_teaches_own_buildings_only(places):
    chief = Scope(AREA["G1"], frozenset({11}))
    assert teach(places, "糖厂老楼", scope=chief, building_id=11).building_id == 11
    for place in ({"building_id": 12}, {"area_id": AREA["G1"]}, {"lon": 104.775, "lat": 29.375}):
        with pytest.raises(OutsideScope):
            teach(places, "糖厂老楼", scope=chief, **place)


@pytest.mark.parametrize("text", ["3栋", "", "501室", "大安区", "大安区龙井街道", "🀄", "井"])
def test_words_that_are_no_name_of_their_own_are_not_learnt(places, stored, text):
    with pytest.raises(NothingToTeach):
        teach(places, text, building_id=12)
    assert stored(schema.alias) == []
