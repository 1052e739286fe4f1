"""Who changes part: names that follow the old parts, households moved, and the least possible."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import coo_matrix

from geo.partition.problem import Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_FAST: Final = 1e9
"""Weight of a cell that is held: more than all households together."""


def moved(households: Ints, base: Ints, labels: Ints) -> int:
    """Households whose part differs; those that had none (-1) do not count."""
    return int(households[(base >= 0) & (base != labels)].sum())


def renamed(
    households: Ints, base: Ints, labels: Ints, closed: Bools, *, held: Bools | None = None
) -> Ints:
    """Name parts so that as many households as possible keep their number (Kuhn 1955).

    A part without a household in common with any base part that is left gets a new number, from
    the first above the base parts. Parts with ``held`` cells, and closed ones, keep theirs first
    of all (``labels`` must leave held cells of one base part together).
    """
    if not len(labels):
        return labels
    old = len(closed)
    parts, small = np.unique(labels, return_inverse=True)
    has = base >= 0
    common = np.zeros((len(parts), max(old, 1)))
    fast = np.append(closed, False)[base] | (False if held is None else held)
    weight = households + 1e-6 + _FAST * fast
    np.add.at(common, (small.ravel()[has], base[has]), weight[has])
    rows, columns = linear_sum_assignment(common, maximize=True)
    name = np.full(len(parts), -1)
    kept = common[rows, columns] > 0
    name[rows[kept]] = columns[kept]
    name[name < 0] = old + np.arange((name < 0).sum())
    return np.asarray(name[small.ravel()], np.int64)


def _now(problem: Problem) -> Floats:
    has = problem.base >= 0
    return np.bincount(
        problem.base[has], problem.households[has], minlength=len(problem.closed)
    ).astype(float)


def moved_bound(problem: Problem, *, parts: int | None = None) -> int:
    """Households that must move at least, whatever the borders: a strict lower bound.

    What base parts have above the band must leave them; what they lack must come to them, as far
    as it cannot come from cells without a part. New parts lack everything; parts that go give
    all. Closed parts do not count.
    """
    now, band = _now(problem)[~problem.closed], problem.band.whole
    extra = 0 if parts is None else parts - len(problem.closed)
    loose = int(problem.households[problem.base < 0].sum())
    excess = float(band.excess(now).sum())
    if extra < 0:
        return math.ceil(max(excess, float(np.sort(now)[:-extra].sum())) - 1e-9)
    lacking = float(band.deficit(now).sum()) + extra * band.low - loose
    return math.ceil(max(excess, lacking, 0.0) - 1e-9)


def moved_flow(problem: Problem) -> int:
    """Households that move if each may go only to a part that now touches its own.

    The least flow between neighbouring base parts that brings all into the band (min-cost flow by
    linear programming); where that is impossible, into it as nearly as possible. A reference, not
    a bound: once borders move, a household can pass two of them at once.
    """
    graph, base = problem.graph, problem.base
    a, b = base[graph.source], base[graph.neighbour]
    k = len(problem.closed)
    use = (a >= 0) & (b >= 0) & (a != b)
    use[use] = ~problem.closed[a[use]] & ~problem.closed[b[use]]
    pairs = np.unique(a[use] * k + b[use])
    give, take = pairs // max(k, 1), pairs % max(k, 1)
    here = np.flatnonzero(~problem.closed)
    now, band = _now(problem), problem.band.whole
    m = len(pairs)
    columns = np.arange(m)
    net = coo_matrix(
        (
            np.tile([-1.0, 1.0], (m, 1)).T.ravel(),
            (np.concatenate([give, take]), np.tile(columns, 2)),
        ),
        shape=(k, m),
    ).toarray()[here]
    slack = np.eye(len(here))
    none = np.zeros_like(slack)
    # now + net flow ≤ high + over;  now + net flow ≥ low - under
    above = np.hstack([net, -slack, none])
    below = np.hstack([-net, none, -slack])
    answer = linprog(
        np.concatenate([np.ones(m), np.full(2 * len(here), 1e4)]),
        A_ub=np.vstack([above, below]),
        b_ub=np.concatenate([band.high - now[here], now[here] - band.low]),
        method="highs",
    )
    return round(float(answer.x[:m].sum()))
