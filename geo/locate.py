"""Points to polygons: every point gets at most one owner, border points exactly one.

Many points are first sorted into the cells of a raster. Cells that no border crosses have one
owner for all their points; only points in the other cells are tested exactly.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
Test = Callable[[shapely.Geometry, Floats, Floats], NDArray[np.bool_]]

_FEW: Final = 20_000
"""For so many points a raster costs more than it saves."""
_WIDEST: Final = 1024
"""Side of the largest raster in cells; beyond, its cells no longer fit the cache."""


def owners(points: ArrayLike, polygons: Sequence[shapely.Geometry] | Shapes) -> Ints:
    """Index of the polygon that owns each point, -1 where there is none.

    A point inside a polygon belongs to it. A point on a border belongs to the first polygon, in
    the order given, that it touches: pass polygons by ascending id and the lowest id owns it. A
    hole's rim belongs to the polygon around the hole and to what fills it alike, so the same rule
    decides. Where polygons overlap, the first owns. Points that are not finite have no owner.

    Parameters
    ----------
    points
        Array of shape (n, 2): x and y in the CRS of the polygons.
    polygons
        Polygons and multipolygons, holes allowed; empty ones own nothing.
    """
    xy = np.asarray(points, float).reshape(-1, 2)
    shapes = np.asarray(polygons, object)
    shapely.prepare(shapes)
    if len(xy) <= _FEW or not len(shapes):
        return _tested(xy, shapes)
    raster = _raster(shapes, int(0.75 * min(_WIDEST, len(xy) ** 0.5)))
    cells = raster.cells(xy)
    crossed = np.flatnonzero(raster.crossed[cells])
    centres, run = raster.runs()
    tested = _tested(np.concatenate([xy[crossed], centres]), shapes)
    found = tested[len(crossed) :][run[cells]]
    found[crossed] = tested[: len(crossed)]
    return found


def _tested(xy: Floats, shapes: Shapes) -> Ints:
    found = np.full(len(xy), -1, np.int64)
    _claim(found, xy, shapes, shapely.contains_xy)
    # The rim comes second, so that it never takes a point from a polygon that holds it.
    _claim(found, xy, shapes, shapely.intersects_xy)
    return found


def _claim(found: Ints, xy: Floats, shapes: Shapes, test: Test) -> None:
    """Give every point without an owner to the first shape that passes the test."""
    free = np.flatnonzero((found < 0) & np.isfinite(xy).all(axis=1))
    order = free[np.argsort(xy[free, 0], kind="stable")]
    x, y = np.ascontiguousarray(xy[order, 0]), np.ascontiguousarray(xy[order, 1])
    owner = np.full(len(order), -1, np.int64)
    west, south, east, north = shapely.bounds(shapes).reshape(-1, 4).T
    start = np.searchsorted(x, west, side="left")
    stop = np.where(np.isfinite(east), np.searchsorted(x, east, side="right"), 0)
    for i in np.flatnonzero(stop > start).tolist():
        first = start[i]
        part = y[first : stop[i]]
        near = np.flatnonzero((part >= south[i]) & (part <= north[i])) + first
        if len(near):
            hit = near[test(shapes[i], x[near], y[near])]
            owner[hit[owner[hit] < 0]] = i
    found[order] = owner


@dataclass(frozen=True)
class _Raster:
    """Square cells over the polygons, numbered row by row; ``crossed`` where a border runs."""

    west: float
    south: float
    cell: float
    columns: int
    crossed: NDArray[np.bool_]

    def cells(self, xy: Floats) -> Ints:
        """Cell of each point; points beyond the raster share its first cell, which is empty."""
        rows = len(self.crossed) // self.columns
        with np.errstate(invalid="ignore"):
            column = np.floor((xy[:, 0] - self.west) / self.cell)
            row = np.floor((xy[:, 1] - self.south) / self.cell)
            within = (column >= 0) & (column < self.columns) & (row >= 0) & (row < rows)
            found: Ints = np.where(within, row * self.columns + column, 0).astype(np.int64)
        return found

    def runs(self) -> tuple[Floats, Ints]:
        """Centre of the first cell of each run without a border, and the run of each cell.

        Neighbours along a row without a border between them have the same owner.
        """
        starts = ~self.crossed
        starts[1:] &= self.crossed[:-1]
        starts[:: self.columns] = True
        first = np.flatnonzero(starts)
        row, column = np.divmod(first, self.columns)
        x = self.west + (column + 0.5) * self.cell
        y = self.south + (row + 0.5) * self.cell
        return np.column_stack([x, y]), np.cumsum(starts) - 1


_MARGIN: Final = 1e-4
"""In cells: far above the rounding of segmentize, so that no border is taken for none."""


def _raster(shapes: Shapes, side: int) -> _Raster:
    west, south, east, north = shapely.total_bounds(shapes)
    cell = max(east - west, north - south) / side
    if not cell > 0:
        return _Raster(0.0, 0.0, 1.0, 1, np.zeros(1, bool))
    # One cell of margin all around: no border runs in the outermost cells.
    west, south = west - cell, south - cell
    rows, columns = int((north - south) / cell) + 3, int((east - west) / cell) + 3
    lines = shapely.get_parts(shapely.boundary(shapes))
    xy, line = shapely.get_coordinates(shapely.segmentize(lines, 0.9 * cell), return_index=True)
    grid = (xy - (west, south)) / cell
    same = line[1:] == line[:-1]
    low = np.minimum(grid[:-1], grid[1:])[same] - _MARGIN
    high = np.maximum(grid[:-1], grid[1:])[same] + _MARGIN
    (x0, y0), (x1, y1) = low.astype(np.int64).T, high.astype(np.int64).T
    crossed = np.zeros(rows * columns, bool)
    for x, y in ((x0, y0), (x0, y1), (x1, y0), (x1, y1)):
        crossed[y * columns + x] = True
    return _Raster(west, south, cell, columns, crossed)
