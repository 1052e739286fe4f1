"""Dividing a mosaic into connected parts of wanted sizes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Neighbours:
    """Which of ``n`` atoms touch (``pairs``) and what it costs to cross from one to the other."""

    n: int
    pairs: Ints
    cost: Floats

    def within(self, parent: Ints) -> "Neighbours":
        """Keep the pairs whose atoms have the same parent (and one at all)."""
        a, b = parent[self.pairs[:, 0]], parent[self.pairs[:, 1]]
        keep = (a == b) & (a >= 0)
        return Neighbours(self.n, self.pairs[keep], self.cost[keep])


def _spread(links: Neighbours, start: Ints, offset: Floats) -> Ints:
    """Label of the part whose start is nearest, -1 out of reach; ``start`` atoms keep theirs."""
    n = links.n
    own = np.flatnonzero(start >= 0)
    a = np.concatenate([links.pairs[:, 0], links.pairs[:, 1]])
    b = np.concatenate([links.pairs[:, 1], links.pairs[:, 0]])
    cost = np.concatenate([links.cost, links.cost])
    free = start[b] < 0
    rows = np.concatenate([a[free], np.full(len(own), n)])
    cols = np.concatenate([b[free], own])
    data = np.concatenate([cost[free], offset[start[own]]])
    graph = csr_matrix((data, (rows, cols)), shape=(n + 1, n + 1))
    _, before = dijkstra(graph, indices=n, return_predecessors=True)
    lead = np.where(before[:n] < 0, np.arange(n), before[:n])
    lead = np.where(lead == n, np.arange(n), lead)
    while True:
        further = lead[lead]
        if (further == lead).all():
            break
        lead = further
    return np.asarray(start[lead], np.int64)


def absorbed(labels: Ints, pairs: Ints) -> Ints:
    """Give atoms without a label (-1) the label of a neighbour, until none is left that can."""
    labels = labels.copy()
    while True:
        for a, b in ((pairs[:, 0], pairs[:, 1]), (pairs[:, 1], pairs[:, 0])):
            hit = (labels[a] < 0) & (labels[b] >= 0)
            labels[a[hit]] = labels[b[hit]]
        left = (labels[pairs] < 0).sum(axis=1) == 1
        if not left.any():
            return labels


def grow(
    links: Neighbours, start: Ints, targets: Floats, weight: Floats, *, rounds: int = 40
) -> Ints:
    """Divide atoms into connected parts that grow from ``start`` to about their target sizes.

    ``start`` holds the part of each starting atom and -1 elsewhere; ``targets`` the wanted sum of
    ``weight`` per part. The head start of each part is corrected ``rounds`` times; the most even
    division found is returned (-1 where no part can reach).
    """
    k = len(targets)
    reach = np.sqrt(weight.sum() / max(k, 1)) if len(weight) else 1.0
    typical = float(np.median(links.cost)) if len(links.cost) else 1.0
    span = typical * max(reach / max(np.sqrt(weight.mean()), 1e-9), 1.0)
    offset = np.full(k, 1.0)
    best, best_miss = np.full(links.n, -1, np.int64), np.inf
    for i in range(rounds):
        labels = _spread(links, start, offset)
        inside = labels >= 0
        size = np.bincount(labels[inside], weight[inside], k)
        ratio = np.log(np.maximum(size, 1e-9) / np.maximum(targets, 1e-9))
        miss = float((ratio**2).sum())
        if miss < best_miss:
            best, best_miss = labels, miss
        offset = offset + span * 0.3 * (1 - 0.8 * i / rounds) * ratio.clip(-1, 1)
        offset -= offset.min() - 1.0
    return best


def spaced(points: Floats, weight: Floats, k: int, rng: np.random.Generator) -> Ints:
    """Rows of ``k`` different points that lie spread over all (weighted k-means centres)."""
    n = len(points)
    chosen = [int(rng.integers(n))]
    far = np.full(n, np.inf)
    for _ in range(k - 1):
        far = np.minimum(far, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
        chosen.append(int(np.argmax(far)))
    centres = points[chosen].astype(float)
    for _ in range(8):
        owner = ((points[:, None, :] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
        mass = np.bincount(owner, weight, k)
        for axis in range(2):
            total = np.bincount(owner, weight * points[:, axis], k)
            centres[:, axis] = np.where(mass > 0, total / np.maximum(mass, 1e-12), centres[:, axis])
    distance = ((points[:, None, :] - centres[None]) ** 2).sum(axis=2)
    rows = np.empty(k, np.int64)
    for j in range(k):
        rows[j] = distance[:, j].argmin()
        distance[rows[j], :] = np.inf
    return rows
