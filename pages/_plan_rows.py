"""A plan on the list: where it stands, whose it is, what it moves."""

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup

from data.plan_rows import Plan
from pages._desk import Desk
from pages._format import date_time
from pages._html import plain
from pages._plan_words import state_badge


def about(desk: Desk, plan: Plan, names: Mapping[str, str]) -> Markup:
    """Give state, community, author and dates."""
    t, tree = desk.t, desk.picture.tree
    parts = [
        tree.get(plan.area_id).name,
        names.get(plan.author, plan.author),
        date_time(plan.created_at, desk.now),
    ]
    if plan.in_force_at is not None:
        parts.append(t("in force since {time}").format(time=date_time(plan.in_force_at, desk.now)))
    elif plan.effective_at is not None:
        parts.append(t("takes force {time}").format(time=date_time(plan.effective_at, desk.now)))
    return Markup('<div class="gm-plan">{}<span>{}</span></div>').format(
        state_badge(plan, desk.locale, t), " · ".join(parts)
    )


def draw_row(desk: Desk, plan: Plan, names: Mapping[str, str]) -> None:
    """Draw one plan."""
    with st.container(
        key=f"plan_row_{plan.id}", horizontal=True, vertical_alignment="center"
    ):  # fmt: skip
        st.page_link("plan.py", label=plain(plan.title), query_params={"plan": str(plan.id)})
        st.html(about(desk, plan, names))
