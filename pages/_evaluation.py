"""The link by which a resident evaluates: a code to show or print, and words to send."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import segno
import streamlit as st
from markupsafe import Markup

from data import clock
from data.evaluation import make_link
from data.store import StoreUnavailable
from pages import _session
from pages._desk import Desk
from pages._format import date_time
from pages._house import house
from pages._html import heading, note, plain
from pages._incident import Whole
from pages._messages import words
from pages._text import texts
from rules.access import OutsideScope
from rules.casework import IllegalStep, NotYours
from rules.lifecycle import State
from rules.steps import Action

LINK: Final = "evaluation_link"
REFUSED: Final = "evaluation_refused"

log = logging.getLogger(__name__)


def address_of(token: str) -> str:
    """Address of a resident's page as a phone can open it."""
    return f"{_session.origin(house().settings)}/evaluate/{token}"


def code(address: str) -> Markup:
    """Draw an address as a code to be read by a phone; dark on light in every theme."""
    drawn = segno.make(address, error="m", micro=False)
    source = drawn.svg_data_uri(scale=4, border=3, dark="#000", light="#fff", omitsize=True)
    return Markup('<img class="gm-code" src="{}" alt="{}">').format(source, address)


def _make(number: str, parts: Sequence[str]) -> None:
    """Make a link as whoever is signed in; the one before it ends."""
    visitor, t = _session.visitor(), texts(_session.language())
    if visitor is None:
        return
    now, rooms = clock.now(), house()
    try:
        token = make_link(
            rooms.store, rooms.pictures.current(now), scope=visitor.grid_scope,
            actor=visitor.actor, number=number, now=now, rulebook=rooms.rulebook,
        )  # fmt: skip
        until = now + timedelta(days=rooms.rulebook.evaluation_days)
        _session.keep(LINK, (number, token, until))
        _session.taken(REFUSED)
    except (OutsideScope, IllegalStep, NotYours, StoreUnavailable) as error:
        log.info("no link for %s: %r", number, error)
        _session.keep(REFUSED, (number, words(error, t)))
    st.rerun(list(parts))


def _made(number: str, now: datetime) -> tuple[str, datetime] | None:
    """Give the link that this tab has made, while it lasts: the store cannot give it again."""
    kept = _session.kept(LINK)
    return (kept[1], kept[2]) if kept and kept[0] == number and now < kept[2] else None


def draw_evaluation_link(desk: Desk, found: Whole, *, parts: Sequence[str]) -> None:
    """Draw the resident's link while the incident waits for its evaluation.

    ``parts`` are the fragments of the page that show the incident.
    """
    t, number = desk.t, found.row.number
    mine = any(step.action == Action.EVALUATE for step in found.case.steps)
    if found.case.case.state != State.FED_BACK or not mine:
        return
    st.html(heading(t("The resident's own evaluation")))
    made, refused = _made(number, clock.now()), _session.kept(REFUSED)
    if refused and refused[0] == number:
        st.error(plain(refused[1]))
    if made is not None:
        token, until = made
        st.html(code(address_of(token)))
        st.code(address_of(token), language=None, wrap_lines=True)
        ends = t("For one evaluation, until {time}. A new link ends this one.")
        st.html(note(ends.format(time=date_time(until, desk.now))))
    st.button(
        t("A new link") if made else t("Show the code for the resident"), key="make_link",
        icon=":material/qr_code_2:", on_click=_make, args=(number, parts),
    )  # fmt: skip
