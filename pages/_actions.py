"""What can be done with what the panel shows: go in, go back, download."""

from typing import Final
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from pages._desk import MAP, PANEL, Desk, goes, here
from pages._html import join, plain
from pages._text import later

INCIDENTS: Final = later("Incidents")
AREAS: Final = later("Areas with figures")
FILES: Final = (
    ("incidents.xlsx", INCIDENTS, "Excel"),
    ("incidents.csv", INCIDENTS, "CSV"),
    ("incidents.geojson", INCIDENTS, "GeoJSON"),
    ("incidents.gpkg", INCIDENTS, "GeoPackage"),
    ("areas.xlsx", AREAS, "Excel"),
    ("areas.geojson", AREAS, "GeoJSON"),
    ("areas.gpkg", AREAS, "GeoPackage"),
)


def _into(code: str) -> None:
    goes(here().drilled(code))


def _close() -> None:
    goes(here().closed(), PANEL, MAP)


def downloads(desk: Desk) -> Markup:
    """Give links to exactly what this panel lists, in each format."""
    asked = urlencode(desk.address.to_query())
    return Markup('<nav class="gm-links">{}</nav>').format(
        join(
            Markup('<a href="/download/{}?{}" download>{}<span>{}</span></a>').format(
                name, asked, desk.t(what), form
            )
            for name, what, form in FILES
        )
    )


def draw_area_actions(desk: Desk) -> None:
    """Draw what can be done with the selected area."""
    place, t = desk.place, desk.t
    with st.container(key="actions", horizontal=True, vertical_alignment="center"):
        if place.area.id != place.at.id:
            code = place.area.code
            st.button(t("Go in"), key="go_in", type="primary", on_click=_into, args=(code,))
            st.button(t("Unselect"), key="unselect", on_click=_close)
        with st.popover(t("Download"), key="download", icon=":material/download:"):
            st.html(downloads(desk))


def draw_back(desk: Desk) -> None:
    """Draw the way back from an incident or a building."""
    name = plain(desk.t("Back to {name}").format(name=desk.place.area.name))
    with st.container(key="actions", horizontal=True):
        st.button(name, key="back", icon=":material/arrow_back:", on_click=_close, type="tertiary")
