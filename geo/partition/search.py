"""A search on a problem made ready: annealing, then repair of what still misses the band."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.partition.contract import Nodes, contracted, restricted, source_of
from geo.partition.kernel import Net, Schedule, Terms, annealed, board_of, total
from geo.partition.pieces import pieces
from geo.partition.problem import Problem, TooManyParts, Wish

Ints = NDArray[np.int64]

_REPAIRS: Final = 6
"""Rounds of mending parts."""
_REPAIR_STEPS: Final = 60_000
"""Proposals to mend one part."""


@dataclass(frozen=True)
class Course:
    """How a search is led, in mean sides' lengths (see ``kernel.Schedule``)."""

    hot: float = 1.0
    cold: float = 0.1
    soft: float = 20.0
    hard: float = 20_000.0
    swaps: float = 0.15


@dataclass(frozen=True, eq=False)
class Setting:
    """A problem made ready to search: nodes, weights in metres, and the metres of a mean side."""

    nodes: Nodes
    terms: Terms
    metre: float


def setting(problem: Problem, wish: Wish) -> Setting:
    """Contract a problem and put the wish into metres.

    Raises
    ------
    TooManyParts
        If there are fewer nodes than parts, or no part is asked for.
    """
    nodes = contracted(problem, labels=len(problem.closed) + wish.parts)
    net = nodes.net
    if not 1 <= wish.parts <= max(len(net.free), 1):
        raise TooManyParts(wish.parts, len(net.free))
    shut = ~net.free & (net.base >= 0) & ~net.open[net.base]
    count = max(wish.parts - len(np.unique(net.base[shut])), 1)
    costs = np.abs(net.cost)
    metre = float(costs.mean()) if costs.any() else 1.0
    terms = Terms(
        low=float(problem.band.low),
        high=float(problem.band.high),
        mean=max(float(net.households[~shut].sum()) / count, 1e-9),
        load_mean=max(float(net.load[~shut].sum()) / count, 1e-9),
        stability=float(wish.stability),
        balance=wish.balance * metre,
        load=wish.load * metre,
    )
    return Setting(nodes, terms, metre)


def value(case: Setting, net: Net, labels: Ints) -> tuple[float, float]:
    """Return what a division misses of the band (households) and its other metres, to compare."""
    miss, metres = total(net, board_of(net, labels), case.terms)
    return round(miss, 6), metres


def searched(
    case: Setting, labels: Ints, course: Course, *, steps: int, seed: int
) -> tuple[Ints, Ints]:
    """Anneal from a start; return the division at the end and the best on the way.

    No flip or swap of either gains anything more.
    """
    net, metre, seed = case.nodes.net, case.metre, seed % 2**31
    board = board_of(net, labels)
    plan = Schedule(
        steps=steps,
        hot=course.hot * metre,
        cold=course.cold * metre,
        soft=course.soft * metre,
        hard=course.hard * metre,
        last=1e5 * metre,
        swaps=course.swaps,
    )
    best = board_of(net, annealed(net, board, case.terms, plan, seed))
    annealed(net, best, case.terms, plan._replace(steps=0), seed)
    return board.label, best.label


def beside(net: Net, labels: Ints, parts: Ints) -> Ints:
    """Open parts among ``parts`` and the parts that touch them."""
    near = labels[net.neighbour[np.isin(labels, parts)[source_of(net)]]]
    both = np.union1d(parts, near[near >= 0])
    return np.asarray(both[net.open[both]], np.int64)


def mended(
    case: Setting, labels: Ints, parts: Ints, course: Course, *, steps: int, seed: int
) -> Ints:
    """Search among ``parts`` and those beside them; the labels given if nothing better is found."""
    net = case.nodes.net
    near = beside(net, labels, parts)
    nodes = np.flatnonzero(np.isin(labels, near))
    if not len(nodes):
        return labels
    small, before, names = restricted(net, nodes, labels)
    local = replace(case, nodes=Nodes(small, nodes))
    after = min(
        before,
        *searched(local, before, course, steps=steps, seed=seed),
        key=lambda one: value(case, small, one),
    )
    labels = labels.copy()
    labels[nodes] = names[after]
    return labels


def repaired(case: Setting, labels: Ints, course: Course, *, steps: int, seed: int) -> Ints:
    """Mend parts that miss the band, with ever wider surroundings, while proposals are left."""
    net, terms = case.nodes.net, case.terms
    each = max(min(_REPAIR_STEPS, steps), 1)
    for turn in range(_REPAIRS):
        board = board_of(net, labels)
        off = np.maximum(terms.low - board.households, board.households - terms.high)
        missing = np.flatnonzero((off > 0) & (board.size > 0) & net.open)
        for part in missing[np.argsort(-off[missing], kind="stable")]:
            if steps < each:
                return labels
            steps -= each
            ring = np.array([part])
            for _ in range(turn // 2):
                ring = beside(net, labels, ring)
            labels = mended(case, labels, ring, course, steps=each, seed=seed + turn)
        if not len(missing):
            break
    return labels


def groups_away(net: Net, labels: Ints) -> list[Ints]:
    """Touching nodes that went from one part that is still there to one other, group by group."""
    source = source_of(net)
    there = np.append(np.bincount(labels, minlength=len(net.open)) > 0, False)
    away = (net.base >= 0) & (labels != net.base) & net.free & there[net.base]
    way = np.where(away, labels * len(net.open) + net.base, -1)
    piece = np.where(away, pieces(source, net.neighbour, way), -1)
    order = np.argsort(piece, kind="stable")[int((~away).sum()) :]
    return np.split(order, np.flatnonzero(np.diff(piece[order])) + 1) if len(order) else []


def given_back(case: Setting, labels: Ints) -> Ints:
    """Send back every group of nodes that is away for nothing: the division is better without.

    Single nodes and swaps the search tries itself; a group has to go back as one.
    """
    net = case.nodes.net
    source = source_of(net)
    count, now = pieces(source, net.neighbour, labels).max(initial=-1), value(case, net, labels)
    while True:
        before = labels
        for group in groups_away(net, labels):
            tried = labels.copy()
            tried[group] = net.base[group]
            then = value(case, net, tried)
            whole = pieces(source, net.neighbour, tried).max() <= count
            if then < now and whole and len(np.unique(tried)) == len(np.unique(labels)):
                labels, now = tried, then
        if labels is before:
            return labels
