"""The boundary plans of the scope: where each stands, what it moves, and how a new one begins."""

import streamlit as st

from data.plan_history import authors
from data.plan_rows import plans
from pages._desk import Desk, at_desk
from pages._html import empty, heading
from pages._plan_new import draw_new
from pages._plan_rows import draw_row
from rules.boundary_plan import PLANNERS

LIST = "plans"
MOST = 100


@st.fragment(key=LIST)
@at_desk
def draw_plans(desk: Desk) -> None:
    """Draw the list, newest first."""
    t, actor = desk.t, desk.visitor.actor
    found = plans(desk.store, desk.picture, scope=desk.scope, actor=actor)
    names = authors(desk.store, desk.picture, scope=desk.scope, actor=actor)
    with st.container(key="plans"):
        st.html(heading(t("Boundary plans"), t("{n} in all").format(n=len(found))))
        if actor.role in PLANNERS:
            draw_new(desk)
        if not found:
            st.html(empty(t("There is no plan yet.")))
        for one in found[:MOST]:
            draw_row(desk, one, names)


draw_plans()
