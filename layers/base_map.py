"""The base map of a tile: features cut to it, in whole steps of the tile."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from data.base_map import BaseFeature, BaseMap
from geo.tiles import tile_bounds

BASE_ZOOMS: Final = (8, 16)
EXTENT: Final = 4096
"""Steps across a tile."""

_TOLERANCE: Final = 5.0
"""Simplification in steps: a third of a pixel."""


def ranks_at(zoom: int) -> int:
    """Largest rank that is drawn at a zoom: 1 from afar, 3 only near."""
    return 1 if zoom < 10 else 2 if zoom < 13 else 3


def base_body(base: BaseMap, zoom: int, x: int, y: int) -> dict[str, Any]:
    """Features of a tile: layer, rank, name, whether an area, and lines of whole steps.

    Names come with the deepest zooms only, where they are written.
    """
    bounds = tile_bounds(zoom, x, y)
    named = zoom >= BASE_ZOOMS[1] - 1
    found = base.in_tile(zoom, x, y, rank=ranks_at(zoom))
    return {"features": [f for one in found for f in _features(one, bounds, named=named)]}


def _features(
    feature: BaseFeature, bounds: tuple[float, float, float, float], *, named: bool
) -> Iterator[dict[str, Any]]:
    parts = shapely.get_parts(feature.geom)
    for area in (True, False):
        lines = [line for part in parts for line in _lines(part, bounds, area=area)]
        if lines:
            yield {
                "layer": feature.layer,
                "rank": feature.rank,
                "name": feature.name if named else "",
                "area": area,
                "lines": lines,
            }


def _lines(
    part: shapely.Geometry, bounds: tuple[float, float, float, float], *, area: bool
) -> Iterator[list[int]]:
    if area and isinstance(part, shapely.Polygon):
        rings: list[shapely.Geometry] = [part.exterior, *part.interiors]
    elif not area and isinstance(part, shapely.LineString):
        rings = [part]
    else:
        return
    for ring in rings:
        line = shapely.LineString(_steps(shapely.get_coordinates(ring), bounds))
        light = shapely.get_coordinates(shapely.simplify(line, _TOLERANCE)).astype(np.int64)
        if len(light) >= 2:
            light[1:] -= light[:-1].copy()
            yield light.ravel().tolist()


def _steps(
    points: NDArray[np.float64], bounds: tuple[float, float, float, float]
) -> NDArray[np.float64]:
    # Within one tile latitude is straight to half a pixel from zoom 8 on.
    west, south, east, north = bounds
    x = (points[:, 0] - west) / (east - west)
    y = (north - points[:, 1]) / (north - south)
    return np.rint(np.column_stack((x, y)) * EXTENT)
