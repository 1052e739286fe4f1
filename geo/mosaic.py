"""A mosaic: small Voronoi cells (atoms) whose shared sides are stored once.

Every area of a made-up district is a set of atoms and every road and river runs along their
sides, so all levels share their vertices exactly and nothing has to be snapped.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Mosaic:
    """Atoms (``points``, n x 2 metres) and the sides of those inside.

    ``pairs`` holds the two atoms of each side (-1 outside the district), ``ends`` its two
    corners (rows of ``corners``).
    """

    points: Floats
    pairs: Ints
    ends: Ints
    corners: Floats

    @property
    def inner(self) -> NDArray[np.bool_]:
        """Sides that have an atom on both hands."""
        return np.asarray((self.pairs >= 0).all(axis=1))

    @property
    def lengths(self) -> Floats:
        """Length of each side in metres."""
        way = self.corners[self.ends[:, 1]] - self.corners[self.ends[:, 0]]
        return np.hypot(way[:, 0], way[:, 1])


def make_mosaic(inside: Floats, outside: Floats) -> Mosaic:
    """Build the cells of ``inside`` points; ``outside`` points only close them off."""
    n = len(inside)
    found = Voronoi(np.concatenate([inside, outside]))
    pairs = np.asarray(found.ridge_points, np.int64)
    ends = np.asarray(found.ridge_vertices, np.int64)
    keep = (pairs < n).any(axis=1)
    pairs, ends = pairs[keep], ends[keep]
    if (ends < 0).any():
        msg = "the outside points do not close the mosaic"
        raise ValueError(msg)
    used, ends_flat = np.unique(ends, return_inverse=True)
    return Mosaic(
        np.asarray(inside, float),
        np.where(pairs < n, pairs, -1),
        ends_flat.reshape(ends.shape).astype(np.int64),
        np.asarray(found.vertices[used], float),
    )


@dataclass(frozen=True)
class Drawn:
    """A mosaic's sides as bent lines: ``xy`` holds corners first, then the points between.

    Side i has ``count[i]`` straight pieces; its inner points start at row ``first[i]``.
    """

    mosaic: Mosaic
    xy: Floats
    count: Ints
    first: Ints

    def side_points(self, side: int) -> Ints:
        """Rows of ``xy`` along one side, from its first corner to its second."""
        between = np.arange(self.first[side], self.first[side] + self.count[side] - 1)
        a, b = self.mosaic.ends[side]
        return np.concatenate([[a], between, [b]]).astype(np.int64)

    def lines(self, sides: Ints) -> Shapes:
        """Each side as a LineString."""
        count = self.count[sides] + 1
        owner = np.repeat(np.arange(len(sides)), count)
        step = _ramp(count)
        side = sides[owner]
        a, b = self.mosaic.ends[side, 0], self.mosaic.ends[side, 1]
        row = self.first[side] + step - 1
        row = np.where(step == 0, a, np.where(step == self.count[side], b, row))
        return np.asarray(shapely.linestrings(self.xy[row], indices=owner))

    def cells(self) -> Shapes:
        """Each atom as a Polygon."""
        mosaic = self.mosaic
        side = np.repeat(np.arange(len(mosaic.pairs)), 2)
        atom = mosaic.pairs.ravel()
        side, atom = side[atom >= 0], atom[atom >= 0]
        a, b = mosaic.corners[mosaic.ends[side, 0]], mosaic.corners[mosaic.ends[side, 1]]
        u, v = a - mosaic.points[atom], b - mosaic.points[atom]
        forward = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0] > 0
        middle = (u + v) / 2
        order = np.lexsort([np.arctan2(middle[:, 1], middle[:, 0]), atom])
        side, atom, forward = side[order], atom[order], forward[order]
        count = self.count[side]
        owner = np.repeat(np.arange(len(side)), count)
        step = _ramp(count)
        s, f = side[owner], forward[owner]
        start = np.where(f, mosaic.ends[s, 0], mosaic.ends[s, 1])
        between = self.first[s] + np.where(f, step - 1, self.count[s] - 1 - step)
        row = np.where(step == 0, start, between)
        rings = shapely.linearrings(self.xy[row], indices=atom[owner])
        return np.asarray(shapely.polygons(rings))

    def moved(self, change: Callable[[Floats], Floats]) -> "Drawn":
        """Give the same sides with all points changed by ``change`` (a projection)."""
        return Drawn(self.mosaic, change(self.xy), self.count, self.first)


def draw(
    mosaic: Mosaic, bend: Callable[[Floats, Floats], Floats], *, step: Floats, strength: Floats
) -> Drawn:
    """Cut each side into pieces of about ``step`` metres (one per side) and bend all points.

    ``bend`` is given points and the strength at each; ``strength`` holds it per corner, between
    two corners it changes evenly. Where bending would fold the land over itself the strength is
    halved until it no longer does.

    Raises
    ------
    ValueError
        If the cells are no coverage even when hardly bent.
    """
    count = np.maximum(1, np.ceil(mosaic.lengths / step)).astype(np.int64)
    inner = count - 1
    side = np.repeat(np.arange(len(count)), inner)
    t = (_ramp(inner) + 1) / count[side]
    a, b = mosaic.ends[side].T
    first = (len(mosaic.corners) + np.cumsum(inner) - inner).astype(np.int64)
    straight = np.concatenate(
        [mosaic.corners, mosaic.corners[a] + (mosaic.corners[b] - mosaic.corners[a]) * t[:, None]]
    )
    strength = _eased(mosaic, strength)
    for _ in range(20):
        along = np.concatenate([strength, strength[a] * (1 - t) + strength[b] * t])
        drawn = Drawn(mosaic, bend(straight, along), count, first)
        folded = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(drawn.cells())))
        if not len(folded):
            return drawn
        near = np.isin(mosaic.pairs, folded).any(axis=1)
        strength = strength.copy()
        strength[np.unique(mosaic.ends[near])] *= 0.5
        strength = _eased(mosaic, strength)
    msg = f"{len(folded)} cells stay folded"
    raise ValueError(msg)


def _eased(mosaic: Mosaic, strength: Floats, *, reach: float = 250.0) -> Floats:
    """Lower the strength where it would change by more than 1 over ``reach`` metres."""
    eased = strength.astype(float).copy()
    rise = np.repeat(mosaic.lengths / reach, 2)
    ends = mosaic.ends.ravel()
    for _ in range(12):
        np.minimum.at(eased, ends, np.repeat(eased[mosaic.ends].min(axis=1), 2) + rise)
    return eased


def merged(shapes: Shapes, labels: Ints, count: int) -> Shapes:
    """Union of the shapes of each label 0..count-1; the shapes must form a coverage."""
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(count + 1))
    out = np.empty(count, object)
    for i in range(count):
        out[i] = shapely.coverage_union_all(shapes[order[bounds[i] : bounds[i + 1]]])
    return out


def _ramp(counts: Ints) -> Ints:
    """0..c-1 for each count c, one after the other."""
    starts = np.cumsum(counts) - counts
    return (np.arange(int(counts.sum())) - np.repeat(starts, counts)).astype(np.int64)
