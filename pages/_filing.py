"""Filing a report: the incident, then its words and photos; what fails later is said."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import streamlit as st

from data import clock
from data.attachments import add_attachment
from data.casework import StaleSave, act, opened
from data.handling import report_incident
from data.photos import BadUpload
from data.picture import Picture
from data.store import Store, StoreUnavailable
from pages import _session
from pages._desk import Desk, take_desk
from pages._draft import AUTO, PHOTOS, Draft, new_incident, read_draft
from pages._house import house
from pages._messages import words
from pages._picked import address, forget, picked
from pages._text import Translate
from rules.access import OutsideScope
from rules.casework import IllegalStep, Missing, NotYours, Request
from rules.steps import Action

FILED: Final = "report_filed"
"""Number of the report that was just filed."""
REFUSED: Final = "report_refused"
TROUBLES: Final = "report_troubles"
"""What of a filed report could not be kept, in words."""

Failed = (OutsideScope, StoreUnavailable, StaleSave, IllegalStep, NotYours, Missing, BadUpload)

log = logging.getLogger(__name__)


def lacking(draft: Draft, *, placed: bool, t: Translate) -> str:
    """Say what a report still lacks; nothing if it can be filed."""
    if not draft.kind:
        return t("Choose what it is.")
    if not draft.title:
        return t("Give it a title.")
    if not placed and not address():
        return t("Say where it is: a building, a place on the map, or an address.")
    return ""


def file_report(after: Sequence[str]) -> None:
    """File what the form says, once, as whoever is signed in."""
    desk = take_desk()
    if desk is None or _session.kept(FILED):
        return
    actor, found = desk.visitor.actor, picked(desk)
    draft = read_draft(actor)
    refused = lacking(draft, placed=found is not None, t=desk.t)
    if not refused:
        now = clock.now()
        try:
            made = report_incident(
                desk.store, desk.picture, scope=desk.scope, actor=actor,
                new=new_incident(draft, found, actor), now=now, rulebook=desk.picture.rulebook,
            )  # fmt: skip
        except (OutsideScope, StoreUnavailable) as error:
            refused = words(error, desk.t)
        else:
            _session.keep(TROUBLES, _add_rest(desk, made.number, draft, now))
            _session.keep(FILED, made.number)
            _session.taken(REFUSED)
            _session.taken(AUTO)
            forget()
            st.rerun()
            return
    _session.keep(REFUSED, refused)
    st.rerun(list(after))


def _add_rest(desk: Desk, number: str, draft: Draft, now: datetime) -> list[str]:
    """Add words and photos to a filed report, and give what went wrong with them."""
    store, picture = desk.store, house().pictures.current(now)
    troubles = []
    if draft.note:
        try:
            _add_note(store, picture, desk, number, draft.note, now)
        except Failed as error:
            log.info("note of %s: %s", number, error)
            troubles.append(words(error, desk.t))
    for photo in _session.widget(PHOTOS) or ():
        try:
            _add_photo(store, picture, desk, number, photo, now)
        except Failed as error:
            log.info("photo of %s: %s", number, error)
            troubles.append(words(error, desk.t))
    return troubles


def _add_note(
    store: Store, picture: Picture, desk: Desk, number: str, text: str, now: datetime
) -> None:
    actor = desk.visitor.actor
    found = opened(store, picture, scope=desk.scope, actor=actor, number=number)
    act(
        store, picture, scope=desk.scope, actor=actor, number=number, version=found.version,
        request=Request(Action.NOTE, note=text), now=now, rulebook=picture.rulebook,
    )  # fmt: skip


def _add_photo(
    store: Store, picture: Picture, desk: Desk, number: str, photo: Any, now: datetime
) -> None:
    add_attachment(
        store, picture, scope=desk.scope, actor=desk.visitor.actor, number=number,
        name=photo.name, content=photo.getvalue(), now=now,
    )  # fmt: skip
