"""One grid of a plan: its details, and what can be done with it."""

import streamlit as st

from data.plan_figures import GridFigures
from pages._format import count
from pages._html import facts
from pages._plan_desk import Bench
from pages._plan_words import metres
from pages._text import Translate


def details(grid: GridFigures, t: Translate) -> list[tuple[str, str]]:
    """Give what the table has no column for."""
    return [
        (t("Code"), grid.mark.code or t("given when published")),
        (t("Buildings"), count(grid.buildings)),
        (t("Area"), t("{n} ha").format(n=f"{grid.hectares:,.1f}")),
        (t("Reock"), f"{grid.reock:.2f}"),
        (t("Shared border"), metres(grid.border, t)),
        (t("Estates divided"), count(grid.estates_split)),
        (t("Main roads and rivers inside"), metres(grid.barriers_crossed, t)),
    ]


def draw_grid(bench: Bench, grid: GridFigures) -> None:
    """Draw the details of the chosen grid."""
    with st.container(key="grid_details"):
        st.html(facts(details(grid, bench.t)))
