"""What a plan's page offers when grids in force changed, or when two drew at once."""

import streamlit as st

from data.plan_history import base_replaced
from data.plan_rows import Plan
from layers.events import ForkAsked
from pages import _session
from pages._html import note
from pages._plan_address import PLAN_HEAD, PLAN_PARTS, PlanAddress, look_at
from pages._plan_begin import Way, begin, can_roll_back
from pages._plan_desk import Bench
from pages._plan_draw import STALE
from pages._plan_map import FORK
from rules.boundary_plan import PLANNERS, RUNNING
from rules.plan_log import Record


def _follow(way: Way, plan: Plan, seq: int | None = None) -> None:
    made = begin(way, plan, said_in=plan.id, seq=seq)
    if made is None:
        st.rerun(PLAN_HEAD)
    _forget()
    look_at(PlanAddress(plan=made or plan.id))


def _forget() -> None:
    _session.taken(STALE)
    _session.taken(FORK)


def _reload() -> None:
    _forget()
    st.rerun(list(PLAN_PARTS))


def seen_at(records: tuple[Record, ...], version: int, current: int) -> int | None:
    """Position at which a plan stood when it had a version; ``None`` for the present one.

    Every record counted the version on by one, so the last ``current - version`` are unseen.
    """
    unseen = current - version
    if unseen <= 0:
        return None
    before = records[:-unseen] if unseen < len(records) else ()
    return before[-1].to if before else 0


def draw_roll_back(bench: Bench) -> None:
    """Draw the button that begins a plan back to the grids of before."""
    t = bench.t
    if can_roll_back(bench.desk, bench.plan):
        st.button(
            t("Roll back"), key="plan_roll_back", icon=":material/history:", on_click=_follow,
            args=("back", bench.plan),
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
                      on_click=_follow, args=("onto", plan))  # fmt: skip


def draw_stale(bench: Bench) -> None:
    """Say that somebody else drew in between, and offer the two ways on."""
    t, plan = bench.t, bench.plan
    stale, asked = _session.kept(STALE), _session.kept(FORK)
    version = stale[1] if stale and stale[0] == plan.id else None
    if isinstance(asked, ForkAsked) and asked.plan == plan.id:
        version = asked.version
    if version is None:
        return
    seq = seen_at(bench.sheet.records, version, plan.version)
    with st.container(key="stale", horizontal=True, vertical_alignment="center"):
        st.html(note(t(
            "Somebody else has changed this plan in between. Your last step was not saved."
        )))  # fmt: skip
        st.button(t("Show the plan as it is now"), key="stale_reload", on_click=_reload)
        if bench.desk.visitor.actor.role in PLANNERS:
            st.button(t("Keep mine as a copy"), key="stale_copy", type="primary",
                      on_click=_follow, args=("copy", plan, seq))  # fmt: skip
