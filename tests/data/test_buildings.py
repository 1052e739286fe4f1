import pytest

from data.buildings import building, building_id, buildings_in_tiles, open_counts
from data.picture import Pictures
from geo.tiles import tile_key
from rules.access import OutsideScope, Scope
from rules.filters import IncidentFilter
from tests.small_district import AREA, BUILDING, NOW, corner

DISTRICT = Scope(AREA["D"])


@pytest.fixture
def picture(district):
    return Pictures(district).current(NOW)


def test_a_tile_gives_its_buildings_with_what_is_open(district, picture):
    x, y = corner("G5")
    keys = [int(tile_key(x + 0.0042, y + 0.00415)), 1, 2]
    (row,) = buildings_in_tiles(district, picture, scope=DISTRICT, keys=keys, now=NOW)
    assert (row.code, row.households, row.chief_name) == ("B5", 50, "李栋长")
    assert (row.open, row.overdue) == (1, 1)
    assert row.geom.area > 0


def test_the_filter_decides_what_is_counted(district, picture):
    counts = open_counts(picture, scope=DISTRICT, now=NOW)
    assert counts == {1: (1, 0), 2: (1, 1), 3: (1, 0), 5: (1, 1)}
    hazards = IncidentFilter(kinds=("hazard",))
    assert open_counts(picture, scope=DISTRICT, now=NOW, filter=hazards) == {1: (1, 0)}
    assert open_counts(picture, scope=Scope(AREA["G1"]), now=NOW) == {1: (1, 0), 2: (1, 1)}


def test_no_tiles_have_no_buildings(district, picture):
    assert buildings_in_tiles(district, picture, scope=DISTRICT, keys=[], now=NOW) == []


def test_a_detail_knows_its_area_and_chief(district, picture):
    found = building(district, picture, scope=Scope(AREA["S1"]), code="B1", now=NOW)
    assert (found.id, found.area_name, found.chief_name) == (BUILDING["B1"], "第1网格", "张栋长")
    assert found.area_path == (AREA["S1"], AREA["C1"], AREA["G1"])
    assert (found.floors, found.units, found.open, found.overdue) == (6, 2, 1, 0)


def test_buildings_outside_are_refused_like_those_that_are_none(district, picture):
    for code, scope in (("B5", Scope(AREA["S1"])), ("none", DISTRICT),
                        ("B2", Scope(AREA["G1"], frozenset({BUILDING["B1"]})))):  # fmt: skip
        with pytest.raises(OutsideScope):
            building(district, picture, scope=scope, code=code)
        with pytest.raises(OutsideScope):
            building_id(district, picture, code, scope=scope)
    assert building_id(district, picture, "B5", scope=DISTRICT) == BUILDING["B5"]
