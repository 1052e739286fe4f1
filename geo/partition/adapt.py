"""The present parts made ready to start a search from: whole, and as many as wanted."""

import numpy as np
from numpy.typing import NDArray

from geo.growth import absorbed
from geo.partition.contract import restricted, source_of
from geo.partition.divide import divided, settled
from geo.partition.kernel import Net
from geo.partition.pieces import pieces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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


def _half(small: Net, *, seed: int) -> Ints:
    """Find nodes to split off the one part of a net: half of it, or one if locks allow no more.

    None where every node that could go would break what stays.
    """
    half = divided(small, 2, seed=seed)
    held = np.bincount(half, ~small.free, 2) > 0
    if not held.all():
        stay = np.bincount(half, small.households * (small.base == 0), 2)
        leaves = int(not held[1]) if held.any() else int(stay[1] <= stay[0])
        return np.flatnonzero(half == leaves)
    free = np.flatnonzero(small.free)
    for node in free[np.argsort(-small.households[free], kind="stable")]:
        alone = np.arange(len(small.free)) == node
        if pieces(source_of(small), small.neighbour, alone.astype(np.int64)).max() == 1:
            return np.flatnonzero(alone)
    return free[:0]


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
        off = _half(small, seed=seed)
        if len(off):
            labels = labels.copy()
            labels[nodes[off]] = new
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
