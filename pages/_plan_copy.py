"""When two drew at once: see the plan as it is now, or go on in a copy of one's own."""

import streamlit as st

from data import clock
from data.plan_fork import Copy, fork
from data.plan_making import LONGEST_TITLE, BadTitle
from data.store import StoreUnavailable
from layers.events import ForkAsked
from pages import _session
from pages._desk import take_desk
from pages._html import note
from pages._messages import words
from pages._plan_desk import PLAN_HEAD, PLAN_PARTS, Bench, PlanAddress, look_at
from pages._plan_draw import STALE, say
from pages._plan_map import FORK
from rules.access import OutsideScope
from rules.boundary_plan import PLANNERS, NotYourPlan
from rules.plan_log import Record, UnknownPosition


def seen_at(records: tuple[Record, ...], version: int, current: int) -> int | None:
    """Position at which a plan stood when it had a version; ``None`` for the present one.

    Every record counted the version on by one, so the last ``current - version`` are not seen.
    """
    unseen = current - version
    if unseen <= 0:
        return None
    before = records[: len(records) - unseen] if unseen <= len(records) else ()
    return before[-1].to if before else 0


def copied(plan_id: int, title: str, seq: int | None) -> None:
    """Copy the plan as it was seen and open the copy, or say why not."""
    desk = take_desk()
    if desk is None:
        return
    name = desk.t("{title} (copy)").format(title=title)
    copy = Copy(plan_id, name if len(name) <= LONGEST_TITLE else title, seq)
    try:
        made = fork(desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
                    copy=copy, now=clock.now())  # fmt: skip
    except (BadTitle, NotYourPlan, UnknownPosition, OutsideScope, StoreUnavailable) as error:
        say(plan_id, words(error, desk.t))
        st.rerun(PLAN_HEAD)
        return
    forget()
    look_at(PlanAddress(plan=made))


def forget() -> None:
    """Forget that somebody else drew."""
    _session.taken(STALE)
    _session.taken(FORK)


def _reload() -> None:
    forget()
    st.rerun(list(PLAN_PARTS))


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
            "Somebody else has changed this plan in between. Nothing of yours was lost or saved."
        )))  # fmt: skip
        st.button(t("Show the plan as it is now"), key="stale_reload", on_click=_reload)
        if bench.desk.visitor.actor.role in PLANNERS:
            st.button(t("Keep mine as a copy"), key="stale_copy", type="primary",
                      on_click=copied, args=(plan.id, plan.title, seq))  # fmt: skip
