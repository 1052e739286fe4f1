"""The form of one step: a field for each thing that the step asks for, and nothing else."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

import streamlit as st

from data.suggest import Suggestion, suggest
from pages import _session
from pages._desk import Desk
from pages._html import heading, note, plain
from pages._incident import Whole
from pages._similar import mergeable
from pages._suggestion import person_words, reason_words
from pages._text import later, pick
from rules.casework import MAX_SCORE, Request, needs_of
from rules.deadlines import CHINA
from rules.steps import Action, Need, Step

PEOPLE: Final = 40
"""So many people are offered, best first."""
NOTE_MOST: Final = 2000
ORDER: Final = (
    Need.PERSON, Need.BODIES, Need.OTHER, Need.UNTIL, Need.SCORE, Need.PHOTO, Need.CONSENT,
    Need.NOTE,
)  # fmt: skip
HINTS: Final[dict[Action, str]] = {
    Action.RESOLVE: later("What was done and with what result?"),
    Action.SETTLE: later("What was done and with what result?"),
    Action.FEED_BACK: later("Who was told, and how?"),
    Action.EVALUATE: later("What did the resident say?"),
    Action.SEND_BACK: later("Why can it not be done here?"),
    Action.ESCALATE: later("Why does it need the next level?"),
    Action.SUSPEND: later("What is being waited for?"),
    Action.REJECT: later("Why is it not accepted?"),
    Action.REOPEN: later("Why is it opened again?"),
}

Draw = Callable[[Desk, Whole, str], None]
"""Draws one field of an incident's step; the last is the key of the widget."""


def key_of(number: str, action: str, need: str) -> str:
    """Key of a field; the same for every version, so that nothing typed is lost."""
    return f"step_{number}_{action}_{need}"


def typed(number: str, action: Action, need: Need) -> Any:
    """Value of a field."""
    return _session.widget(key_of(number, action.value, need.value))


def request_of(number: str, action: Action, photos: int) -> Request:
    """Put together what the form of a step says."""
    day, other = typed(number, action, Need.UNTIL), typed(number, action, Need.OTHER)
    return Request(
        action,
        note=str(typed(number, action, Need.NOTE) or "").strip()[:NOTE_MOST],
        person=typed(number, action, Need.PERSON),
        until=datetime.combine(day, time(), CHINA) if day else None,
        score=typed(number, action, Need.SCORE),
        other=str(other or "").strip(),
        bodies=tuple(typed(number, action, Need.BODIES) or ()),
        photos=photos,
        consent=bool(typed(number, action, Need.CONSENT)),
    )


def draw_form(
    desk: Desk, found: Whole, step: Step, *, send: Callable[..., None], args: Sequence[Any],
    drop: Callable[[], None],
) -> None:  # fmt: skip
    """Draw the form of a step."""
    t, number = desk.t, found.row.number
    needs = needs_of(step, found.row.kind, desk.picture.rulebook)
    with st.form(f"form_{number}_{step.action}", enter_to_submit=False):
        st.html(heading(pick((step.zh, step.en), desk.locale)))
        for need in ORDER:
            if need == Need.NOTE:
                _note(desk, step, number, must=need in needs)
            elif need == Need.PHOTO and need in needs:
                _photo(desk, found.photos)
            elif need in needs:
                FIELDS[need](desk, found, key_of(number, step.action.value, need.value))
        with st.container(horizontal=True):
            st.form_submit_button(t("Save"), type="primary", on_click=send, args=tuple(args))
            st.form_submit_button(t("Cancel"), on_click=drop)


def _note(desk: Desk, step: Step, number: str, *, must: bool) -> None:
    t = desk.t
    st.text_area(
        t("Note") if must else t("Note (not required)"),
        key=key_of(number, step.action.value, Need.NOTE.value), max_chars=NOTE_MOST, height=92,
        placeholder=t(HINTS[step.action]) if step.action in HINTS else None,
    )  # fmt: skip


def _photo(desk: Desk, photos: int) -> None:
    t = desk.t
    there = t("{n} photos are attached.").format(n=photos)
    st.html(note(there if photos else t("A photo is needed. Add one to the item first.")))


def _person(desk: Desk, found: Whole, key: str) -> None:
    t = desk.t
    people = suggest(
        desk.store, desk.picture, scope=desk.scope, number=found.row.number, now=desk.now,
        rulebook=desk.picture.rulebook, limit=PEOPLE,
    )  # fmt: skip
    if not people:
        st.html(note(t("Nobody here is free to take it. Escalate it to the next level.")))
        return
    by_id: dict[int, Suggestion] = {one.person_id: one for one in people}
    first = people[0]
    st.html(note(t("Suggested: {name}. {reasons}").format(
        name=first.name, reasons=reason_words(first, t))))  # fmt: skip
    st.selectbox(
        t("Person"), list(by_id), key=key,
        format_func=lambda one: person_words(by_id[one], desk.locale, t),
    )  # fmt: skip


def _until(desk: Desk, _found: Whole, key: str) -> None:
    tomorrow = desk.now.astimezone(CHINA).date() + timedelta(days=1)
    st.date_input(
        desk.t("Until"), value=tomorrow + timedelta(days=6), min_value=tomorrow, key=key,
        format="YYYY-MM-DD",
    )  # fmt: skip


def _score(desk: Desk, _found: Whole, key: str) -> None:
    st.segmented_control(
        desk.t("Evaluation: 1 very dissatisfied to 5 very satisfied"),
        list(range(1, MAX_SCORE + 1)), key=key,
    )  # fmt: skip


def _other(desk: Desk, found: Whole, key: str) -> None:
    t = desk.t
    rows = {row.number: row for row in mergeable(desk, found.row)}
    st.selectbox(
        t("Merge into"), list(rows), key=key, index=None, accept_new_options=True,
        placeholder=t("Choose a similar item or type a number"),
        format_func=lambda one: f"{one} · {rows[one].title}" if one in rows else str(one),
    )  # fmt: skip


def _bodies(desk: Desk, found: Whole, key: str) -> None:
    bodies = desk.picture.rulebook.bodies
    st.multiselect(
        desk.t("Bodies"), [body for body in bodies if body not in found.case.bodies], key=key,
        format_func=lambda one: pick((bodies[one].zh, bodies[one].en), desk.locale),
        placeholder=desk.t("Choose one or more"),
    )  # fmt: skip


def _consent(desk: Desk, _found: Whole, key: str) -> None:
    st.checkbox(plain(desk.t("The parties have agreed to the outcome.")), key=key)


FIELDS: Final[dict[Need, Draw]] = {
    Need.PERSON: _person,
    Need.UNTIL: _until,
    Need.SCORE: _score,
    Need.OTHER: _other,
    Need.BODIES: _bodies,
    Need.CONSENT: _consent,
}
