"""Every step of a draft with who, when and what; a click leads there, and no branch is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import streamlit as st
from markupsafe import Markup

from data.plan_history import Turn, actors_of, turns
from data.plan_rows import Entry
from pages._format import date_time
from pages._html import empty, heading, join, plain
from pages._plan_comments import draw_comments
from pages._plan_desk import Bench, look_at, plan_here
from pages._plan_draw import command
from pages._plan_words import op_name
from pages._text import later, pick
from rules.boundary_plan import TABLE
from rules.plan_commands import Go, Redo, Undo
from rules.plan_log import NothingToRedo, Record, position, redo_target

MOST: Final = 100
TURNS: Final = {
    "plan": later("Begun"),
    "comment": later("Comment"),
    "resolve_comment": later("Comment dealt with"),
    "enact": later("Came into force"),
    "supersede": later("Replaced by another plan"),
}


def on_way(records: Sequence[Record]) -> frozenset[int]:
    """Edits that lead to the present position; others lie on a branch that was left."""
    follows = {record.seq: record.follows for record in records if record.kind == "edit"}
    way, at = {0}, position(records)
    while at:
        way.add(at)
        at = follows[at]
    return frozenset(way)


def changes(entry: Entry) -> int:
    """Count the pieces of land that an edit put elsewhere."""
    return sum(key.startswith("cell:") for key in entry.record.change)


def label(entry: Entry, bench: Bench, names: Mapping[str, str]) -> str:
    """Give one step: what, how much, when, by whom."""
    t, land = bench.t, changes(entry)
    parts = [f"{entry.record.seq}. {op_name(entry.op, t)}"]
    if land:
        parts.append(t("{n} pieces of land").format(n=land))
    parts += [date_time(entry.at, bench.desk.now), names.get(entry.actor, entry.actor)]
    return " · ".join(parts)


def _look(seq: int) -> None:
    here = plan_here()
    look_at(replace(here, seq=None if here.seq == seq else seq, proposal=""))


def draw_steps(bench: Bench, names: Mapping[str, str]) -> None:
    """Draw the steps, newest first; planners go there, others look."""
    t, records = bench.t, bench.sheet.records
    here, way = position(records), on_way(records)
    start = [(0, t("0. As it was made"))]
    edits = [e for e in bench.sheet.log if e.record.kind == "edit"][-MOST:]
    steps = [*start, *((e.record.seq, label(e, bench, names)) for e in edits)]
    with st.container(key="history_steps"):
        for seq, said in reversed(steps):
            looked = bench.address.seq == seq
            aside = "" if seq in way else t(" (branch)")
            mark = "● " if seq == here else "◉ " if looked else "○ " if seq in way else "┄ "
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


def course(found: Sequence[Turn], bench: Bench, names: Mapping[str, str]) -> Markup:
    """Give the steps of the review, oldest first, with the words said at each."""
    t = bench.t
    steps = {row.action.value: (row.zh, row.en) for row in TABLE}
    lines = []
    for one in found:
        if one.action in {"comment", "resolve_comment"}:
            continue
        known = t(TURNS[one.action]) if one.action in TURNS else one.action
        what = pick(steps[one.action], bench.desk.locale) if one.action in steps else known
        day = date_time(one.effective_at, bench.desk.now) if one.effective_at else ""
        aside = " · ".join(part for part in (names.get(one.actor, one.actor), day) if part)
        said = Markup('<div class="gm-said">{}</div>').format(one.note) if one.note else ""
        lines.append(Markup("<li><time>{}</time><p>{}<small> {}</small></p>{}</li>").format(
            date_time(one.at, bench.desk.now), what, aside, said
        ))  # fmt: skip
    return Markup('<ul class="gm-events gm-timeline">{}</ul>').format(join(lines))


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
