"""The legal affairs centre: what it did, where, for whom, along its loop, and how well."""

from dataclasses import replace
from typing import Final

import streamlit as st
from markupsafe import Markup

from data.legal import ALL_CASES, officers, stages
from data.totals import yearly
from layers.events import Selected
from pages import _map, _words
from pages._assessed import draw_assessed
from pages._companies import companies_list
from pages._desk import Desk, at_desk
from pages._filters import YEARS
from pages._format import count
from pages._html import heading, join
from pages._legal_staff import staff_of_centre
from pages._scope_bar import draw_scope_bar, window_words
from pages._totals import Row, linked, map_link, totals_table
from rules.deadlines import CHINA
from rules.filters import IncidentFilter
from rules.kinds import KINDS
from rules.legal import KIND, STAGES

LEGAL: Final = "legal"
LEGAL_MAP: Final = "legal_map"
COMPANIES: Final = "legal_companies"
COMPONENT: Final = "legal-map"
HEIGHT: Final = 430
STAFF: Final = "/assessment?by=person"


def year_rows(desk: Desk) -> tuple[list[Row], list[int]]:
    """Give the centre's cases by type and year."""
    found = yearly(
        desk.picture, scope=desk.scope, area_id=desk.place.root.id, filter=ALL_CASES,
        by="subkind", now=desk.now,
    )  # fmt: skip
    this = desk.now.astimezone(CHINA).year
    years = list(range(this - YEARS + 2, this + 1))
    whole = {y: sum(n for (_, year), n in found.items() if year == y) for y in years}
    rows = [Row(desk.t("All services"), ALL_CASES, whole)]
    for key in KINDS[KIND].subkinds:
        counts = {y: found[key, y] for y in years}
        name = _words.subkind_name(KIND, key, desk.locale)
        rows.append(Row(name, replace(ALL_CASES, subkinds=(key,)), counts))
    return rows, years


def loop(desk: Desk) -> Markup:
    """Give the six stages with what stands at each; the last one leads to the assessment."""
    found, locale = stages(desk.picture, scope=desk.scope, now=desk.now), desk.locale
    steps = join(
        Markup("<li><b>{}</b><span>{}</span></li>").format(
            linked(
                count(sum(found[state] for state in stage.states)),
                map_link(replace(ALL_CASES, states=stage.states)),
            )
            if stage.states else linked(count(len(officers(desk.picture))), STAFF),
            stage.zh if locale == "zh" else stage.en,
        )
        for stage in STAGES
    )  # fmt: skip
    return Markup('<ol class="gm-loop">{}</ol>').format(steps)


def _heard() -> None:
    for event in _map.heard_from(COMPONENT):
        if isinstance(event, Selected) and event.kind == "incident":
            st.switch_page("item.py", query_params={"incident": event.key})


@st.fragment(key=LEGAL_MAP)
@at_desk
def draw_legal_map(desk: Desk) -> None:
    """Draw where the centre's open cases lie."""
    chosen = IncidentFilter(services=("legal",))
    st.html(heading(desk.t("Open cases on the map"), ""))
    view = replace(desk.view, area_id=desk.place.root.id, level=None, filter=chosen)
    with st.container(key="service_map"):
        _map.mount(desk, COMPONENT, view, height=HEIGHT, heard=_heard)


@st.fragment(key=LEGAL)
@at_desk
def draw_centre(desk: Desk) -> None:
    """Draw loop, totals and the assessment of the staff."""
    t = desk.t
    st.html(heading(t("Closed loop of the centre"), t("cases at each stage now")))
    st.html(loop(desk))
    rows, years = year_rows(desk)
    st.html(heading(t("Services by type and year")))
    st.html(totals_table(rows, years, "", t))
    with st.container(key="scope_bar", horizontal=True, vertical_alignment="bottom"):
        draw_scope_bar(desk, [LEGAL, COMPANIES])
    st.html(heading(t("Assessment of the staff"), window_words(desk, t)))
    draw_assessed(desk, staff_of_centre(desk), by="person", part=LEGAL)


@st.fragment(key=COMPANIES)
@at_desk
def draw_companies(desk: Desk) -> None:
    """Draw the companies that the centre served."""
    st.html(companies_list(desk, desk.t))


with st.container(key="service"):
    left, right = st.columns([52, 48], gap="medium")
    with right:
        draw_legal_map()
        draw_companies()
    with left:
        draw_centre()
