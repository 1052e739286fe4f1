"""How far people walk to the middle of their area, as the crow flies. All in metres."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ROUNDS: Final = 200
_STILL: Final = 0.001
_NEAR: Final = 0.01
"""Metres: the middle is found when it moves by less than the first; distances below the second
count as it."""


@dataclass(frozen=True)
class Walk:
    """The middle of weighted points, the mean distance to it, and the point farthest from it."""

    middle: tuple[float, float]
    mean: float
    farthest: tuple[float, float]
    longest: float


def walk(xy: Floats, weights: Floats) -> Walk:
    """Find the point from which the weighted mean distance is least (geometric median).

    Parameters
    ----------
    xy
        Points, (n, 2) metres, n > 0.
    weights
        Of each point, not negative; points of weight 0 do not count unless all have it.

    Notes
    -----
    Weiszfeld's iteration (1937), whose steps never lead uphill. It comes to one of the given
    points only slowly, so the best of these is the middle if the iteration finds nothing better.
    """
    used = weights > 0 if (weights > 0).any() else np.ones(len(xy), bool)
    points = xy[used]
    share = weights[used] if (weights > 0).any() else np.ones(len(points))
    share = share / share.sum()
    middle = share @ points
    for _ in range(_ROUNDS):
        pull = share / np.maximum(np.hypot(*(points - middle).T), _NEAR)
        after = pull @ points / pull.sum()
        moved = float(np.hypot(*(after - middle)))
        middle = after
        if moved < _STILL:
            break
    between = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) @ share
    best = int(between.argmin())
    if between[best] <= share @ np.hypot(*(points - middle).T):
        middle = points[best]
    away = np.hypot(*(points - middle).T)
    (x, y), (far_x, far_y) = middle.tolist(), points[int(away.argmax())].tolist()
    return Walk((x, y), float(share @ away), (far_x, far_y), float(away.max()))
