"""A boundary plan put on the table: read from the store, kept as long as nothing changed."""

from sqlalchemy import Connection

from data.picture import Picture
from data.plan_ground import load_ground
from data.plan_rows import Plan, log_of, read_plan, start_of
from data.plan_sheet import Sheet
from data.store import Store
from rules.access import Actor, Scope
from rules.plan_log import replayed, walk
from rules.plan_state import CELL, applied


def sheet(
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int,
    seq: int | None = None,
) -> Sheet:  # fmt: skip
    """Put a plan on the table, as it stands or as it stood at ``seq``.

    Raises
    ------
    OutsideScope
        If there is no such plan, or the actor may not see it.
    rules.plan_log.UnknownPosition
        If the plan never stood there.
    """
    with store.read() as conn:
        found = sheet_in(conn, picture, scope=scope, actor=actor, plan_id=plan_id)
    if seq is None:
        return found
    state = found.state
    for change in walk(found.records, seq):
        state = applied(state, change)
    return Sheet(found.plan, found.ground, found.start, state, found.log)


def sheet_in(
    conn: Connection, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int
) -> Sheet:
    """Put a plan on the table inside the caller's transaction; see :func:`sheet`."""
    plan = read_plan(conn, picture, scope=scope, actor=actor, plan_id=plan_id)
    return picture.memo.get(
        ("plan sheet", plan.id, plan.version), lambda: _loaded(conn, picture, plan)
    )


def _loaded(conn: Connection, picture: Picture, plan: Plan) -> Sheet:
    start, log = start_of(conn, plan.id), log_of(conn, plan.id)
    state = replayed(start, [entry.record for entry in log])
    numbers = {int(k[len(CELL) :]) for e in log for k in e.record.change if k.startswith(CELL)}
    most = max(numbers | start.cells.keys(), default=0)
    ground = load_ground(conn, picture, plan_id=plan.id, area_id=plan.area_id, cells=most)
    return Sheet(plan, ground, start, state, log)
