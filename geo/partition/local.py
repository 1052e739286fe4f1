"""Work on a few parts: one repaired with its neighbours, one divided into smaller ones."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.cell_graph import CellGraph
from geo.partition.problem import Band, Problem, Wish
from geo.partition.search import Course, mended, setting
from geo.partition.solve import propose

Ints = NDArray[np.int64]

_STAY: Final = 0.3
"""Metres that a household staying in its part is worth while a part is repaired."""
_STEPS: Final = 200_000
_COURSE: Final = Course(soft=200.0)


def fix_part(problem: Problem, labels: Ints, part: int, *, seed: int) -> Ints:
    """Bring one part into the band with its neighbours alone; other parts stay as they are.

    The part and its neighbours keep as many of their present households as that allows. Labels
    come back unchanged where nothing better is found.
    """
    now = replace(problem.rebased(labels), fixed=problem.held & (problem.base == labels))
    case = setting(now, Wish(len(np.unique(labels)), stability=_STAY))
    start = case.nodes.labels(labels, problem.households)
    found = mended(case, start, np.array([part]), _COURSE, steps=_STEPS, seed=seed)
    return np.asarray(found[case.nodes.of_cell], np.int64)


def nest(
    graph: CellGraph, households: Ints, base: Ints, *, target: float = 100.0, seed: int
) -> Ints:
    """Divide one part's cells into areas of about ``target`` households, band ±30 %.

    ``base`` holds the present areas (0 … k-1, -1 for none); as many of their households as the
    band allows keep their area.
    """
    total = float(households.sum())
    parts = min(max(round(total / target), 1), len(graph))
    problem = Problem.of(graph, households, Band(0.7 * target, 1.3 * target), base=base)
    stability = 1.0 if (base >= 0).any() else 0.0
    return propose(problem, Wish(parts, stability=stability), seed=seed)
