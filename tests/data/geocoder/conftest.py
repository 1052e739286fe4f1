"""A district with roads and a few more places than the small one: what the geocoder reads."""

import pytest
import shapely
from sqlalchemy import insert, select

from data import schema
from data.geocoder.geocoder import geocode
from data.picture import Pictures
from data.store import Store
from geo.tiles import tile_key
from rules.access import Scope
from tests.small_district import AREA, NOW, corner

MORE = (
    # id, grid, estate, name, address
    (11, "G1", "金桂苑", "1栋", "大安区龙井街道文昌巷5号 金桂苑1栋"),
    (12, "G1", "金桂苑", "2栋", "大安区龙井街道文昌巷5号 金桂苑2栋"),
    (13, "G1", "金桂苑", "12栋", "大安区龙井街道文昌巷5号 金桂苑12栋"),
    (14, "G5", "金桂花园", "2栋", "大安区大安街道文昌巷9号 金桂花园2栋"),
    (15, "G5", "盐都花园二期", "3号楼", "大安区大安街道文昌巷11号 盐都花园二期3号楼"),
    (16, "G2", "", "文昌巷7号附3号", "大安区龙井街道文昌巷7号附3号"),
    (17, "G2", "", "龙井小学", "大安区龙井街道文昌巷8号 龙井小学"),
    (18, "G8", "五龙村4组堰塘边", "1号", "大安区大安街道五龙村4组1号 堰塘边"),
    (19, "G8", "五龙村4组石坝子", "1号", "大安区大安街道五龙村4组1号 石坝子"),
    (20, "G7", "春晓家园", "1栋", "大安区大安街道三多路1号 春晓家园1栋"),
    (21, "G8", "春晓家园", "1栋", "大安区大安街道三多路1号 春晓家园1栋"),
)
ROAD = 7


def furnish(store: Store) -> Store:
    """Add the buildings above and one road through G1, G3, G5 and G7."""
    rows = []
    for row_id, grid, estate, name, address in MORE:
        x, y = corner(grid)
        lon, lat = x + 0.0002 * (row_id - 8), y + 0.003
        rows.append({
            "id": row_id, "code": f"M{row_id}", "area_id": AREA[grid], "estate": estate,
            "name": name, "address": address, "lon": lon, "lat": lat,
            "tile": int(tile_key(lon, lat)), "geom": shapely.Point(lon, lat).buffer(0.0001),
        })  # fmt: skip
    road = shapely.LineString([(104.771, 29.371), (104.809, 29.371)])
    with store.write() as conn:
        conn.execute(insert(schema.building), rows)
        conn.execute(
            insert(schema.base_feature).values(
                id=ROAD, layer="road", rank=2, name="文昌巷", geom=road
            )
        )
    return store


@pytest.fixture
def places(sqlite_district):
    return furnish(sqlite_district)


@pytest.fixture
def ask(places):
    """Ask the geocoder of a fresh picture: text, then the area and buildings of the scope."""
    pictures = Pictures(places)

    def put(text, area="D", buildings=None, limit=8):
        scope = Scope(AREA[area], buildings)
        return geocode(pictures.current(NOW), places, scope=scope, text=text, limit=limit)

    return put


@pytest.fixture
def stored(places):
    def count(table):
        with places.read() as conn:
            return conn.execute(select(table)).all()

    return count
