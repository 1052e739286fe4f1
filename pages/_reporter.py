"""Who reported an incident: masked, and in clear once, for a reason that is logged."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from data import clock
from data.reporter import NoReason, ReporterHidden, masked_reporter, unmask_reporter
from data.store import StoreUnavailable
from pages import _session
from pages._desk import Desk
from pages._house import house
from pages._html import facts, heading, note, plain
from pages._incident import Whole
from pages._messages import words
from pages._text import texts
from rules.access import OutsideScope

REASON: Final = "unmask_reason"
SHOWN: Final = "reporter"
WHY_NOT: Final = "reporter_refused"


def _unmask(number: str, parts: Sequence[str]) -> None:
    visitor, t = _session.visitor(), texts(_session.language())
    if visitor is None:
        return
    now, rooms = clock.now(), house()
    try:
        found = unmask_reporter(
            rooms.store, rooms.pictures.current(now), scope=visitor.grid_scope,
            actor=visitor.actor, number=number, reason=str(_session.widget(REASON) or ""), now=now,
        )  # fmt: skip
    except (OutsideScope, ReporterHidden, NoReason, StoreUnavailable) as error:
        _session.keep(WHY_NOT, words(error, t))
        return
    _session.keep(SHOWN, (number, found))
    st.rerun(list(parts))


def draw_reporter(desk: Desk, found: Whole, *, parts: Sequence[str]) -> None:
    """Draw the reporter; in clear for one drawing only, right after the reason was given."""
    t, number = desk.t, found.row.number
    if not found.detail.has_reporter:
        return
    st.html(heading(t("Reporter")))
    masked = masked_reporter(
        desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor, number=number
    )
    if masked is None:
        st.html(note(t("Known; only who handles the item may see it.")))
        return
    clear = _session.taken(SHOWN)
    shown = clear[1] if clear and clear[0] == number else None
    who = shown or masked
    st.html(facts([(t("Name"), who.name), (t("Phone"), who.phone)]))
    if shown is not None:
        st.html(note(t("Shown once; the look and its reason are in the log.")))
        return
    with st.popover(t("Show in clear"), key="unmask", icon=":material/visibility:"):
        refused = _session.taken(WHY_NOT)
        if refused:
            st.error(plain(refused))
        st.text_input(t("What do you need it for?"), key=REASON, max_chars=200)
        st.button(
            t("Show and log"), key="unmask_go", type="primary", on_click=_unmask,
            args=(number, tuple(parts)),
        )  # fmt: skip
