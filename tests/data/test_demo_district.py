"""The default demo as the issue asks for it: real names, valid coverages, published sizes."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
import shapely

from data.demo.basemap import Feature, make_basemap
from data.demo.buildings import Buildings, grid_households, make_buildings
from data.demo.footprints import FARM, block_uses
from data.demo.land import Land, make_land
from data.demo.people import People, make_people
from data.demo.plan import LONGJING, district_plan
from geo.mosaic import merged
from geo.synthesis import to_degrees

SEED = 1


@dataclass(frozen=True)
class District:
    land: Land
    buildings: Buildings
    people: People
    features: list[Feature]
    levels: dict[str, np.ndarray]


@pytest.fixture(scope="module")
def district() -> District:
    plan = district_plan(SEED)
    land = make_land(plan, SEED)
    rng = np.random.default_rng(SEED)
    use = block_uses(land, rng)
    buildings = make_buildings(land, use, per_house=plan.farm_households, rng=rng)
    people = make_people(land, buildings, np.arange(len(land.grid_unit)), rng)
    features = make_basemap(land, use, np.unique(buildings.atom[buildings.use == FARM]), rng)
    cells = land.drawn.moved(to_degrees).cells()
    grids = merged(cells, land.atom_grid, len(land.grid_unit))
    units = merged(grids, land.grid_unit, len(land.units))
    streets = merged(units, land.unit_street, len(land.layout.streets))
    whole = merged(streets, np.zeros(len(streets), np.int64), 1)
    levels = {"grid": grids, "unit": units, "street": streets, "district": whole}
    return District(land, buildings, people, features, levels)


def test_every_level_is_a_coverage_of_single_polygons(district: District) -> None:
    for shapes in district.levels.values():
        assert shapely.coverage_is_valid(shapes, gap_width=1e-5)
        assert shapely.is_valid(shapes).all()
        assert (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all()


def test_levels_fill_the_district_without_holes(district: District) -> None:
    areas = {name: shapely.area(shapes).sum() for name, shapes in district.levels.items()}
    assert max(areas.values()) == pytest.approx(min(areas.values()), rel=1e-9)
    assert len(district.levels["district"][0].interiors) == 0
    assert shapely.area(district.land.cells).sum() / 1e6 == pytest.approx(399, abs=4)


def test_streets_and_communities_have_their_real_names_and_codes(district: District) -> None:
    layout = district.land.layout
    assert len(layout.streets) == 15
    kinds = Counter(unit.kind for unit in district.land.units)
    assert kinds == {"community": 34, "village": 87}
    names = {unit.code: unit.name for unit in district.land.units}
    assert names["510304002013"] == "大楻桶社区"
    assert all(unit.code.startswith("510304") for unit in district.land.units)


def test_grids_keep_to_the_bands_of_towns_and_villages(district: District) -> None:
    land = district.land
    households = grid_households(land)
    village = np.array([u.kind == "village" for u in land.units])[land.grid_unit]
    town = ~village & ~land.grid_dedicated
    assert 280 <= len(households) <= 290
    assert ((households[town] >= 300) & (households[town] <= 500)).all()
    assert ((households[village] >= 200) & (households[village] <= 400)).all()
    assert 108_000 <= households.sum() <= 118_000


def test_households_of_buildings_add_up_to_the_grids(district: District) -> None:
    wanted = grid_households(district.land)
    found = np.bincount(district.buildings.grid, district.buildings.households, len(wanted))
    assert (found == wanted).all()
    assert 6_000 <= len(district.buildings.grid) <= 12_500


def test_buildings_lie_apart_and_inside_their_atom(district: District) -> None:
    shapes = district.buildings.shapes
    hits = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert (hits[0] == hits[1]).all()
    assert shapely.contains_properly(district.land.cells[district.buildings.atom], shapes).all()


def test_no_road_rail_or_river_runs_through_a_building(district: District) -> None:
    tree = shapely.STRtree(district.buildings.shapes)
    for feature in district.features:
        if feature.layer in {"road", "rail"} or (feature.layer == "water" and feature.rank < 3):
            assert len(tree.query(feature.shape, predicate="intersects")) == 0, feature.name


def test_longjing_has_its_published_households_and_chiefs(district: District) -> None:
    land, people = district.land, district.people
    codes = np.array([s.code for s in land.layout.streets])[land.unit_street[land.grid_unit]]
    longjing = codes == LONGJING
    assert grid_households(land)[longjing].sum() == 9_980
    chief = np.array(people.duty) == "building_chief"
    assert longjing[people.grid[chief]].sum() == 100


def test_nearly_every_home_has_a_chief_of_its_grid_and_every_chief_a_building(
    district: District,
) -> None:
    land, buildings, people = district.land, district.buildings, district.people
    homes = buildings.households > 0
    chief = people.building_chief[homes]
    vacant = chief < 0
    codes = np.array([s.code for s in land.layout.streets])[land.unit_street[land.grid_unit]]
    assert 0.005 < vacant.mean() < 0.08
    assert not (codes[buildings.grid[homes]][vacant] == LONGJING).any()
    chief = chief[~vacant]
    assert (people.grid[chief] == buildings.grid[homes][~vacant]).all()
    chiefs = {i for i, duty in enumerate(people.duty) if duty == "building_chief"}
    assert set(chief.tolist()) == chiefs
    assert 80 < buildings.households.sum() / len(chiefs) < 120


def test_staff_have_time_and_duties(district: District) -> None:
    people = district.people
    grids = len(district.land.grid_unit)
    duty = np.array(people.duty)
    assert (duty == "grid_lead").sum() == grids
    assert (people.grid[people.worker] == np.arange(grids)).all()
    assert (duty[people.worker] == "grid_worker").all()
    assert (people.capacity[duty != "building_chief"] > 0).all()


def test_the_same_seed_gives_the_same_land(district: District) -> None:
    again = make_land(district_plan(SEED), SEED)
    assert (again.drawn.xy == district.land.drawn.xy).all()
    assert (again.atom_grid == district.land.atom_grid).all()


def test_addresses_name_street_and_estate(district: District) -> None:
    found = district.buildings
    town = next(i for i, e in enumerate(found.estate) if found.name[i].endswith("栋") and e)
    assert found.address[town].startswith("大安区")
    assert found.address[town].endswith(f"{found.estate[town]}{found.name[town]}")
    assert len({(e, n) for e, n in zip(found.estate, found.name, strict=True) if e}) == sum(
        bool(e) for e in found.estate
    ) or any("组" in e for e in found.estate)
