"""Which cells a hand means: a lasso, a brush, a drag along a border."""

from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.cell_graph import CellGraph
from geo.line_sides import components

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]


def anchors(shapes: Shapes, points: ArrayLike, of_point: Ints) -> Floats:
    """Place that stands for each cell: its first building, or a point inside where none stands."""
    xy = np.asarray(points, float).reshape(-1, 2)
    out = np.asarray(shapely.get_coordinates(shapely.point_on_surface(shapes)), float)
    placed = np.flatnonzero(of_point >= 0)
    cell, first = np.unique(of_point[placed], return_index=True)
    out[cell] = xy[placed[first]]
    return out


def within(places: Floats, polygon: shapely.Geometry) -> Ints:
    """Cells whose place (:func:`anchors`) a lasso holds; its rim counts.

    A lasso that crosses itself holds what it winds around an odd number of times. Sides are counted
    for that: a scribble of a thousand strokes has too many crossings to be made a polygon of.
    """
    x, y = places[:, 0], places[:, 1]
    if shapely.is_valid(polygon):
        return np.flatnonzero(shapely.intersects_xy(polygon, x, y))
    ring = shapely.get_exterior_ring(polygon)
    at = shapely.get_coordinates(ring)
    odd = np.zeros(len(places), bool)
    for (ax, ay), (bx, by) in pairwise(at.tolist()):
        if ay != by:
            odd ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    return np.flatnonzero(odd | shapely.intersects_xy(ring, x, y))


def under(shapes: Shapes, path: shapely.Geometry, radius: float) -> Ints:
    """Cells that a brush of a radius in metres touches along its path."""
    if shapely.is_empty(path):
        return np.empty(0, np.int64)
    shapely.prepare(path)
    return np.flatnonzero(shapely.dwithin(shapes, path, radius))


def across(
    shapes: Shapes, graph: CellGraph, labels: Ints, one: int, other: int, path: shapely.Geometry
) -> Ints:
    """Cells of ``one`` that go to ``other`` when the border between them is dragged along a path.

    Those the path touches, as far as they hang together with ``other``: a drag that starts away
    from the border moves nothing.
    """
    touched = np.zeros(len(shapes), bool)
    touched[under(shapes, path, 0.0)] = True
    touched &= labels == one
    joint = touched | (labels == other)
    kept = joint[graph.source] & joint[graph.neighbour]
    piece = components(graph, kept)
    return np.flatnonzero(touched & np.isin(piece, piece[labels == other]))
