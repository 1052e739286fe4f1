"""Edits of a draft: drawn on the sheet as it is, written with its log in one transaction."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, insert

from data import events, schema
from data.picture import Picture
from data.plan_cut import NewCell
from data.plan_draw import Drawn, drawn
from data.plan_making import DRAW
from data.plan_rows import PLAN, Entry, StalePlan, advance, append_entry, read_plan
from data.plan_sheet import Cell, Ground, Sheet
from data.plans import sheet
from data.store import Store
from rules.access import Actor, Scope
from rules.boundary_plan import PLANNERS, NotYourPlan
from rules.plan_commands import Command, Go, Redo, Undo
from rules.plan_edits import require_editable
from rules.plan_log import Record, position, redo_target, undo_target, walk
from rules.plan_state import PlanMap, applied


def edit(  # noqa: PLR0913 - who, what, from which version, when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int, version: int,
    command: Command, now: datetime,
) -> Sheet:  # fmt: skip
    """Carry out a command on a draft and give the sheet that follows.

    Raises
    ------
    OutsideScope, NotYourPlan
        If there is no such plan for the actor, or the role draws none.
    StalePlan
        If ``version`` is not the current one: somebody else drew in between.
    rules.plan_edits.NotEditable, Locked, BreaksGrid, NothingMoves, UnknownGrid, BadBand, BadName
        If the plan is no draft, or does not let it happen.
    rules.plan_log.NothingToUndo, NothingToRedo, UnknownPosition
        If there is no such state to go to.
    geo.cutting.CutsNothing
        If a drawn line cuts nothing.
    """
    before = sheet(store, picture, scope=scope, actor=actor, plan_id=plan_id)
    if actor.role not in PLANNERS:
        raise NotYourPlan(DRAW, actor.role)
    if before.plan.version != version:
        raise StalePlan(before.plan.version)
    require_editable(before.plan.state)
    after, entry, made = _followed(before, command, actor, now)
    with store.write() as conn:
        plan = read_plan(conn, picture, scope=scope, actor=actor, plan_id=plan_id)
        require_editable(plan.state)
        advance(conn, plan, version=version)
        _write(conn, plan_id, entry, made)
    found = _next_sheet(before, after, entry, made)
    return picture.memo.get(("plan sheet", plan_id, version + 1), lambda: found)


def _followed(
    before: Sheet, command: Command, actor: Actor, now: datetime
) -> tuple[PlanMap, Entry, tuple[NewCell, ...]]:
    """Give the next state, the record that leads to it, and the cells that cuts made."""
    log, seq = before.records, len(before.records) + 1
    here = position(log)
    if isinstance(command, Undo | Redo | Go):
        to = _target(command, log)
        state = before.state
        for change in walk(log, to):
            state = applied(state, change)
        op = type(command).__name__.lower()
        return (
            state,
            Entry(Record(seq, "walk", here, to, {}), op, now, actor.login, state.digest),
            (),
        )
    found: Drawn = drawn(before, command)
    state = applied(before.state, found.change)
    record = Record(seq, "edit", here, seq, found.change)
    return state, Entry(record, found.op, now, actor.login, state.digest), found.cells


def _target(command: Undo | Redo | Go, log: Sequence[Record]) -> int:
    if isinstance(command, Go):
        return command.seq
    return undo_target(log) if isinstance(command, Undo) else redo_target(log)


def _write(conn: Connection, plan_id: int, entry: Entry, made: Sequence[NewCell]) -> None:
    if made:
        rows = [
            {
                "plan_id": plan_id, "number": cell.number, "parent": cell.parent,
                "buildings": json.dumps(cell.buildings), "geom": cell.degrees,
            }
            for cell in made
        ]  # fmt: skip
        conn.execute(insert(schema.plan_cell), rows)
    append_entry(conn, plan_id, entry)
    events.append(
        conn, at=entry.at, actor=entry.actor, action="redraw", subject=PLAN, subject_id=plan_id,
        before=None,
        after={
            "seq": entry.record.seq, "op": entry.op, "to": entry.record.to,
            "keys": len(entry.record.change), "digest": entry.digest,
        },
    )  # fmt: skip


def _next_sheet(before: Sheet, state: PlanMap, entry: Entry, made: Sequence[NewCell]) -> Sheet:
    plan = replace(
        before.plan, version=before.plan.version + 1, hands=before.plan.hands | {entry.actor}
    )
    ground = _grown(before.ground, made) if made else before.ground
    return Sheet(plan, ground, before.start, state, (*before.log, entry))


def _grown(ground: Ground, made: Sequence[NewCell]) -> Ground:
    """Give the ground with the cells that cuts made."""
    shapes = np.empty(len(made), object)
    shapes[:] = [cell.shape for cell in made]
    opened, load = ground.loose.on(shapes)
    cells = dict(ground.cells)
    for at, cell in enumerate(made):
        here = [ground.homes[i] for i in cell.buildings]
        cells[cell.number] = Cell(
            number=cell.number, parent=cell.parent, shape=cell.shape, degrees=cell.degrees,
            buildings=cell.buildings, households=sum(h.households for h in here),
            open=sum(h.open for h in here) + int(opened[at]),
            load=sum(h.load for h in here) + float(load[at]),
        )  # fmt: skip
    return replace(ground, cells=cells)
