"""Linework on a lattice of whole centimetres: what makes cells share their borders exactly.

Lines are noded by snap rounding: every crossing becomes a point of the lattice, and a line that
passes through the square of a lattice point (half a centimetre around it) is led through it. No
line moves by more than 7.1 mm. Faces between noded lines share all vertices of their borders, so
they are a coverage by construction and nothing has to be cleaned afterwards.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

STEP: Final = 0.01
"""Metres between points of the lattice."""
_PER_METRE: Final = 100.0
"""GEOS divides by this; multiplying by 0.01 would differ in the last bit."""


def on_lattice(xy: Floats) -> Floats:
    """Coordinates in metres, each moved to the nearest whole centimetre."""
    return np.asarray(np.rint(xy * _PER_METRE) / _PER_METRE, float)


def rounded(shapes: Shapes) -> Shapes:
    """Shapes with every vertex on the lattice.

    Shapes that were made on the lattice and stored in degrees come back bit by bit: projecting
    there and back strays by far less than half a centimetre.
    """
    return np.asarray(shapely.transform(shapes, on_lattice), object)


def linework(shapes: Shapes) -> Shapes:
    """Lines of any shapes: polygons give their rings; points and what is empty give nothing."""
    if not len(shapes):
        return np.empty(0, object)
    single = shapely.get_parts(shapely.get_parts(np.asarray(shapes, object)))
    single = single[~shapely.is_empty(single)]
    kind = shapely.get_type_id(single)
    rings = shapely.get_rings(single[kind == 3])
    lines = np.concatenate([rings, single[(kind == 1) | (kind == 2)]])
    finite = np.isfinite(shapely.bounds(lines)).all(axis=1) if len(lines) else np.empty(0, bool)
    return np.asarray(lines[finite & (shapely.length(lines) > 0)], object)


def faces(lines: Shapes) -> Shapes:
    """Polygons that the lines enclose, on the lattice; ends that enclose nothing are dropped."""
    if not len(lines):
        return np.empty(0, object)
    # Rounded beforehand, because GEOS divides by zero where coordinates differ by 1e-182.
    network = shapely.union_all(rounded(lines), grid_size=STEP)
    found = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    return np.asarray(found[shapely.area(found) > 0], object)


def holders(pieces: Shapes, shapes: Shapes) -> Ints:
    """Position of the shape that each piece lies in, -1 for none: for few, of few vertices."""
    inner = np.asarray(shapely.point_on_surface(pieces), object)
    at, shape = shapely.STRtree(shapes).query(inner, predicate="intersects")
    found = np.full(len(pieces), -1, np.int64)
    found[at[::-1]] = shape[::-1]
    return found


def noded(shapes: Shapes) -> Shapes:
    """Polygons with every vertex that a neighbour has on their common border.

    A cut is stored as the children of the cell alone; the neighbour across the end of the cut
    keeps its stored shape and gets the new vertex here. This depends on nothing but the shapes
    given, so undoing the cut gives the neighbour back as it was. Borders that match already are
    left alone: a valid coverage comes back as the same objects.

    A cut point is rounded to the lattice, so it may lie beside the neighbour's edge: 7 mm after
    one cut, a little more when a piece of that edge is cut again.
    """
    edges = _edges(shapes)
    lone = np.flatnonzero(edges.lone)
    if not len(lone):
        return shapes
    at_start, at_end = edges.vertex[lone], edges.last[lone]
    vertex, first = np.unique(at_start, return_index=True)
    points = shapely.points(edges.start[lone[first]])
    lines = np.asarray(
        shapely.linestrings(np.stack([edges.start[lone], edges.end[lone]], axis=1)), object
    )
    at, edge = shapely.STRtree(lines).query(points, predicate="dwithin", distance=_BESIDE)
    other = (at_start[edge] != vertex[at]) & (at_end[edge] != vertex[at])
    at, edge = at[other], lone[edge[other]]
    spot = edges.start[lone[first]][at]
    way = edges.end[edge] - edges.start[edge]
    along = ((spot - edges.start[edge]) * way).sum(axis=1) / (way * way).sum(axis=1)
    new = (along > 0) & (along < 1) & _running_along(edges, lone, vertex[at], edge)
    return _inserted(shapes, edges, edge[new] + along[new], spot[new])


def _running_along(edges: "_Edges", lone: Ints, vertex: Ints, edge: Ints) -> NDArray[np.bool_]:
    """Whether another shape's unmatched border runs along the edge at the vertex.

    Where it only comes near, as at the corner of a third shape, nothing is to be matched.
    """
    ends = np.concatenate([edges.vertex[lone], edges.last[lone]])
    order = np.argsort(ends, kind="stable")
    low, high = np.searchsorted(ends[order], [vertex, vertex + 1])
    pair = np.repeat(np.arange(len(vertex)), high - low)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
    beside = np.concatenate([lone, lone])[order][low[pair] + step]
    one = edges.end[edge[pair]] - edges.start[edge[pair]]
    two = edges.end[beside] - edges.start[beside]
    turn = np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])
    longer = np.maximum(np.hypot(*one.T), np.hypot(*two.T))
    alike = (turn <= _BESIDE * longer) & (np.abs((one * two).sum(axis=1)) > turn)
    apart = edges.shape[edge[pair]] != edges.shape[beside]
    return np.bincount(pair, alike & apart, minlength=len(vertex)) > 0


_BESIDE: Final = 0.02
"""Metres beside an edge within which a neighbour's unmatched vertex belongs on it."""


