"""What can be done with what the panel shows: go in, go back, download."""

from collections.abc import Mapping
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
FILES: Final = {"incidents": INCIDENTS, "areas": AREAS, "buildings": BUILDINGS}
OF_A_BUILDING: Final = {"incidents": INCIDENTS, "buildings": BUILDINGS}
FORMS: Final = {"xlsx": "Excel", "csv": "CSV", "geojson": "GeoJSON", "gpkg": "GeoPackage"}


def _into(code: str) -> None:
    goes(here().drilled(code))


def _close() -> None:
    goes(here().closed(), PANEL, MAP)


def downloads(desk: Desk, files: Mapping[str, str]) -> Markup:
    """Give links to exactly what this panel shows, in each format."""
    asked = urlencode(desk.address.to_query())

    def links(name: str) -> Markup:
        link = Markup('<a href="/download/{}.{}?{}" download>{}</a>')
        return join(link.format(name, end, asked, form) for end, form in FORMS.items())

    row = Markup("<div><b>{}</b>{}</div>")
    rows = join(row.format(desk.t(what), links(name)) for name, what in files.items())
    return Markup('<nav class="gm-links">{}</nav>').format(rows)


def draw_downloads(desk: Desk, files: Mapping[str, str] = FILES) -> None:
    """Draw the button that shows them."""
    with st.popover(desk.t("Download"), key="download", icon=":material/download:"):
        st.html(downloads(desk, files))


def draw_area_actions(desk: Desk) -> None:
    """Draw what can be done with the selected area."""
    place, t = desk.place, desk.t
    with st.container(key="actions", horizontal=True, vertical_alignment="center"):
        if place.area.id != place.at.id:
            code = place.area.code
            st.button(t("Go in"), key="go_in", type="primary", on_click=_into, args=(code,))
            st.button(t("Unselect"), key="unselect", on_click=_close)
        draw_downloads(desk)


def draw_back(desk: Desk, files: Mapping[str, str] | None = None) -> None:
    """Draw the way back from an incident or a building, and what can be downloaded there."""
    t = desk.t
    with st.container(key="actions", horizontal=True, vertical_alignment="center"):
        st.button(
            plain(t("Back to {name}").format(name=behind(desk))), key="back", on_click=_close,
            icon=":material/arrow_back:", type="tertiary",
        )  # fmt: skip
        if files:
            draw_downloads(desk, files)


def behind(desk: Desk) -> str:
    """Name what lies behind the item that is open: the building it was opened from, or the area."""
    if desk.address.incident and desk.address.building:
        return desk.t("the building")
    return desk.place.area.name
