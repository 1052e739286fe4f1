"""What accounts are told: a notice for each one concerned, and a message for the webhook.

Both are written in the transaction of the step they tell of, so none is lost and none tells of
what did not happen. ``data.outbox`` sends the messages afterwards.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, select, update

from data import schema
from data.areas import AreaTree
from data.store import Store, get_meta
from rules.access import Actor
from rules.casework import DESK_ROLES

QUIET: Final = frozenset({"note", "accept", "start", "close"})
"""Steps that nobody is told of: whoever they concern has taken them or sees them in time."""
WEBHOOK: Final = "webhook"
"""Fact of the store: "1" where messages for a webhook are to be written."""


@dataclass(frozen=True)
class Told:
    """What happened, and whom it concerns: holder, desk, and the holder of before."""

    incident_id: int
    number: str
    what: str
    holder: int | None
    desk_id: int
    was_holder: int | None
    by_account: int | None


@dataclass(frozen=True)
class Notice:
    """One notice of an account."""

    id: int
    number: str
    title: str
    what: str
    at: datetime
    read: bool


_N, _I, _A = schema.notice.c, schema.incident.c, schema.account.c
_PUT = insert(schema.notice)
_SEND = insert(schema.outbox)
_OF_PEOPLE = select(_A.id).where(
    _A.person_id.in_(bindparam("people", expanding=True)), _A.disabled.is_(False)
)
_OF_DESK = select(_A.id).where(
    _A.area_id == bindparam("of_area"), _A.disabled.is_(False),
    _A.role.in_(sorted(role.value for role in DESK_ROLES)),
)  # fmt: skip
_LIST = (
    select(_N.id, _I.number, _I.title, _N.what, _N.at, _N.read_at)
    .join_from(schema.notice, schema.incident, _I.id == _N.incident_id)
    .where(_N.account_id == bindparam("of_account"))
    .order_by(_N.id.desc())
    .limit(bindparam("at_most"))
)
_UNREAD = select(func.count()).where(_N.account_id == bindparam("of_account"), _N.read_at.is_(None))
_READ = (
    update(schema.notice)
    .where(_N.account_id == bindparam("of_account"), _N.id <= bindparam("up_to"),
           _N.read_at.is_(None))
    .values(read_at=bindparam("moment"))
)  # fmt: skip


def tell(conn: Connection, tree: AreaTree, told: Told, *, now: datetime) -> None:
    """Write the notices of a step in the caller's transaction; who took it is not told."""
    if told.what in QUIET:
        return
    moment = int(now.timestamp())
    accounts = sorted(a for a in _concerned(conn, tree, told) if a != told.by_account)
    rows: list[dict[str, Any]] = [
        {"account_id": a, "incident_id": told.incident_id, "what": told.what, "at": moment}
        for a in accounts
    ]
    if rows:
        conn.execute(_PUT, rows)
    if get_meta(conn, WEBHOOK) == "1":
        body = json.dumps(
            {"number": told.number, "what": told.what, "at": moment}, separators=(",", ":")
        )
        conn.execute(_SEND, {"body": body, "made_at": moment, "next_at": moment})


def _concerned(conn: Connection, tree: AreaTree, told: Told) -> set[int]:
    people = sorted({p for p in (told.holder, told.was_holder) if p is not None})
    found = set(conn.execute(_OF_PEOPLE, {"people": people}).scalars())
    # A desk that nobody keeps an account for is that of the next one above.
    for area_id in reversed(tree.ancestors(told.desk_id)):
        keepers = set(conn.execute(_OF_DESK, {"of_area": area_id}).scalars())
        if keepers:
            return found | keepers
    return found


def unread(store: Store, *, actor: Actor) -> int:
    """How many notices an account has not read yet."""
    with store.read() as conn:
        return int(conn.execute(_UNREAD, {"of_account": actor.account_id}).scalar_one())


def notices(store: Store, *, actor: Actor, limit: int = 30) -> Sequence[Notice]:
    """Latest notices of an account, newest first."""
    asked = {"of_account": actor.account_id, "at_most": limit}
    with store.read() as conn:
        return [
            Notice(row.id, row.number, row.title, row.what,
                   datetime.fromtimestamp(row.at, UTC), row.read_at is not None)
            for row in conn.execute(_LIST, asked)
        ]  # fmt: skip


def mark_read(store: Store, *, actor: Actor, up_to: int, now: datetime) -> None:
    """Mark the notices up to one as read."""
    asked = {"of_account": actor.account_id, "up_to": up_to, "moment": int(now.timestamp())}
    with store.write() as conn:
        conn.execute(_READ, asked)
