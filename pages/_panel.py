"""The panel beside the map: the smallest thing that is open, else the selected area."""

import streamlit as st

from pages._desk import PANEL, Desk, at_desk
from pages._panel_area import draw_area
from pages._panel_building import draw_building
from pages._panel_incident import draw_incident


@st.fragment(key=PANEL)
@at_desk
def draw_panel(desk: Desk) -> None:
    """Draw what the URL says is open."""
    if desk.address.incident:
        draw_incident(desk)
    elif desk.address.building:
        draw_building(desk)
    else:
        draw_area(desk)
