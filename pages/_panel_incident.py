"""The panel of an incident: what, where, until when, what to do next, and what has been done."""

import streamlit as st

from data.store import StoreUnavailable
from pages._actions import draw_back
from pages._deadline import clocks
from pages._desk import FIGURES, MAP, PANEL, Desk, goes, here
from pages._html import facts, heading, note
from pages._incident import fact_rows, head, load, party_rows
from pages._items import draw_items
from pages._messages import words
from pages._photos import draw_gallery
from pages._steps import draw_steps
from pages._timeline import timeline
from rules.access import OutsideScope


def _building(code: str) -> None:
    goes(here().with_building(code), PANEL, MAP)


def draw_incident(desk: Desk) -> None:
    """Draw the incident that is open, and below it the list it came from."""
    t, number = desk.t, desk.address.incident
    draw_back(desk)
    try:
        found = load(desk, number)
    except (OutsideScope, StoreUnavailable) as error:
        st.html(note(words(error, t)))
        return
    st.html(head(found.row, desk))
    st.html(clocks(found, desk))
    draw_steps(desk, found, parts=(PANEL, MAP, FIGURES))
    st.html(facts(fact_rows(found, desk)))
    st.html(heading(t("Parties")))
    st.html(facts(party_rows(found, desk)))
    with st.container(key="ways", horizontal=True, vertical_alignment="center"):
        st.page_link(
            "item.py", label=t("Open as a page"), icon=":material/open_in_full:",
            query_params={"incident": number},
        )  # fmt: skip
        if found.detail.building_code:
            st.button(
                t("Show the building"), key="to_building", icon=":material/apartment:",
                on_click=_building, args=(found.detail.building_code,),
            )  # fmt: skip
    if found.photos:
        draw_gallery(desk, found)
    st.html(heading(t("Course of events")))
    st.html(timeline(found, desk))
    draw_items(desk, area_id=desk.place.area.id, chosen_number=number)
