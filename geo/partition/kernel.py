"""The compiled search among connected divisions: simulated annealing with flips and swaps.

A cut side is drawn, and the node on its near hand goes over or changes places with the node on
its far hand, if chance at the present temperature allows it and both parts stay whole. Missing
the band costs little at first and ever more later, so that households can pass through full parts.

All that is compiled together stands in this one file, because numba recompiles a function when its
own file changes, not when one it calls does. Inner functions take plain arrays: handing tuples of
arrays over doubles the time of a search.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.partition.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_ROUNDS = 400
"""Temperature changes of one search."""
_LEAST = 1e-7
"""Metres below which a gain is rounding."""
_PASSES = 2_000
"""Passes over all sides after which a descent ends in any case."""


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


class Schedule(NamedTuple):
    """How a search goes: proposals to try, and what changes from its start to its end.

    ``hot`` and ``cold`` are the temperature, ``soft`` and ``hard`` the price of a part that misses
    the band by a whole mean part, ``last`` that price in the descent; all in metres. ``swaps`` is
    the share of proposals that swap.
    """

    steps: int
    hot: float
    cold: float
    soft: float
    hard: float
    last: float
    swaps: float


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


@compiled
def drawn(state: NDArray[np.uint64]) -> float:
    """Next number in [0, 1) (Marsaglia 2003, xorshift64)."""
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    return float(x >> np.uint64(11)) * 1.1102230246251565e-16


@compiled
def pull(
    start: Ints, neighbour: Ints, cost: Floats, label: Ints,
    base: Ints, worth: float, node: int, part: int,
) -> float:  # fmt: skip
    """Metres of border and of moved households if ``node`` goes to ``part``, all else as it is."""
    here = label[node]
    metres = 0.0
    for side in range(start[node], start[node + 1]):
        there = label[neighbour[side]]
        length = cost[side]
        # two selects instead of two branches that no processor can foresee
        metres += (length if there == here else 0.0) - (length if there == part else 0.0)
    if base[node] == here:
        metres += worth
    elif base[node] == part:
        metres -= worth
    return metres


@compiled
def missing(low: float, high: float, a: float, b: float, given: float) -> float:
    """Change of what two parts miss of the band if the first gives households to the second."""
    return (
        max(low - a + given, a - given - high, 0.0)
        - max(low - a, a - high, 0.0)
        + max(low - b - given, b + given - high, 0.0)
        - max(low - b, b - high, 0.0)
    )


@compiled
def annealed(net: Net, board: Board, terms: Terms, plan: Schedule, seed: int) -> Ints:
    """Search from the division on the board, then make every move that still gains.

    The board ends where no flip or swap gains anything at the last price of missing the band.
    Returned is the best division met on the way (least miss of the band, then metres), which a
    start within the band can win against an end just beside it.
    """
    start, neighbour, back, cost, homes, work, base, free, is_open = net
    label, households, load, size, cut, at, cuts, mark, queue, stamp = board
    low, high = terms.low, terms.high
    even, even_load = terms.balance / terms.mean**2, terms.load / terms.load_mean**2
    state = np.zeros(1, np.uint64)
    state[0] = np.uint64(seed * 2 + 1) * np.uint64(0x9E3779B97F4A7C15)
    best = label.copy()
    best_miss, best_metres = total(net, board, terms)
    look = left = max(len(label), 64)
    each = max(plan.steps // _ROUNDS, 1)
    heat, slope = plan.hot, plan.soft / terms.mean
    step, cursor, moves, passes = 0, 0, 0, 0
    while True:
        if step < plan.steps:
            if step % each == 0:
                past = step / plan.steps
                heat = plan.hot * (plan.cold / plan.hot) ** past
                slope = plan.soft * (plan.hard / plan.soft) ** past / terms.mean
            step += 1
            if cuts[0] == 0:
                break
            side = cut[int(drawn(state) * cuts[0])]
            both = drawn(state) < plan.swaps
        else:
            if step == plan.steps:
                step += 1
                heat, slope = 0.0, plan.last / terms.mean
            if cursor == 2 * len(neighbour):
                passes += 1
                if moves == 0 or passes == _PASSES:
                    break
                cursor, moves = 0, 0
            side, both = cursor // 2, cursor % 2 == 1
            cursor += 1
            if at[side] < 0:
                continue
        node, other = neighbour[back[side]], neighbour[side]
        a, b = label[node], label[other]
        give, give_load = homes[node], work[node]
        metres = pull(start, neighbour, cost, label, base, terms.stability * give, node, b)
        if both:
            if not (free[other] and is_open[a]):
                continue
            worth = terms.stability * homes[other]
            metres += 2.0 * cost[side]
            metres += pull(start, neighbour, cost, label, base, worth, other, a)
            give -= homes[other]
            give_load -= work[other]
        elif size[a] <= 1:
            continue
        metres += slope * missing(low, high, households[a], households[b], give)
        if even > 0.0:
            metres += 2.0 * even * give * (give - households[a] + households[b])
        if even_load > 0.0:
            metres += 2.0 * even_load * give_load * (give_load - load[a] + load[b])
        if step > plan.steps:
            if metres > -_LEAST:
                continue
        elif metres > 0.0 and (metres > 20.0 * heat or drawn(state) >= np.exp(-metres / heat)):
            continue
        label[node] = b
        if both:
            label[other] = a
        if not linked(start, neighbour, label, mark, queue, stamp, node, a) or (
            both and not linked(start, neighbour, label, mark, queue, stamp, other, b)
        ):
            label[node], label[other] = a, b
            continue
        moves += 1
        households[a] -= give
        households[b] += give
        load[a] -= give_load
        load[b] += give_load
        if not both:
            size[a] -= 1
            size[b] += 1
        for turn in range(2 if both else 1):
            here = node if turn == 0 else other
            for way in range(start[here], start[here + 1]):
                listed(neighbour, free, is_open, label, cut, at, cuts, way, here)
                listed(neighbour, free, is_open, label, cut, at, cuts, back[way], neighbour[way])
        left -= 1
        if left <= 0 and step <= plan.steps:
            left = look
            miss, total_metres = total(net, board, terms)
            if miss < best_miss - 1e-9 or (miss < best_miss + 1e-9 and total_metres < best_metres):
                best_miss, best_metres = miss, total_metres
                best[:] = label
    return best


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
