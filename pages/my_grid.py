"""My grid, for the phone first: what to do, where, the round of the week, and my figures."""

from dataclasses import replace
from typing import Final

import streamlit as st

from layers.events import Changed, Selected
from pages import _map
from pages._check_in import draw_check_in
from pages._desk import Desk, at_desk
from pages._mine import MINE, draw_mine
from pages._todo import TODO, draw_todo

GRID_MAP: Final = "grid_map"
COMPONENT: Final = "grid-map"
HEIGHT: Final = 300


def _heard() -> None:
    """Open the item that was tapped; when the record moved on, draw anew what it touches."""
    for event in _map.heard_from(COMPONENT):
        match event:
            case Selected("incident", number):
                st.switch_page("item.py", query_params={"incident": number})
            case Changed():
                st.rerun([TODO, MINE])
            case _:
                continue


@st.fragment(key=GRID_MAP)
@at_desk
def draw_grid_map(desk: Desk) -> None:
    """Draw my grid with its buildings and open items."""
    view = replace(desk.view, area_id=desk.place.root.id, level=None)
    with st.container(key="small_map"):
        _map.mount(desk, COMPONENT, view, height=HEIGHT, heard=_heard)


@at_desk
def draw_page(desk: Desk) -> None:
    """Draw the page: the list first, then the map and the rest."""
    with st.container(key="grid"):
        left, right = st.columns([56, 44], gap="medium")
        with left:
            with st.container(key="to_report"):
                st.page_link(
                    "report.py", label=desk.t("Report something"), icon=":material/add_alert:"
                )
            draw_todo([MINE])
        with right:
            draw_grid_map()
            with st.container(key="round", border=True):
                draw_check_in([MINE])
            with st.container(key="own_figures", border=True):
                draw_mine()


draw_page()
