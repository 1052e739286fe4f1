"""A plan on the list: where it stands, whose it is, what it moves, and what follows on it."""

import streamlit as st
from markupsafe import Markup

from data.plan_rows import Plan
from data.plan_summary import Summary
from pages import _session
from pages._desk import Desk
from pages._format import count, date_time
from pages._html import plain
from pages._plan_begin import Way, begin, can_roll_back
from pages._plan_words import state_badge
from rules.boundary_plan import PLANNERS

MADE = "plan_made"


def about(desk: Desk, plan: Plan, author: str, moves: Summary) -> Markup:
    """Give state, community, what moves, author and dates."""
    t, tree = desk.t, desk.picture.tree
    path = tree.path(desk.scope, plan.area_id)
    place = " · ".join(tree.get(i).name for i in path[1:] or path)
    said = t("moves nothing yet")
    if moves.moved or moves.touched:
        said = t("moves {n} households, touches {m} grids").format(
            n=count(moves.moved), m=count(moves.touched)
        )
    parts = [author, t("begun {time}").format(time=date_time(plan.created_at, desk.now))]
    if plan.in_force_at is not None:
        parts.append(t("in force since {time}").format(time=date_time(plan.in_force_at, desk.now)))
    elif plan.effective_at is not None:
        parts.append(t("takes force {time}").format(time=date_time(plan.effective_at, desk.now)))
    return Markup('<div class="gm-plan">{}<b>{}</b><span>{}</span><span>{}</span></div>').format(
        state_badge(plan, desk.locale, t), place, said, " · ".join(parts)
    )


def _follow(way: Way, plan: Plan) -> None:
    """Begin the plan that follows; the run after the click opens it."""
    _session.keep(MADE, begin(way, plan, said_in=0))


def open_made() -> None:
    """Open the plan that was just begun, if one was."""
    made = _session.taken(MADE)
    if made:
        st.switch_page("plan.py", query_params={"plan": str(made)})


def draw_row(desk: Desk, plan: Plan, author: str, moves: Summary) -> None:
    """Draw one plan."""
    t = desk.t
    with st.container(
        key=f"plan_row_{plan.id}", horizontal=True, vertical_alignment="center"
    ):  # fmt: skip
        st.page_link("plan.py", label=plain(plan.title), query_params={"plan": str(plan.id)})
        st.html(about(desk, plan, author, moves))
        if can_roll_back(desk, plan):
            st.button(t("Roll back"), key=f"back_{plan.id}", on_click=_follow,
                      args=("back", plan))  # fmt: skip
        if desk.visitor.actor.role in PLANNERS:
            st.button(t("Copy"), key=f"copy_{plan.id}", type="tertiary", on_click=_follow,
                      args=("copy", plan))  # fmt: skip
