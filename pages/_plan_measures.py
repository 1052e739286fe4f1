"""The measures of a plan as a whole, each before and now: near, manageable."""

from dataclasses import dataclass

from data.plan_figures import PlanFigures
from pages._format import count
from pages._plan_words import metres
from pages._text import Translate


@dataclass(frozen=True)
class Line:
    """One measure: its name, the values of before and now as numbers and as words.

    ``better`` is 1 where more is better, -1 where less is.
    """

    name: str
    was: float
    now: float
    shown: tuple[str, str]
    better: int


def _walk(figures: PlanFigures) -> float:
    ways = sum(grid.walk_mean * grid.households for grid in figures.grids)
    return ways / max(figures.households, 1)


def near(was: PlanFigures, now: PlanFigures, t: Translate) -> list[Line]:
    """Say how near residents are to their grid: walks, barriers, estates."""
    walks = _walk(was), _walk(now)
    far = max(g.walk_max for g in was.grids), max(g.walk_max for g in now.grids)
    roads = was.barriers_crossed, now.barriers_crossed
    return [
        Line(t("Mean walk to the centre"), *walks, _both(walks, t), -1),
        Line(t("Longest walk"), *far, _both(far, t), -1),
        Line(t("Main roads and rivers inside"), *roads, _both(roads, t), -1),
        _counted(t("Estates divided"), was.estates_split, now.estates_split),
    ]


def manageable(was: PlanFigures, now: PlanFigures, t: Translate) -> list[Line]:
    """Say how manageable the grids are: the band, loads, form, borders."""
    worst = 100 * was.worst_deviation, 100 * now.worst_deviation
    form, loads = (was.polsby_popper, now.polsby_popper), (_spread(was), _spread(now))
    border = was.border, now.border
    return [
        Line(
            t("Grids within the band"), was.in_band / max(was.banded, 1),
            now.in_band / max(now.banded, 1),
            (f"{was.in_band}/{was.banded}", f"{now.in_band}/{now.banded}"), 1,
        ),
        Line(t("Farthest off the band"), *worst, _percents(worst), -1),
        Line(t("Heaviest load against the mean"), *loads, _percents(loads), -1),
        Line(t("Mean form (Polsby-Popper)"), *form, (f"{form[0]:.2f}", f"{form[1]:.2f}"), 1),
        Line(t("Inner borders"), *border, _both(border, t), -1),
    ]  # fmt: skip


def _spread(figures: PlanFigures) -> float:
    loads = [g.load for g in figures.grids if g.verdict != "dedicated"]
    mean = sum(loads) / max(len(loads), 1)
    return 100 * (max(loads, default=0.0) / mean - 1) if mean else 0.0


def _counted(name: str, was: int, now: int) -> Line:
    return Line(name, was, now, (count(was), count(now)), -1)


def _both(pair: tuple[float, float], t: Translate) -> tuple[str, str]:
    return metres(pair[0], t), metres(pair[1], t)


def _percents(pair: tuple[float, float]) -> tuple[str, str]:
    return f"{pair[0]:.0f}%", f"{pair[1]:.0f}%"
