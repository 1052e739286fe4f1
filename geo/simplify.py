"""Shapes made lighter for display: shared borders stay shared, so no gap and no overlap appears."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

Polygons = list[list[list[int]]]
Indices = NDArray[np.integer]

STEPS: Final = 6000
"""A simplified border strays at most 1/STEPS of the extent: a third of a pixel on a wall."""

_TRIANGLE: Final = 6
"""Numbers of the smallest ring: three points."""


def display_tolerance(bounds: tuple[float, float, float, float]) -> float:
    """Tolerance in degrees for shapes that are looked at together within ``bounds``."""
    west, south, east, north = bounds
    return max(east - west, north - south) / STEPS


def simplify_together(
    shapes: Sequence[shapely.Geometry], tolerance: float
) -> list[shapely.Geometry]:
    """Simplify a coverage as one: neighbours keep exactly the same common border.

    Coordinates and ``tolerance`` are in degrees. A shape that would vanish is given back as it
    came, and so is a set that is no coverage (overlaps), because simplifying it would tear it.
    """
    if not shapes or tolerance <= 0:
        return list(shapes)
    whole = np.array(shapes, dtype=object)
    if not all(isinstance(s, shapely.Polygon | shapely.MultiPolygon) for s in shapes):
        return list(shapes)
    try:
        light = shapely.coverage_simplify(whole, tolerance)
    except shapely.errors.GEOSException:
        return list(shapes)
    return [s if t is None or t.is_empty else t for s, t in zip(shapes, light, strict=True)]


def joined(shapes: Sequence[shapely.Geometry]) -> shapely.Geometry:
    """Union of polygons; thirty times faster where they are a coverage, and right where not."""
    whole = np.array(shapes, dtype=object)
    if not len(whole):
        return shapely.Polygon()
    return (
        shapely.coverage_union_all(whole)
        if shapely.coverage_is_valid(whole)
        else shapely.union_all(whole)
    )


def whole_steps(
    shapes: Sequence[shapely.Geometry], origin: tuple[float, float], unit: float
) -> list[Polygons]:
    """Rings of polygons as whole steps of ``unit`` degrees: first point, then differences.

    Rounding is of absolute positions, so two shapes with a common border round alike. The
    closing point is left out; a ring that shrinks to less than three points is dropped, and with
    an outer ring its polygon. One list of polygons per shape.
    """
    parts, shape_of = shapely.get_parts(list(shapes), return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    steps = np.rint((points - np.asarray(origin)) / unit).astype(np.int64)
    first = np.ones(len(ring_of), bool)
    first[1:] = ring_of[1:] != ring_of[:-1]
    closing = np.roll(first, -1)
    still = np.zeros(len(ring_of), bool)
    still[1:] = (steps[1:] == steps[:-1]).all(axis=1) & ~first[1:]
    kept = ~closing & ~still
    steps, ring_of = steps[kept], ring_of[kept]
    moves = steps.copy()
    inside = np.flatnonzero(ring_of[1:] == ring_of[:-1]) + 1
    moves[inside] -= steps[inside - 1]
    return _nested(moves, ring_of, part_of, shape_of, len(shapes))


def _nested(
    moves: NDArray[np.int64], ring_of: Indices, part_of: Indices, shape_of: Indices, count: int
) -> list[Polygons]:
    flat = moves.ravel().tolist()
    ends = np.searchsorted(ring_of, np.arange(len(part_of)), side="right").tolist()
    found: list[Polygons] = [[] for _ in range(count)]
    start, open_part, kept = 0, -1, False
    for part, end in zip(part_of.tolist(), ends, strict=True):
        ring = flat[2 * start : 2 * end]
        start, outer, open_part = end, part != open_part, part
        solid = len(ring) >= _TRIANGLE
        kept = solid if outer else kept
        if solid and outer:
            found[shape_of[part]].append([ring])
        elif solid and kept:
            found[shape_of[part]][-1].append(ring)
    return found
