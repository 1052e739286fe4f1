"""Which cells touch, along how many metres: what drawing grids works on."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class CellGraph:
    """Cells of a coverage and the sides they share (rook adjacency), as CSR arrays.

    The neighbours of cell ``i`` are ``neighbour[start[i]:start[i + 1]]``, ascending; ``length``
    holds the metres shared with each (both directions are there). ``area`` is in square metres,
    ``outer`` the metres of each cell's border that no other cell shares.
    """

    start: Ints
    neighbour: Ints
    length: Floats
    area: Floats
    outer: Floats

    def __len__(self) -> int:
        return len(self.area)

    @property
    def source(self) -> Ints:
        """Cell on the near hand of each directed side."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))


def cell_graph(cells: Shapes) -> CellGraph:
    """Build the graph of a coverage's cells.

    Sides are matched vertex by vertex, so the cells must be a valid coverage (shared borders have
    the same vertices, as :mod:`geo.cells` makes them). Coordinates are metres.
    """
    xy, owner = shapely.get_coordinates(shapely.boundary(cells), return_index=True)
    rings = shapely.get_parts(shapely.boundary(cells))
    of_ring = np.repeat(np.arange(len(rings)), shapely.get_num_coordinates(rings))
    joined = of_ring[1:] == of_ring[:-1]
    a, b, cell = xy[:-1][joined], xy[1:][joined], owner[1:][joined]
    metres = np.hypot(*(b - a).T)
    # Whole numbers and complex ones sort five times faster than rows do.
    corners = np.ascontiguousarray(np.concatenate([a, b])).view(np.complex128).ravel()
    _, point = np.unique(corners, return_inverse=True)
    ends = np.sort(point.reshape(2, -1), axis=0).astype(np.int64)
    _, side = np.unique(ends[0] * len(corners) + ends[1], return_inverse=True)
    order = np.argsort(side.ravel(), kind="stable")
    side, cell, metres = side.ravel()[order], cell[order], metres[order]
    pair = np.flatnonzero(side[1:] == side[:-1])
    one, other = cell[pair], cell[pair + 1]
    apart = one != other
    one, other, shared = one[apart], other[apart], metres[pair][apart]
    n = len(cells)
    key = np.concatenate([one * n + other, other * n + one])
    keys, at = np.unique(key, return_inverse=True)
    weight = np.concatenate([shared, shared])
    length = np.asarray(np.bincount(at, weight, minlength=len(keys)), float)
    around = np.asarray(shapely.length(cells), float)
    return CellGraph(
        start=np.searchsorted(keys, np.arange(n + 1) * n).astype(np.int64),
        neighbour=(keys % max(n, 1)).astype(np.int64),
        length=length,
        area=np.asarray(shapely.area(cells), float),
        outer=around - np.bincount(keys // max(n, 1), length, minlength=n),
    )
