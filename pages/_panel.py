"""The panel beside the map: the smallest thing that is open, else the selected area."""

import streamlit as st

from pages import _session
from pages._desk import PANEL, Desk, at_desk
from pages._panel_area import draw_area
from pages._panel_building import draw_building
from pages._panel_incident import draw_incident


def subject(desk: Desk) -> str:
    """Name what the panel is about."""
    address = desk.address
    if address.incident:
        return f"incident {address.incident}"
    return f"building {address.building}" if address.building else f"area {desk.place.area.id}"


@st.fragment(key=PANEL)
@at_desk
def draw_panel(desk: Desk) -> None:
    """Draw what the URL says is open.

    Another subject is drawn in a room of its own and the old room is cleared first, so that no
    line of the one before stands beside it; the same one is renewed in its place.
    """
    side = _session.turn(PANEL, subject(desk))
    if side:
        st.empty()
    room = st.container(key=f"about_{side}")
    if not side:
        st.empty()
    with room:
        if desk.address.incident:
            draw_incident(desk)
        elif desk.address.building:
            draw_building(desk)
        else:
            draw_area(desk)
