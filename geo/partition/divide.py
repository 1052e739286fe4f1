"""Divisions drawn afresh to start a search from: METIS on each island, or growth where it fails."""

from typing import Final

import numpy as np
import pymetis
from numpy.typing import NDArray

from geo.partition.contract import restricted, source_of
from geo.partition.kernel import Net
from geo.partition.pieces import pieces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_UFACTOR: Final = 100
"""Imbalance that METIS may leave, in thousandths."""
_ATTEMPTS: Final = 3
"""METIS leaves parts empty or broken at times; so often it is asked again."""
_FINE: Final = 10.0
"""METIS wants whole numbers: decimetres."""


def allotted(weights: Floats, sizes: Ints, parts: int) -> Ints:
    """Parts for each island: at least one while there are enough, then by weight, at most its size.

    Islands that get none have 0: the lightest where there are too many, and those where nobody
    lives.
    """
    order = np.lexsort((-sizes, -weights))
    given = np.zeros(len(weights), np.int64)
    given[order[: min(parts, max(int((weights > 0).sum()), 1))]] = 1
    for _ in range(parts - int(given.sum())):
        room = (given > 0) & (given < sizes)
        if not room.any():
            break
        need = np.where(room, (weights + 1e-9) / np.maximum(given, 1), -1.0)
        given[int(need.argmax())] += 1
    return given


def _grown(net: Net, parts: int) -> Ints:
    """Divide a connected net without METIS: far-apart seeds, the lightest part grows first."""
    n = len(net.free)
    labels = np.full(n, -1, np.int64)
    far = np.full(n, n + 1)
    seed = 0
    for part in range(parts):
        far = np.minimum(far, _hops(net, seed))
        labels[seed] = part
        far[seed] = -1
        seed = int(np.where(labels < 0, far, -2).argmax())
    weight = np.bincount(labels[labels >= 0], net.households[labels >= 0], minlength=parts)
    rims = [_around(net, int(np.flatnonzero(labels == part)[0])) for part in range(parts)]
    while (labels < 0).any():
        for part in np.argsort(weight, kind="stable"):
            rims[part] = [node for node in rims[part] if labels[node] < 0]
            if rims[part]:
                node = rims[part].pop(0)
                labels[node] = part
                weight[part] += net.households[node]
                rims[part] += _around(net, node)
                break
    return labels


def _around(net: Net, node: int) -> list[int]:
    return [int(other) for other in net.neighbour[net.start[node] : net.start[node + 1]]]


def _hops(net: Net, node: int) -> Ints:
    """Sides to cross from ``node`` to each node of a connected net."""
    hops = np.full(len(net.free), -1)
    hops[node] = 0
    ring = [node]
    while ring:
        nearer, ring = ring, []
        for here in nearer:
            for other in _around(net, here):
                if hops[other] < 0:
                    hops[other] = hops[here] + 1
                    ring.append(other)
    return hops


def _metis(net: Net, parts: int, seed: int) -> Ints:
    weights = net.households.astype(np.int64)
    options = pymetis.Options(ufactor=_UFACTOR, contig=1, seed=seed % 2**31)
    _, found = pymetis.part_graph(
        parts,
        pymetis.CSRAdjacency(net.start.tolist(), net.neighbour.tolist()),
        vweights=(weights if weights.any() else weights + 1).tolist(),
        eweights=np.maximum(net.cost * _FINE, 1).astype(np.int64).tolist(),
        recursive=False,
        options=options,
    )
    return np.asarray(found, np.int64)


def _divided_whole(net: Net, parts: int, seed: int) -> Ints:
    """Divide a connected net into exactly ``parts`` connected parts."""
    if parts == 1:
        return np.zeros(len(net.free), np.int64)
    if parts * 2 > len(net.free):
        return _grown(net, parts)
    for turn in range(_ATTEMPTS):
        found = _metis(net, parts, seed + turn)
        whole = pieces(source_of(net), net.neighbour, found)
        if len(np.unique(found)) == parts == int(whole.max()) + 1:
            return found
    return _grown(net, parts)


def divided(net: Net, parts: int, *, seed: int) -> Ints:
    """Divide a net into parts 0 … parts-1, each connected as far as islands allow.

    Islands get parts by their households; where there are more islands than parts, the smallest
    join the lightest part.
    """
    island = pieces(source_of(net), net.neighbour, np.zeros(len(net.free), np.int64))
    weights = np.bincount(island, net.households).astype(float)
    given = allotted(weights, np.bincount(island), parts)
    labels = np.full(len(net.free), -1, np.int64)
    first = 0
    for number in np.flatnonzero(given):
        nodes = np.flatnonzero(island == number)
        part, _, _ = restricted(net, nodes, np.zeros(len(net.free), np.int64))
        labels[nodes] = first + _divided_whole(part, int(given[number]), seed)
        first += int(given[number])
    return settled(net, labels)


def settled(net: Net, labels: Ints) -> Ints:
    """Give islands without a part (-1) to the lightest open part there is."""
    labels = labels.copy()
    left = labels < 0
    if not left.any():
        return labels
    key = np.where(left, -1, np.arange(len(labels)))
    island = pieces(source_of(net), net.neighbour, key)
    for number in np.unique(island[left]):
        weight = np.bincount(labels[labels >= 0], net.households[labels >= 0], len(net.open))
        used = np.bincount(labels[labels >= 0], minlength=len(net.open)) > 0
        allowed = (used & net.open) if (used & net.open).any() else net.open
        nodes = island == number
        labels[nodes] = int(np.where(allowed, weight, np.inf).argmin())
    return labels
