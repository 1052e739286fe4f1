"""The workload formula: one place, shown on screen in the same numbers.

Load = (open effort by severity × factor + patrol due + visits due) / capacity, in minutes of a
week; of one person, or of a grid with all its staff. Domain reference, chapter 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rules.figures import load_ratio
from rules.kinds import SEVERITY_WEIGHT, Severity

Standing = Literal["overloaded", "balanced", "spare", "unknown"]


@dataclass(frozen=True)
class Share:
    """Open effort of one severity: standard minutes, and the factor they are taken with."""

    severity: Severity
    minutes: int
    factor: float

    @property
    def weighted(self) -> float:
        """Minutes times factor; factors are whole tenths, so the sum is exact."""
        return self.minutes * tenths(self.factor) / 10


@dataclass(frozen=True)
class Workload:
    """One load with all its parts: what a person or grid carries in a week, in minutes.

    ``shares`` are the open effort by severity, gravest first, without empty ones.
    """

    shares: tuple[Share, ...] = ()
    patrol: int = 0
    visits: int = 0
    capacity: int = 0

    @property
    def effort(self) -> float:
        """Open effort weighted by severity."""
        return sum(share.minutes * tenths(share.factor) for share in self.shares) / 10

    @property
    def duty(self) -> int:
        """Patrol and visits due."""
        return self.patrol + self.visits

    @property
    def ratio(self) -> float | None:
        """Load against capacity; ``None`` where there is no capacity."""
        return load_ratio(self.effort, self.duty, self.capacity)


def tenths(factor: float) -> int:
    """Severity factor in tenths, so that weighted minutes sum up exactly."""
    return round(10 * factor)


def weigh(
    minutes: Mapping[Severity, int], *, patrol: int, visits: int, capacity: int,
    weights: Mapping[Severity, float] = SEVERITY_WEIGHT,
) -> Workload:  # fmt: skip
    """Put a load together from the standard minutes of open items by severity."""
    shares = tuple(
        Share(severity, minutes[severity], weights[severity])
        for severity in sorted(Severity, reverse=True)
        if minutes.get(severity)
    )
    return Workload(shares, patrol, visits, capacity)


def standing(ratio: float | None, *, overloaded: float, spare: float) -> Standing:
    """Name a load ratio: above ``overloaded``, below ``spare``, or in between."""
    if ratio is None:
        return "unknown"
    return "overloaded" if ratio > overloaded else "spare" if ratio < spare else "balanced"


def weighted_effort(effort_minutes: int, severity: Severity) -> float:
    """Minutes an open incident weighs: standard effort times the factor of its severity."""
    return Share(severity, effort_minutes, SEVERITY_WEIGHT[severity]).weighted
