"""The steps of a plan: submitted, reviewed, published, taken back; and the form of each."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Final

import streamlit as st

from data import clock
from data.plan_checks import checks
from data.plan_course import (
    Asked,
    HardFaults,
    NothingChanges,
    PastDate,
    StaleBase,
    take_step,
)
from data.plan_land import BaseReplaced
from data.plan_rows import StalePlan
from data.store import StoreUnavailable
from pages import _session
from pages._desk import take_desk
from pages._html import heading, note, plain
from pages._messages import words
from pages._plan_checks import verdict
from pages._plan_desk import PLAN_PARTS, Bench
from pages._plan_draw import STALE, Stand, say
from pages._plan_publish import draw_effect
from pages._text import pick, texts
from rules.access import OutsideScope
from rules.boundary_plan import (
    IllegalPlanStep,
    NoReasonGiven,
    NotYourPlan,
    OwnPlan,
    PlanAction,
    PlanStep,
    offered,
    step_of,
)
from rules.deadlines import CHINA

CHOSEN: Final = "plan_step"
NOTE, DAY = "plan_step_note", "plan_step_day"
NOTE_MOST: Final = 1000
REFUSALS: Final = (
    IllegalPlanStep, NotYourPlan, OwnPlan, NoReasonGiven, HardFaults, NothingChanges, StaleBase,
    BaseReplaced, PastDate, OutsideScope, StoreUnavailable,
)  # fmt: skip
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


def effective() -> datetime | None:
    """Give when the plan shall take force: at once on the present day, else as the day begins."""
    day = _session.widget(DAY)
    if day is None or day <= clock.now().astimezone(CHINA).date():
        return None
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def _take(stand: Stand, action: PlanAction) -> None:
    """Take the step of the form; what was typed stays where it was refused."""
    desk, (plan_id, version) = take_desk(), stand
    if desk is None:
        return
    said = str(_session.widget(NOTE) or "").strip()[:NOTE_MOST]
    try:
        take_step(
            desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
            plan_id=plan_id, version=version, asked=Asked(action, said, effective()),
            now=clock.now(),
        )  # fmt: skip
    except StalePlan:
        _session.keep(STALE, (plan_id, version))
    except REFUSALS as error:
        say(plan_id, words(error, desk.t))
    else:
        _session.taken(CHOSEN)
        row, t = step_of(action), texts(_session.language())
        name = pick((row.zh, row.en), _session.language())
        say(plan_id, t("Done: {step}").format(step=name), "good")
    st.rerun(list(PLAN_PARTS))


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
                      type="primary", disabled=hard, on_click=_take,
                      args=(bench.stand, step.action))  # fmt: skip
            st.button(t("Cancel"), key="plan_step_drop", on_click=_drop)
