"""Main roads and rivers against cells: which sides run along them, how far they run inside.

Barriers are lines or polygons (a wide river); of a polygon both banks count, each for half. All in
metres.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.cell_graph import CellGraph

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Shapes = NDArray[np.object_]

NEAR: Final = 1.0
"""Metres from a border within which a barrier counts as running along it."""


def _lines(barriers: Shapes) -> tuple[Shapes, Floats]:
    """Give barriers as lines, and what a metre of each counts."""
    flat = np.isin(shapely.get_type_id(barriers), (3, 6))
    lines = np.array(barriers, object)
    lines[flat] = shapely.boundary(lines[flat])
    return lines, np.where(flat, 0.5, 1.0)


def metres_inside(polygons: Shapes, barriers: Shapes, *, near: float = NEAR) -> Floats:
    """Metres of barriers inside each polygon, without what runs along its border."""
    lines, worth = _lines(barriers)
    inner = shapely.buffer(polygons, -near, join_style="mitre")
    at, line = shapely.STRtree(lines).query(inner, predicate="intersects")
    metres = shapely.length(shapely.intersection(inner[at], lines[line])) * worth[line]
    return np.asarray(np.bincount(at, metres, minlength=len(polygons)), float)


def longest_inside(
    polygon: shapely.Geometry, barriers: Shapes, *, near: float = NEAR
) -> tuple[float, float]:
    """Give the middle of the longest stretch of a barrier inside a polygon that has one."""
    lines, _ = _lines(barriers)
    inner = shapely.buffer(polygon, -near, join_style="mitre")
    joined = shapely.line_merge(shapely.union_all(shapely.intersection(inner, lines)))
    parts = shapely.get_parts(joined)
    longest = parts[int(shapely.length(parts).argmax())]
    middle = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    return float(shapely.get_x(middle)), float(shapely.get_y(middle))


def sides_along(cells: Shapes, graph: CellGraph, barriers: Shapes, *, near: float = NEAR) -> Bools:
    """Tell of each directed side whether a barrier runs along most of it."""
    source = graph.source
    lines, _ = _lines(barriers)
    band = shapely.union_all(shapely.buffer(lines, near))
    once = np.flatnonzero((source < graph.neighbour) & _near_any(cells[source], lines, near))
    pairs = shapely.intersection(cells[source[once]], cells[graph.neighbour[once]])
    shapely.prepare(band)
    along = shapely.length(shapely.intersection(pairs, band)) > 0.5 * graph.length[once]
    n = len(graph)
    keys = source * n + graph.neighbour
    low, high = source[once][along], graph.neighbour[once][along]
    return np.isin(keys, np.concatenate([low * n + high, high * n + low]))


def _near_any(cells: Shapes, lines: Shapes, near: float) -> Bools:
    found = np.zeros(len(cells), bool)
    at, _ = shapely.STRtree(lines).query(cells, predicate="dwithin", distance=near)
    found[at] = True
    return found
