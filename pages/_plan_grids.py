"""The grids of a plan as a table: how each stands to the band, and what it costs to be there."""

from dataclasses import dataclass, replace
from typing import Final

import streamlit as st
from markupsafe import Markup

from data.plan_figures import GridFigures, PlanFigures
from pages._format import count
from pages._html import heading, join, plain
from pages._plan_address import PLAN_MAP, PLAN_PANEL, look_at, plan_here
from pages._plan_desk import Bench
from pages._plan_grid import draw_grid
from pages._plan_words import VERDICTS, metres, signed
from pages._text import Translate, later

COLUMNS: Final = (
    (later("Grid"), later("Name and last digits of the code")),
    (later("Households"), later("The green part of the bar is the band that is aimed at")),
    (later("Load"), later("Minutes a week over the last year; items that are open now")),
    (later("Chief posts"), later("Building chiefs there are / one for each 100 households")),
    (later("Form"), later("Polsby-Popper: 1 is a circle, 0 a thread")),
    (later("Walk"), later("To the grid's centre: on average, and from the farthest building")),
    (later("Moved"), later("Households that come and go, against the start")),
)


def _choose(label: str) -> None:
    here = plan_here()
    look_at(replace(here, grid="" if here.grid == label else label), PLAN_PANEL, PLAN_MAP)


@dataclass(frozen=True)
class Scale:
    """What bars are drawn on: the band, and the households at their right end."""

    band: tuple[int, int]
    most: int


def scale_of(figures: PlanFigures, band: tuple[int, int]) -> Scale:
    """Give the scale that every grid fits on."""
    return Scale(band, max([band[1] * 5 // 4, *(grid.households for grid in figures.grids)]))


def bar(grid: GridFigures, scale: Scale) -> Markup:
    """Give the households as a bar with the band marked on it."""
    low, high = (100 * n / scale.most for n in scale.band)
    tone = VERDICTS[grid.verdict][1]
    return Markup(
        '<span class="gm-band"><u style="left:{}%;width:{}%"></u>'
        '<i class="gm-{}" style="width:{}%"></i></span>'
    ).format(f"{low:.1f}", f"{high - low:.1f}", tone, f"{100 * grid.households / scale.most:.1f}")


def ordered(figures: PlanFigures) -> list[GridFigures]:
    """Give the grids by their codes, new ones last."""
    return sorted(figures.grids, key=lambda grid: (grid.mark.code or "~", grid.label))


def row(grid: GridFigures, name: str, scale: Scale, t: Translate) -> Markup:
    """Give the line of one grid."""
    word, tone = VERDICTS[grid.verdict]
    code = grid.mark.code[-3:] or t("new")
    few = " gm-warn-text" if grid.chiefs < grid.chiefs_wanted else ""
    cells = (
        Markup("<b>{}</b><small>{}</small>").format(name, code),
        Markup('<em>{}</em> <small class="gm-{}-text">{}</small>{}').format(
            count(grid.households), tone, t(word), bar(grid, scale)
        ),
        Markup("{}<small>{}</small>").format(
            t("{n} min").format(n=count(grid.load)), t("{n} open").format(n=count(grid.open))
        ),
        Markup('<span class="{}">{}/{}</span>').format(few, grid.chiefs, grid.chiefs_wanted),
        Markup("{}").format(f"{grid.polsby_popper:.2f}"),
        Markup("{}<small>{}</small>").format(
            metres(grid.walk_mean, t), metres(grid.walk_max, t)
        ),
        Markup("{}<small>{}</small>").format(signed(grid.moved_in), signed(-grid.moved_out)),
    )  # fmt: skip
    return Markup('<div class="gm-grid-row">{}</div>').format(
        join(Markup("<div>{}</div>").format(cell) for cell in cells)
    )


def head(t: Translate) -> Markup:
    """Give the names of the columns."""
    return Markup('<div class="gm-grid-row gm-grid-head">{}</div>').format(
        join(Markup('<div title="{}">{}</div>').format(t(why), t(name)) for name, why in COLUMNS)
    )


def draw_grids(bench: Bench, figures: PlanFigures) -> None:
    """Draw the table; the chosen grid opens below its line."""
    t, band = bench.t, bench.shown.state.band
    fits = t("{n} of {total} within {low}–{high} households").format(
        n=figures.in_band, total=figures.banded, low=band[0], high=band[1]
    )
    st.html(heading(t("Grids"), fits))
    scale = scale_of(figures, band)
    with st.container(key="grid_table"):
        st.html(head(t))
        for grid in ordered(figures):
            on = grid.label == bench.address.grid
            with st.container(key=f"grid_row_{'on_' if on else ''}{grid.label}"):
                st.html(row(grid, bench.name(grid.label), scale, t))
                st.button(
                    plain(grid.mark.name), key=f"pick_{grid.label}", on_click=_choose,
                    args=(grid.label,),
                )  # fmt: skip
            if on:
                draw_grid(bench, grid)
