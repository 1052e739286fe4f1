"""The plan as a whole: the three principles as numbers, now beside before."""

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from data.plan_figures import PlanFigures, before
from data.plan_stability import stability
from pages._format import count
from pages._html import heading, join, note
from pages._plan_band import draw_band
from pages._plan_desk import Bench
from pages._plan_measures import Line, manageable, near
from pages._text import Translate


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
    if line.shown[0] != line.shown[1] and change:
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
