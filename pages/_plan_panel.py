"""The panel of a plan: tabs, each of them live after every edit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import streamlit as st

from data.plan_figures import figures
from pages import _session
from pages._html import plain
from pages._plan_address import PLAN_PANEL, TABS, Tab, look_at, plan_here
from pages._plan_checks import draw_checks
from pages._plan_desk import Bench, at_plan
from pages._plan_grids import draw_grids
from pages._plan_history import draw_history
from pages._plan_moves import draw_moves
from pages._plan_propose import draw_propose
from pages._plan_totals import draw_totals
from pages._text import later

NAMES: Final[dict[Tab, str]] = {
    "grids": later("Grids"),
    "totals": later("Totals"),
    "propose": later("Propose"),
    "checks": later("Checks"),
    "moves": later("Moves"),
    "history": later("History"),
}


DRAW: Final[dict[Tab, Callable[[Bench], None]]] = {
    "grids": lambda bench: draw_grids(bench, figures(bench.shown)),
    "totals": lambda bench: draw_totals(bench, figures(bench.shown)),
    "propose": draw_propose,
    "checks": draw_checks,
    "moves": draw_moves,
    "history": draw_history,
}


def _turn() -> None:
    tab = _session.widget("plan_tab")
    look_at(replace(plan_here(), tab=tab or plan_here().tab), PLAN_PANEL)


def draw_tabs(bench: Bench) -> None:
    """Draw the tabs; proposals are for who may draw."""
    names = {tab: plain(bench.t(NAMES[tab])) for tab in TABS}
    _session.keep_widget("plan_tab", bench.address.tab)
    st.segmented_control(
        bench.t("Part"), TABS, key="plan_tab", on_change=_turn, label_visibility="collapsed",
        format_func=lambda tab: names[tab],
    )  # fmt: skip


@st.fragment(key=PLAN_PANEL)
@at_plan
def draw_panel(bench: Bench) -> None:
    """Draw the tabs and what the chosen one shows, in a room of its own."""
    draw_tabs(bench)
    side = _session.turn(PLAN_PANEL, bench.address.tab)
    if side:
        st.empty()
    room = st.container(key=f"about_{side}")
    if not side:
        st.empty()
    with room:
        DRAW[bench.address.tab](bench)
