"""The map part: one constant folium map; only a view key and a selection travel to it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st
from streamlit_folium import st_folium

from data.buildings import building_id
from data.incidents import incident
from data.store import StoreUnavailable
from data.views import keep_view
from layers.base import Kind, command_map, map_groups, placing_group
from layers.events import Changed, Cleared, Drilled, Event, Selected, read_events
from pages import _session
from pages._address import Address
from pages._desk import ALL, FIGURES, MAP, PANEL, Desk, at_desk, here
from rules.access import OutsideScope
from rules.filters import View

COMPONENT: Final = "command-map"
HEIGHT: Final = 600
"""Pixels before the style sheet has sized the frame."""

log = logging.getLogger(__name__)


def moved(address: Address, events: tuple[Any, ...]) -> tuple[Address, tuple[str, ...]]:
    """Where what happened on the map leads, and which parts of the page it touches."""
    parts: set[str] = set()
    for event in events:
        match event:
            case Drilled(key):
                address = address.drilled(key)
                parts.update(ALL)
            case Selected("area", key):
                address = address.selected(key)
                parts.add(PANEL)
            case Selected("building", key):
                address = address.with_building(key)
                parts.add(PANEL)
            case Selected("incident", key):
                address = address.with_incident(key)
                parts.add(PANEL)
            case Cleared():
                address = address.selected("")
                parts.add(PANEL)
            case Changed():
                parts.update((FIGURES, PANEL))
    return address, tuple(part for part in ALL if part in parts)


def _heard() -> None:
    """Follow what the map sent: into the URL, then redraw what it touches."""
    address, parts = moved(here(), heard_from(COMPONENT))
    if parts:
        _session.go(address.to_query())
        st.rerun(list(parts))


def selection(desk: Desk) -> tuple[Kind | None, int]:
    """Give what the map has to mark: the smallest thing that is open."""
    address = desk.address
    try:
        if address.incident:
            return "incident", incident(
                desk.store, desk.picture, scope=desk.scope, number=address.incident
            ).row.id
        if address.building:
            return "building", building_id(
                desk.store, desk.picture, address.building, scope=desk.scope
            )
    except (OutsideScope, StoreUnavailable):
        return None, 0
    return ("area", desk.place.area.id) if address.area else (None, 0)


@dataclass(frozen=True)
class Spots:
    """What can be pointed at on a map: places to choose from, and the one that is chosen.

    Whenever ``turn`` grows, the device is asked where it is.
    """

    places: tuple[tuple[float, float], ...] = ()
    chosen: int = -1
    turn: int = 0


def key_of(desk: Desk, component: str, view: View) -> str:
    """Give the key of a view; while the store is away that of the last one, and the map stays."""
    name = f"view of {component}"
    try:
        key = keep_view(desk.store, view, now=desk.now)
    except StoreUnavailable:
        last: str | None = _session.kept(name)
        if last is None:
            raise
        return last
    _session.keep(name, key)
    return key


def mount(  # noqa: PLR0913 - which map, of what, how high, and what follows
    desk: Desk, component: str, view: View, *, height: int, heard: Callable[[], None],
    kind: Kind | None = None, row_id: int = 0, spots: Spots | None = None,
) -> None:  # fmt: skip
    """Draw a map; after the first time the browser only gets the view's key and whole numbers."""
    key = key_of(desk, component, view)
    placing = None
    if spots is not None:
        placing = placing_group(spots.places, chosen=spots.chosen, turn=spots.turn)
    st_folium(
        command_map(), key=component, height=height, use_container_width=True,
        returned_objects=["events"], on_change=heard,
        feature_group_to_add=map_groups(
            key, language=desk.locale, kind=kind, row_id=row_id, placing=placing
        ),
    )  # fmt: skip


def heard_from(component: str) -> tuple[Event, ...]:
    """Give what a map has sent since it was last asked, for its callback."""
    events, last = read_events(_session.widget(component), after=_session.last_event())
    _session.remember_event(last)
    return events


@st.fragment(key=MAP)
@at_desk
def draw_map(desk: Desk) -> None:
    """Draw the map of the command map."""
    kind, row_id = selection(desk)
    mount(desk, COMPONENT, desk.view, height=HEIGHT, heard=_heard, kind=kind, row_id=row_id)
