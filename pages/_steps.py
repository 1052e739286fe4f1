"""The next steps with an incident: the one that leads on as a button, the others in a menu.

A page says which of its parts show the incident; only those are drawn again after a step.
"""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from data import clock
from data.casework import Open, StaleSave, act
from data.store import StoreUnavailable
from pages import _session
from pages._desk import Desk
from pages._house import house
from pages._html import note, plain
from pages._incident import Whole
from pages._messages import words
from pages._step_form import draw_form, request_of
from pages._text import pick, texts
from rules.access import OutsideScope
from rules.casework import IllegalStep, Missing, NoDesk, NotYours, Request, needs_of
from rules.steps import STEPS, Action, Step

STEP = "step"
SAID = "step_said"
REFUSED = "step_refused"
SAID_FOR = timedelta(minutes=1)
"""How long the screen says that a step was taken."""


def leading(found: Open) -> Step | None:
    """Give the step that leads on along the loop, if the actor may take it."""
    return next((step for step in found.steps if step.ahead), None)


def _choose(number: str, action: str) -> None:
    _session.keep(STEP, (number, action))
    _session.taken(SAID)
    _session.taken(REFUSED)


def _drop() -> None:
    _session.taken(STEP)
    _session.taken(REFUSED)


def _chosen(number: str) -> None:
    """Open the form of the step chosen from the menu."""
    option = _session.widget(f"steps_{number}")
    if option:
        _choose(number, option)


def attempt(number: str, version: int, request: Request) -> Exception | None:
    """Take a step as whoever is signed in; give the reason if it was refused."""
    visitor = _session.visitor()
    if visitor is None:
        return None
    now, rooms = clock.now(), house()
    try:
        act(
            rooms.store, rooms.pictures.current(now), scope=visitor.grid_scope,
            actor=visitor.actor, number=number, version=version, request=request, now=now,
            rulebook=rooms.rulebook,
        )  # fmt: skip
    except (
        OutsideScope, StaleSave, IllegalStep, NotYours, NoDesk, Missing, StoreUnavailable,
    ) as error:  # fmt: skip
        return error
    return None


def _send(number: str, version: int, action: Action, photos: int, parts: Sequence[str]) -> None:
    """Take the step of the form; what was typed stays where the step was refused."""
    if _session.visitor() is None:
        return  # the run that follows says that nobody is signed in
    t = texts(_session.language())
    request = request_of(number, action, photos)
    refused = attempt(number, version, request)
    if refused is not None:
        _session.keep(STEP, (number, action.value))
        _session.keep(REFUSED, (number, words(refused, t), request.note))
    else:
        _drop()
        step = STEPS[action]
        name = pick((step.zh, step.en), _session.language())
        _session.keep(SAID, (number, t("Done: {step}").format(step=name), clock.now()))
    st.rerun(list(parts))


def draw_steps(desk: Desk, whole: Whole, *, parts: Sequence[str]) -> None:
    """Draw the steps that the actor may take now, and the form of the one that was chosen."""
    t, locale, found = desk.t, desk.locale, whole.case
    number, photos = whole.row.number, whole.photos
    said = _session.kept(SAID)
    if said and said[0] == number and clock.now() - said[2] < SAID_FOR:
        with st.container(key="said"):
            st.html(note(said[1]))
    _draw_refusal(desk, found, number)
    if not found.steps:
        return
    first = leading(found)
    others = [step for step in found.steps if step != first]
    with st.container(key="steps", horizontal=True, vertical_alignment="center"):
        if first is not None:
            bare = not needs_of(first, found.case.kind, desk.picture.rulebook)
            st.button(
                plain(pick((first.zh, first.en), locale)), key=f"step_{first.action}",
                type="primary", on_click=_send if bare else _choose,
                args=(number, found.version, first.action, photos, parts) if bare
                else (number, first.action.value),
            )  # fmt: skip
        if others:
            names = {s.action.value: pick((s.zh, s.en), locale) for s in others}
            st.menu_button(
                t("More steps"), list(names), key=f"steps_{number}",
                on_click=_chosen, args=(number,), format_func=lambda a: plain(names[a]),
            )  # fmt: skip
    open_at = _session.kept(STEP)
    if open_at and open_at[0] == number:
        step = next((s for s in found.steps if s.action == open_at[1]), None)
        if step is not None:
            draw_form(
                desk, whole, step, send=_send, drop=_drop,
                args=(number, found.version, step.action, photos, parts),
            )  # fmt: skip


def _draw_refusal(desk: Desk, found: Open, number: str) -> None:
    """Say why the last step was refused, and give back the words that have no field any more."""
    refused = _session.kept(REFUSED)
    if not refused or refused[0] != number:
        return
    st.error(plain(refused[1]))
    chosen = _session.kept(STEP)
    gone = not chosen or all(step.action != chosen[1] for step in found.steps)
    if gone and refused[2]:
        st.html(note(desk.t("Your words: {text}").format(text=refused[2])))
