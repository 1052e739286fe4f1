"""A configured tile server under the map, moved to where its datum really lies."""

from typing import Any

from data.areas import Area
from data.settings import Settings
from geo.datum import gcj02_from_wgs84


def tile_source(settings: Settings, area: Area) -> dict[str, Any] | None:
    """Give address template and shift in degrees (east, north) of the tiles; ``None`` without.

    Services in GCJ-02 draw a place some hundred metres off. Over a district that offset changes
    by less than a pixel of the deepest zoom a street name is read at, so the one of the area's
    own point serves the view.
    """
    if settings.tile_url is None:
        return None
    if settings.tile_datum != "gcj02":
        return {"url": settings.tile_url, "shift": [0.0, 0.0]}
    lon, lat = gcj02_from_wgs84(area.lon, area.lat)
    return {"url": settings.tile_url, "shift": [float(lon) - area.lon, float(lat) - area.lat]}
