"""Photos and papers of an incident: small copies, the large ones a click away, and adding more."""

import logging
from collections.abc import Sequence
from typing import Any, Final

import streamlit as st
from markupsafe import Markup

from data import clock
from data.attachments import Attachment, add_attachment, attachments
from data.photos import BadUpload, Offered, read_exif
from data.store import StoreUnavailable
from pages import _session
from pages._desk import Desk
from pages._format import date_time
from pages._house import house
from pages._html import empty, heading, join, note, plain
from pages._incident import Whole
from pages._messages import words
from pages._text import Translate, texts
from rules.access import OutsideScope
from rules.casework import IllegalStep, NotYours
from rules.steps import Action

TYPES: Final = ("jpg", "jpeg", "png", "webp", "pdf")
MOST_BYTES: Final = 15
"""Megabytes of one file."""
TROUBLES: Final = "photo_troubles"

log = logging.getLogger(__name__)


def picture_of(one: Attachment, desk: Desk) -> Markup:
    """Give a photo's small copy, or a paper's name, as a link to the whole."""
    aside = f"{one.name} · {date_time(one.at, desk.now)}"
    if one.is_photo:
        return Markup(
            '<a href="/attachment/{}" target="_blank" title="{}">'
            '<img src="/attachment/{}/small" alt="{}" loading="lazy"></a>'
        ).format(one.key, aside, one.key, aside)
    return Markup('<a class="gm-paper" href="/attachment/{}" title="{}" download>{}</a>').format(
        one.key, aside, one.name
    )


def gallery(found: Sequence[Attachment], desk: Desk) -> Markup:
    """Give all photos and papers, oldest first."""
    return Markup('<div class="gm-photos">{}</div>').format(
        join(picture_of(one, desk) for one in found)
    )


def offer(said: Offered | None, desk: Desk) -> str:
    """Say when a photo was taken and whether it knows where, before both are removed."""
    t = desk.t
    if said is None:
        return ""
    taken = date_time(said.taken_at, desk.now) if said.taken_at else ""
    where = f"{said.lat:.5f}, {said.lon:.5f}" if said.lat and said.lon else ""
    parts = (
        t("taken {time}").format(time=taken) if taken else "",
        t("at {place}").format(place=where) if where else "",
    )
    return " · ".join(part for part in parts if part)


def _add(number: str, key: str, parts: Sequence[str]) -> None:
    """Keep the files that were chosen, and say of each that cannot be kept why."""
    visitor, t = _session.visitor(), texts(_session.language())
    if visitor is None:
        return
    troubles = []
    for file in _session.widget(key) or ():
        try:
            now, rooms = clock.now(), house()
            add_attachment(
                rooms.store, rooms.pictures.current(now), scope=visitor.grid_scope,
                actor=visitor.actor, number=number, name=file.name, content=file.getvalue(),
                now=now,
            )  # fmt: skip
        except (BadUpload, OutsideScope, IllegalStep, NotYours, StoreUnavailable) as error:
            log.info("a file for %s was not kept: %r", number, error)
            troubles.append(f"{file.name}: {words(error, t)}")
    rounds = _session.kept(TROUBLES) or {}
    _session.keep(TROUBLES, {number: (rounds.get(number, (0,))[0] + 1, troubles)})
    st.rerun(list(parts))


def _chosen(files: Sequence[Any], desk: Desk) -> None:
    """Show what the files that were chosen say of themselves."""
    lines = [(file.name, offer(read_exif(file.getvalue()), desk)) for file in files]
    said = [f"{name}: {text}" for name, text in lines if text]
    if said:
        st.html(note("; ".join(said)))
        st.html(empty(desk.t("Place, time and device are removed from a photo when it is kept.")))


def _troubles(number: str) -> tuple[int, Sequence[str]]:
    kept: tuple[int, Sequence[str]] = (_session.kept(TROUBLES) or {}).get(number, (0, ()))
    return kept


def title(found: Sequence[Attachment], t: Translate) -> Markup:
    """Give the heading with how many there are."""
    return heading(t("Photos and papers"), t("{n} in all").format(n=len(found)) if found else "")


def draw_gallery(desk: Desk, whole: Whole) -> None:
    """Draw the photos and papers of an incident."""
    t = desk.t
    try:
        found = attachments(desk.store, desk.picture, scope=desk.scope, number=whole.row.number)
    except (OutsideScope, StoreUnavailable) as error:
        st.html(note(words(error, t)))
        return
    st.html(title(found, t))
    st.html(gallery(found, desk) if found else empty(t("None yet.")))


def draw_photos(desk: Desk, whole: Whole, *, parts: Sequence[str]) -> None:
    """Draw the photos and papers of an incident and, for who may, the way to add to them.

    ``parts`` are the fragments of the page that show the incident.
    """
    draw_gallery(desk, whole)
    if any(step.action == Action.NOTE for step in whole.case.steps):
        _draw_form(desk, whole.row.number, parts)


def _draw_form(desk: Desk, number: str, parts: Sequence[str]) -> None:
    t = desk.t
    done, troubles = _troubles(number)
    for trouble in troubles:
        st.error(plain(trouble))
    key = f"files_{number}_{done}"
    files = st.file_uploader(
        t("Add photos (JPEG, PNG, WebP) or a PDF, up to {n} MB each").format(n=MOST_BYTES),
        type=TYPES, accept_multiple_files=True, max_upload_size=MOST_BYTES, key=key,
    )  # fmt: skip
    if files:
        _chosen(files, desk)
        st.button(
            t("Keep the files ({n})").format(n=len(files)), key="keep_files", type="primary",
            on_click=_add, args=(number, key, parts),
        )  # fmt: skip
