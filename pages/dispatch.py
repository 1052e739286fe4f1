"""The dispatch board: what waits at this desk, in queues, and steps with many items at once."""

from typing import Any, Final, get_args

import pandas as pd
import streamlit as st

from data.board import QUEUES, Board, Queue, board, queue_rows
from data.incidents import IncidentRow
from pages import _session, _words
from pages._address import Address
from pages._board_actions import draw_actions, draw_outcome
from pages._desk import Desk, at_desk, here
from pages._format import count, due_words
from pages._html import empty, heading, plain
from pages._text import later
from rules.filters import IncidentFilter
from rules.kinds import KINDS
from rules.levels import Level

BOARD: Final = "board"
PAGE: Final = 200
ROUND: Final = "board_round"
NAMES: Final[dict[Queue, str]] = {
    "unassigned": later("Not assigned"),
    "today": later("Due today"),
    "overdue": later("Overdue"),
    "returned": later("Returned"),
    "reopened": later("Opened again"),
    "escalated": later("Escalated to me"),
    "suspended": later("Suspended past its day"),
    "feedback": later("Awaiting feedback"),
    "evaluation": later("Awaiting evaluation"),
    "closing": later("Awaiting closing"),
}


def queue_of_url() -> Queue:
    """Give the queue that the URL names; the first where it names none."""
    asked = _session.query().get("queue", "")
    return next((queue for queue in get_args(Queue) if queue == asked), QUEUES[0])


def _move(address: Address, queue: str) -> None:
    """Put the choices into the URL and draw the board again."""
    _session.go(address.to_query() | ({"queue": queue} if queue != QUEUES[0] else {}))
    st.rerun(BOARD)


def _filter(own: str) -> None:
    """Narrow to the area and the kinds chosen; the own area needs no word in the URL."""
    kinds = tuple(k for k in KINDS if k in (_session.widget("b_kinds") or []))
    at = _session.widget("b_area") or own
    _move(
        Address(at=at if at != own else "", filter=IncidentFilter(kinds=kinds)), queue_of_url()
    )  # fmt: skip


def area_names(desk: Desk) -> dict[str, str]:
    """Name the areas to choose from by code: those of the scope above the grids."""
    tree, own = desk.picture.tree, desk.place.root
    first, last = tree.range(own.id)
    areas = [own, *(a for a in tree.areas[first + 1 : last] if a.level < Level.GRID)]
    return {
        area.code: f"{'　' * max(0, area.level - own.level)}{area.name}" for area in areas
    }  # fmt: skip


def draw_filter(desk: Desk) -> None:
    """Draw the choice of area and kinds."""
    t, names, args = desk.t, area_names(desk), (desk.place.root.code,)
    with st.container(key="board_filter", horizontal=True, vertical_alignment="bottom"):
        if len(names) > 1:
            _session.keep_widget("b_area", desk.place.at.code)
            st.selectbox(t("Area"), list(names), key="b_area", on_change=_filter, args=args,
                         format_func=lambda code: names.get(code, code))  # fmt: skip
        _session.keep_widget("b_kinds", list(here().filter.kinds))
        st.multiselect(
            t("Kind"), list(KINDS), key="b_kinds", on_change=_filter, args=args,
            placeholder=t("All kinds"),
            format_func=lambda kind: _words.kind_name(kind, desk.locale),
        )  # fmt: skip


def draw_queues(desk: Desk, found: Board, queue: Queue) -> None:
    """Draw the queues with their counts."""
    with st.container(key="queues", horizontal=True, wrap=True):
        for one in QUEUES:
            st.button(
                f"{plain(desk.t(NAMES[one]))} **{count(found.count(one))}**", key=f"queue_{one}",
                type="primary" if one == queue else "secondary", on_click=_move,
                args=(here(), one),
            )  # fmt: skip


def table(rows: list[IncidentRow], desk: Desk) -> pd.DataFrame:
    """Give the rows as the screen shows them: text only."""
    t, locale = desk.t, desk.locale
    return pd.DataFrame(
        {
            t("Deadline"): [due_words(row.due_at, desk.now, t) for row in rows],
            t("Incident"): [row.title for row in rows],
            t("Severity"): [_words.severity_name(row.severity, locale) for row in rows],
            t("Area"): [row.area_name for row in rows],
            t("State"): [_words.state_name(row.state, locale) for row in rows],
            t("With"): [row.assignee_name or t("Not assigned") for row in rows],
            t("Number"): [row.number for row in rows],
        },
        dtype="object",
    )


def chosen(state: Any, rows: list[IncidentRow]) -> list[IncidentRow]:
    """Give the rows that are selected."""
    picked = state["selection"]["rows"] if state else []
    return [rows[i] for i in picked if i < len(rows)]


@st.fragment(key=BOARD)
@at_desk
def draw_board(desk: Desk) -> None:
    """Draw filter, queues, the chosen queue, and what can be done with its selected items."""
    t, queue = desk.t, queue_of_url()
    kept = IncidentFilter(kinds=desk.address.filter.kinds)
    found = board(
        desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
        area_id=desk.place.at.id, filter=kept, now=desk.now, rulebook=desk.picture.rulebook,
    )  # fmt: skip
    with st.container(key="board"):
        draw_filter(desk)
        draw_queues(desk, found, queue)
        draw_outcome(desk)
        total = found.count(queue)
        shown = t("{n} of {total}").format(n=PAGE, total=count(total))
        st.html(heading(t(NAMES[queue]), shown if total > PAGE else ""))
        if not total:
            st.html(empty(t("Nothing waits here.")))
            return
        rows = queue_rows(desk.store, desk.picture, found, queue, now=desk.now, limit=PAGE)
        turn = f"board_{queue}_{desk.place.at.id}_{_session.kept(ROUND) or 0}"
        state = st.dataframe(
            table(rows, desk), key=turn, hide_index=True, on_select="rerun",
            selection_mode="multi-row", alt=t(NAMES[queue]),
            column_config={t("Incident"): st.column_config.TextColumn(width="medium")},
        )  # fmt: skip
        # Below the table and at hand: above it, the rows would move under a finger.
        with st.container(key="board_actions"):
            draw_actions(desk, chosen(state, rows), part=BOARD)


draw_board()
