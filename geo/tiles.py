"""Web-map tiles: which tile a point is in, and where a tile lies.

The scheme is the usual one (Spherical Mercator, y from the north); the datum is CGCS2000, which
agrees with WGS 84 to some centimetres and so is drawn as WGS 84.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

BUILDING_ZOOM = 16
_MAX_LAT = 85.0511287798


def tile_xy(
    lon: ArrayLike, lat: ArrayLike, zoom: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Tile column and row of points in degrees; points beyond the map fall on its rim."""
    n = 1 << zoom
    phi = np.radians(np.clip(np.asarray(lat, float), -_MAX_LAT, _MAX_LAT))
    x = np.floor((np.asarray(lon, float) + 180) / 360 * n)
    y = np.floor((1 - np.arcsinh(np.tan(phi)) / math.pi) / 2 * n)
    return np.clip(x, 0, n - 1).astype(np.int64), np.clip(y, 0, n - 1).astype(np.int64)


def tile_key(lon: ArrayLike, lat: ArrayLike, zoom: int = BUILDING_ZOOM) -> NDArray[np.int64]:
    """One whole number per tile of one zoom: column * 2**zoom + row."""
    x, y = tile_xy(lon, lat, zoom)
    return (x << zoom) + y


def tiles_inside(zoom: int, x: int, y: int, *, of: int = BUILDING_ZOOM) -> list[int]:
    """Keys (:func:`tile_key`) of the tiles of zoom ``of`` that make up a tile of a smaller zoom."""
    side = 1 << (of - zoom)
    columns = range(x * side, (x + 1) * side)
    return [(column << of) + row for column in columns for row in range(y * side, (y + 1) * side)]


def tile_bounds(zoom: int, x: int, y: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile in degrees."""
    n = 1 << zoom

    def lat(row: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / n))))

    return x / n * 360 - 180, lat(y + 1), (x + 1) / n * 360 - 180, lat(y)
