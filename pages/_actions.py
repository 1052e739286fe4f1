"""What can be done with what the panel shows: go in, go back, download."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from pages._desk import MAP, PANEL, Desk, goes, here
from pages._html import join, plain
from pages._text import later

INCIDENTS: Final = later("Incidents")
AREAS: Final = later("Areas with figures")
BUILDINGS: Final = later("Buildings")
FILES: Final = (
    ("incidents.xlsx", INCIDENTS, "Excel"),
    ("incidents.csv", INCIDENTS, "CSV"),
    ("incidents.geojson", INCIDENTS, "GeoJSON"),
    ("incidents.gpkg", INCIDENTS, "GeoPackage"),
    ("areas.xlsx", AREAS, "Excel"),
    ("areas.geojson", AREAS, "GeoJSON"),
    ("areas.gpkg", AREAS, "GeoPackage"),
    ("buildings.xlsx", BUILDINGS, "Excel"),
    ("buildings.geojson", BUILDINGS, "GeoJSON"),
    ("buildings.gpkg", BUILDINGS, "GeoPackage"),
)
OF_A_BUILDING: Final = tuple(file for file in FILES if file[1] != AREAS)


def _into(code: str) -> None:
    goes(here().drilled(code))


def _close() -> None:
    goes(here().closed(), PANEL, MAP)


def downloads(desk: Desk, files: Sequence[tuple[str, str, str]] = FILES) -> Markup:
    """Give links to exactly what this panel lists, in each format."""
    asked = urlencode(desk.address.to_query())
    return Markup('<nav class="gm-links">{}</nav>').format(
        join(
            Markup('<a href="/download/{}?{}" download>{}<span>{}</span></a>').format(
                name, asked, desk.t(what), form
            )
            for name, what, form in files
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


def draw_back(desk: Desk, files: Sequence[tuple[str, str, str]] = ()) -> None:
    """Draw the way back from an incident or a building, and what can be downloaded there."""
    t = desk.t
    with st.container(key="actions", horizontal=True, vertical_alignment="center"):
        st.button(
            plain(t("Back to {name}").format(name=behind(desk))), key="back", on_click=_close,
            icon=":material/arrow_back:", type="tertiary",
        )  # fmt: skip
        if files:
            with st.popover(t("Download"), key="download", icon=":material/download:"):
                st.html(downloads(desk, files))


def behind(desk: Desk) -> str:
    """Name what lies behind the item that is open: the building it was opened from, or the area."""
    if desk.address.incident and desk.address.building:
        return desk.t("the building")
    return desk.place.area.name
