"""The plan as a whole: the three principles as numbers, now beside before."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from data.plan_figures import PlanFigures, before
from data.plan_stability import stability
from pages._format import count
from pages._html import heading, join, note
from pages._plan_band import draw_band
from pages._plan_desk import Bench
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


def table(lines: Sequence[Line], t: Translate) -> Markup:
    """Give measures as a table with an arrow for the change and a word for what it is worth."""
    rows = join(_row(line, t) for line in lines)
    return Markup(
        '<table class="gm-table gm-then"><thead><tr><th>{}</th><th class="gm-n">{}</th>'
        '<th class="gm-n">{}</th><th>{}</th></tr></thead><tbody>{}</tbody></table>'
    ).format(t("Measure"), t("Before"), t("Now"), t("Change"), rows)


def _row(line: Line, t: Translate) -> Markup:
    change = line.now - line.was
    said, tone = "＝", "plain"
    if line.shown[0] != line.shown[1]:
        good = change * line.better > 0
        worth = t("better") if good else t("worse")
        said, tone = f"{'▲' if change > 0 else '▼'} {worth}", "good" if good else "bad"
    return Markup(
        '<tr><th>{}</th><td class="gm-n">{}</td><td class="gm-n"><b>{}</b></td>'
        '<td class="gm-{}-text">{}</td></tr>'
    ).format(line.name, *line.shown, tone, said)


def stable(bench: Bench, now: PlanFigures) -> Markup:
    """Give how stable the plan is: what moves, beside what has to move at least."""
    t, least = bench.t, stability(bench.shown)
    share = 100 * now.moved / max(now.households, 1)
    cells = (
        (t("Households that change grid"), f"{count(now.moved)} ({share:.1f}%)"),
        (t("Proven least for this band"), count(least.bound)),
        (t("Grids touched"), f"{now.grids_touched}/{len(bench.shown.start.marks)}"),
        (t("Building chiefs changed"), count(now.chiefs_changed)),
    )
    return Markup('<div class="gm-tiles gm-two">{}</div>').format(
        join(Markup("<div><span>{}</span><b>{}</b></div>").format(k, v) for k, v in cells)
    )


def draw_totals(bench: Bench, now: PlanFigures) -> None:
    """Draw the totals."""
    t, was = bench.t, before(bench.shown)
    st.html(heading(t("Stable"), t("who changes grid")))
    st.html(stable(bench, now))
    st.html(heading(t("Convenient for residents"), t("near, no road or river between")))
    st.html(table(near(was, now, t), t))
    st.html(heading(t("Manageable"), t("even households and loads, simple shapes")))
    st.html(table(manageable(was, now, t), t))
    if now.gone:
        names = t(", ").join(bench.name(gone.label) for gone in now.gone)
        st.html(note(t("Dissolved: {names}").format(names=names)))
    if bench.drawable:
        draw_band(bench)
