"""The bell: how much is unread, and what it is; looks again every few seconds by itself."""

from collections.abc import Sequence
from typing import Final

import streamlit as st
from markupsafe import Markup

from data import clock
from data.notices import Notice
from data.plan_notices import PlanNotice
from data.store import StoreUnavailable
from pages import _session
from pages._house import house
from pages._html import empty
from pages._notices import all_unread, key_of, latest, line, read_up_to
from pages._text import Translate, texts
from rules.boundary_plan import READERS

EVERY: Final = 10
"""Seconds between two looks."""
MOST_SHOWN: Final = 99
SEEN: Final = "bell_seen"


def _opened() -> None:
    """Mark as read what is on the list once it is looked at; it stays bold until it is closed."""
    visitor = _session.visitor()
    if visitor is None or not _session.widget("bell"):
        _session.taken(SEEN)
        return
    try:
        found = latest(house().store, visitor.actor)
        _session.keep(SEEN, frozenset(key_of(one) for one in found if not one.read))
        read_up_to(house().store, visitor.actor, found, now=clock.now())
    except StoreUnavailable:
        return


@st.fragment(run_every=EVERY)
def draw_bell() -> None:
    """Draw the bell of whoever is signed in; while the store is away, it is silent."""
    visitor, locale = _session.visitor(), _session.language()
    t = texts(locale)
    if visitor is None:
        return
    try:
        many = all_unread(house().store, visitor.actor)
        found = latest(house().store, visitor.actor)
    except StoreUnavailable:
        return
    with st.container(key="bell_box", horizontal=True, vertical_alignment="center"):
        _draw_list(found, visitor.actor.role in READERS, locale, t)
        st.html(count_mark(many, t))


def count_mark(many: int, t: Translate) -> Markup:
    """Give the number beside the bell; nothing where all is read."""
    if not many:
        return Markup("<span></span>")
    said = t("{n} unread").format(n=many)
    mark = Markup('<span class="gm-count" role="status" aria-label="{}">{}</span>')
    return mark.format(said, many if many <= MOST_SHOWN else f"{MOST_SHOWN}+")


def _draw_list(
    found: Sequence[Notice | PlanNotice], reads_plans: bool, locale: str, t: Translate
) -> None:
    """Draw the list; its button never changes, or the list would close under one's finger."""
    with st.popover(
        t("Notices"), key="bell", type="tertiary", icon=":material/notifications:",
        on_change=_opened,
    ):  # fmt: skip
        if not found:
            st.html(empty(t("Nothing has been reported to you yet.")))
        for one in found:
            fresh = not one.read or key_of(one) in (_session.kept(SEEN) or ())
            label = line(one, fresh=fresh, now=clock.now(), locale=locale, t=t)
            if isinstance(one, Notice):
                st.page_link("item.py", label=label, query_params={"incident": one.number},
                             width="stretch")  # fmt: skip
            elif reads_plans:
                st.page_link("plan.py", label=label, query_params={"plan": str(one.plan_id)},
                             width="stretch")  # fmt: skip
            else:
                st.markdown(label)
