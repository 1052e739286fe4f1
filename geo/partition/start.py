"""Divisions to start a search from: drawn afresh, or the present parts, as many as wanted."""

from typing import Final

import numpy as np
import pymetis
from numpy.typing import NDArray

from geo.growth import absorbed
from geo.partition.board import Net
from geo.partition.contract import restricted, source_of
from geo.partition.pieces import pieces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_UFACTOR: Final = 100
"""Imbalance that METIS may leave, in thousandths."""
_FINE: Final = 10.0
"""METIS wants whole numbers: decimetres."""


def allotted(weights: Floats, sizes: Ints, parts: int) -> Ints:
    """Parts for each island: at least one while there are enough, then by weight, at most its size.

    Islands that get none have 0.
    """
    order = np.lexsort((-sizes, -weights))
    given = np.zeros(len(weights), np.int64)
    given[order[:parts]] = 1
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
    found = _metis(net, parts, seed)
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


def healed(net: Net, labels: Ints) -> Ints:
    """Free (-1) what lies apart from the main piece of its part on the same island.

    Held nodes never lose their part. A part on two islands keeps a piece on each.
    """
    source = source_of(net)
    island = pieces(source, net.neighbour, np.zeros(len(labels), np.int64))
    piece = pieces(source, net.neighbour, labels)
    weight = np.bincount(piece, net.households + 1e-6) + 1e12 * np.bincount(piece, ~net.free)
    of_piece = np.zeros(len(weight), np.int64)
    of_piece[piece] = labels * (int(island.max(initial=0)) + 1) + island
    order = np.lexsort((weight, of_piece))
    last = np.append(of_piece[order][1:] != of_piece[order][:-1], True) if len(order) else order
    main = np.zeros(len(weight), bool)
    main[order[np.asarray(last, bool)]] = True
    return np.where(net.free & ~main[piece], -1, labels)


def taken_in(net: Net, labels: Ints) -> Ints:
    """Give free nodes without a part to open parts beside them."""
    source = source_of(net)
    pairs = np.column_stack([source, net.neighbour])
    shut = (labels >= 0) & ~net.open[labels]
    usable = pairs[(source < net.neighbour) & ~shut[source] & ~shut[net.neighbour]]
    return absorbed(labels, usable) if len(usable) else labels


def _weights(net: Net, labels: Ints) -> Floats:
    """Households per part; -inf for parts that are closed or not there."""
    has = labels >= 0
    weight = np.bincount(labels[has], net.households[has], len(net.open)).astype(float)
    used = np.bincount(labels[has], minlength=len(net.open)) > 0
    return np.where(used & net.open, weight, -np.inf)


def split(net: Net, labels: Ints, new: int, *, seed: int) -> Ints:
    """Split off part ``new`` from the fullest part that can be split; unchanged if none can."""
    weight = _weights(net, labels)
    for part in np.argsort(-weight, kind="stable"):
        if weight[part] == -np.inf:
            break
        nodes = np.flatnonzero(labels == part)
        if len(nodes) < 2:
            continue
        small, _, _ = restricted(net, nodes, labels)
        half = divided(small, 2, seed=seed)
        held = np.bincount(half, ~small.free, 2) > 0
        if held.all():
            continue
        stay = np.bincount(half, small.households * (small.base == 0), 2)
        leaves = int(not held[1]) if held.any() else int(stay[1] <= stay[0])
        labels = labels.copy()
        labels[nodes[half == leaves]] = new
        return labels
    return labels


def merged(net: Net, labels: Ints) -> Ints:
    """Merge the lightest part that holds nothing fast into its lightest neighbour."""
    weight = _weights(net, labels)
    source = source_of(net)
    fast = np.bincount(labels[~net.free], minlength=len(net.open)) > 0
    for part in np.argsort(np.where(np.isfinite(weight) & ~fast, weight, np.inf), kind="stable"):
        if not np.isfinite(weight[part]) or fast[part]:
            break
        beside = np.unique(labels[net.neighbour[labels[source] == part]])
        beside = beside[(beside != part) & np.isfinite(weight[beside])]
        if len(beside):
            heir = beside[weight[beside].argmin()]
            return np.where(labels == part, heir, labels)
    return labels


def adapted(net: Net, labels: Ints, parts: int, *, seed: int) -> Ints:
    """Make the present parts whole and as many as wanted: split the fullest, merge the lightest.

    New parts take the numbers from the first that no base part has.
    """
    labels = np.where(net.free, labels, net.base)
    labels = taken_in(net, healed(net, labels))
    new = max(int(labels.max(initial=-1)), int(net.base.max(initial=-1))) + 1
    if not (labels >= 0).any():
        return divided(net, parts, seed=seed)
    labels = settled(net, labels)
    there = len(np.unique(labels))
    for number in range(parts - there):
        labels = split(net, labels, new + number, seed=seed + number)
    for _ in range(there - parts):
        labels = merged(net, labels)
    return labels
