import shapely
from sqlalchemy import insert

from data import schema
from data.base_map import load_base_map
from geo.tiles import tile_bounds, tile_xy

_ROAD = shapely.LineString([(104, 29), (105, 30)])
_LANE = shapely.LineString([(104.1, 29), (104.1, 30)])
ROWS = [
    {"layer": "road", "rank": 1, "name": "龙井路", "geom": _ROAD},
    {"layer": "road", "rank": 3, "name": "小巷", "geom": _LANE},
    {"layer": "water", "rank": 1, "name": "釜溪河", "geom": shapely.box(104.4, 29.4, 104.6, 29.6)},
    {"layer": "land", "rank": 2, "name": "", "geom": shapely.box(100, 20, 110, 40)},
]  # fmt: skip


def laid(store):
    with store.write() as conn:
        conn.execute(insert(schema.base_feature), ROWS)
    with store.read() as conn:
        return load_base_map(conn)


def test_features_are_cut_to_the_box_and_ordered_as_drawn(store):
    found = laid(store).in_bounds((104.0, 29.0, 104.5, 29.5))
    assert [(f.layer, f.rank) for f in found] == [
        ("land", 2), ("water", 1), ("road", 3), ("road", 1),
    ]  # fmt: skip
    box = shapely.box(104.0, 29.0, 104.5, 29.5).buffer(1e-9)
    assert all(box.contains(f.geom) for f in found)
    assert found[1].name == "釜溪河"


def test_from_afar_only_the_great_ones_are_drawn(sqlite_store):
    found = laid(sqlite_store).in_bounds((104.0, 29.0, 104.5, 29.5), rank=1)
    assert {f.rank for f in found} == {1}


def test_a_tile_holds_what_lies_in_it_and_a_margin(sqlite_store):
    base = laid(sqlite_store)
    x, y = (int(n[0]) for n in tile_xy([104.5], [29.5], 12))
    found = base.in_tile(12, x, y, margin=0)
    assert {f.layer for f in found} == {"land", "water", "road"}
    west, south, east, north = tile_bounds(12, x, y)
    assert next(f for f in found if f.layer == "land").geom.bounds == (west, south, east, north)
    wide = next(f for f in base.in_tile(12, x, y) if f.layer == "land")
    assert wide.geom.bounds[0] < west


def test_elsewhere_there_is_nothing(sqlite_store):
    assert laid(sqlite_store).in_bounds((0.0, 0.0, 1.0, 1.0)) == []


def test_a_store_without_a_base_map_has_none(store):
    with store.read() as conn:
        base = load_base_map(conn)
    assert len(base) == 0
    assert base.in_bounds((104.0, 29.0, 105.0, 30.0)) == []
