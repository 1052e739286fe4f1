"""Every step of a draft with who, when and what; a click leads there, and no branch is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Literal

import streamlit as st

from data.plan_history import actors_of, turns
from data.plan_rows import Entry
from pages._format import date_time
from pages._html import empty, heading, plain
from pages._plan_address import look_at, plan_here
from pages._plan_comments import draw_comments
from pages._plan_desk import Bench
from pages._plan_draw import command
from pages._plan_turns import course
from pages._plan_words import op_name
from pages._text import later
from rules.plan_commands import Go, Redo, Undo
from rules.plan_log import NothingToRedo, Record, position, redo_target

MOST: Final = 100
Standing = Literal["done", "undone", "aside"]
ASIDE: Final[dict[Standing, str]] = {
    "undone": later(" (undone)"),
    "aside": later(" (branch)"),
}
SIGNS: Final[dict[Standing, str]] = {"done": "○ ", "undone": "◌ ", "aside": "┄ "}


def standings(records: Sequence[Record]) -> dict[int, Standing]:
    """Say of each edit how it lies to the present position: on the way there, after it, aside."""
    follows = {record.seq: record.follows for record in records if record.kind == "edit"}
    here = position(records)
    way, at = {0}, here
    while at:
        way.add(at)
        at = follows[at]
    beyond = {here}
    for seq, before in sorted(follows.items()):
        if before in beyond:
            beyond.add(seq)
    after = beyond - {here}
    return {
        seq: "done" if seq in way else "undone" if seq in after else "aside"
        for seq in (0, *follows)
    }


def changes(entry: Entry) -> int:
    """Count the pieces of land that an edit put elsewhere."""
    return sum(key.startswith("cell:") for key in entry.record.change)


def label(entry: Entry, bench: Bench, names: Mapping[str, str]) -> str:
    """Give one step: what, how much, when, by whom."""
    t, land = bench.t, changes(entry)
    parts = [f"{entry.record.seq}. {op_name(entry.op, t)}"]
    if land:
        parts.append(t("pieces of land: {n}").format(n=land))
    parts += [date_time(entry.at, bench.desk.now), names.get(entry.actor, entry.actor)]
    return " · ".join(parts)


def _look(seq: int) -> None:
    here = plan_here()
    look_at(replace(here, seq=None if here.seq == seq else seq, proposal=""))


def draw_steps(bench: Bench, names: Mapping[str, str]) -> None:
    """Draw the steps, newest first; planners go there, others look."""
    t, records = bench.t, bench.sheet.records
    here, lie = position(records), standings(records)
    start = [(0, t("0. As it was made"))]
    edits = [e for e in bench.sheet.log if e.record.kind == "edit"][-MOST:]
    steps = [*start, *((e.record.seq, label(e, bench, names)) for e in edits)]
    with st.container(key="history_steps"):
        for seq, said in reversed(steps):
            looked = bench.address.seq == seq
            sign = SIGNS[lie[seq]]
            aside = t(ASIDE[lie[seq]]) if lie[seq] in ASIDE else ""
            mark = "● " if seq == here else "◉ " if looked else sign
            st.button(
                plain(mark + said + aside), key=f"step_to_{seq}", type="tertiary",
                disabled=bench.drawable and seq == here, width="stretch",
                on_click=command if bench.drawable else _look,
                args=(bench.stand, Go(seq)) if bench.drawable else (seq,),
            )  # fmt: skip


def draw_undo(bench: Bench) -> None:
    """Draw undo and redo."""
    t, records = bench.t, bench.sheet.records
    try:
        can_redo = redo_target(records) != position(records)
    except NothingToRedo:
        can_redo = False
    with st.container(key="undo", horizontal=True):
        st.button(t("Undo"), key="undo_one", icon=":material/undo:", on_click=command,
                  args=(bench.stand, Undo()), disabled=position(records) == 0)  # fmt: skip
        st.button(t("Redo"), key="redo_one", icon=":material/redo:", on_click=command,
                  args=(bench.stand, Redo()), disabled=not can_redo)  # fmt: skip


def draw_history(bench: Bench) -> None:
    """Draw comments, the course of the plan, and its steps."""
    t, desk = bench.t, bench.desk
    asked: dict[str, Any] = {
        "scope": desk.scope,
        "actor": desk.visitor.actor,
        "plan_id": bench.plan.id,
    }
    names = actors_of(desk.store, desk.picture, **asked)
    draw_comments(bench, names)
    st.html(heading(t("Course of the plan")))
    st.html(course(turns(desk.store, desk.picture, **asked), bench, names))
    many = sum(record.kind == "edit" for record in bench.sheet.records)
    st.html(heading(t("Drawing"), t("{n} steps, all are kept").format(n=many)))
    if bench.drawable:
        draw_undo(bench)
    draw_steps(bench, names)
    if many > MOST:
        st.html(empty(t("{n} of {total}").format(n=MOST, total=many)))
