import pytest

from data.picture import Pictures
from data.search import search
from rules.access import Scope
from rules.levels import Level
from tests.small_district import AREA, BUILDING, CODE, NOW, NUMBER

DISTRICT = Scope(AREA["D"])


@pytest.fixture
def picture(district):
    return Pictures(district).current(NOW)


def found(store, picture, text, scope=DISTRICT, limit=12):
    return [(h.kind, h.key) for h in search(store, picture, scope=scope, text=text, limit=limit)]


def test_exact_codes_and_numbers_come_first(district, picture):
    assert found(district, picture, CODE["G3"])[0] == ("area", CODE["G3"])
    assert found(district, picture, "b5")[0] == ("building", "B5")
    assert found(district, picture, f" {NUMBER['I7']} ") == [("incident", NUMBER["I7"])]


def test_names_that_begin_with_the_text_come_before_those_that_hold_it(district, picture):
    names = [h.label for h in search(district, picture, scope=DISTRICT, text="龙井")]
    assert names[:2] == ["龙井街道", "龙井社区"]
    assert "龙井小区 1栋" in names
    assert [k for k, _ in found(district, picture, "井")][:3] == ["area", "area", "area"]


def test_buildings_are_found_by_estate_with_name_and_by_address(district, picture):
    for text in ("龙井小区3栋", "龙井小区 3栋", "龙井路3号"):
        assert found(district, picture, text) == [("building", "B3")]


def test_incidents_are_found_by_title_and_open_ones_first(district, picture):
    assert found(district, picture, "消防通道") == [("incident", NUMBER["I1"])]
    incidents = [k for kind, k in found(district, picture, "附近", limit=20) if kind == "incident"]
    assert set(incidents[:7]) == {NUMBER[f"I{n}"] for n in (1, 2, 4, 5, 7, 8, 11)}
    assert len(incidents) == 12


def test_a_hit_says_where_it_is(district, picture):
    (area,) = search(district, picture, scope=Scope(AREA["S1"]), text="盐马社区")
    assert (area.level, area.detail) == (Level.COMMUNITY, "龙井街道")
    assert (area.lon, area.lat) == pytest.approx((104.785, 29.38))


def test_nothing_outside_the_scope_is_found(district, picture):
    grid, chief = Scope(AREA["G1"]), Scope(AREA["G1"], frozenset({BUILDING["B1"]}))
    for text in ("龙井", "大安", "I4", "b5", "g2附近", NUMBER["I8"]):
        keys = {key for _, key in found(district, picture, text, grid, 50)}
        assert not keys & {
            "B3",
            "B4",
            "B5",
            "B6",
            CODE["D"],
            CODE["S1"],
            NUMBER["I4"],
            NUMBER["I8"],
        }
    assert found(district, picture, "i2", chief) == []
    assert found(district, picture, "2栋", chief) == []


def test_never_more_than_asked_for_and_nothing_for_nothing(district, picture):
    assert len(found(district, picture, "1", limit=5)) == 5
    assert found(district, picture, "1", limit=0) == []
    for text in ("", "   ", "\0", "%", "_", "'", "{{7*7}}", "\\", "🀄"):
        assert found(district, picture, text) == []


def test_no_kind_crowds_out_the_others(district, picture):
    kinds = [kind for kind, _ in found(district, picture, "1", limit=9)]
    assert set(kinds) == {"area", "building", "incident"}
