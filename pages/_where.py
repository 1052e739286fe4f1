"""Where is it? By building, by the device, by a tap on the map, or by address."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st
from markupsafe import Markup

from data.buildings import building
from data.placing import Spot
from data.store import StoreUnavailable
from layers.events import Marked, Pointed, Selected, Unlocated
from pages import _map, _session
from pages._candidates import draw_candidates, spots_of, take_candidate
from pages._desk import Desk, at_desk
from pages._house import house
from pages._html import note
from pages._picked import TROUBLE, Choice, Picked, begin, choose, picked
from pages._picker import draw_buildings
from pages._text import Translate, later
from rules.access import OutsideScope

WHERE: Final = "where"
TURN: Final = "where_turn"
COMPONENT: Final = "where-map"
HEIGHT: Final = 300

WAYS: Final = {
    "building": later("Building"),
    "gps": later("My place"),
    "tap": later("On the map"),
    "address": later("Address"),
}
NOTHING: Final = later("No place is chosen yet.")
TROUBLES: Final = {
    "outside": later("This place is not in your area. Choose another one."),
    "denied": later("The browser may not tell where you are. Allow it, or tap on the map."),
    "unavailable": later("This device does not know where it is. Tap on the map instead."),
    "timeout": later("This device has not found its place in time. Try again, or tap on the map."),
}


def _redraw(after: Sequence[str]) -> None:
    st.rerun([WHERE, *after])


def _locate(after: Sequence[str]) -> None:
    """Ask the device where it is."""
    choose(None)
    _session.keep(TURN, (_session.kept(TURN) or 0) + 1)
    _redraw(after)


def _turned(key: str, after: Sequence[str]) -> None:
    """Start anew in another way; asking the device is a way of its own."""
    choose(None)
    if _session.widget(key) == "gps":
        _session.keep(TURN, (_session.kept(TURN) or 0) + 1)
    _redraw(after)


def _heard(after: Sequence[str]) -> None:
    """Follow what was pointed at on the map."""
    events = _map.heard_from(COMPONENT)
    for event in events:
        match event:
            case Pointed(lon, lat, accuracy):
                choose(Choice(Spot(lon=lon, lat=lat), accuracy=accuracy))
            case Selected("building", code):
                _choose_building(code)
            case Marked(index):
                take_candidate(index)
            case Unlocated(why):
                choose(None)
                _session.keep(TROUBLE, why)
            case _:
                continue
    if any(isinstance(event, Pointed | Selected | Marked | Unlocated) for event in events):
        _redraw(after)


def _choose_building(code: str) -> None:
    """Pick the building that was tapped, as whoever is signed in sees it."""
    visitor, rooms, last = _session.visitor(), house(), house().pictures.last()
    if visitor is None or last is None:
        return
    try:
        found = building(rooms.store, last, scope=visitor.grid_scope, code=code)
    except (OutsideScope, StoreUnavailable):
        choose(None)
        _session.keep(TROUBLE, "outside")
        return
    name = f"{found.estate}{found.name}" or found.address or found.code
    choose(Choice(Spot(building_id=found.id), name))


def said(found: Picked | None, t: Translate) -> Markup:
    """Say what is picked, or what went wrong."""
    trouble = _session.kept(TROUBLE)
    if found is None:
        return note(t(TROUBLES.get(trouble or "", NOTHING)))
    choice = found.choice
    quality = (
        t("to within {n} m").format(n=choice.accuracy) if choice.accuracy is not None
        else t("only roughly") if choice.spot.nearness == "grid" else ""
    )  # fmt: skip
    parts = dict.fromkeys(filter(None, (choice.words, found.area_name, quality)))
    return Markup('<div class="gm-picked"><b>{}</b>{}</div>').format(
        t("Place"), " · ".join(parts)
    )  # fmt: skip


@st.fragment(key=WHERE)
@at_desk
def draw_where(desk: Desk, subject: str, first: str, text: str, after: Sequence[str]) -> None:
    """Draw the choice of a place for ``subject``, beginning with one way; ``text`` is an address.

    ``after`` are the parts of the page that change with the place.
    """
    begin(subject)
    t, key = desk.t, f"where_way_{subject}"
    way = first
    if desk.scope.buildings is None:
        way = st.segmented_control(
            t("Where is it?"), list(WAYS), key=key, default=first, required=True, wrap=False,
            format_func=lambda one: t(WAYS[one]), on_change=_turned, args=(key, after),
            width="stretch",
        ) or first  # fmt: skip
    if way == "building":
        draw_buildings(desk, after=[WHERE, *after])
    elif way == "gps":
        st.button(
            t("Find my place again"), key="locate", icon=":material/my_location:",
            on_click=_locate, args=(after,), width="stretch",
        )  # fmt: skip
    elif way == "address":
        draw_candidates(desk, subject, text, after=[WHERE, *after])
    found = picked(desk)
    if way != "building":
        _draw_map(desk, found, after, way)
    st.html(said(found, t))


def _draw_map(desk: Desk, found: Picked | None, after: Sequence[str], way: str) -> None:
    places, chosen = spots_of(found) if way == "address" else ((), -1)
    turn = (_session.kept(TURN) or 0) if way == "gps" else 0
    if found is not None and chosen < 0:
        places, chosen = ((found.lon, found.lat),), 0
    view = replace(desk.view, area_id=desk.place.root.id, level=None)
    with st.container(key="small_map"):
        _map.mount(
            desk, COMPONENT, view, height=HEIGHT, heard=lambda: _heard(after),
            spots=_map.Spots(places, chosen, turn),
        )  # fmt: skip
