"""The figures an area can be coloured by: their formulas, and how values fall into classes."""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Classing = Literal["quantiles", "equal"]

PERIOD_DAYS: Final = 365
"""Period of the per-household and satisfaction figures when no time window is chosen."""


@dataclass(frozen=True)
class Sums:
    """What is summed for one area; every figure is computed from these.

    ``open``, ``overdue``, ``due_soon`` (due within 24 h), ``new`` (reported in the last 24 h) and
    ``unassigned`` count incidents; ``items`` counts the incidents of the whole filter.
    ``reported``, ``closed``, ``closed_on_time``, ``evaluated`` and ``satisfied`` count over the
    period. ``effort`` is weighted open effort, ``duty`` patrol and visits due, ``capacity`` the
    working time available, all in minutes of a week. ``chiefs`` counts building chiefs and
    ``chiefless`` the inhabited buildings that have none.
    """

    households: int = 0
    items: int = 0
    open: int = 0
    overdue: int = 0
    due_soon: int = 0
    new: int = 0
    unassigned: int = 0
    reported: int = 0
    closed: int = 0
    closed_on_time: int = 0
    evaluated: int = 0
    satisfied: int = 0
    effort: float = 0.0
    duty: float = 0.0
    capacity: float = 0.0
    chiefs: int = 0
    chiefless: int = 0


def load_ratio(effort: float, duty: float, capacity: float) -> float | None:
    """Workload against capacity: (weighted open effort + duty) / capacity, all in minutes.

    Domain reference, chapter 5. ``None`` where there is no capacity.
    """
    return (effort + duty) / capacity if capacity > 0 else None


HOUSEHOLDS_PER_CHIEF: Final = 100
"""Households that one building chief looks after [source: one chief per 100 households]."""

OVERLOADED: Final = 1.2
SPARE: Final = 0.5
"""Load ratios above and below which a person or grid counts as overloaded or spare [practice]."""


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass(frozen=True)
class Figure:
    """A figure: key, names, formula over :class:`Sums`, how to print it, which end is bad."""

    key: str
    zh: str
    en: str
    value: Callable[[Sums], float | None]
    form: Literal["count", "ratio", "rate", "percent", "number"]
    worse: Literal["high", "low"] = "high"


_FIGURES = (
    Figure("open", "未办结", "Open", lambda s: s.open, "count"),
    Figure("overdue", "超期", "Overdue", lambda s: s.overdue, "count"),
    Figure("due_soon", "24小时内到期", "Due within 24 h", lambda s: s.due_soon, "count"),
    Figure("new", "24小时新增", "New in 24 h", lambda s: s.new, "count"),
    Figure(
        "load", "工作负荷", "Workload / capacity",
        lambda s: load_ratio(s.effort, s.duty, s.capacity), "ratio",
    ),
    Figure(
        "per_100", "每百户事件", "Per 100 households",
        lambda s: 100 * s.reported / s.households if s.households else None, "rate",
    ),
    Figure(
        "satisfaction", "满意率", "Satisfaction",
        lambda s: _share(s.satisfied, s.evaluated), "percent", "low",
    ),
    Figure(
        "per_chief", "栋长人均户数", "Households per chief",
        lambda s: s.households / s.chiefs if s.chiefs else None, "number",
    ),
    Figure("chiefless", "无栋长楼栋", "Buildings without chief", lambda s: s.chiefless, "count"),
    Figure("items", "筛选事项", "Filtered items", lambda s: s.items, "count"),
)  # fmt: skip

FIGURES: Final[dict[str, Figure]] = {figure.key: figure for figure in _FIGURES}
DEFAULT_FIGURE: Final = "open"


def class_breaks(
    values: Sequence[float | None], *, classing: Classing, classes: int = 5
) -> list[float]:
    """Upper bounds of the colour classes, ascending and distinct; at most ``classes`` of them.

    ``None`` and non-finite values are left out. Quantile bounds are values that occur (the
    lower of the two neighbours), so few distinct values give few classes, never empty ones, and
    a crowd of equal values (areas with nothing open) leaves the other classes to the rest.
    """
    known = sorted(v for v in values if v is not None and math.isfinite(v))
    if not known:
        return []
    low, high = known[0], known[-1]
    if classing == "equal":
        bounds = [low + (high - low) * (i + 1) / classes for i in range(classes)]
        bounds[-1] = high
    else:
        bounds = _quantiles(known, classes)
    return sorted(set(bounds))


def _quantiles(known: list[float], classes: int) -> list[float]:
    """Bounds of equally filled classes; a value that fills several takes one of them only."""
    bounds: list[float] = []
    while known and len(bounds) < classes:
        bound = known[(len(known) - 1) // (classes - len(bounds))]
        bounds.append(bound)
        known = known[bisect_right(known, bound) :]
    return bounds
