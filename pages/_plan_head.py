"""The head of a plan's page: what it is, how it stands, and what can be done with it."""

from pathlib import Path
from typing import Final

import streamlit as st
from markupsafe import Markup
from streamlit.navigation.page import Page

from pages._format import date_time
from pages._html import note, plain
from pages._plan_address import PLAN_HEAD, look_at, plan_here
from pages._plan_desk import Bench, heads_plan
from pages._plan_draw import draw_said_of
from pages._plan_files import draw_files
from pages._plan_force import draw_base, draw_roll_back, draw_stale
from pages._plan_steps import draw_buttons, draw_chosen, steps_of
from pages._plan_words import state_badge

FOLDER: Final = Path(__file__).parent


def the_list() -> Page:
    """Give the page of the list; by its file it is not found while only parts are drawn anew."""
    return st.Page(FOLDER / "plans.py", url_path="plans")


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
    return Markup('<div class="gm-title gm-plan-title"><h2>{}</h2>{}<span>{}</span></div>').format(
        plan.title, state_badge(plan, desk.locale, t), aside
    )


def _now() -> None:
    here = plan_here()
    look_at(type(here)(plan=here.plan, tab=here.tab, grid=here.grid))


def draw_looking(bench: Bench) -> None:
    """Say that something else than the plan as it stands is looked at, with the way back."""
    t, address = bench.t, bench.address
    if bench.shown is bench.sheet:
        return
    said = t("A proposal is shown; it is not in the plan yet.")
    if address.seq is not None:
        said = t("Step {n} is shown, not the plan as it stands.").format(n=address.seq)
    with st.container(key="looking", horizontal=True, vertical_alignment="center"):
        st.html(note(said))
        st.button(plain(t("The plan as it stands")), key="look_now", on_click=_now)


@st.fragment(key=PLAN_HEAD)
@heads_plan
def draw_head(bench: Bench) -> None:
    """Draw the head."""
    t, steps = bench.t, steps_of(bench)
    with st.container(key="plan_top"):
        with st.container(key="plan_head", horizontal=True, vertical_alignment="center"):
            st.page_link(the_list(), label=plain(t("Plans")), icon=":material/arrow_back:")
            st.html(title(bench))
            draw_buttons(bench, steps)
            draw_roll_back(bench)
            draw_files(bench)
        draw_said_of(bench.plan.id)
        draw_stale(bench)
        draw_base(bench)
        draw_looking(bench)
        draw_chosen(bench, steps)
