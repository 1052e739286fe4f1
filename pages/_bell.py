"""The bell: how much is unread, and what it is; looks again every few seconds by itself."""

from collections.abc import Sequence
from typing import Final

import streamlit as st
from markupsafe import Markup

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
MOST_SHOWN: Final = 99
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
    with st.container(key="bell_box", horizontal=True, vertical_alignment="center"):
        _draw_list(found, locale, t)
        st.html(count_mark(many, t))


def count_mark(many: int, t: Translate) -> Markup:
    """Give the number beside the bell; nothing where all is read."""
    if not many:
        return Markup("<span></span>")
    said = t("{n} unread").format(n=many)
    mark = Markup('<span class="gm-count" role="status" aria-label="{}">{}</span>')
    return mark.format(said, many if many <= MOST_SHOWN else f"{MOST_SHOWN}+")


def _draw_list(found: Sequence[Notice], locale: str, t: Translate) -> None:
    """Draw the list; its button never changes, or the list would close under one's finger."""
    with st.popover(
        t("Notices"), key="bell", type="tertiary", icon=":material/notifications:",
        on_change=_opened,
    ):  # fmt: skip
        if not found:
            st.html(empty(t("Nothing has been reported to you yet.")))
        for one in found:
            st.page_link("item.py", label=line(one, locale, t),
                         query_params={"incident": one.number}, width="stretch")  # fmt: skip