def renoded(shapes: Shapes, changed: Ints) -> tuple[Ints, Shapes]:
    """Find what :func:`noded` gives around the changed shapes, without looking at the others.

    Returns the positions of the changed shapes and of all beside them, and their noded shapes.
    """
    bounds = shapely.bounds(shapes)
    near = np.flatnonzero(_beside(bounds, bounds[changed]))
    wide = np.flatnonzero(_beside(bounds, bounds[near]))
    found = noded(shapes[wide])
    return near, found[np.searchsorted(wide, near)]


def _beside(bounds: Floats, some: Floats) -> NDArray[np.bool_]:
    west, south = some[:, :2].min(axis=0) - 1.0
    east, north = some[:, 2:].max(axis=0) + 1.0
    return np.asarray(
        (bounds[:, 0] <= east)
        & (bounds[:, 2] >= west)
        & (bounds[:, 1] <= north)
        & (bounds[:, 3] >= south)
    )


@dataclass(frozen=True, eq=False)
class _Edges:
    """Directed edges of all rings; ``lone`` where no other edge has the same two ends.

    ``vertex`` and ``last`` number the places of their two ends.
    """

    start: Floats
    end: Floats
    vertex: Ints
    last: Ints
    ring: Ints
    shape: Ints
    lone: NDArray[np.bool_]


def _edges(shapes: Shapes) -> _Edges:
    rings, shape_of = shapely.get_rings(shapes, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    start, end, ring = xy[:-1][same], xy[1:][same], ring[:-1][same]
    corners = np.ascontiguousarray(np.concatenate([start, end])).view(np.complex128).ravel()
    ids = np.unique(corners, return_inverse=True)[1].astype(np.int64)
    a, b = ids[: len(start)], ids[len(start) :]
    pair = np.minimum(a, b) * len(ids) + np.maximum(a, b)
    _, back, times = np.unique(pair, return_inverse=True, return_counts=True)
    return _Edges(start, end, a, b, ring, shape_of[ring], times[back] == 1)


def _inserted(shapes: Shapes, edges: _Edges, position: Floats, spot: Floats) -> Shapes:
    """Shapes with points put in; a position is the number of an edge and how far along it."""
    if not len(position):
        return shapes
    edge = position.astype(np.int64)
    changed = np.unique(edges.shape[edge])
    kept = np.flatnonzero(np.isin(edges.shape, changed))
    order = np.argsort(np.concatenate([kept, position]), kind="stable")
    xy = np.concatenate([edges.start[kept], spot])[order]
    old_ring = np.concatenate([edges.ring[kept], edges.ring[edge]])[order]
    first, ring = np.unique(old_ring, return_index=True, return_inverse=True)[1:]
    rings = np.asarray(shapely.linearrings(xy, indices=ring), object)
    owner = np.concatenate([edges.shape[kept], edges.shape[edge]])[order][first]
    now = np.asarray(shapely.polygons(rings, indices=np.searchsorted(changed, owner)), object)
    # A needle thinner than the reach gets the vertex on both edges: it closes up to there.
    pinched = ~shapely.is_valid(now)
    now[pinched] = shapely.make_valid(now[pinched], method="structure", keep_collapsed=False)
    out = shapes.copy()
    out[changed] = now
    return out
