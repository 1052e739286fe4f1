"""Vertices set on edges: shapes whose land stays as it is, but that fit a neighbour again."""

from collections.abc import Iterable
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

ON_LINE: Final = 1e-8
"""Degrees (a millimetre) within which a vertex lies on an edge that lacks it."""


def with_vertices(shapes: Shapes, added: Floats) -> Shapes:
    """Give shapes in degrees the vertices that lie on their edges; their land stays the same."""
    found = np.array(shapes, object)
    points = np.asarray(shapely.points(added), object)
    tree = shapely.STRtree(points)
    for at, shape in enumerate(shapes):
        near = tree.query(shapely.boundary(shape), predicate="dwithin", distance=ON_LINE)
        known = set(map(tuple, shapely.get_coordinates(shape).tolist()))
        lacking = [added[i] for i in near.tolist() if tuple(added[i].tolist()) not in known]
        if lacking:
            found[at] = _refined(shape, np.array(lacking))
    return found


def with_rings(shape: shapely.Geometry, rings: Iterable[Floats]) -> shapely.Geometry:
    """Give a shape other rings, in the order that ``shapely.get_rings`` has them."""
    parts, supply = [], iter(rings)
    for part in shapely.get_parts(shape):
        shell, *holes = (next(supply) for _ in range(1 + shapely.get_num_interior_rings(part)))
        parts.append(shapely.Polygon(shell, [hole for hole in holes if len(hole) > 3]))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _refined(shape: shapely.Geometry, added: Floats) -> shapely.Geometry:
    rings = [shapely.get_coordinates(r) for r in shapely.get_rings(shapely.get_parts(shape))]
    return with_rings(shape, [_with(ring, added) for ring in rings])


def _with(ring: Floats, added: Floats) -> Floats:
    """Insert into a closed ring those of the vertices that lie on its edges."""
    edges = np.stack([ring[:-1], ring[1:]], axis=1)
    tree = shapely.STRtree(np.asarray(shapely.linestrings(edges), object))
    (who, edge), _ = tree.query_nearest(
        shapely.points(added), max_distance=ON_LINE, return_distance=True, all_matches=False
    )
    share = np.hypot(*(added[who] - ring[edge]).T)
    order = np.lexsort((share, edge))
    return np.insert(ring, edge[order] + 1, added[who[order]], axis=0)
