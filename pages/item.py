"""One incident on a page of its own: everything about it, and what can be done next."""

from typing import Final

import streamlit as st

from data.store import StoreUnavailable
from pages._deadline import clocks
from pages._desk import Desk, at_desk
from pages._evaluation import draw_evaluation_link
from pages._html import facts, heading, note
from pages._incident import Whole, fact_rows, head, load, party_rows
from pages._messages import words
from pages._photos import draw_photos
from pages._reporter import draw_reporter
from pages._similar import draw_similar
from pages._steps import draw_steps
from pages._timeline import timeline
from rules.access import OutsideScope

ITEM: Final = "item"


def draw_ways(desk: Desk, found: Whole) -> None:
    """Draw the ways from here: to the place on the map, and to paper."""
    area = desk.picture.tree.get(found.row.area_id).code
    with st.container(key="ways", horizontal=True, vertical_alignment="center"):
        st.page_link(
            "command_map.py", label=desk.t("Show on the map"), icon=":material/map:",
            query_params={"at": area, "incident": found.row.number},
        )  # fmt: skip
        st.html(note(desk.t("Printing this page (Ctrl+P) gives the facts and the course only.")))


def draw_facts(desk: Desk, found: Whole) -> None:
    """Draw what is known: facts, parties, reporter."""
    st.html(facts(fact_rows(found, desk)))
    st.html(heading(desk.t("Parties")))
    st.html(facts(party_rows(found, desk)))
    draw_reporter(desk, found, parts=(ITEM,))


@st.fragment(key=ITEM)
@at_desk
def draw_item(desk: Desk) -> None:
    """Draw the incident that the URL names."""
    number = desk.address.incident
    if not number:
        st.html(note(desk.t("No item is chosen."), desk.t("Command map"), "/map"))
        return
    try:
        found = load(desk, number)
    except (OutsideScope, StoreUnavailable) as error:
        st.html(note(words(error, desk.t)))
        return
    with st.container(key="item"):
        left, right = st.columns([58, 42], gap="medium")
        with left, st.container(key="item_facts"):
            st.html(head(found.row, desk))
            st.html(clocks(found, desk))
            draw_steps(desk, found, parts=(ITEM,))
            draw_evaluation_link(desk, found, parts=(ITEM,))
            draw_facts(desk, found)
        with right, st.container(key="item_course"):
            st.html(heading(desk.t("Course of events")))
            st.html(timeline(found, desk))
            draw_photos(desk, found, parts=(ITEM,))
        with left, st.container(key="item_more"):
            draw_ways(desk, found)
            draw_similar(desk, found.row)


draw_item()
