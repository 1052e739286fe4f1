"""A choice of divisions: from the present parts and afresh, with several weights and bands."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.partition.problem import Band, Problem, Wish
from geo.partition.score import Score, score
from geo.partition.solve import propose

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_WIDTHS: Final = (1.0, 0.75, 0.5, 0.3)
_STAY: Final = (0.0, 0.3, 1.0, 3.0, 10.0)
_EVEN: Final = 300.0
"""Weight of evenness in every second division: a part 10 % off costs three sides."""
_STEPS: Final = 600
"""Proposals per node and division."""


@dataclass(frozen=True, eq=False)
class Alternative:
    """A division, its figures, and whether no other is at least as good in all three aims.

    The aims are the largest deviation, the border, and the households moved.
    """

    labels: Ints
    score: Score
    efficient: bool


def efficient(aims: Floats) -> Bools:
    """Which rows no other row beats: none is as small in every column and smaller in one."""
    less = (aims[:, None, :] <= aims[None, :, :]).all(axis=2)
    strictly = (aims[:, None, :] < aims[None, :, :]).any(axis=2)
    return np.asarray(~(less & strictly).any(axis=0), bool)


def _narrowed(band: Band, width: float) -> Band:
    half = (band.high - band.low) / 2 * width
    return Band(band.middle - half, band.middle + half)


def _plans(problem: Problem, parts: Sequence[int], count: int) -> list[tuple[Problem, Wish]]:
    """Bands by weights by numbers of parts, over and over."""
    steps = max(_STEPS * len(problem.graph), 20_000)
    stays = _STAY if (problem.base >= 0).any() else (0.0,)
    return [
        (
            replace(problem, band=_narrowed(problem.band, _WIDTHS[i // len(stays) % len(_WIDTHS)])),
            Wish(
                parts[i // (len(stays) * len(_WIDTHS)) % len(parts)],
                stability=stays[i % len(stays)],
                balance=_EVEN * (i % 2),
                steps=steps,
            ),
        )
        for i in range(count)
    ]


def _wanted(problem: Problem) -> list[int]:
    """Numbers of parts to try: the present one if the band allows it, else the nearest."""
    total = float(problem.households.sum())
    least = int(np.ceil(total / max(problem.band.high, 1e-9)))
    most = max(int(total / max(problem.band.low, 1e-9)), least, 1)
    now = len(problem.closed) or round(total / max(problem.band.middle, 1e-9))
    return [min(max(now, least, 1), most, max(len(problem.graph), 1))]


def alternatives(
    problem: Problem, *, parts: Sequence[int] | None = None, count: int = 100, seed: int
) -> list[Alternative]:
    """Draw ``count`` divisions and return the different ones, the efficient first.

    ``parts`` are the numbers of parts to try (by default the present one as far as the band
    allows it). Divisions are drawn on all processors; the same seed gives the same list.
    """
    plans = _plans(problem, parts or _wanted(problem), count)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        drawn = pool.map(
            lambda at: propose(at[1][0], at[1][1], seed=seed * 1_000_003 + at[0]), enumerate(plans)
        )
        different = {labels.tobytes(): labels for labels in drawn}
    found = [(labels, score(problem, labels)) for labels in different.values()]
    aims = np.array([[s.broken, 1 - s.in_band, s.deviation, s.border, s.moved] for _, s in found])
    best = efficient(aims[:, 2:])
    made = [
        Alternative(labels, figures, bool(good))
        for (labels, figures), good in zip(found, best, strict=True)
    ]
    return sorted(
        made, key=lambda a: (not a.efficient, a.score.broken, a.score.moved, a.score.border)
    )
