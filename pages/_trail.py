"""The path from the district to the area on the map; every step of it leads back."""

import streamlit as st

from pages import _words
from pages._desk import TRAIL, Desk, at_desk, goes, here
from pages._html import note, plain


def _go_up(code: str) -> None:
    goes(here().drilled(code))


@st.fragment(key=TRAIL)
@at_desk
def draw_trail(desk: Desk) -> None:
    """Draw the path; of a narrow scope only the part inside it."""
    tree, place = desk.picture.tree, desk.place
    path = [tree.get(i) for i in tree.ancestors(place.at.id)]
    path = [area for area in path if tree.covers(place.root.id, area.id)]
    with st.container(key="trail", horizontal=True, vertical_alignment="center", wrap=False):
        for area in path:
            st.button(
                plain(area.name), key=f"trail_{area.code}", type="tertiary", wrap=False,
                disabled=area.id == place.at.id, on_click=_go_up, args=(area.code,),
                help=_words.level_name(area.level, desk.locale),
            )  # fmt: skip
        if place.lost:
            st.html(note(desk.t("The area in the address is not in your scope.")))
