"""Patrol: check in at a building, and see how much of the week's round is done."""

from datetime import timedelta
from typing import Final

import streamlit as st
from markupsafe import Markup

from data import clock
from data.store import StoreUnavailable
from data.todo import week_start
from data.visits import KINDS, Coverage, NoPerson, check_in, week_coverage
from pages import _session
from pages._desk import Desk, at_desk
from pages._format import percent
from pages._house import house
from pages._html import heading, note, plain
from pages._messages import words
from pages._picked import CHOICE, Choice, begin
from pages._picker import draw_buildings
from pages._text import later, texts
from rules.access import OutsideScope

CHECK_IN: Final = "check_in"
KIND: Final = "visit_kind"
NOTE: Final = "visit_note"
SAID: Final = "visit_said"

NAMES: Final = {
    "patrol": later("Patrol"),
    "safety": later("Safety check"),
    "publicity": later("Publicity"),
    "opinions": later("Opinions"),
    "mediation": later("Mediation"),
}


def _check_in(after: list[str]) -> None:
    """Record the call as whoever is signed in, and say what came of it."""
    visitor, rooms, now = _session.visitor(), house(), clock.now()
    t = texts(_session.language())
    choice: Choice | None = _session.kept(CHOICE)
    if visitor is None or choice is None or choice.spot.building_id is None:
        _session.keep(SAID, t("Choose a building first."))
        st.rerun([CHECK_IN])
        return
    try:
        made = check_in(
            rooms.store, rooms.pictures.current(now), scope=visitor.grid_scope,
            actor=visitor.actor, building_id=choice.spot.building_id,
            kind=_session.widget(KIND) or KINDS[0], note=str(_session.widget(NOTE) or ""), now=now,
        )  # fmt: skip
    except (OutsideScope, NoPerson, StoreUnavailable) as error:
        _session.keep(SAID, words(error, t))
    else:
        form = t("Checked in already: {place}.") if made.again else t("Checked in: {place}.")
        _session.keep(SAID, form.format(place=choice.words))
        _session.taken(CHOICE)
        _session.keep_widget(NOTE, "")
    st.rerun([CHECK_IN, *after])


def bar(found: Coverage, desk: Desk) -> Markup:
    """Give the week's coverage in words and as a bar."""
    share = found.visited / found.buildings if found.buildings else 0.0
    form = desk.t("{n} of {total} buildings this week")
    return Markup(
        '<div class="gm-deadline"><b>{}</b><small>{}</small>'
        '<div class="gm-bar"><i style="width:{}%"></i></div></div>'
    ).format(
        form.format(n=found.visited, total=found.buildings), percent(share), f"{share * 100:.0f}"
    )  # fmt: skip


@st.fragment(key=CHECK_IN)
@at_desk
def draw_check_in(desk: Desk, after: list[str]) -> None:
    """Draw the check-in; the buildings that were not called at this week come first."""
    begin(CHECK_IN)
    t = desk.t
    since = week_start(desk.now, desk.picture.rulebook.calendar.zone)
    found = week_coverage(
        desk.store, desk.picture, scope=desk.scope, area_id=desk.place.root.id,
        since=since, until=since + timedelta(days=7),
    )  # fmt: skip
    st.html(heading(t("Patrol check-in")))
    st.html(bar(found, desk))
    said = _session.taken(SAID)
    if said:
        st.html(note(said))
    if desk.visitor.actor.person_id is None:
        st.html(note(words(NoPerson(), t)))
        return
    draw_buildings(desk, after=[CHECK_IN], seen=found.ids)
    st.segmented_control(
        t("Kind of call"), list(KINDS), key=KIND, default=KINDS[0], required=True, wrap=True,
        format_func=lambda one: plain(t(NAMES[one])),
    )  # fmt: skip
    st.text_input(t("Note (not required)"), key=NOTE, max_chars=200)
    st.button(
        t("Check in"), key="check_in_now", type="primary", width="stretch",
        icon=":material/where_to_vote:", on_click=_check_in, args=(after,),
    )  # fmt: skip
