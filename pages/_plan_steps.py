"""The steps of a plan: submitted, reviewed, published, taken back; and the form of each."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from data import clock
from data.plan_checks import checks
from pages import _session
from pages._html import heading, note, plain
from pages._plan_checks import verdict
from pages._plan_desk import Bench
from pages._plan_publish import draw_effect
from pages._plan_take import CHOSEN, DAY, NOTE, NOTE_MOST, take
from pages._text import pick
from rules.boundary_plan import (
    PlanAction,
    PlanStep,
    offered,
)
from rules.deadlines import CHINA

SHOWN_CHECKS: Final = frozenset({PlanAction.SUBMIT, PlanAction.APPROVE, PlanAction.PUBLISH})
"""Steps that lead on; their form says how the checks stand."""


def steps_of(bench: Bench) -> tuple[PlanStep, ...]:
    """Give the steps that whoever looks may take now, the one that leads on first."""
    actor = bench.desk.visitor.actor
    found = offered(bench.plan.standing, role=actor.role, login=actor.login)
    return tuple(sorted(found, key=lambda step: step.action not in SHOWN_CHECKS))


def _choose(plan_id: int, action: str) -> None:
    _session.keep(CHOSEN, (plan_id, action))


def _drop() -> None:
    _session.taken(CHOSEN)


def draw_buttons(bench: Bench, steps: Sequence[PlanStep]) -> None:
    """Draw a button for each step; the first leads on."""
    for at, step in enumerate(steps):
        leads = not at and step.action in SHOWN_CHECKS
        st.button(
            plain(pick((step.zh, step.en), bench.desk.locale)), key=f"plan_do_{step.action}",
            type="primary" if leads else "secondary", on_click=_choose,
            args=(bench.plan.id, step.action.value),
        )  # fmt: skip


def draw_chosen(bench: Bench, steps: Sequence[PlanStep]) -> None:
    """Draw the form of the step that was chosen, if it is still offered."""
    chosen = _session.kept(CHOSEN)
    step = next((s for s in steps if chosen == (bench.plan.id, s.action.value)), None)
    if step is None:
        return
    t = bench.t
    with st.container(key="plan_form"):
        st.html(heading(pick((step.zh, step.en), bench.desk.locale)))
        hard = False
        if step.action in SHOWN_CHECKS:
            found = checks(bench.sheet)
            hard = any(one.hard for one in found)
            st.html(note(t("Checks: {verdict}").format(verdict=verdict(found, t))))
        if step.action == PlanAction.PUBLISH:
            today = clock.now().astimezone(CHINA).date()
            st.date_input(t("Takes force"), value=today, min_value=today, key=DAY,
                          format="YYYY-MM-DD", width=200)  # fmt: skip
            draw_effect(bench)
        st.text_area(
            t("Note") if step.noted else t("Note (not required)"), key=NOTE,
            max_chars=NOTE_MOST, height=80,
        )  # fmt: skip
        with st.container(horizontal=True):
            st.button(plain(pick((step.zh, step.en), bench.desk.locale)), key="plan_step_take",
                      type="primary", disabled=hard, on_click=take,
                      args=(bench.stand, step.action))  # fmt: skip
            st.button(t("Cancel"), key="plan_step_drop", on_click=_drop)
