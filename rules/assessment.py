"""Assessment: the measures that work is judged by, as formulas on plain counts.

Every measure is a share: of so many items, so many count. Nobody is judged by how much is
reported, for a quota on reports invites made-up ones, and no measure is added up with another:
the overall view only says how many marks are reached. Domain reference, chapter 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Verdict = Literal["good", "fair", "bad", "few", "none"]
Better = Literal["high", "low"]


@dataclass(frozen=True)
class Measure:
    """A measure: names, its formula in words, what is counted and out of what.

    ``items`` says what stands behind the numbers: incidents, or buildings.
    """

    key: str
    zh: str
    en: str
    counted: tuple[str, str]
    out_of: tuple[str, str]
    better: Better = "high"
    items: Literal["incident", "building"] = "incident"

    @property
    def formula(self) -> tuple[str, str]:
        """The formula in Chinese and English."""
        return (
            f"{self.zh} = {self.counted[0]} ÷ {self.out_of[0]}",
            f"{self.en} = {self.counted[1]} ÷ {self.out_of[1]}",
        )


@dataclass(frozen=True)
class Count:
    """Numerator and denominator of a measure."""

    counted: int = 0
    out_of: int = 0

    @property
    def rate(self) -> float | None:
        """The share, from 0 to 1; ``None`` of nothing."""
        return self.counted / self.out_of if self.out_of else None


_MEASURES = (
    Measure(
        "response", "按时响应率", "Response rate",
        ("期内上报且在响应时限内受理的事件",
         "incidents reported in the period and responded to within the limit"),
        ("期内上报且已响应或已到响应时限的事件",
         "incidents reported in the period that were responded to or whose limit has passed"),
    ),
    Measure(
        "on_time", "按期办结率", "On-time closing rate",
        ("期内按期处置完成的事件", "incidents resolved in the period before they were due"),
        ("期内处置完成的事件与期末仍超期未办结的事件",
         "incidents resolved in the period, and those open and overdue at its end"),
    ),
    Measure(
        "satisfaction", "满意率", "Satisfaction",
        ("期内评价为4至5分的事件", "incidents given 4 or 5 of 5 in the period"),
        ("期内已评价的事件", "incidents evaluated in the period"),
    ),
    Measure(
        "coverage", "巡查覆盖率", "Patrol coverage",
        ("期内走访过的楼栋", "buildings visited in the period"),
        ("负责的全部楼栋", "all buildings in charge"),
        items="building",
    ),
    Measure(
        "returns", "退回率", "Return rate",
        ("期内被退回的事件", "incidents sent back in the period"),
        ("期内派出或被退回的事件", "incidents dispatched or sent back in the period"),
        "low",
    ),
    Measure(
        "reopens", "重开率", "Reopen rate",
        ("期内因不满意等重开的事件", "incidents reopened in the period"),
        ("期内处置完成或重开的事件", "incidents resolved or reopened in the period"),
        "low",
    ),
)  # fmt: skip

MEASURES: Final[dict[str, Measure]] = {measure.key: measure for measure in _MEASURES}

SATISFIED: Final = 4
"""Scores from here on (of 5) count as satisfied."""


@dataclass(frozen=True)
class Target:
    """Marks of a measure, as shares: from ``good`` on it is reached; beyond ``bad`` it is missed.

    Where a low share is better, ``good`` is the smaller number.
    """

    good: float
    bad: float


TARGETS: Final[dict[str, Target]] = {
    "response": Target(0.95, 0.85),
    "on_time": Target(0.95, 0.85),
    "satisfaction": Target(0.90, 0.80),
    "coverage": Target(0.90, 0.60),
    "returns": Target(0.05, 0.15),
    "reopens": Target(0.03, 0.10),
}
"""Marks by measure [practice]."""

FEW: Final = 5
"""A share of fewer items says little about anybody and is not judged."""


def judge(measure: Measure, count: Count, target: Target, *, few: int = FEW) -> Verdict:
    """Hold a count against its marks; ``few`` and ``none`` are no verdict on the work."""
    rate = count.rate
    if rate is None:
        return "none"
    if count.out_of < few:
        return "few"
    if measure.better == "high":
        return "good" if rate >= target.good else "bad" if rate < target.bad else "fair"
    return "good" if rate <= target.good else "bad" if rate > target.bad else "fair"


@dataclass(frozen=True)
class Overall:
    """How many of the judged measures reach their mark, and which are missed."""

    reached: int
    judged: int
    missed: tuple[str, ...]


def overall(
    counts: Mapping[str, Count], targets: Mapping[str, Target], *, few: int = FEW
) -> Overall:
    """Sum up the verdicts of one subject; how much was reported plays no part."""
    verdicts = {
        key: judge(MEASURES[key], count, targets[key], few=few) for key, count in counts.items()
    }
    judged = [key for key, verdict in verdicts.items() if verdict in {"good", "fair", "bad"}]
    return Overall(
        reached=sum(verdicts[key] == "good" for key in judged),
        judged=len(judged),
        missed=tuple(key for key in MEASURES if verdicts.get(key) == "bad"),
    )
