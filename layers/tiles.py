"""A configured tile server under the map, moved to where its datum really lies."""

from typing import Any, Final

import numpy as np

from data.areas import Area
from data.settings import Settings
from geo.datum import gcj02_from_wgs84

STEPS: Final = 16
"""Steps of the lattice of offsets; over 0.3 degrees, in between it is right to half a metre."""


def tile_source(settings: Settings, area: Area) -> dict[str, Any] | None:
    """Give the address template of the tiles and the offsets of their datum; ``None`` without.

    Services in GCJ-02 draw a place some hundred metres off, and that offset differs by up to
    58 m across the model district. So the offsets (degrees east and north) are given on a lattice
    over the area, row by row from the south-west; the map takes the one at its centre, which over
    what a screen shows is right to about a pixel at any zoom.
    """
    if settings.tile_url is None:
        return None
    if settings.tile_datum != "gcj02":
        return {"url": settings.tile_url, "shifts": None}
    west, south, east, north = area.bounds
    lon, lat = np.meshgrid(np.linspace(west, east, STEPS + 1), np.linspace(south, north, STEPS + 1))
    there_lon, there_lat = gcj02_from_wgs84(lon, lat)
    shifts = {
        "bounds": list(area.bounds),
        "east": (there_lon - lon).round(7).tolist(),
        "north": (there_lat - lat).round(7).tolist(),
    }
    return {"url": settings.tile_url, "shifts": shifts}
