"""Building chiefs: who looks after which homes, the four duties, results, and posts not filled."""

from dataclasses import replace
from typing import Final

import streamlit as st

from data.chiefs import SOLVED, Service, is_overloaded, service, vacancies
from layers.events import Drilled, Selected
from pages import _map, _session, _words
from pages._chief_tables import draw_chiefs, draw_vacancies, duties_table
from pages._desk import Desk, at_desk, here
from pages._format import NOTHING, count
from pages._html import heading
from pages._scope_bar import draw_scope_bar, window, window_words
from pages._totals import map_link, tile, tiles
from rules.deadlines import CHINA

CHIEFS: Final = "chiefs"
CHIEF_MAP: Final = "chief_map"
POSTS: Final = "chief_posts"
COMPONENT: Final = "chief-map"
HEIGHT: Final = 430
COLOURS: Final = ("per_chief", "chiefless")


def _heard() -> None:
    """Go into the area that was drilled; open what was clicked."""
    for event in _map.heard_from(COMPONENT):
        match event:
            case Drilled(code) | Selected("area", code):
                _session.go(_session.query() | {"at": code})
                st.rerun([CHIEFS, CHIEF_MAP, POSTS])
            case Selected("incident", number):
                st.switch_page("item.py", query_params={"incident": number})
            case _:
                continue


def _colour() -> None:
    _session.go(_session.query() | {"figure": _session.widget("c_figure") or COLOURS[0]})
    st.rerun(CHIEF_MAP)


@st.fragment(key=CHIEF_MAP)
@at_desk
def draw_chief_map(desk: Desk) -> None:
    """Draw the map, coloured by what tells overloaded and unfilled areas."""
    asked = here().figure
    figure = asked if asked in COLOURS else COLOURS[0]
    _session.keep_widget("c_figure", figure)
    st.segmented_control(
        desk.t("Colour by"), COLOURS, key="c_figure", on_change=_colour, required=True,
        format_func=lambda key: _words.figure_name(key, desk.locale),
        label_visibility="collapsed",
    )  # fmt: skip
    view = replace(desk.view, figure=figure, filter=replace(SOLVED, status="open", services=()))
    with st.container(key="service_map"):
        _map.mount(desk, COMPONENT, view, height=HEIGHT, heard=_heard)


def _solved_words(desk: Desk, found: Service) -> str:
    if found.first is None:
        return desk.t("Problems solved")
    month = f"{found.first.astimezone(CHINA):%Y-%m}"
    return desk.t("Solved since {month}").format(month=month)


def _tiles(desk: Desk, found: Service) -> None:
    t, at = desk.t, desk.place.at.code
    heavy = sum(is_overloaded(chief, desk.picture.rulebook) for chief in found.chiefs)
    empty = sum(vacancy.buildings for vacancy in found.vacancies)
    mean = found.households / len(found.chiefs) if found.chiefs else None
    st.html(tiles((
        tile(t("Building chiefs"), count(len(found.chiefs))),
        tile(t("Households per chief"), NOTHING if mean is None else count(mean)),
        tile(_solved_words(desk, found), count(found.solved), map_link(SOLVED, at)),
        tile(t("Open in their buildings"), count(sum(c.open for c in found.chiefs))),
        tile(t("Overloaded chiefs"), count(heavy), tone="bad" if heavy else ""),
        tile(t("Buildings without chief"), count(empty), tone="bad" if empty else ""),
    )))  # fmt: skip


@st.fragment(key=CHIEFS)
@at_desk
def draw_service(desk: Desk) -> None:
    """Draw the choices, the figures, duties, chiefs, and posts that are not filled."""
    t, (since, until) = desk.t, window(desk)
    with st.container(key="scope_bar", horizontal=True, vertical_alignment="bottom"):
        draw_scope_bar(desk, [CHIEFS, CHIEF_MAP, POSTS])
    found = service(
        desk.store, desk.picture, scope=desk.scope, area_id=desk.place.at.id, since=since,
        until=until, now=desk.now,
    )  # fmt: skip
    _tiles(desk, found)
    st.html(heading(t("Duties and calls"), window_words(desk, t)))
    st.html(duties_table(found, desk))
    draw_chiefs(desk, found)


@st.fragment(key=POSTS)
@at_desk
def draw_posts(desk: Desk) -> None:
    """Draw the posts that are not filled."""
    draw_vacancies(desk, vacancies(desk.picture, scope=desk.scope, area_id=desk.place.at.id))


with st.container(key="service"):
    left, right = st.columns([52, 48], gap="medium")
    with right:
        draw_chief_map()
        draw_posts()
    with left:
        draw_service()
