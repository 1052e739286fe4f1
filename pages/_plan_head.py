"""The head of a plan's page: what it is, how it stands, and what can be done with it."""

import streamlit as st
from markupsafe import Markup

from pages._format import date_time
from pages._html import plain
from pages._plan_desk import PLAN_HEAD, Bench, at_plan
from pages._plan_words import state_badge

SAID = "plan_said"


def title(bench: Bench) -> Markup:
    """Give the title, the state, the community and when the plan was last saved."""
    desk, plan, t = bench.desk, bench.plan, bench.t
    tree = desk.picture.tree
    path = tree.path(desk.scope, plan.area_id)
    place = " · ".join(tree.get(i).name for i in path[1:] or path)
    last = bench.sheet.log[-1].at if bench.sheet.log else plan.created_at
    saved = t("saved {time}").format(time=date_time(last, desk.now))
    force = ""
    if plan.in_force_at is not None:
        force = t("in force since {time}").format(time=date_time(plan.in_force_at, desk.now))
    elif plan.effective_at is not None:
        force = t("takes force {time}").format(time=date_time(plan.effective_at, desk.now))
    aside = " · ".join(part for part in (place, saved, force) if part)
    return Markup(
        '<div class="gm-title gm-plan-title"><h2>{}</h2>{}<span>{}</span></div>'
    ).format(plan.title, state_badge(plan, desk.locale, t), aside)


@st.fragment(key=PLAN_HEAD)
@at_plan
def draw_head(bench: Bench) -> None:
    """Draw the head."""
    t = bench.t
    with st.container(key="plan_head", horizontal=True, vertical_alignment="center"):
        st.page_link("plans.py", label=plain(t("Plans")), icon=":material/arrow_back:")
        st.html(title(bench))
