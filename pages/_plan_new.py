"""The form that begins a new plan."""

import streamlit as st

from data import clock
from data.plan_making import BadTitle, Making, NotPlannable, new_plan, plannable
from data.store import StoreUnavailable
from pages._desk import Desk
from pages._html import empty, plain
from pages._messages import words
from rules.access import OutsideScope
from rules.boundary_plan import NotYourPlan

LONGEST = 80


def communities(desk: Desk) -> dict[int, str]:
    """Name the communities whose grids can be redrawn, by id, with what is above them."""
    tree = desk.picture.tree
    paths = {a.id: tree.path(desk.scope, a.id) for a in plannable(desk.picture, desk.scope)}
    return {
        area_id: " · ".join(tree.get(i).name for i in path[1:] or path)
        for area_id, path in paths.items()
    }


def draw_new(desk: Desk) -> None:
    """Draw the button that opens the form; making a plan opens its page."""
    t = desk.t
    with st.popover(t("New plan"), key="new_plan", icon=":material/add:", type="primary"):
        names = communities(desk)
        if not names:
            st.html(empty(t("There is no community whose grids could be redrawn.")))
            return
        with st.form("new_plan_form", border=False):
            area_id = st.selectbox(
                t("Community"), list(names), index=None, format_func=lambda i: names[i],
                placeholder=t("Choose a community"),
            )  # fmt: skip
            title = st.text_input(t("Title"), max_chars=LONGEST)
            sent = st.form_submit_button(t("Begin"), type="primary")
        if sent:
            _make(desk, area_id, title)


def _make(desk: Desk, area_id: int | None, title: str) -> None:
    if area_id is None:
        st.error(plain(desk.t("Please choose a community.")))
        return
    try:
        plan_id = new_plan(
            desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
            making=Making(area_id, title), now=clock.now(),
        )  # fmt: skip
    except (BadTitle, NotPlannable, NotYourPlan, OutsideScope, StoreUnavailable) as error:
        st.error(plain(words(error, desk.t)))
        return
    st.switch_page("plan.py", query_params={"plan": str(plan_id)})
