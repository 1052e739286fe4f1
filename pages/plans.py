"""The boundary plans of the scope: where each stands, what it moves, and how a new one begins."""

from typing import Final, Literal, get_args

import streamlit as st

from data.plan_history import authors
from data.plan_rows import Plan, plans
from data.plan_summary import summaries
from pages import _session
from pages._desk import Desk, at_desk
from pages._html import empty, heading, plain
from pages._plan_draw import draw_said_of
from pages._plan_new import draw_new
from pages._plan_rows import draw_row, open_made
from pages._text import later
from rules.boundary_plan import PLANNERS, RUNNING, PlanState

LIST: Final = "plans"
PAGE: Final = 20
MORE: Final = "plans_more"
Which = Literal["running", "published", "ended"]
WHICH: Final[dict[Which, str]] = {
    "running": later("Being drawn or reviewed"),
    "published": later("Published"),
    "ended": later("Ended"),
}


def is_in(which: Which, plan: Plan) -> bool:
    """Whether a plan belongs to a part of the list."""
    if plan.state in RUNNING:
        return which == "running"
    return which == ("published" if plan.state == PlanState.PUBLISHED else "ended")


def which_of_url() -> Which | None:
    """Give the part of the list that the URL names; ``None`` is the whole."""
    return next((w for w in get_args(Which) if w == _session.query().get("which")), None)


def _narrow() -> None:
    chosen = _session.widget("plans_which")
    _session.go({"which": chosen} if chosen else {})
    _session.taken(MORE)
    st.rerun(LIST)


def _more() -> None:
    _session.keep(MORE, (_session.kept(MORE) or 0) + 1)
    st.rerun(LIST)


def draw_which(desk: Desk, found: list[Plan]) -> None:
    """Draw the parts of the list with their counts."""
    t = desk.t
    counts = {w: sum(is_in(w, one) for one in found) for w in get_args(Which)}
    _session.keep_widget("plans_which", which_of_url())
    st.segmented_control(
        t("Part"), list(WHICH), key="plans_which", on_change=_narrow,
        label_visibility="collapsed",
        format_func=lambda which: f"{plain(t(WHICH[which]))} {counts[which]}",
    )  # fmt: skip


@st.fragment(key=LIST)
@at_desk
def draw_plans(desk: Desk) -> None:
    """Draw the list, newest first."""
    open_made()
    t, actor, which = desk.t, desk.visitor.actor, which_of_url()
    found = plans(desk.store, desk.picture, scope=desk.scope, actor=actor)
    names = authors(desk.store, desk.picture, scope=desk.scope, actor=actor)
    chosen = [one for one in found if which is None or is_in(which, one)]
    shown = chosen[: PAGE * (1 + (_session.kept(MORE) or 0))]
    moves = summaries(desk.store, desk.picture, shown, scope=desk.scope, actor=actor)
    with st.container(key="plans"):
        st.html(heading(t("Boundary plans"), t("{n} plans").format(n=len(found))))
        with st.container(key="plans_bar", horizontal=True, vertical_alignment="center"):
            if actor.role in PLANNERS:
                draw_new(desk)
            if found:
                draw_which(desk, found)
        draw_said_of(0)
        if not chosen:
            st.html(empty(t("There is no plan here yet.")))
        for one in shown:
            draw_row(desk, one, names.get(one.author, one.author), moves[one.id])
        if len(shown) < len(chosen):
            st.button(t("Older plans"), key="plans_older", on_click=_more)


draw_plans()
