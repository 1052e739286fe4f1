"""New borders laid onto the record: what did not move keeps its very vertices.

Cells lie on a lattice of centimetres, so grids made of them differ from the stored ones by a
rounding even where nothing was redrawn, and a line that ends on a border leaves a vertex there that
the neighbours do not have. Here every border that runs along a stored one is led over the stored
vertices again; only where a new border meets a stored one a vertex is added, on the stored line.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.crs import STORE_CRS, transform
from geo.vertices import with_rings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shapes = NDArray[np.object_]

NEAR: Final = 0.02
"""Metres within which a new border is the stored one; cells move a border by 1.5 cm at most."""
_FREE, _ON_EDGE, _STORED = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Settled:
    """Grids in degrees, and the vertices (n, 2) on stored edges that the record lacks."""

    shapes: Shapes
    added: Floats


@dataclass(frozen=True, eq=False)
class _Net:
    """Vertices of a coverage in degrees and metres, its undirected edges, its rings.

    ``rings`` holds for each ring of each polygon the numbers of its vertices, without the last.
    """

    xy: Floats
    metres: Floats
    edges: Ints
    rings: list[Ints]


def settled(grids: Shapes, stored: Shapes, *, crs: str) -> Settled:
    """Lead the borders of a new coverage over those of a stored one wherever they coincide.

    Parameters
    ----------
    grids
        Polygons in degrees that share their borders vertex by vertex.
    stored
        Polygons in degrees whose vertices and edges are to be kept.
    crs
        System in metres to measure in.
    """
    net, old = _net(grids, crs), _net(stored, crs)
    place, state = _drawn_together(net, *_places(net, old))
    along = _along(net, old, state)
    between = _between(net, old, place, along)
    degree = np.bincount(net.edges.ravel(), minlength=len(net.xy))
    alongside = np.bincount(net.edges[along].ravel(), minlength=len(net.xy))
    dropped = (state == _ON_EDGE) & (degree == 2) & (alongside == 2)
    rings = iter([_ring(ring, place, between, dropped) for ring in net.rings])
    shapes = np.array([with_rings(grid, rings) for grid in grids], object)
    return Settled(shapes, np.unique(place[(state == _ON_EDGE) & ~dropped], axis=0))


def _net(shapes: Shapes, crs: str) -> _Net:
    rings = shapely.get_rings(shapely.get_parts(shapes))
    coords, of_ring = shapely.get_coordinates(rings, return_index=True)
    unique, number = np.unique(coords, axis=0, return_inverse=True)
    number = number.ravel().astype(np.int64)
    bounds = np.searchsorted(of_ring, np.arange(len(rings) + 1))
    pieces = [number[a:b] for a, b in pairwise(bounds.tolist())]
    pairs = np.concatenate([np.column_stack([p[:-1], p[1:]]) for p in pieces])
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0)
    metres = shapely.get_coordinates(transform(np.asarray(shapely.points(unique)), STORE_CRS, crs))
    return _Net(unique, metres, pairs, [piece[:-1] for piece in pieces])


def _lines(points: Floats, edges: Ints) -> Shapes:
    return np.asarray(shapely.linestrings(points[edges]), object)


def _places(net: _Net, old: _Net) -> tuple[Floats, Ints]:
    """Where each vertex goes, in degrees, and whether that is a stored vertex or edge."""
    place, state = net.xy.copy(), np.full(len(net.xy), _FREE)
    away, at = cKDTree(old.metres).query(net.metres, distance_upper_bound=NEAR)
    hit = np.isfinite(away)
    place[hit], state[hit] = old.xy[at[hit]], _STORED
    rest = np.flatnonzero(~hit)
    tree = shapely.STRtree(_lines(old.metres, old.edges))
    (who, edge), _ = tree.query_nearest(
        shapely.points(net.metres[rest]), max_distance=NEAR, return_distance=True, all_matches=False
    )
    a, b = old.edges[edge].T
    start, way = old.metres[a], old.metres[b] - old.metres[a]
    share = ((net.metres[rest[who]] - start) * way).sum(axis=1) / (way**2).sum(axis=1)
    place[rest[who]] = old.xy[a] + share[:, None] * (old.xy[b] - old.xy[a])
    state[rest[who]] = _ON_EDGE
    return place, state


def _drawn_together(net: _Net, place: Floats, state: Ints) -> tuple[Floats, Ints]:
    """Make one vertex of two on a stored border that are too near to have kept their order."""
    a, b = net.edges.T
    short = np.hypot(*(net.metres[a] - net.metres[b]).T) <= 2 * NEAR
    either = np.minimum(state[a], state[b]) == _ON_EDGE
    for one, other in net.edges[short & either].tolist():
        keep, gone = (one, other) if state[one] >= state[other] else (other, one)
        place[gone], state[gone] = place[keep], state[keep]
    return place, state


def _along(net: _Net, old: _Net, state: Ints) -> Flags:
    """Which edges run along stored ones: both ends and three places between do."""
    a, b = net.edges.T
    along: Flags = (state[a] > _FREE) & (state[b] > _FREE)
    tree = shapely.STRtree(_lines(old.metres, old.edges))
    for share in (0.25, 0.5, 0.75):
        spots = (1 - share) * net.metres[a] + share * net.metres[b]
        hit = tree.query(shapely.points(spots), predicate="dwithin", distance=NEAR)[0]
        along &= np.isin(np.arange(len(along)), hit)
    return along


def _between(net: _Net, old: _Net, place: Floats, along: Flags) -> dict[tuple[int, int], Floats]:
    """Find the stored vertices that edges along stored ones lack, in order from the lower end."""
    taken = set(map(tuple, place.tolist()))
    free = np.flatnonzero([tuple(xy) not in taken for xy in old.xy.tolist()])
    edges = np.flatnonzero(along)
    if not len(free) or not len(edges):
        return {}
    tree = shapely.STRtree(_lines(net.metres, net.edges[edges]))
    (who, edge), _ = tree.query_nearest(
        shapely.points(old.metres[free]), max_distance=NEAR, return_distance=True, all_matches=False
    )
    found: dict[tuple[int, int], list[tuple[float, int]]] = defaultdict(list)
    for vertex, (a, b) in zip(free[who].tolist(), net.edges[edges[edge]].tolist(), strict=True):
        way = net.metres[b] - net.metres[a]
        share = float((old.metres[vertex] - net.metres[a]) @ way)
        found[a, b].append((share, vertex))
    return {ends: old.xy[[v for _, v in sorted(some)]] for ends, some in found.items()}


def _ring(
    ring: Ints, place: Floats, between: dict[tuple[int, int], Floats], dropped: Flags
) -> Floats:
    """Coordinates of a ring in its new place, closed."""
    parts: list[Floats] = []
    for a, b in zip(ring.tolist(), np.roll(ring, -1).tolist(), strict=True):
        if not dropped[a]:
            parts.append(place[a : a + 1])
        if (a, b) in between:
            parts.append(between[a, b])
        elif (b, a) in between:
            parts.append(between[b, a][::-1])
    coords = np.concatenate(parts)
    coords = coords[(coords != np.roll(coords, 1, axis=0)).any(axis=1)]
    return np.concatenate([coords, coords[:1]])
