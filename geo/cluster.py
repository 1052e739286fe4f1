"""Points counted into square cells of a web-map zoom, each shown at its true centroid."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.tiles import tile_xy

CELL_PIXELS: Final = 64
_CELLS_PER_TILE_ZOOM: Final = 2
"""A tile of 256 pixels is four cells wide, so cells are the tiles of two zooms further in."""
DEEPEST: Final = 28
"""Zoom whose tiles are finer than any cell that is asked for."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """Cells that hold points, ordered by column, then row from the north.

    ``lon`` and ``lat`` are the mean of the cell's points in degrees; ``severity`` is the
    largest, of whole numbers from 0 up.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    count: NDArray[np.int64]
    overdue: NDArray[np.int64]
    severity: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.count)


def clusters(
    lon: NDArray[np.float64], lat: NDArray[np.float64], *, zoom: int,
    overdue: NDArray[np.bool_], severity: NDArray[np.integer],
    tiles: tuple[NDArray[np.integer], NDArray[np.integer]] | None = None,
) -> Clusters:  # fmt: skip
    """Count points (CGCS2000 degrees) into the 64-pixel cells of a zoom.

    The same points in any order give the same cells; the centroid of a cell lies within it.
    ``tiles`` are the points' tiles at zoom ``DEEPEST``, where the caller has them already.
    """
    deep_x, deep_y = tile_xy(lon, lat, DEEPEST) if tiles is None else tiles
    shift = DEEPEST - min(zoom + _CELLS_PER_TILE_ZOOM, DEEPEST)
    x, y = (deep_x >> shift).astype(np.int64), (deep_y >> shift).astype(np.int64)
    if not len(x):
        none = np.zeros(0, np.int64)
        return Clusters(np.zeros(0), np.zeros(0), none, none, none)
    wide = int(x.max() - x.min()) + 1
    tall = int(y.max() - y.min()) + 1
    key = (x - x.min()) * tall + (y - y.min())
    if wide * tall <= 4 * len(key) + 65_536:
        cell, size = key, wide * tall
    else:
        _, cell = np.unique(key, return_inverse=True)
        size = int(cell.max()) + 1
    levels = int(severity.max()) + 1
    # One count by cell and severity is far faster than a maximum over each cell.
    graded = np.bincount(cell * levels + severity, minlength=size * levels).reshape(size, levels)
    used = np.flatnonzero(graded.any(axis=1))
    graded = graded[used]
    held = graded.sum(axis=1)
    west, south = float(lon.min()), float(lat.min())
    return Clusters(
        lon=np.bincount(cell, weights=lon - west, minlength=size)[used] / held + west,
        lat=np.bincount(cell, weights=lat - south, minlength=size)[used] / held + south,
        count=held,
        overdue=np.bincount(cell[overdue], minlength=size)[used],
        severity=levels - 1 - (graded[:, ::-1] > 0).argmax(axis=1),
    )
