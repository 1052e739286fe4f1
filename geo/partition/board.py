"""Nodes, parts and cut sides while a division is searched, and the moves that keep parts whole.

Everything but ``board_of`` is compiled. A node is a unit of cells that stay together; the arrays
of ``Board`` change in place and always agree with each other. The inner functions take plain
arrays: handing over a tuple of arrays costs more than what they do.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.partition.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Net(NamedTuple):
    """Nodes to divide, as CSR arrays; ``back`` is the same side seen from its other end.

    ``free`` nodes may change part; ``open`` parts may take and give.
    """

    start: Ints
    neighbour: Ints
    back: Ints
    cost: Floats
    households: Floats
    load: Floats
    base: Ints
    free: Bools
    open: Bools


class Board(NamedTuple):
    """A division being changed.

    ``label`` per node; ``households``, ``load``, ``size`` per part; ``cut`` lists directed sides
    between parts whose near node may go over, ``at`` is each side's place there or -1, ``cuts[0]``
    their number. ``mark``, ``queue``, ``stamp`` are scratch for walks inside one part.
    """

    label: Ints
    households: Floats
    load: Floats
    size: Ints
    cut: Ints
    at: Ints
    cuts: Ints
    mark: Ints
    queue: Ints
    stamp: Ints


class Terms(NamedTuple):
    """Weights in metres: the band, the mean part, a moved household, evenness of both measures."""

    low: float
    high: float
    mean: float
    load_mean: float
    stability: float
    balance: float
    load: float


@compiled
def listed(
    neighbour: Ints, free: Bools, is_open: Bools, label: Ints,
    cut: Ints, at: Ints, cuts: Ints, side: int, near: int,
) -> None:  # fmt: skip
    """Put a directed side on the list of cut sides, or take it off, as the labels say."""
    there = label[neighbour[side]]
    wanted = label[near] != there and free[near] and is_open[there]
    place = at[side]
    if wanted and place < 0:
        at[side] = cuts[0]
        cut[cuts[0]] = side
        cuts[0] += 1
    elif not wanted and place >= 0:
        cuts[0] -= 1
        last = cut[cuts[0]]
        cut[place] = last
        at[last] = place
        at[side] = -1


@compiled
def linked(
    start: Ints, neighbour: Ints, label: Ints,
    mark: Ints, queue: Ints, stamp: Ints, node: int, part: int,
) -> bool:  # fmt: skip
    """Whether the neighbours of ``node`` that are in ``part`` reach each other inside it.

    ``node`` itself must have another label already. If the part was whole with the node, it is
    whole without it exactly if this holds.
    """
    stamp[0] += 2
    wanted = stamp[0]
    seen = wanted + 1
    missing = 0
    first = -1
    for side in range(start[node], start[node + 1]):
        other = neighbour[side]
        if label[other] == part:
            mark[other] = wanted
            missing += 1
            first = other
    if missing <= 1:
        return True
    queue[0] = first
    mark[first] = seen
    missing -= 1
    head, tail = 0, 1
    while head < tail:
        here = queue[head]
        head += 1
        for side in range(start[here], start[here + 1]):
            other = neighbour[side]
            if label[other] == part and mark[other] != seen:
                if mark[other] == wanted:
                    missing -= 1
                    if missing == 0:
                        return True
                mark[other] = seen
                queue[tail] = other
                tail += 1
    return False


@compiled
def filled(net: Net, board: Board) -> None:
    """Set sums and the list of cut sides from the labels."""
    board.households[:] = 0.0
    board.load[:] = 0.0
    board.size[:] = 0
    board.at[:] = -1
    board.cuts[0] = 0
    for node in range(len(board.label)):
        part = board.label[node]
        board.households[part] += net.households[node]
        board.load[part] += net.load[node]
        board.size[part] += 1
        for side in range(net.start[node], net.start[node + 1]):
            there = board.label[net.neighbour[side]]
            if part != there and net.free[node] and net.open[there]:
                board.at[side] = board.cuts[0]
                board.cut[board.cuts[0]] = side
                board.cuts[0] += 1


@compiled
def total(net: Net, board: Board, terms: Terms) -> tuple[float, float]:
    """Households by which open parts miss the band in all, and all other metres."""
    miss = 0.0
    metres = 0.0
    for part in range(len(board.size)):
        if board.size[part] > 0 and net.open[part]:
            households = board.households[part]
            miss += max(terms.low - households, households - terms.high, 0.0)
            metres += terms.balance * (households / terms.mean - 1.0) ** 2
            metres += terms.load * (board.load[part] / terms.load_mean - 1.0) ** 2
    for node in range(len(board.label)):
        here = board.label[node]
        if net.base[node] >= 0 and net.base[node] != here:
            metres += terms.stability * net.households[node]
        for side in range(net.start[node], net.start[node + 1]):
            if net.neighbour[side] > node and board.label[net.neighbour[side]] != here:
                metres += net.cost[side]
    return miss, metres


def board_of(net: Net, labels: Ints) -> Board:
    """Lay out a division; the labels are copied."""
    n, sides, parts = len(net.households), len(net.neighbour), len(net.open)
    board = Board(
        label=np.array(labels, np.int64),
        households=np.zeros(parts),
        load=np.zeros(parts),
        size=np.zeros(parts, np.int64),
        cut=np.zeros(sides, np.int64),
        at=np.full(sides, -1, np.int64),
        cuts=np.zeros(1, np.int64),
        mark=np.zeros(n, np.int64),
        queue=np.zeros(max(n, 1), np.int64),
        stamp=np.zeros(1, np.int64),
    )
    filled(net, board)
    return board
