import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.geocoder.geocoder import ACCEPT, MARGIN, geocode
from data.picture import Pictures
from rules.access import OutsideScope, Scope
from tests.data.geocoder.conftest import ROAD, furnish
from tests.small_district import AREA, BUILDING, NOW


@pytest.mark.parametrize(
    "text",
    [
        "金桂苑2栋", "金桂苑２幢", "金桂苑二号楼", "金桂苑2#", "金桂苑 2座", "金桂苑2号",
        "大安区龙井街道文昌巷5号金桂苑2栋", "四川省自贡市大安区龙井街道金桂苑2栋",
        "文昌巷五号 金桂苑2幢1单元301室", "龙井金桂苑2-1-301", "文昌巷5号2栋",
        "文昌巷5号金贵苑2栋", "文昌巷5号金桂2栋", "金桂苑2栋附近",
    ],
)  # fmt: skip
def test_all_ways_of_writing_an_address_find_its_building(ask, text):
    found = ask(text)
    assert found.accepted == found.candidates[0]
    assert found.accepted.building_id == 12
    assert (found.accepted.kind, found.accepted.quality) == ("building", "building")
    assert found.accepted.text == "大安区龙井街道文昌巷5号 金桂苑2栋"


@pytest.mark.parametrize(
    ("text", "building"),
    [
        ("金桂苑十二栋", 13), ("盐都花园2期三号楼", 15), ("文昌巷七号附三", 16),
        ("文昌巷7-3号", 16), ("龙井路3号龙井小区", BUILDING["B3"]),
        ("龙井小学门口", 17), ("五龙村四社1号堰塘边", 18), ("五龙村4组石坝子1号", 19),
        ("龙井路3号", BUILDING["B3"]), ("龙井街道龙井小区3栋", BUILDING["B3"]),
    ],
)  # fmt: skip
def test_every_form_of_address_is_found(ask, text, building):
    assert ask(text).accepted.building_id == building


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("金桂院2栋", "building", "typo"),
        ("金桂苑99栋", "estate", "number_unknown"),
        ("文昌巷99号", None, "road_number_differs"),
        ("文昌巷9号 金桂苑2栋", None, "road_number_differs"),
        ("大安街道金桂苑2栋", None, "area_differs"),
        ("新金桂苑2栋", "building", "unexplained"),
        ("五龙村1号", None, "village"),
    ],
)
def test_what_does_not_quite_fit_is_shown_with_the_reason_but_not_accepted(ask, text, kind, reason):
    found = ask(text)
    assert found.accepted is None
    best = found.candidates[0]
    assert best.score < ACCEPT
    assert reason in {r for c in found.candidates for r in c.reasons}
    assert kind in {None, best.kind}


@pytest.mark.parametrize("text", ["五龙村4组1号", "春晓家园1栋", "金桂2栋", "龙井小区"])
def test_below_the_margin_nothing_is_accepted(ask, text):
    found = ask(text)
    assert found.accepted is None
    best, second = found.candidates[:2]
    assert best.score - second.score < MARGIN


@pytest.mark.parametrize(
    "text", ["楼上漏水了", "3栋2单元", "501室", "", "   ", "\0", "{{7*7}}", "🀄", "火星基地5栋"]
)
def test_what_names_no_place_is_not_placed(ask, text):
    assert ask(text).accepted is None


def test_an_estate_without_a_number_is_placed_as_an_estate(ask):
    found = ask("金桂苑")
    assert (found.accepted.kind, found.accepted.quality) == ("estate", "estate")
    assert found.accepted.building_id is None
    assert "number_missing" in found.accepted.reasons
    assert [c.building_id for c in found.candidates[1:4]] == [11, 12, 13]


def test_a_road_and_an_area_are_placed_as_such(ask):
    road, area = ask("文昌巷").accepted, ask("大安区盐马社区").accepted
    assert (road.kind, road.id, road.quality) == ("road", ROAD, "road")
    assert (area.kind, area.area_id, area.quality) == ("area", AREA["C2"], "area")


def test_nobody_is_offered_what_the_scope_does_not_hold(ask):
    for text in ("金桂2栋", "文昌巷", "文昌巷9号", "金桂花园2栋", "大安街道", "五龙村4组1号"):
        for candidate in ask(text, "C1").candidates:
            assert candidate.area_id in {AREA["C1"], AREA["G1"], AREA["G2"]}
    assert ask("金桂花园2栋", "C1").accepted is None
    assert ask("金桂花园2栋", "S2").accepted.building_id == 14


def test_what_is_outside_the_scope_does_not_make_a_place_doubtful(ask):
    assert ask("春晓家园1栋").accepted is None
    assert ask("春晓家园1栋", "G7").accepted.building_id == 20
    assert ask("春晓家园1栋", "G8").accepted.building_id == 21


def test_a_building_chief_is_offered_the_chiefs_own_buildings_only(ask):
    mine = frozenset({11, 12})
    assert ask("金桂苑2栋", "G1", mine).accepted.building_id == 12
    for text in ("金桂苑", "金桂苑12栋", "文昌巷", "龙井社区", "文昌巷5号"):
        found = ask(text, "G1", mine)
        assert {c.building_id for c in found.candidates} <= mine
        assert found.accepted is None


def test_a_scope_that_does_not_exist_is_refused(places):
    with pytest.raises(OutsideScope):
        geocode(Pictures(places).current(NOW), places, scope=Scope(999), text="金桂苑")


def test_never_more_than_asked_for_best_first(ask):
    found = ask("金桂苑", limit=2)
    assert len(found.candidates) == 2
    scores = [c.score for c in ask("文昌巷").candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_any_text_is_answered(ask, text):
    assert ask(text).query == text


def test_both_stores_give_the_same_answer(district):
    store = furnish(district)
    picture = Pictures(store).current(NOW)
    found = geocode(picture, store, scope=Scope(AREA["D"]), text="文昌巷5号金桂苑二幢")
    assert found.accepted.building_id == 12


def test_what_the_scope_does_not_hold_is_as_if_it_did_not_exist(ask):
    def told(text):
        return [(c.id, c.score, c.reasons) for c in ask(text, "G1").candidates]

    assert told("龙井小区3栋") == told("龙井小区99栋")
    assert told("龙井路3号") == told("龙井路99号")
