"""The bell: how much is unread, and what it is; looks again every few seconds by itself."""

from typing import Final

import streamlit as st

from data import clock
from data.notices import Notice, mark_read, notices, unread
from data.store import StoreUnavailable
from pages import _session
from pages._format import ago
from pages._house import house
from pages._html import empty, plain
from pages._text import Translate, later, pick, texts
from rules.steps import STEPS, Action

EVERY: Final = 10
"""Seconds between two looks."""
LISTED: Final = 15
SEEN: Final = "bell_seen"
WHAT: Final = {
    "report": later("New report"),
    "dissatisfied": later("Resident not satisfied, opened again"),
}


def what_words(what: str, locale: str, t: Translate) -> str:
    """Name what a notice tells of."""
    if what in set(Action):
        step = STEPS[Action(what)]
        return pick((step.zh, step.en), locale)
    return t(WHAT[what]) if what in WHAT else what


def _opened() -> None:
    """Mark as read what is on the list once it is looked at; it stays bold until it is closed."""
    visitor = _session.visitor()
    if visitor is None or not _session.widget("bell"):
        _session.taken(SEEN)
        return
    try:
        found = notices(house().store, actor=visitor.actor, limit=LISTED)
        _session.keep(SEEN, frozenset(one.id for one in found if not one.read))
        if found:
            mark_read(house().store, actor=visitor.actor, up_to=found[0].id, now=clock.now())
    except StoreUnavailable:
        return


def line(one: Notice, locale: str, t: Translate) -> str:
    """Give a notice as the label of its link."""
    fresh = not one.read or one.id in (_session.kept(SEEN) or ())
    what, title = plain(what_words(one.what, locale, t)), plain(one.title)
    when = plain(ago(one.at, clock.now(), t))
    head = f"**{what}** · {title}" if fresh else f"{what} · {title}"
    return f"{head}  \n:small[:gray[{plain(one.number)} · {when}]]"


@st.fragment(run_every=EVERY)
def draw_bell() -> None:
    """Draw the bell of whoever is signed in; while the store is away, it is silent."""
    visitor, locale = _session.visitor(), _session.language()
    t = texts(locale)
    if visitor is None:
        return
    try:
        many = unread(house().store, actor=visitor.actor)
        found = notices(house().store, actor=visitor.actor, limit=LISTED)
    except StoreUnavailable:
        return
    icon = ":material/notifications_unread:" if many else ":material/notifications:"
    with st.popover(
        str(min(many, 99)) if many else t("Notices"), key="bell", type="tertiary", icon=icon,
        on_change=_opened, help=t("{n} unread").format(n=many),
    ):  # fmt: skip
        if not found:
            st.html(empty(t("Nothing has been reported to you yet.")))
        for one in found:
            st.page_link("item.py", label=line(one, locale, t),
                         query_params={"incident": one.number}, width="stretch")  # fmt: skip
