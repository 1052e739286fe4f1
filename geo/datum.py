"""The two offset datums of Chinese map services, GCJ-02 and BD-09, and the way back.

They exist only at the edges: the store holds CGCS2000, which agrees with WGS 84 to some
centimetres, so the two are treated as one. The formulas are the published ones: GCJ-02 as in
googollee/eviltransform, BD-09 as in wandergis/coordtransform.
"""

from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]


class Datum(StrEnum):
    """What degrees of longitude and latitude refer to."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


OFFSET_DATUMS: Final = (Datum.GCJ02, Datum.BD09)

_A: Final = 6378245.0
_EE: Final = 0.00669342162296594323
_BAIDU: Final = np.pi * 3000 / 180
_ROUNDS: Final = 5
"""Each round of the fixed point gains more than three decimals; five reach 1e-12 degrees."""


def in_offset_area(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether the map services shift a point: 72.004–137.8347° E, 0.8293–55.8271° N."""
    x, y = np.asarray(lon, float), np.asarray(lat, float)
    return (x >= 72.004) & (x <= 137.8347) & (y >= 0.8293) & (y <= 55.8271)


def _waves(v: Floats, *waves: tuple[float, float]) -> Floats:
    return sum((a * np.sin(v * np.pi / c) for a, c in waves), np.zeros_like(v)) * 2 / 3


def gcj02_from_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift WGS-84 degrees to GCJ-02; points outside the area of the offset stay."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    x, y = lon - 105, lat - 35
    ripple = (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    root = np.sqrt(np.abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north = north + _waves(y, (20, 1), (40, 3), (160, 12), (320, 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east = east + _waves(x, (20, 1), (40, 3), (150, 12), (300, 30))
    phi = np.radians(lat)
    w = 1 - _EE * np.sin(phi) ** 2
    shift_lat = np.degrees(north * w * np.sqrt(w) / (_A * (1 - _EE)))
    shift_lon = np.degrees(east * np.sqrt(w) / (_A * np.cos(phi)))
    shifted = in_offset_area(lon, lat)
    return np.where(shifted, lon + shift_lon, lon), np.where(shifted, lat + shift_lat, lat)


def wgs84_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Take the GCJ-02 shift away again, by fixed point, to better than a millimetre."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    x, y = lon, lat
    for _ in range(_ROUNDS):
        there_x, there_y = gcj02_from_wgs84(x, y)
        x, y = x + lon - there_x, y + lat - there_y
    return x, y


def bd09_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift GCJ-02 degrees to Baidu's BD-09; points outside the area of the offset stay."""
    x, y = np.asarray(lon, float), np.asarray(lat, float)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BAIDU)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BAIDU)
    inside = in_offset_area(x, y)
    return (
        np.where(inside, radius * np.cos(angle) + 0.0065, x),
        np.where(inside, radius * np.sin(angle) + 0.006, y),
    )


def gcj02_from_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Take the BD-09 shift away; by fixed point, since the closed form is 0.2 m off."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    x, y = lon, lat
    for _ in range(_ROUNDS):
        there_x, there_y = bd09_from_gcj02(x, y)
        x, y = x + lon - there_x, y + lat - there_y
    return x, y


def cgcs2000_from(datum: Datum, lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Degrees of ``datum`` as CGCS2000 degrees."""
    if datum is Datum.BD09:
        return wgs84_from_gcj02(*gcj02_from_bd09(lon, lat))
    if datum is Datum.GCJ02:
        return wgs84_from_gcj02(lon, lat)
    return np.asarray(lon, float), np.asarray(lat, float)
