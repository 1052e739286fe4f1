"""What is the matter, in words and pictures, and whether somebody has said so already."""

import streamlit as st

from pages import _session, _words
from pages._desk import Desk, at_desk
from pages._draft import (
    HANDLING,
    KIND,
    NAME,
    NOTE,
    NOTE_MOST,
    PARTY,
    PHONE,
    PHOTOS,
    SOURCE,
    SOURCES,
    SUBKIND,
    TITLE,
    TITLE_MOST,
    Draft,
    keep_title,
    read_draft,
)
from pages._duplicates import draw_duplicates
from pages._filing import REFUSED, file_report
from pages._format import date_time
from pages._html import note, plain
from pages._photo_place import draw_offer
from pages._picked import Picked, address, picked
from pages._text import pick
from pages._where import WHERE
from rules.access import Role
from rules.deadlines import add_limit

WHAT = "what"
PHOTO_TYPES = ("jpg", "jpeg", "png", "webp")
DESKS = HANDLING - {Role.GRID_LEAD, Role.GRID_WORKER, Role.BUILDING_CHIEF, Role.LEGAL}


@st.fragment(key=WHAT)
@at_desk
def draw_what(desk: Desk) -> None:
    """Draw the second and third step of a report, and the button that files it."""
    t, actor = desk.t, desk.visitor.actor
    _draw_kind(desk)
    found = picked(desk)
    draft = keep_title(desk, read_draft(actor), found)
    if draft.kind:
        st.html(note(severity_words(desk, draft)))
    if actor.role in DESKS:
        st.pills(
            t("Source"), list(SOURCES), key=SOURCE, default=SOURCES[0], required=True,
            format_func=lambda one: plain(_words.source_name(one, desk.locale)),
        )  # fmt: skip
    st.text_input(t("Title"), key=TITLE, max_chars=TITLE_MOST)
    st.text_area(t("What there is to see (not required)"), key=NOTE, max_chars=NOTE_MOST, height=80)
    photos = st.file_uploader(
        t("Photos"), type=PHOTO_TYPES, accept_multiple_files=True, key=PHOTOS, max_upload_size=15
    )
    if desk.scope.buildings is None:
        draw_offer(desk, photos, after=[WHERE, WHAT])
    with st.expander(t("Who reported it (not required)")):
        st.text_input(t("Name"), key=NAME, max_chars=40)
        st.text_input(t("Phone"), key=PHONE, max_chars=30)
    if found is not None and draft.kind:
        draw_duplicates(desk, draft, found)
    _draw_button(desk, found)


def _draw_kind(desk: Desk) -> None:
    t, kinds = desk.t, desk.picture.rulebook.kinds
    first = "legal_service" if desk.visitor.actor.role == Role.LEGAL else None
    kind = st.pills(
        t("What is it?"), list(kinds), key=KIND, default=first,
        format_func=lambda one: plain(pick((kinds[one].zh, kinds[one].en), desk.locale)),
    )  # fmt: skip
    subkinds = kinds[kind].subkinds if kind else {}
    if subkinds:
        st.pills(
            t("More exactly"), list(subkinds), key=SUBKIND,
            format_func=lambda one: plain(pick(subkinds[one], desk.locale)),
        )  # fmt: skip
    if kind == "legal_service":
        st.text_input(t("Organisation served"), key=PARTY, max_chars=80)


def severity_words(desk: Desk, draft: Draft) -> str:
    """Say how grave it counts as, and until when it has to be answered and resolved."""
    rules, now = desk.picture.rulebook, desk.now
    severity = rules.severity(draft.kind, draft.subkind)
    respond = add_limit(
        now, rules.limits(draft.kind, draft.subkind, severity).respond, rules.calendar
    )
    return desk.t("{severity}: answer by {respond}, resolve by {resolve}").format(
        severity=_words.severity_name(severity, desk.locale),
        respond=date_time(respond, now),
        resolve=date_time(rules.due(draft.kind, draft.subkind, severity, now), now),
    )


def _draw_button(desk: Desk, found: Picked | None) -> None:
    t = desk.t
    waits = found is None and bool(address())
    if waits:
        st.html(note(t(
            "No place is chosen. The report will be kept and wait to be placed by hand."
        )))  # fmt: skip
    refused = _session.kept(REFUSED)
    if refused:
        st.error(plain(refused))
    st.button(
        t("Report without a place") if waits else t("Report"), key="file", type="primary",
        width="stretch", icon=":material/send:", on_click=file_report, args=([WHAT],),
    )  # fmt: skip
