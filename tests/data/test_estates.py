import pytest

from data.estates import buildings_of, buildings_of_estate, estates
from data.picture import Pictures
from rules.access import OutsideScope, Scope
from tests.small_district import AREA, BUILDING, NOW

DISTRICT = Scope(AREA["D"])
CHIEF = Scope(AREA["G1"], frozenset({BUILDING["B2"]}))


@pytest.fixture
def picture(district):
    return Pictures(district).current(NOW)


def test_estates_are_listed_by_area(district, picture):
    found = estates(district, picture, scope=DISTRICT, area_id=AREA["S1"])
    assert [(e.name, e.area_name, e.buildings) for e in found] == [
        ("龙井小区", "第1网格", 2), ("龙井小区", "第2网格", 1), ("龙井小区", "第3网格", 1),
    ]  # fmt: skip


def test_buildings_are_picked_within_the_scope(district, picture):
    mine = buildings_of(district, picture, scope=DISTRICT, area_id=AREA["G1"])
    assert [(b.code, b.label) for b in mine] == [("B1", "龙井小区 1栋"), ("B2", "龙井小区 2栋")]
    own = buildings_of(district, picture, scope=CHIEF, area_id=AREA["G1"])
    assert [b.code for b in own] == ["B2"]
    for scope, expected in ((DISTRICT, ["B1", "B2"]), (CHIEF, ["B2"])):
        found = buildings_of_estate(
            district, picture, scope=scope, area_id=AREA["G1"], estate="龙井小区"
        )
        assert [b.code for b in found] == expected


def test_the_buildings_of_a_foreign_area_are_refused(district, picture):
    for ask in (estates, buildings_of):
        with pytest.raises(OutsideScope):
            ask(district, picture, scope=CHIEF, area_id=AREA["G2"])
    with pytest.raises(OutsideScope):
        buildings_of_estate(district, picture, scope=CHIEF, area_id=AREA["G2"], estate="龙井小区")
