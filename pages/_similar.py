"""Incidents near by that may be the same problem."""

import streamlit as st
from markupsafe import Markup

from data.incidents import IncidentRow
from data.nearby import Similar, similar_incidents
from pages import _words
from pages._desk import Desk
from pages._format import ago, count
from pages._html import empty, heading, plain
from rules.lifecycle import is_open

METRES = 300
DAYS = 90
MOST = 6


def near(desk: Desk, row: IncidentRow) -> list[Similar]:
    """Find what may be the same problem, without the incident itself."""
    found = similar_incidents(
        desk.store, desk.picture, scope=desk.scope, kind=row.kind, subkind=row.subkind,
        lon=row.lon, lat=row.lat, title=row.title, now=desk.now, building_id=row.building_id,
        metres=METRES, days=DAYS, limit=MOST + 1,
    )  # fmt: skip
    return [one for one in found if one.row.number != row.number][:MOST]


def mergeable(desk: Desk, row: IncidentRow) -> list[IncidentRow]:
    """Find those near by that this one could be merged into."""
    return [one.row for one in near(desk, row) if is_open(one.row.state)]


def draw_similar(desk: Desk, row: IncidentRow) -> None:
    """Draw the list, each with a way to its own page."""
    t, found = desk.t, near(desk, row)
    st.html(heading(t("Similar items near by")))
    if not found:
        st.html(empty(t("Nothing like it within {n} m.").format(n=METRES)))
        return
    with st.container(key="similar"):
        for one in found:
            said = Markup("{} · {} · {} · {}").format(
                _words.kind_name(one.row.kind, desk.locale),
                _words.state_name(one.row.state, desk.locale),
                t("{n} m away").format(n=count(one.metres)), ago(one.row.reported_at, desk.now, t),
            )  # fmt: skip
            st.page_link(
                "item.py", label=f"{plain(one.row.title)}  \n:small[{plain(said)}]",
                query_params={"incident": one.row.number}, width="stretch",
            )  # fmt: skip
