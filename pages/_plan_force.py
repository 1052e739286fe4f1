"""Plans and the grids in force: back to the grids of before, and a draft onto other grids."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from data import clock
from data.plan_history import base_replaced
from data.plan_making import LONGEST_TITLE, BadTitle
from data.plan_restart import NothingBefore, rebase, roll_back
from data.plan_rows import Plan
from data.store import StoreUnavailable
from pages._desk import Desk, take_desk
from pages._html import note
from pages._messages import words
from pages._plan_desk import PLAN_HEAD, Bench, PlanAddress, look_at
from pages._plan_draw import say
from pages._text import later
from rules.access import OutsideScope
from rules.boundary_plan import PLANNERS, RUNNING, NotYourPlan

BACK: Final = later("{title}: back")


def titled(form: str, title: str) -> str:
    """Give the title of a plan that follows another, as far as it fits."""
    found = form.format(title=title)
    return found if len(found) <= LONGEST_TITLE else title


def begin(make: Callable[..., int], plan_id: int, title: str) -> int | None:
    """Make the plan that follows; says in the head why not where it is refused."""
    desk = take_desk()
    if desk is None:
        return None
    try:
        return make(
            desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
            plan_id=plan_id, title=title, now=clock.now(),
        )  # fmt: skip
    except (NothingBefore, BadTitle, NotYourPlan, OutsideScope, StoreUnavailable) as error:
        say(plan_id, words(error, desk.t))
    return None


def _follow(make: Callable[..., int], plan_id: int, title: str) -> None:
    made = begin(make, plan_id, title)
    if made is None:
        st.rerun(PLAN_HEAD)
    else:
        look_at(PlanAddress(plan=made))


def can_roll_back(desk: Desk, plan: Plan) -> bool:
    """Whether there is a way back to offer: to planners, once a plan has come into force."""
    return plan.in_force_at is not None and desk.visitor.actor.role in PLANNERS


def draw_roll_back(bench: Bench) -> None:
    """Draw the button that begins a plan back to the grids of before."""
    t, plan = bench.t, bench.plan
    if can_roll_back(bench.desk, plan):
        st.button(
            t("Roll back"), key="plan_roll_back", icon=":material/history:", on_click=_follow,
            args=(roll_back, plan.id, titled(t(BACK), plan.title)),
            help=t("Begins a plan that leads back to the grids of before"),
        )  # fmt: skip


def draw_base(bench: Bench) -> None:
    """Say that the grids which a plan starts from were replaced, and offer the way on."""
    t, plan = bench.t, bench.plan
    if plan.state not in RUNNING or not base_replaced(bench.desk.picture, bench.sheet):
        return
    with st.container(key="base", horizontal=True, vertical_alignment="center"):
        st.html(note(t("The grids that this plan starts from are no longer in force.")))
        if bench.desk.visitor.actor.role in PLANNERS:
            st.button(t("Set it upon the present grids"), key="plan_rebase", type="primary",
                      on_click=_follow, args=(rebase, plan.id, plan.title))  # fmt: skip
