"""Made-up land: outlines, blocks of a town, fields of a village, and their shapes."""

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from shapely.geometry.base import BaseGeometry

from geo.mosaic import Mosaic, make_mosaic

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TO_DEGREES = pyproj.Transformer.from_crs(4544, 4490, always_xy=True)
_TO_METRES = pyproj.Transformer.from_crs(4490, 4544, always_xy=True)


def to_degrees(xy: Floats) -> Floats:
    """Metres east and north (EPSG:4544) to CGCS2000 degrees, rounded to 1e-7 (1 cm)."""
    lon, lat = _TO_DEGREES.transform(xy[:, 0], xy[:, 1])
    return np.round(np.column_stack([lon, lat]), 7)


def to_metres(lonlat: Floats) -> Floats:
    """CGCS2000 degrees to metres east and north (EPSG:4544, central meridian 105 E)."""
    return np.column_stack(_TO_METRES.transform(lonlat[:, 0], lonlat[:, 1]))


def blob(
    rng: np.random.Generator, centre: Floats, square_metres: float, *, roughness: float = 0.16
) -> shapely.Polygon:
    """Make a round, organic shape of the given area about ``centre``."""
    angle = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    radius = np.ones_like(angle)
    for wave in range(2, 7):
        radius += roughness / wave * rng.normal() * np.cos(wave * angle + rng.uniform(0, 6.28))
    ring = np.column_stack([np.cos(angle), np.sin(angle)]) * radius.clip(0.4)[:, None]
    raw = shapely.Polygon(ring)
    ring *= np.sqrt(square_metres / raw.area)
    return shapely.Polygon(ring + centre)


def scaled_to(polygon: shapely.Polygon, square_metres: float) -> shapely.Polygon:
    """Scale a polygon about its centroid to the given area."""
    middle = np.array([polygon.centroid.x, polygon.centroid.y])
    factor = np.sqrt(square_metres / polygon.area)
    return shapely.Polygon((np.asarray(polygon.exterior.coords) - middle) * factor + middle)


def smooth_line(points: Floats) -> shapely.LineString:
    """Lay a smooth line through the given points (metres), such as a railway's."""
    t = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    fine = np.linspace(0, t[-1], max(int(t[-1] / 120), 2))
    return shapely.LineString(CubicSpline(t, points)(fine))


@dataclass(frozen=True)
class Settlement:
    """A built-up area: its shape and the block size (width, depth in metres) and heading."""

    shape: BaseGeometry
    block: tuple[float, float]
    heading: float


@dataclass(frozen=True)
class Ground:
    """A mosaic with, per atom, the settlement it is a block of (-1: open country).

    ``row`` and ``column`` tell the place of the block in its settlement's lattice.
    """

    mosaic: Mosaic
    settlement: Ints
    row: Ints
    column: Ints


def _blocks(
    rng: np.random.Generator, place: Settlement, *, dropped: float
) -> tuple[Floats, Ints, Ints]:
    west, south, east, north = place.shape.bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    reach = np.hypot(east - west, north - south) / 2 + 400
    across = np.arange(-reach, reach, place.block[0])
    along = np.arange(-reach, reach, place.block[1])
    column, row = (a.ravel() for a in np.meshgrid(np.arange(len(across)), np.arange(len(along))))
    grid = np.column_stack([across[column], along[row]])
    grid += rng.uniform(-0.075, 0.075, grid.shape) * place.block
    keep = rng.random(len(grid)) > dropped
    cos, sin = np.cos(place.heading), np.sin(place.heading)
    points = grid @ np.array([[cos, sin], [-sin, cos]]) + middle
    shapely.prepare(place.shape)
    keep &= shapely.contains_xy(place.shape, points[:, 0], points[:, 1])
    return points[keep], row[keep], column[keep]


def make_ground(
    rng: np.random.Generator,
    outline: BaseGeometry,
    settlements: list[Settlement],
    *,
    spacing: float,
    dropped: float = 0.1,
) -> Ground:
    """Lay blocks in the settlements and fields of about ``spacing`` metres around them."""
    west, south, east, north = outline.bounds
    margin = 4 * spacing
    xs = np.arange(west - margin, east + margin, spacing)
    ys = np.arange(south - margin, north + margin, spacing)
    gx, gy = (a.ravel() for a in np.meshgrid(xs, ys))
    open_land = np.column_stack([gx, gy]) + rng.uniform(-0.42, 0.42, (len(gx), 2)) * spacing
    taken = shapely.union_all([s.shape.buffer(spacing * 0.3) for s in settlements])
    shapely.prepare(taken)
    open_land = open_land[~shapely.contains_xy(taken, open_land[:, 0], open_land[:, 1])]
    points = [open_land]
    owner, rows, columns = ([np.full(len(open_land), -1)] for _ in range(3))
    for i, place in enumerate(settlements):
        found, row, column = _blocks(rng, place, dropped=dropped)
        points.append(found)
        owner.append(np.full(len(found), i))
        rows.append(row)
        columns.append(column)
    every = np.concatenate(points)
    shapely.prepare(outline)
    inside = shapely.contains_xy(outline, every[:, 0], every[:, 1])
    return Ground(
        make_mosaic(every[inside], every[~inside]),
        np.concatenate(owner)[inside].astype(np.int64),
        np.concatenate(rows)[inside].astype(np.int64),
        np.concatenate(columns)[inside].astype(np.int64),
    )
