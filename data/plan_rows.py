"""Boundary plans as they are kept: their rows, their logs, and who may see them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from data import schema
from data.picture import Picture
from data.store import Store
from rules.access import Actor, OutsideScope, Scope
from rules.boundary_plan import READERS, PlanState, Standing
from rules.plan_log import Record
from rules.plan_state import Change, PlanMap, plan_map

PLAN: Final = "plan"
LARGEST: Final = 2**31 - 1
"""Largest number of a row."""


class StalePlan(RuntimeError):
    """Somebody changed the plan in between; ``current_version`` is the one to look at."""

    def __init__(self, current_version: int) -> None:
        super().__init__(current_version)
        self.current_version = current_version


@dataclass(frozen=True)
class Plan:
    """One boundary plan. ``hands`` are the logins of all who drew it, ``area_id`` its community."""

    id: int
    area_id: int
    title: str
    state: PlanState
    origin: str
    origin_id: int | None
    author: str
    created_at: datetime
    version: int
    effective_at: datetime | None
    in_force_at: datetime | None
    hands: frozenset[str]

    @property
    def standing(self) -> Standing:
        """What of the plan decides about its steps."""
        return Standing(self.state, self.hands, in_force=self.in_force_at is not None)


@dataclass(frozen=True)
class Entry:
    """One record of a plan's log with who made it when: ``op`` says what was done."""

    record: Record
    op: str
    at: datetime
    actor: str
    digest: str


_P, _E = schema.plan.c, schema.plan_event.c
_ONE = select(schema.plan).where(_P.id == bindparam("of_id"))
_ALL = select(schema.plan).order_by(_P.id.desc())
_HANDS = select(_E.plan_id, _E.actor).distinct()
_HANDS_OF = _HANDS.where(_E.plan_id == bindparam("of_id"))
_LOG = select(schema.plan_event).where(_E.plan_id == bindparam("of_id")).order_by(_E.seq)
_PUT = insert(schema.plan_event)
_NEXT = (
    update(schema.plan)
    .where(_P.id == bindparam("of_id"), _P.version == bindparam("of_version"))
    .values(version=bindparam("of_version") + 1)
)


def may_read(actor: Actor) -> bool:
    """Whether plans exist for the role at all."""
    return actor.role in READERS


def plans(store: Store, picture: Picture, *, scope: Scope, actor: Actor) -> list[Plan]:
    """Give the plans of the scope's communities, newest first; none to a role without plans."""
    if not may_read(actor):
        return []
    with store.read() as conn:
        hands: dict[int, set[str]] = {}
        for row in conn.execute(_HANDS):
            hands.setdefault(row.plan_id, set()).add(row.actor)
        rows = conn.execute(_ALL).mappings().all()
    return [
        _plan(row, hands.get(row["id"], set()))
        for row in rows
        if picture.tree.covers(scope.area_id, row["area_id"])
    ]


def read_plan(
    conn: Connection, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int
) -> Plan:
    """Give one plan inside the caller's transaction.

    Raises
    ------
    OutsideScope
        If there is none, the scope does not hold its community, or the role sees no plans.
    """
    # A number from an address may be longer than the column that it is compared with.
    known = 0 < plan_id <= LARGEST
    row = conn.execute(_ONE, {"of_id": plan_id}).mappings().one_or_none() if known else None
    if row is None or not may_read(actor) or scope.buildings is not None:
        raise OutsideScope(PLAN)
    if not picture.tree.covers(scope.area_id, row["area_id"]):
        raise OutsideScope(PLAN)
    hands = {r.actor for r in conn.execute(_HANDS_OF, {"of_id": plan_id})}
    return _plan(row, hands)


def _plan(row: Mapping[str, Any] | Any, hands: set[str]) -> Plan:
    return Plan(
        id=row["id"], area_id=row["area_id"], title=row["title"], state=PlanState(row["state"]),
        origin=row["origin"], origin_id=row["origin_id"], author=row["author"],
        created_at=_moment(row["created_at"]), version=row["version"],
        effective_at=_moment(row["effective_at"]) if row["effective_at"] else None,
        in_force_at=_moment(row["in_force_at"]) if row["in_force_at"] else None,
        hands=frozenset(hands | {row["author"]}),
    )  # fmt: skip


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def start_of(conn: Connection, plan_id: int) -> PlanMap:
    """Give the state that a plan was made with."""
    row = conn.execute(_ONE, {"of_id": plan_id}).mappings().one()
    return plan_map(json.loads(row["start"]))


def log_of(conn: Connection, plan_id: int) -> tuple[Entry, ...]:
    """Give the log of a plan, oldest first."""
    return tuple(
        Entry(
            Record(r.seq, r.kind, r.follows, r.leads_to, read_change(r.change)),
            r.op, _moment(r.at), r.actor, r.digest,
        )
        for r in conn.execute(_LOG, {"of_id": plan_id})
    )  # fmt: skip


def read_change(text: str) -> Change:
    """Read a change as it is kept."""
    return {key: (before, after) for key, (before, after) in json.loads(text).items()}


def change_text(change: Change) -> str:
    """Write a change as it is kept."""
    return json.dumps(change, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def advance(conn: Connection, plan: Plan, *, version: int) -> int:
    """Count the version of a plan on; gives the new one.

    Raises
    ------
    StalePlan
        If ``version`` is not the current one.
    """
    moved = conn.execute(_NEXT, {"of_id": plan.id, "of_version": version}).rowcount
    if plan.version != version or not moved:
        raise StalePlan(plan.version)
    return version + 1


def append_entry(conn: Connection, plan_id: int, entry: Entry) -> None:
    """Write one record of a plan's log in the caller's transaction."""
    record = entry.record
    conn.execute(_PUT, {
        "plan_id": plan_id, "seq": record.seq, "kind": record.kind, "follows": record.follows,
        "leads_to": record.to, "op": entry.op, "change": change_text(record.change),
        "digest": entry.digest, "at": int(entry.at.timestamp()), "actor": entry.actor,
    })  # fmt: skip
