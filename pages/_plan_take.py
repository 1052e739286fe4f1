"""A step of a plan is taken: what the form says, and what came of it."""

from datetime import UTC, datetime, time
from typing import Final

import streamlit as st

from data import clock
from data.plan_course import Asked, HardFaults, NothingChanges, PastDate, StaleBase, take_step
from data.plan_land import BaseReplaced
from data.plan_rows import StalePlan
from data.store import StoreUnavailable
from pages import _session
from pages._desk import take_desk
from pages._messages import words
from pages._plan_address import PLAN_PARTS
from pages._plan_draw import STALE, Stand, say
from pages._text import pick, texts
from rules.access import OutsideScope
from rules.boundary_plan import (
    IllegalPlanStep,
    NoReasonGiven,
    NotYourPlan,
    OwnPlan,
    PlanAction,
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


def effective() -> datetime | None:
    """Give when the plan shall take force: at once on the present day, else as the day begins."""
    day = _session.widget(DAY)
    if day is None or day <= clock.now().astimezone(CHINA).date():
        return None
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def take(stand: Stand, action: PlanAction) -> None:
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
