"""Steps with the selected items of the board: each in a transaction of its own, told one by one."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import streamlit as st
from markupsafe import Markup

from data import clock
from data.board import Outcome, Pick, act_on_all
from data.incidents import IncidentRow
from data.suggest import suggest, suggest_all
from pages import _session
from pages._desk import Desk
from pages._house import house
from pages._html import join, note
from pages._messages import words
from pages._steps import SAID_FOR
from pages._suggestion import person_words, reason_words
from pages._text import pick
from rules.casework import Request
from rules.steps import STEPS, Action

OUTCOME: Final = "board_outcome"
ROUND: Final = "board_round"
EACH: Final = 0
"""Choice of the person that stands for whoever is suggested for each item."""
EXPLAINED: Final = 6
PEOPLE: Final = 40
BARE: Final = (Action.ACCEPT, Action.CLOSE)
WITH_NOTE: Final = (Action.ESCALATE, Action.URGE)


def name_of(action: Action, locale: str) -> str:
    """Name of a step."""
    step = STEPS[action]
    return pick((step.zh, step.en), locale)


def _bulk(
    action: Action, picks: Sequence[Pick], part: str, request: Callable[[Pick], Request]
) -> None:
    """Take a step with all of them and keep what became of it."""
    visitor = _session.visitor()
    if visitor is None:
        return
    now, rooms = clock.now(), house()
    outcomes = act_on_all(
        rooms.store, rooms.pictures.current(now), scope=visitor.grid_scope, actor=visitor.actor,
        picks=picks, request=request, now=now, rulebook=rooms.rulebook,
    )  # fmt: skip
    _session.keep(OUTCOME, (action, outcomes, now))
    _session.keep(ROUND, (_session.kept(ROUND) or 0) + 1)
    st.rerun(part)


def _bare(action: Action, picks: Sequence[Pick], part: str) -> None:
    _bulk(action, picks, part, lambda _: Request(action))


def _noted(action: Action, picks: Sequence[Pick], part: str) -> None:
    said = str(_session.widget(f"bulk_{action}") or "").strip()
    _bulk(action, picks, part, lambda _: Request(action, note=said))


def _dispatch(picks: Sequence[Pick], part: str) -> None:
    """Give all to one person, or each to whom is suggested once the ones before are given."""
    person, said = _session.widget("bulk_person"), _session.widget("bulk_dispatch") or ""
    _bulk(
        Action.DISPATCH, picks, part,
        lambda one: Request(
            Action.DISPATCH, person=person or _suggested(one), note=str(said).strip()
        ),
    )  # fmt: skip


def _suggested(one: Pick) -> int | None:
    visitor = _session.visitor()
    if visitor is None:
        return None
    now, rooms = clock.now(), house()
    people = suggest(
        rooms.store, rooms.pictures.current(now), scope=visitor.grid_scope, number=one.number,
        now=now, rulebook=rooms.rulebook, limit=1,
    )  # fmt: skip
    return people[0].person_id if people else None


def draw_actions(desk: Desk, rows: Sequence[IncidentRow], *, part: str) -> None:
    """Draw what can be done with the selected rows."""
    t, locale = desk.t, desk.locale
    if not rows:
        st.html(note(t("Select one or more rows to work on them.")))
        return
    picks = tuple(Pick(row.number, row.version) for row in rows)
    with st.container(key="bulk", horizontal=True, vertical_alignment="center"):
        st.html(Markup("<b>{}</b>").format(t("{n} selected").format(n=len(rows))))
        with st.popover(name_of(Action.DISPATCH, locale), key="bulk_give", type="primary"):
            _draw_dispatch(desk, rows, picks, part)
        for action in BARE:
            st.button(name_of(action, locale), key=f"bulk_{action}", on_click=_bare,
                      args=(action, picks, part))  # fmt: skip
        for action in WITH_NOTE:
            with st.popover(name_of(action, locale), key=f"bulk_open_{action}"):
                st.text_area(t("Note"), key=f"bulk_{action}", max_chars=2000, height=92)
                st.button(name_of(action, locale), key=f"bulk_go_{action}", type="primary",
                          on_click=_noted, args=(action, picks, part))  # fmt: skip
        if len(rows) == 1:
            st.page_link("item.py", label=t("Open as a page"), icon=":material/open_in_full:",
                         query_params={"incident": rows[0].number})  # fmt: skip


def _draw_dispatch(
    desk: Desk, rows: Sequence[IncidentRow], picks: Sequence[Pick], part: str
) -> None:
    """Draw the choice of the person, with who is suggested for what and why."""
    t = desk.t
    found = suggest_all(
        desk.store, desk.picture, scope=desk.scope,
        numbers=[row.number for row in rows[:EXPLAINED]], now=desk.now,
        rulebook=desk.picture.rulebook, limit=PEOPLE,
    )  # fmt: skip
    people = {one.person_id: one for of in found.values() for one in of}
    lines = join(
        Markup("<li><p>{} → <b>{}</b><small> {}</small></p></li>").format(
            row.title, best.name, reason_words(best, t)
        )
        for row in rows[:EXPLAINED]
        for best in found[row.number][:1]
    )
    st.html(Markup('<ul class="gm-lines">{}</ul>').format(lines))
    each = t("Each to whom is suggested, counting what is given")
    st.selectbox(
        t("Person"), [EACH, *people], key="bulk_person",
        format_func=lambda one: person_words(people[one], desk.locale, t) if one else each,
    )  # fmt: skip
    st.text_area(t("Note (not required)"), key="bulk_dispatch", max_chars=2000, height=68)
    st.button(name_of(Action.DISPATCH, desk.locale), key="bulk_dispatch_go", type="primary",
              on_click=_dispatch, args=(picks, part))  # fmt: skip


def draw_outcome(desk: Desk) -> None:
    """Say what became of the last step: how many are done, and why the others are not."""
    kept: tuple[Action, list[Outcome], datetime] | None = _session.kept(OUTCOME)
    if kept is None or clock.now() - kept[2] > SAID_FOR:
        return
    t, (action, outcomes, _) = desk.t, kept
    done = [one for one in outcomes if one.refused is None]
    refused = [one for one in outcomes if one.refused is not None]
    said = t("{step}: {n} done, {m} refused").format(
        step=name_of(action, desk.locale), n=len(done), m=len(refused)
    )
    names = desk.picture.staff.names
    lines = [
        Markup("<li>{} → {}</li>").format(one.number, names.get(one.person, ""))
        for one in done if one.person is not None
    ]  # fmt: skip
    lines += [
        Markup('<li class="gm-bad-text">{}: {}</li>').format(one.number, words(one.refused, t))
        for one in refused if one.refused is not None
    ]  # fmt: skip
    st.html(
        Markup('<div class="gm-note" role="status"><b>{}</b><ul class="gm-lines">{}</ul></div>')
        .format(said, join(lines))
    )  # fmt: skip
