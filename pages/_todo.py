"""Today's list: what somebody has to do, each with the next step as one button."""

from typing import Final

import streamlit as st
from markupsafe import Markup

from data.casework import opened
from data.todo import Duty, duties
from pages import _session, _words
from pages._desk import Desk, at_desk
from pages._format import count, due_words
from pages._html import badge, empty, heading, join, plain
from pages._incident import load
from pages._steps import REFUSED, SAID, STEP, draw_steps, leading
from pages._text import pick
from rules.kinds import Severity
from rules.rulebook import Lamp
from rules.steps import Step

TODO: Final = "todo"
OPEN: Final = "todo_open"
MORE: Final = "todo_more"
FIRST: Final = 12
"""So many cards are shown at first."""
TONES: Final[dict[Lamp, str]] = {"green": "good", "yellow": "warn", "red": "bad", "none": "plain"}


def _take_up(number: str, action: str) -> None:
    """Open one item's steps, with the form of the next one."""
    _session.keep(OPEN, number)
    _session.keep(STEP, (number, action))
    for name in (SAID, REFUSED):
        _session.taken(name)


def _put_down() -> None:
    _session.taken(OPEN)
    _session.taken(STEP)


def _show_more() -> None:
    _session.keep(MORE, (_session.kept(MORE) or FIRST) + FIRST)


def card(duty: Duty, desk: Desk) -> Markup:
    """Give one item: how long is left, what it is, and where."""
    row, t, now = duty.row, desk.t, desk.now
    lamp = desk.picture.rulebook.lamp(row.reported_at, duty.due_at, now, open=True)
    labels = [
        badge(_words.state_name(row.state, desk.locale)),
        badge(_words.kind_name(row.kind, desk.locale)),
    ]
    if row.severity >= Severity.SERIOUS:
        labels.append(badge(_words.severity_name(row.severity, desk.locale), "bad"))
    holder = "" if duty.mine else t("With {name}").format(name=row.assignee_name or t("nobody yet"))
    return Markup(
        '<div class="gm-duty gm-{}"><em>{}</em><b>{}</b><p>{}</p>'
        '<div class="gm-labels">{}</div></div>'
    ).format(
        TONES[lamp], due_words(duty.due_at, now, t), row.title,
        " · ".join(filter(None, (row.address or row.area_name, holder))), join(labels),
    )  # fmt: skip


def _draw_card(desk: Desk, duty: Duty, parts: list[str]) -> None:
    row, locale = duty.row, desk.locale
    with st.container(key=f"duty_{row.id}", border=True):
        st.html(card(duty, desk))
        if _session.kept(OPEN) == row.number:
            draw_steps(desk, load(desk, row.number), parts=parts)
            st.button(
                desk.t("Put away"), key="put_away", type="tertiary", on_click=_put_down,
                icon=":material/expand_less:",
            )  # fmt: skip
            return
        found = opened(
            desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
            number=row.number,
        )  # fmt: skip
        step: Step | None = leading(found) or next(iter(found.steps), None)
        with st.container(key=f"ways_{row.id}", horizontal=True, vertical_alignment="center"):
            if step is not None:
                st.button(
                    plain(pick((step.zh, step.en), locale)), key=f"next_{row.id}", type="primary",
                    on_click=_take_up, args=(row.number, step.action.value), width="stretch",
                )  # fmt: skip
            st.page_link(
                "item.py", label=desk.t("Details"), icon=":material/chevron_right:",
                query_params={"incident": row.number},
            )  # fmt: skip


@st.fragment(key=TODO)
@at_desk
def draw_todo(desk: Desk, after: list[str]) -> None:
    """Draw the list; ``after`` are the parts of the page that change with a step."""
    t = desk.t
    found = duties(
        desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor, now=desk.now
    )
    late = sum(duty.due_at < desk.now for duty in found)
    said = t("{n} in all").format(n=count(len(found)))
    over = t("{n} overdue").format(n=count(late)) if late else ""
    st.html(heading(t("To do, by due time"), " · ".join(filter(None, (said, over)))))
    if not found:
        st.html(empty(t("Nothing is waiting for you.")))
        return
    shown = found[: _session.kept(MORE) or FIRST]
    groups = ((True, t("Mine")), (False, t("On my desk")))
    for mine, name in groups:
        cards = [duty for duty in shown if duty.mine == mine]
        if cards and not all(duty.mine for duty in found):
            st.html(heading(name))
        for duty in cards:
            _draw_card(desk, duty, [TODO, *after])
    if len(shown) < len(found):
        st.button(t("Show more"), key="more_duties", on_click=_show_more, width="stretch")
