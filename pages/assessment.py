"""Assessment: response, closing, satisfaction, coverage, returns, of people, areas and bodies."""

from typing import Final
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from data.assessment import Assessed, assess
from data.assessment_view import allowed, offered
from data.people import PersonLoad, staff_of, workload
from data.subjects import By
from data.totals import yearly
from pages import _session, _words
from pages._assessed import draw_assessed
from pages._desk import Desk, at_desk
from pages._filters import YEARS
from pages._html import empty, heading
from pages._scope_bar import draw_scope_bar, window, window_words
from pages._text import later
from pages._totals import Row, totals_table
from rules.access import Role
from rules.deadlines import CHINA
from rules.filters import IncidentFilter
from rules.kinds import KINDS

ASSESSMENT: Final = "assessment"
BY_NAMES: Final[dict[By, str]] = {
    "street": later("Streets and towns"),
    "community": later("Communities and villages"),
    "grid": later("Grids"),
    "person": later("People"),
    "body": later("Bodies"),
}
MOST_PEOPLE: Final = 4_000
"""A table of more people takes seconds, and nobody reads it."""
NAMED: Final = ("hazard", "dispute", "public_service")
"""Kinds that the yearly report names; it puts all others together."""


def by_of_url(desk: Desk) -> By:
    """Give what the URL wants assessed; the first on offer where it does not say."""
    choices = offered(desk.picture, desk.visitor.actor)
    asked = _session.query().get("by", "")
    return next((by for by in choices if by == asked), choices[0])


def _by() -> None:
    kept = {k: v for k, v in _session.query().items() if k not in {"by", "who", "measure"}}
    _session.go(kept | {"by": _session.widget("a_by") or ""})
    st.rerun(ASSESSMENT)


def year_rows(desk: Desk) -> tuple[list[Row], list[int]]:
    """Give the totals of the grid service by year and kind."""
    t, base = desk.t, IncidentFilter("all", services=("grid",))
    found = yearly(
        desk.picture, scope=desk.scope, area_id=desk.place.at.id, filter=base, by="kind",
        now=desk.now,
    )  # fmt: skip
    this = desk.now.astimezone(CHINA).year
    years = list(range(this - YEARS + 2, this + 1))

    def row(name: str, kinds: tuple[str, ...]) -> Row:
        counts = {y: sum(found[kind, y] for kind in kinds or KINDS) for y in years}
        return Row(name, IncidentFilter("all", services=("grid",), kinds=kinds), counts)

    rest = tuple(kind for kind in KINDS if kind not in NAMED)
    named = [row(_words.kind_name(kind, desk.locale), (kind,)) for kind in NAMED]
    return [row(t("All kinds"), ()), *named, row(t("Other kinds"), rest)], years


def subjects_of(desk: Desk, by: By) -> list[Assessed]:
    """Assess those that this account may see."""
    since, until = window(desk)
    return assess(
        desk.store, desk.picture, scope=desk.scope, area_id=desk.place.at.id, by=by, since=since,
        until=until, now=desk.now, rulebook=desk.picture.rulebook,
        only=allowed(desk.picture, desk.visitor.actor, by),
    )  # fmt: skip


def too_many(desk: Desk) -> bool:
    """Whether an area has more people than anybody reads, or waits for."""
    actor = desk.visitor.actor
    everybody = allowed(desk.picture, actor, "person") is None
    found = staff_of(desk.picture, desk.scope, desk.place.at.id)
    return everybody and len(found) > MOST_PEOPLE


def loads_of(desk: Desk) -> dict[int, PersonLoad]:
    """Workload of each person now."""
    people = workload(
        desk.picture, scope=desk.scope, area_id=desk.place.at.id, filter=IncidentFilter(),
        now=desk.now,
    )  # fmt: skip
    return {person.person_id: person for person in people}


def file_link(desk: Desk, by: By) -> Markup:
    """Give the link to the same table as a file."""
    kept = {k: v for k, v in _session.query().items() if k not in {"who", "measure"}}
    link = Markup(
        '<nav class="gm-file"><a href="/download/assessment.xlsx?{}" download>{}</a></nav>'
    )
    return link.format(urlencode(kept | {"by": by}), desk.t("Download as Excel"))


@st.fragment(key=ASSESSMENT)
@at_desk
def draw_assessment(desk: Desk) -> None:
    """Draw choices, the table with what is behind a number, and the yearly totals."""
    t, by = desk.t, by_of_url(desk)
    with st.container(key="scope_bar", horizontal=True, vertical_alignment="bottom"):
        draw_scope_bar(desk, [ASSESSMENT])
        _session.keep_widget("a_by", by)
        st.segmented_control(
            t("Assessed"), offered(desk.picture, desk.visitor.actor), key="a_by", on_change=_by,
            required=True, format_func=lambda one: t(BY_NAMES[one]),
        )  # fmt: skip
        st.html(file_link(desk, by))
    st.html(heading(t("Assessment"), window_words(desk, t)))
    if by == "person" and too_many(desk):
        st.html(empty(t("Too many people for one table. Choose a smaller area above.")))
    else:
        loads = loads_of(desk) if by == "person" else None
        draw_assessed(desk, subjects_of(desk, by), by=by, part=ASSESSMENT, loads=loads)
    if desk.visitor.actor.role != Role.LEGAL:
        rows, years = year_rows(desk)
        st.html(heading(t("Incidents of the grid service by year"), desk.place.at.name))
        st.html(totals_table(rows, years, desk.place.at.code, t))


with st.container(key="service"):
    draw_assessment()
