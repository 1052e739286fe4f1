"""A proposal: start, annealed search, descent, repair, and parts that keep their numbers."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.partition.anneal import Schedule, annealed
from geo.partition.board import Net, Terms, board_of, total
from geo.partition.contract import Nodes, contracted, restricted, source_of
from geo.partition.problem import Problem, TooManyParts, Wish
from geo.partition.stability import renamed
from geo.partition.start import adapted, divided

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_HOT: Final = 1.0
_COLD: Final = 0.03
_SOFT: Final = 20.0
_HARD: Final = 20_000.0
"""Temperatures and prices of missing the band, as multiples of the mean side's length."""
_SWAPS: Final = 0.2
_SMALL: Final = 500
"""Up to so many nodes several searches are tried and the best kept."""
_TRIES: Final = 4
_REPAIRS: Final = 6
_REPAIR_STEPS: Final = 60_000


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


def steps_for(nodes: int) -> int:
    """Proposals worth their time for so many nodes."""
    return int(min(max(6_000 * nodes, 60_000), 100_000_000))


def searched(case: Setting, labels: Ints, steps: int, hot: float, seed: int) -> Ints:
    """Anneal from a start, then make every move that still gains."""
    metre = case.metre
    board = board_of(case.nodes.net, labels)
    plan = Schedule(steps, hot * metre, _COLD * metre, _SOFT * metre, _HARD * metre, _SWAPS)
    annealed(case.nodes.net, board, case.terms, plan, seed)
    return board.label


def value(case: Setting, net: Net, labels: Ints) -> tuple[float, float]:
    """Return what a division misses of the band (households) and its other metres, to compare."""
    miss, metres = total(net, board_of(net, labels), case.terms)
    return round(miss, 6), metres


def mended(case: Setting, labels: Ints, parts: Ints, *, steps: int, seed: int) -> Ints:
    """Search among ``parts`` and those beside them; the labels given if nothing better is found."""
    net = case.nodes.net
    source = source_of(net)
    mine = np.isin(labels, parts)
    near = np.union1d(parts, labels[net.neighbour[mine[source]]])
    near = near[net.open[near]]
    nodes = np.flatnonzero(np.isin(labels, near))
    if not len(nodes):
        return labels
    small, before, names = restricted(net, nodes, labels)
    after = searched(replace(case, nodes=Nodes(small, nodes)), before, steps, _HOT, seed)
    if value(case, small, after) >= value(case, small, before):
        return labels
    labels = labels.copy()
    labels[nodes] = names[after]
    return labels


def repaired(case: Setting, labels: Ints, *, steps: int, seed: int) -> Ints:
    """Mend parts that miss the band, each with its neighbours, while that helps."""
    net, terms = case.nodes.net, case.terms
    each = min(_REPAIR_STEPS, steps)
    for turn in range(_REPAIRS):
        board = board_of(net, labels)
        off = np.maximum(terms.low - board.households, board.households - terms.high)
        missing = np.flatnonzero((off > 0) & (board.size > 0) & net.open)
        if not len(missing):
            break
        before = labels
        for part in missing[np.argsort(-off[missing], kind="stable")]:
            if steps <= 0:
                return labels
            steps -= each
            labels = mended(case, labels, np.array([part]), steps=each, seed=seed + turn)
        if labels is before and turn > 1:
            break
    return labels


def _start(case: Setting, wish: Wish, seed: int) -> Ints:
    """Start afresh if households need not stay and none are held, else from the present parts."""
    net = case.nodes.net
    if (wish.stability > 0 and (net.base >= 0).any()) or not net.free.all():
        return adapted(net, net.base, wish.parts, seed=seed)
    return divided(net, wish.parts, seed=seed)


def propose(problem: Problem, wish: Wish, *, seed: int) -> Ints:
    """Divide the cells into as many parts as wished.

    Returns the part of each cell. A number below that of base parts means the same part as
    before; new parts have the numbers after (``geo.partition.stability.renamed``). The same seed
    gives the same division.
    """
    case = setting(problem, wish)
    net = case.nodes.net
    steps = wish.steps or steps_for(len(net.free))
    tries = _TRIES if len(net.free) <= _SMALL else 1
    found = []
    for turn in range(tries):
        start = _start(case, wish, seed + turn)
        labels = searched(case, start, steps // tries, _HOT, seed + turn)
        found.append(repaired(case, labels, steps=steps // tries // 3, seed=seed + turn))
    labels = min(found, key=lambda one: value(case, net, one))
    return renamed(problem.households, problem.base, labels[case.nodes.of_cell], problem.closed)
