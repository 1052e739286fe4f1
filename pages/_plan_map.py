"""The workbench map: constant, told only of a plan's number and version and what to point at."""

from dataclasses import replace
from typing import Final

import streamlit as st
from streamlit_folium import st_folium

from layers.events import Edited, Event, ForkAsked, PickedComment, PickedGrid, Pinned, read_events
from layers.workbench import NOTHING, Pointer, Shown, workbench_groups, workbench_map
from pages import _session
from pages._plan_address import PLAN_HEAD, PLAN_MAP, PLAN_PANEL, PlanAddress, look_at, plan_here
from pages._plan_desk import Bench, at_plan

COMPONENT: Final = "plan-map"
HEIGHT: Final = 600
"""Pixels before the style sheet has sized the frame."""

POINTER: Final = "plan_pointer"
PIN: Final = "plan_pin"
COMMENT: Final = "plan_comment"
FORK: Final = "plan_fork"
"""Names under which a tab keeps what the map asked for, until the page takes it."""


def point_at(*, cells: tuple[int, ...] = (), spot: tuple[float, float] | None = None) -> None:
    """Have the map show cells or a place (longitude, latitude) when it is drawn next.

    The grid of the address is shown anyhow. Asked for twice, it is shown twice.
    """
    before: Pointer = _session.kept(POINTER) or NOTHING
    _session.keep(POINTER, Pointer(cells=cells, spot=spot, turn=before.turn + 1))


def followed(address: PlanAddress, event: Event) -> tuple[PlanAddress, tuple[str, ...]]:
    """Where what happened on the map leads, and which parts of the page it touches."""
    match event:
        case Edited(plan, _) if plan == address.plan:
            return address, (PLAN_HEAD, PLAN_PANEL)
        case PickedGrid(label):
            return replace(address, grid=label), (PLAN_PANEL,)
        case Pinned() | PickedComment():
            return replace(address, tab="history"), (PLAN_PANEL,)
        case ForkAsked():
            return address, (PLAN_HEAD,)
    return address, ()


def _heard() -> None:
    """Follow what the map sent: into the URL and the tab, then redraw what it touches."""
    events, last = read_events(_session.widget(COMPONENT), after=_session.last_event())
    _session.remember_event(last)
    address, parts = plan_here(), set[str]()
    for event in events:
        address, touched = followed(address, event)
        parts.update(touched)
        for name, kind in ((PIN, Pinned), (COMMENT, PickedComment), (FORK, ForkAsked)):
            if isinstance(event, kind):
                _session.keep(name, event)
    if parts:
        look_at(address, *sorted(parts))


@st.fragment(key=PLAN_MAP)
@at_plan
def draw_plan_map(bench: Bench) -> None:
    """Draw the map of a plan, at the position or proposal of the address."""
    address = bench.address
    shown = Shown(bench.plan.id, bench.plan.version, address.seq, address.proposal)
    pointer = replace(_session.kept(POINTER) or NOTHING, label=address.grid)
    st_folium(
        workbench_map(), key=COMPONENT, height=HEIGHT, use_container_width=True,
        returned_objects=["events"], on_change=_heard,
        feature_group_to_add=workbench_groups(shown, language=bench.desk.locale, pointer=pointer),
    )  # fmt: skip
