from dataclasses import replace
from pathlib import Path

import pytest

from data.areas import Area
from data.settings import Settings
from geo.datum import gcj02_from_wgs84
from layers.tiles import tile_source
from rules.levels import Level

SETTINGS = Settings(database_url="sqlite://", var=Path("var"), tile_url="http://t/{z}/{x}/{y}.png")
DISTRICT = Area(
    1, None, Level.DISTRICT, "510304", "大安区", "general", 0, 104.77, 29.37, (104, 29, 105, 30)
)


def test_without_a_server_there_are_no_tiles() -> None:
    assert tile_source(replace(SETTINGS, tile_url=None), DISTRICT) is None


def test_tiles_of_the_records_own_datum_are_not_moved() -> None:
    found = tile_source(SETTINGS, DISTRICT)
    assert found == {"url": "http://t/{z}/{x}/{y}.png", "shift": [0.0, 0.0]}


def test_tiles_of_gcj02_are_moved_by_its_offset_there() -> None:
    found = tile_source(replace(SETTINGS, tile_datum="gcj02"), DISTRICT)
    assert found is not None
    lon, lat = gcj02_from_wgs84(104.77, 29.37)
    assert found["shift"] == pytest.approx([float(lon) - 104.77, float(lat) - 29.37])
    assert abs(found["shift"][0]) > 0.001
