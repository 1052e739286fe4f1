"""A proposal: a start, annealed search, repair, and parts that keep their numbers."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.partition.adapt import adapted
from geo.partition.divide import divided
from geo.partition.problem import Problem, Wish
from geo.partition.search import Course, Setting, given_back, repaired, searched, setting, value
from geo.partition.stability import renamed

Ints = NDArray[np.int64]

_SMALL: Final = 500
"""Up to so many nodes several starts are tried and the best kept."""


@dataclass(frozen=True)
class Attempt:
    """One search: how it is led, and the share of its worth that a household staying keeps."""

    course: Course
    stay: float = 1.0


_USUAL: Final = (Attempt(Course()),)
_SEVERAL: Final = (Attempt(Course(hot=3.0, cold=0.03, soft=1.0, hard=100.0, swaps=0.2)),) * 4
"""Small problems can afford to leave the band for long; the best met on the way counts."""
_STRICT: Final = (
    Attempt(Course(hot=2.0, soft=1_000.0)),
    Attempt(Course(hot=2.0, soft=1_000.0), stay=0.3),
)
"""What follows while the band is missed: it comes before borders, and before staying."""


def steps_for(nodes: int) -> int:
    """Proposals worth their time for so many nodes."""
    return int(min(max(6_000 * nodes, 60_000), 50_000_000))


def _start(case: Setting, wish: Wish, seed: int) -> Ints:
    """Start afresh if households need not stay and none are held, else from the present parts."""
    net = case.nodes.net
    if (wish.stability > 0 and (net.base >= 0).any()) or not (net.free.all() and net.open.all()):
        return adapted(net, net.base, wish.parts, seed=seed)
    return divided(net, wish.parts, seed=seed)


def _loosened(case: Setting, stay: float) -> Setting:
    return replace(case, terms=case.terms._replace(stability=case.terms.stability * stay))


def propose(problem: Problem, wish: Wish, *, seed: int) -> Ints:
    """Divide the cells into as many parts as wished.

    Returns the part of each cell. A number below that of base parts means the same part as
    before; new parts have the numbers after (``geo.partition.stability.renamed``). The same seed
    gives the same division.
    """
    case = setting(problem, wish)
    net = case.nodes.net
    first = _SEVERAL if len(net.free) <= _SMALL else _USUAL
    steps = (wish.steps or steps_for(len(net.free))) // len(first)
    labels = best = _start(case, wish, seed)
    for turn, attempt in enumerate((*first, *_STRICT)):
        missed = value(case, net, best)[0] > 0
        if turn >= len(first) and not missed:
            break
        if len(first) > 1:
            labels = _start(case, wish, seed + turn)
        found = searched(
            _loosened(case, attempt.stay), labels, attempt.course, steps=steps, seed=seed + turn
        )
        labels = repaired(case, found[0], attempt.course, steps=steps // 3, seed=seed + turn)
        best = min(best, labels, found[1], key=lambda one: value(case, net, one))
    if wish.stability > 0:
        best = given_back(case, best)
    labels = best[case.nodes.of_cell]
    return renamed(problem.households, problem.base, labels, problem.closed, held=problem.held)
