"""The whole invariant of a drawn map, each breach with its kind and its place.

No single test finds every fault (planning study, 4.2): edges must match, no narrow gap may lie
between parts, areas must add up, the union must be the community's own form, and every part must
be one polygon without holes. Metres throughout.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage import SLIVER, check, gap_edges, overlaps
from geo.mosaic import merged

Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

GAP: Final = 0.5
"""Metres between two parts below which land is missing between them, not left out."""
RIM: Final = 0.05
"""Mean width in metres of what rounding leaves along an outline."""


class Kind(StrEnum):
    """What is wrong with a map."""

    GAP = "gap"
    OVERLAP = "overlap"
    PIECES = "pieces"
    OUTSIDE = "outside"
    HOLE = "hole"
    AREA = "area"


@dataclass(frozen=True, eq=False)
class Fault:
    """One breach: ``parts`` are the labels concerned, ``place`` a point to show it at.

    ``size`` is in square metres, for a gap without area in metres.
    """

    kind: Kind
    parts: tuple[int, ...]
    place: shapely.Point
    size: float


def audit(shapes: Shapes, labels: Ints, whole: shapely.Geometry) -> list[Fault]:
    """Find every breach of the invariant by noded cells with labels that shall fill ``whole``."""
    names, part_of = np.unique(labels, return_inverse=True)
    try:
        parts = merged(shapes, part_of, len(names))
    except shapely.GEOSException:
        parts = np.array(
            [shapely.union_all(shapes[part_of == i]) for i in range(len(names))], object
        )
    found = [*_several(parts, names), *_holes(parts, names, whole)]
    cells = float(shapely.area(shapes).sum())
    tolerance, off = 0.005 * float(shapely.length(whole)), abs(cells - float(shapely.area(whole)))
    if check(parts, whole=whole, gap=GAP).holds and off <= tolerance:
        return found
    found += [*_overlaps(parts, names), *_beyond(parts, names, whole), *_gaps(parts, names, whole)]
    if not any(fault.kind in (Kind.OVERLAP, Kind.OUTSIDE, Kind.GAP) for fault in found):
        found.append(Fault(Kind.AREA, (), shapely.point_on_surface(whole), off))
    return found


def _several(parts: Shapes, names: Ints) -> list[Fault]:
    """Pieces of parts beside the largest one."""
    found = []
    for at in np.flatnonzero(shapely.get_num_geometries(parts) > 1).tolist():
        pieces = shapely.get_parts(parts[at])
        area = shapely.area(pieces)
        found += [
            Fault(Kind.PIECES, (int(names[at]),), shapely.point_on_surface(pieces[i]), area[i])
            for i in np.argsort(-area, kind="stable")[1:].tolist()
        ]
    return found


def _holes(parts: Shapes, names: Ints, whole: shapely.Geometry) -> list[Fault]:
    """Land of the community that lies inside a part without being of it."""
    found = []
    pieces, at = shapely.get_parts(parts, return_index=True)
    for i in np.flatnonzero(shapely.get_num_interior_rings(pieces) > 0).tolist():
        rings = np.asarray(shapely.polygons(np.asarray(shapely.get_rings(pieces[i]))[1:]), object)
        land = shapely.intersection(rings, whole)
        found += [
            Fault(Kind.HOLE, (int(names[at[i]]),), shapely.point_on_surface(hole), hole.area)
            for hole in land[shapely.area(land) > SLIVER]
        ]
    return found


def _overlaps(parts: Shapes, names: Ints) -> list[Fault]:
    pairs, areas = overlaps(parts)
    return [
        Fault(
            Kind.OVERLAP, (int(names[a]), int(names[b])),
            shapely.point_on_surface(shapely.intersection(parts[a], parts[b])), float(area),
        )
        for a, b, area in zip(*pairs.tolist(), areas.tolist(), strict=True)
    ]  # fmt: skip


def _beyond(parts: Shapes, names: Ints, whole: shapely.Geometry) -> list[Fault]:
    """Land outside the community."""
    shapely.prepare(whole)
    found = []
    for at in np.flatnonzero(~shapely.covers(whole, parts)).tolist():
        found += [
            Fault(Kind.OUTSIDE, (int(names[at]),), shapely.point_on_surface(piece), piece.area)
            for piece in _solid(shapely.difference(parts[at], whole))
        ]
    return found


def _gaps(parts: Shapes, names: Ints, whole: shapely.Geometry) -> list[Fault]:
    """Land of the community in no part, and edges that do not match."""
    tree = shapely.STRtree(parts)

    def beside(place: shapely.Geometry) -> tuple[int, ...]:
        near = tree.query(place, predicate="dwithin", distance=GAP)
        return tuple(sorted(int(names[i]) for i in near))

    empty = _solid(shapely.difference(whole, shapely.union_all(parts)))
    found = [Fault(Kind.GAP, beside(g), shapely.point_on_surface(g), g.area) for g in empty]
    if found:
        return found
    edges = gap_edges(parts, whole=whole, gap=GAP)
    middle = [shapely.line_interpolate_point(edge, 0.5, normalized=True) for edge in edges]
    return [Fault(Kind.GAP, beside(m), m, e.length) for m, e in zip(middle, edges, strict=True)]


def _solid(shape: shapely.Geometry) -> Shapes:
    """Pieces of land that are more than rounding along a border."""
    pieces = shapely.get_parts(shape)
    pieces = pieces[shapely.area(pieces) > SLIVER]
    return np.asarray(pieces[2 * shapely.area(pieces) > RIM * shapely.length(pieces)], object)
