"""Report: where it is, what it is, in words and pictures; then what happens with it next."""

import streamlit as st
from markupsafe import Markup

from data.placing import UNPLACED
from pages import _session, _words
from pages._desk import Desk, at_desk
from pages._draft import FIELD
from pages._filing import FILED, TROUBLES
from pages._html import note, plain
from pages._incident import Whole, load
from pages._steps import STEP, draw_steps
from pages._text import pick
from pages._what import WHAT, draw_what
from pages._where import draw_where
from rules.lifecycle import State
from rules.steps import Action, next_step

DONE = "report_done"


def _settle(number: str) -> None:
    """Open the form for what was settled on the spot."""
    _session.keep(STEP, (number, Action.SETTLE.value))
    st.rerun([DONE])


def _again() -> None:
    """Start another report."""
    for name in (FILED, TROUBLES, STEP):
        _session.taken(name)
    st.rerun()


@st.fragment(key=DONE)
@at_desk
def draw_done(desk: Desk) -> None:
    """Draw what a report was filed as, and what can be done with it right away."""
    t = desk.t
    number = str(_session.kept(FILED))
    found = load(desk, number)
    head = Markup('<div class="gm-title"><h2>{}</h2><span>{}</span></div>')
    st.html(head.format(found.row.title, number))
    st.html(note(next_words(desk, found)))
    for trouble in _session.kept(TROUBLES) or ():
        st.error(plain(trouble))
    settles = any(step.action == Action.SETTLE for step in found.case.steps)
    if settles and found.row.state == State.REPORTED and not _session.kept(STEP):
        st.button(
            t("Settled on the spot already"), key="settle", width="stretch",
            icon=":material/task_alt:", on_click=_settle, args=(number,),
        )  # fmt: skip
    draw_steps(desk, found, parts=[DONE])
    st.page_link(
        "item.py", label=t("Open the item"), icon=":material/open_in_new:",
        query_params={"incident": number},
    )  # fmt: skip
    st.button(
        t("Report another one"), key="again", icon=":material/add:", on_click=_again,
        width="stretch",
    )  # fmt: skip


def next_words(desk: Desk, found: Whole) -> str:
    """Say where the report is now and what comes next."""
    t, case = desk.t, found.case
    step = next_step(case.case.state)
    keeper = desk.picture.tree.get(case.desk_id).name
    state = _words.state_name(case.case.state, desk.locale)
    parts = [t("{state}, on the desk of {area}.").format(state=state, area=keeper)]
    if step is not None:
        parts.append(t("Next: {step}.").format(step=pick((step.zh, step.en), desk.locale)))
    if found.detail.place == UNPLACED:
        parts.append(t("It still has to be placed by hand."))
    return " ".join(parts)


@at_desk
def draw_report(desk: Desk) -> None:
    """Draw the three steps on one screen, or what came of them."""
    with st.container(key="sheet"):
        if _session.kept(FILED):
            draw_done()
            return
        field = desk.visitor.actor.role in FIELD
        left, right = st.columns(2, gap="large")
        with left:
            draw_where("report", "building" if field else "address", "", [WHAT])
        with right:
            draw_what()


draw_report()
