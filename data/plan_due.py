"""Plans whose day has come: put into force by whichever process looks first, once."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from data import events, schema
from data.picture import Picture, Pictures
from data.plan_force import SYSTEM, come_into_force
from data.plan_land import BaseReplaced
from data.plan_notices import SET_BACK, tell_drawers
from data.plan_rows import PLAN, advance
from data.plan_sheet import Sheet
from data.plans import sheet_in
from data.store import Store
from rules.access import Actor, Role, Scope
from rules.boundary_plan import PlanState

_P = schema.plan.c
_DUE = (
    select(_P.id)
    .where(_P.state == PlanState.PUBLISHED.value, _P.in_force_at.is_(None),
           _P.effective_at <= bindparam("moment"))
    .order_by(_P.effective_at, _P.id)
)  # fmt: skip
_BACK = (
    update(schema.plan)
    .where(_P.id == bindparam("of_id"))
    .values(state=PlanState.CHANGES_REQUESTED.value, effective_at=None)
)
SERVER: Final = "server"


def due_plans(store: Store, now: datetime) -> list[int]:
    """Ids of the published plans whose day has come and that are not in force yet, in order."""
    with store.read() as conn:
        return _due(conn, now)


def bring_into_force(store: Store, pictures: Pictures, *, plan_id: int, now: datetime) -> bool:
    """Put a plan that is due into force, and say whether it is.

    Any number of processes may try: writers are serial, and the state is looked at again inside
    the transaction. A plan whose grids were replaced in the meantime goes back to who drew it.
    """
    picture = pictures.current(now)
    with store.write() as conn:
        if plan_id not in _due(conn, now):
            return False
        sheet = _sheet(conn, picture, plan_id)
        try:
            come_into_force(conn, picture, sheet, now=now, actor=SYSTEM)
        except BaseReplaced:
            _set_back(conn, sheet, now)
            return False
        advance(conn, sheet.plan, version=sheet.plan.version)
    return True


def _due(conn: Connection, now: datetime) -> list[int]:
    return list(conn.execute(_DUE, {"moment": int(now.timestamp())}).scalars())


def _sheet(conn: Connection, picture: Picture, plan_id: int) -> Sheet:
    root = picture.tree.root_id
    nobody = Actor(0, SYSTEM, SERVER, Role.COMMAND, root)
    return sheet_in(conn, picture, scope=Scope(root), actor=nobody, plan_id=plan_id)


def _set_back(conn: Connection, sheet: Sheet, now: datetime) -> None:
    plan = sheet.plan
    advance(conn, plan, version=plan.version)
    conn.execute(_BACK, {"of_id": plan.id})
    events.append(
        conn, at=now, actor=SYSTEM, action=SET_BACK, subject=PLAN, subject_id=plan.id,
        before={"state": plan.state.value}, after={"state": PlanState.CHANGES_REQUESTED.value},
    )  # fmt: skip
    tell_drawers(conn, sheet, SET_BACK, now=now)
