"""Ways along the sides of the atoms: rivers, main roads, village roads."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import cKDTree

from geo.mosaic import Mosaic

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ways:
    """The sides of a mosaic as a graph of their corners."""

    mosaic: Mosaic
    sides: Ints
    graph: csr_matrix

    def nearest(self, points: Floats) -> Ints:
        """Corner nearest to each point, among the corners that have a side inside."""
        used = np.unique(self.mosaic.ends[self.sides])
        _, rows = cKDTree(self.mosaic.corners[used]).query(points)
        return np.asarray(used[rows], np.int64)

    def tree(self, source: int, *, reach: float = np.inf) -> Ints:
        """Next corner on the way to ``source`` from every corner within ``reach``."""
        _, before = dijkstra(self.graph, indices=source, return_predecessors=True, limit=reach)
        return np.asarray(before, np.int64)

    def forest(self, sources: Ints) -> tuple[Floats, Ints]:
        """Distance of every corner to the nearest source, and the next corner on the way there."""
        distance, before, _ = dijkstra(
            self.graph, indices=sources, return_predecessors=True, min_only=True
        )
        return distance, before

    def entrances(self, distance: Floats) -> Ints:
        """Corner of each atom that is nearest by way to the sources of a forest."""
        ends = self.mosaic.ends[self.sides].ravel()
        atoms = self.mosaic.pairs[self.sides]
        owner = np.concatenate([np.repeat(atoms[:, 0], 2), np.repeat(atoms[:, 1], 2)])
        corner = np.tile(ends, 2)
        order = np.lexsort([distance[corner], owner])
        first = np.searchsorted(owner[order], np.arange(len(self.mosaic.points)))
        return np.asarray(corner[order[np.minimum(first, len(order) - 1)]], np.int64)

    def traffic(self, before: Ints, distance: Floats, targets: Ints) -> Ints:
        """How many targets are reached through each corner of a forest."""
        count = np.bincount(targets, minlength=len(before))
        reached = np.isfinite(distance) & (before >= 0)
        for corner in np.flatnonzero(reached)[np.argsort(-distance[reached])].tolist():
            count[before[corner]] += count[corner]
        return np.asarray(count, np.int64)

    def sides_of(self, before: Ints, targets: Ints) -> Ints:
        """Sides along the way from the root of a tree to each target, each side once."""
        seen = np.zeros(len(before), bool)
        for target in targets:
            corner = int(target)
            while before[corner] >= 0 and not seen[corner]:
                seen[corner] = True
                corner = int(before[corner])
        there = np.flatnonzero(seen)
        return self.between(there, before[there])

    def path(self, points: Floats) -> Ints:
        """Sides of a way through the given points, without the spurs walked there and back."""
        stops = self.nearest(points)
        found = []
        for a, b in pairwise(stops.tolist()):
            found.append(self.sides_of(self.tree(a), np.array([b])))
        sides, times = np.unique(np.concatenate(found), return_counts=True)
        return np.asarray(sides[times == 1], np.int64)

    def between(self, a: Ints, b: Ints) -> Ints:
        """Sides that join the corners ``a`` with the corners ``b``."""
        n = len(self.mosaic.corners)
        ends = np.sort(self.mosaic.ends[self.sides], axis=1)
        keys = ends[:, 0] * n + ends[:, 1]
        order = np.argsort(keys)
        wanted = np.minimum(a, b) * n + np.maximum(a, b)
        return self.sides[order[np.searchsorted(keys[order], wanted)]]


def make_ways(mosaic: Mosaic, factor: Floats) -> Ways:
    """Build the graph of the inner sides; ``factor`` multiplies the length of each side."""
    sides = np.flatnonzero(mosaic.inner)
    a, b = mosaic.ends[sides].T
    cost = np.maximum(mosaic.lengths[sides], 0.01) * factor[sides]
    n = len(mosaic.corners)
    graph = csr_matrix(
        (np.tile(cost, 2), (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(n, n)
    )
    return Ways(mosaic, sides, graph)


def nearest_links(points: Floats, *, each: int = 2) -> list[tuple[int, int]]:
    """Pairs of places to join: a minimum spanning tree and each place's nearest others."""
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    tree = minimum_spanning_tree(csr_matrix(distance)).tocoo()
    links = {(int(min(a, b)), int(max(a, b))) for a, b in zip(tree.row, tree.col, strict=True)}
    for i, row in enumerate(np.argsort(distance, axis=1)):
        links |= {(min(i, int(j)), max(i, int(j))) for j in row[1 : each + 1]}
    return sorted(links)
