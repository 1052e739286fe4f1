"""The course of plans beside their drawing: steps and comments, and the names of who acted."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from data import schema
from data.picture import Picture
from data.plan_rows import PLAN, plans, read_plan
from data.plan_sheet import Sheet
from data.store import Store
from rules.access import Actor, Scope

QUIET: Final = "redraw"
"""Events of edits: the plan's own log tells of these."""
TALK: Final = ("comment", "resolve_comment")
"""Events that leave the plan as it is."""


@dataclass(frozen=True)
class Turn:
    """One event of a plan that is no edit: made, commented on, submitted, approved, published."""

    at: datetime
    actor: str
    action: str
    note: str
    effective_at: datetime | None


_E, _A = schema.event.c, schema.account.c
_TURNS = (
    select(_E.at, _E.actor, _E.action, _E.after)
    .where(_E.subject == PLAN, _E.subject_id == bindparam("of_id"), _E.action != QUIET)
    .order_by(_E.id)
)
_LAST = (
    select(_E.actor)
    .where(_E.subject == PLAN, _E.subject_id == bindparam("of_id"), _E.action.not_in(TALK))
    .order_by(_E.id.desc())
    .limit(1)
)
_NAMES = select(_A.login, _A.name).where(_A.login.in_(bindparam("logins", expanding=True)))
_ACTORS = (
    select(_A.login, _A.name)
    .join_from(schema.account, schema.event, _E.actor == _A.login)
    .where(_E.subject == PLAN, _E.subject_id == bindparam("of_id"))
    .distinct()
)


def turns(
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int
) -> tuple[Turn, ...]:
    """Give what happened to a plan but for its edits, oldest first; raises ``OutsideScope``."""
    with store.read() as conn:
        read_plan(conn, picture, scope=scope, actor=actor, plan_id=plan_id)
        return tuple(_turn(row) for row in conn.execute(_TURNS, {"of_id": plan_id}))


def _turn(row: Any) -> Turn:
    after = json.loads(row.after) or {}
    moment = after.get("effective_at")
    return Turn(
        datetime.fromtimestamp(row.at, UTC), row.actor, row.action, str(after.get("note") or ""),
        datetime.fromtimestamp(moment, UTC) if moment else None,
    )  # fmt: skip


def actors_of(
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int
) -> dict[str, str]:
    """Give the names of all who had to do with a plan, by login; raises ``OutsideScope``."""
    with store.read() as conn:
        read_plan(conn, picture, scope=scope, actor=actor, plan_id=plan_id)
        return _names(conn, _ACTORS, {"of_id": plan_id})


def last_hand(store: Store, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int) -> str:
    """Give the login of who changed a plan last; raises ``OutsideScope``."""
    with store.read() as conn:
        plan = read_plan(conn, picture, scope=scope, actor=actor, plan_id=plan_id)
        return conn.execute(_LAST, {"of_id": plan_id}).scalar() or plan.author


def base_replaced(picture: Picture, sheet: Sheet) -> bool:
    """Whether grids that a plan starts from are no longer in force."""
    started = {mark.area for mark in sheet.start.marks.values()} - {None}
    return any(area_id not in picture.tree for area_id in started)


def authors(store: Store, picture: Picture, *, scope: Scope, actor: Actor) -> dict[str, str]:
    """Give the names of all who drew a plan of the scope, by login."""
    logins = {
        login for one in plans(store, picture, scope=scope, actor=actor) for login in one.hands
    }
    with store.read() as conn:
        return _names(conn, _NAMES, {"logins": sorted(logins)})


def _names(conn: Connection, statement: Any, asked: dict[str, Any]) -> dict[str, str]:
    return {row.login: row.name for row in conn.execute(statement, asked)}
