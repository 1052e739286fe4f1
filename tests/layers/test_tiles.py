from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.areas import Area
from data.settings import Settings
from geo.datum import gcj02_from_wgs84
from layers.tiles import tile_source
from rules.levels import Level

SETTINGS = Settings(database_url="sqlite://", var=Path("var"), tile_url="http://t/{z}/{x}/{y}.png")
DISTRICT = Area(
    1,
    None,
    Level.DISTRICT,
    "510304",
    "大安区",
    "general",
    0,
    104.86,
    29.38,
    (104.7, 29.27, 105.02, 29.5),
)


def test_without_a_server_there_are_no_tiles() -> None:
    assert tile_source(replace(SETTINGS, tile_url=None), DISTRICT) is None


def test_tiles_of_the_records_own_datum_are_not_moved() -> None:
    found = tile_source(SETTINGS, DISTRICT)
    assert found == {"url": "http://t/{z}/{x}/{y}.png", "shifts": None}


def test_tiles_of_gcj02_are_moved_by_its_offset_there() -> None:
    found = tile_source(replace(SETTINGS, tile_datum="gcj02"), DISTRICT)
    assert found is not None
    shifts = found["shifts"]
    east, north = (np.array(shifts[name]) for name in ("east", "north"))
    lon, lat = gcj02_from_wgs84(104.7, 29.5)
    assert (east[-1, 0], north[-1, 0]) == pytest.approx((lon - 104.7, lat - 29.5), abs=1e-7)


def test_between_two_points_of_the_lattice_the_offset_is_right_to_half_a_metre() -> None:
    found = tile_source(replace(SETTINGS, tile_datum="gcj02"), DISTRICT)
    assert found is not None
    east = np.array(found["shifts"]["east"])
    lon = np.linspace(104.7, 105.02, east.shape[1])
    middle = (lon[1:] + lon[:-1]) / 2
    right = gcj02_from_wgs84(middle, np.full(len(middle), 29.27))[0] - middle
    off = np.abs((east[0, 1:] + east[0, :-1]) / 2 - right) * 97_000  # metres a degree here
    assert off.max() < 0.5
