"""What accounts are told of boundary plans: steps of the review, dates, and new borders in force.

Written in the transaction of what they tell of, as notices of incidents are (:mod:`data.notices`).
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from data import schema
from data.notices import WEBHOOK
from data.picture import Picture
from data.plan_land import touched
from data.plan_sheet import Sheet
from data.store import Store, get_meta
from rules.access import Actor, Role
from rules.boundary_plan import REVIEWERS, PlanAction, PlanState
from rules.casework import DESK_ROLES
from rules.levels import Level

IN_FORCE: Final = "in_force"
SET_BACK: Final = "set_back"
"""What notices tell beside a :class:`PlanAction`: new borders hold; a plan whose day came could not
come into force, for its grids had been replaced."""
FIELD: Final = frozenset({Role.GRID_LEAD, Role.GRID_WORKER, Role.BUILDING_CHIEF})


@dataclass(frozen=True)
class PlanNotice:
    """One notice of an account; ``effective`` is the day of a plan that is published."""

    id: int
    plan_id: int
    title: str
    what: str
    at: datetime
    read: bool
    effective: datetime | None


_N, _P, _A = schema.plan_notice.c, schema.plan.c, schema.account.c
_S, _B = schema.person.c, schema.building.c
_PUT = insert(schema.plan_notice)
_SEND = insert(schema.outbox)
_EFFECTIVE = select(_P.effective_at).where(_P.id == bindparam("of_id"))
_AREAS: Final[Any] = bindparam("areas", expanding=True)
_ROLES: Final[Any] = bindparam("roles", expanding=True)
_STAFF = select(_S.id).where(_S.area_id.in_(_AREAS))
_CHIEFS = select(_B.chief_id).where(_B.area_id.in_(_AREAS), _B.chief_id.is_not(None))
_IN_FIELD = select(_A.id).where(
    _A.disabled.is_(False), _A.role.in_(_ROLES),
    or_(_A.area_id.in_(_AREAS), _A.person_id.in_(_STAFF), _A.person_id.in_(_CHIEFS)),
)  # fmt: skip
_AT_DESKS = select(_A.id).where(_A.disabled.is_(False), _A.role.in_(_ROLES), _A.area_id.in_(_AREAS))
_BY_LOGIN = select(_A.id).where(
    _A.disabled.is_(False), _A.login.in_(bindparam("logins", expanding=True))
)
_LIST = (
    select(_N.id, _N.plan_id, _P.title, _N.what, _N.at, _N.read_at, _P.effective_at)
    .join_from(schema.plan_notice, schema.plan, _P.id == _N.plan_id)
    .where(_N.account_id == bindparam("of_account"))
    .order_by(_N.id.desc())
    .limit(bindparam("at_most"))
)
_UNREAD = select(func.count()).where(_N.account_id == bindparam("of_account"), _N.read_at.is_(None))
_READ = (
    update(schema.plan_notice)
    .where(_N.account_id == bindparam("of_account"), _N.id <= bindparam("up_to"),
           _N.read_at.is_(None))
    .values(read_at=bindparam("moment"))
)  # fmt: skip


def concerned(conn: Connection, picture: Picture, sheet: Sheet) -> set[int]:
    """Accounts that new borders concern.

    Leads, workers and chiefs of the grids that change and of the buildings in them, and the desks
    of the community and the street.
    """
    marks = sheet.start.marks
    living = {label: mark.area for label, mark in marks.items() if mark.area is not None}
    grids = [living[label] for label in touched(sheet) if label in living]
    areas = grids if living else [sheet.plan.area_id]
    field = {"areas": areas, "roles": sorted(role.value for role in FIELD)}
    desks = _above(picture, sheet, {Level.STREET, Level.COMMUNITY})
    return {
        *conn.execute(_IN_FIELD, field).scalars(),
        *conn.execute(_AT_DESKS, {"areas": desks, "roles": _values(DESK_ROLES)}).scalars(),
    }


def tell_of_plan(
    conn: Connection, picture: Picture, sheet: Sheet, *, what: str, actor: Actor, now: datetime
) -> None:
    """Write the notices of a step in the caller's transaction; who took it is not told.

    Reviewers hear of what comes to them or is taken away, drawers of what became of their plan,
    the people concerned of a publication, and of one that is withdrawn before its day. A plan that
    comes into force at once tells of that instead (:func:`tell`).
    """
    plan, hands = sheet.plan, set(sheet.plan.hands)
    to = set(conn.execute(_BY_LOGIN, {"logins": sorted(hands)}).scalars())
    if what in {PlanAction.SUBMIT, PlanAction.RETRACT, PlanAction.WITHDRAW}:
        asked = {"areas": _above(picture, sheet, set(Level)), "roles": _values(REVIEWERS)}
        to |= set(conn.execute(_AT_DESKS, asked).scalars())
    effective = conn.execute(_EFFECTIVE, {"of_id": plan.id}).scalar_one()
    if what == PlanAction.PUBLISH and effective is not None and effective <= now.timestamp():
        return
    if what == PlanAction.PUBLISH or plan.state == PlanState.PUBLISHED:
        to |= concerned(conn, picture, sheet)
    tell(conn, sheet, what, to, by=actor.login, now=now)


def tell_drawers(conn: Connection, sheet: Sheet, what: str, *, now: datetime) -> None:
    """Tell those who drew a plan what became of it."""
    to = conn.execute(_BY_LOGIN, {"logins": sorted(sheet.plan.hands)}).scalars().all()
    tell(conn, sheet, what, to, by="", now=now)


def tell(
    conn: Connection, sheet: Sheet, what: str, accounts: Iterable[int], *, by: str, now: datetime
) -> None:
    """Write one notice for each account but that of the login ``by``, and one for the webhook."""
    moment = int(now.timestamp())
    mine = set(conn.execute(_BY_LOGIN, {"logins": [by]}).scalars())
    rows: list[dict[str, Any]] = [
        {"account_id": account, "plan_id": sheet.plan.id, "what": what, "at": moment}
        for account in sorted(set(accounts) - mine)
    ]
    if rows:
        conn.execute(_PUT, rows)
    if get_meta(conn, WEBHOOK) == "1":
        body = json.dumps(
            {"plan": sheet.plan.id, "what": what, "at": moment}, separators=(",", ":")
        )
        conn.execute(_SEND, {"body": body, "made_at": moment, "next_at": moment})


def _above(picture: Picture, sheet: Sheet, levels: Collection[Level]) -> list[int]:
    tree = picture.tree
    return [i for i in tree.ancestors(sheet.plan.area_id) if tree.get(i).level in levels]


def _values(roles: Iterable[Role]) -> list[str]:
    return sorted(role.value for role in roles)


def unread_of_plans(store: Store, *, actor: Actor) -> int:
    """How many notices of plans an account has not read yet."""
    with store.read() as conn:
        return int(conn.execute(_UNREAD, {"of_account": actor.account_id}).scalar_one())


def plan_notices(store: Store, *, actor: Actor, limit: int = 30) -> list[PlanNotice]:
    """Latest notices of plans of an account, newest first."""
    asked = {"of_account": actor.account_id, "at_most": limit}
    with store.read() as conn:
        return [
            PlanNotice(
                r.id, r.plan_id, r.title, r.what, datetime.fromtimestamp(r.at, UTC),
                r.read_at is not None,
                datetime.fromtimestamp(r.effective_at, UTC) if r.effective_at else None,
            )
            for r in conn.execute(_LIST, asked)
        ]  # fmt: skip


def mark_plans_read(store: Store, *, actor: Actor, up_to: int, now: datetime) -> None:
    """Mark the notices of plans up to one as read."""
    asked = {"of_account": actor.account_id, "up_to": up_to, "moment": int(now.timestamp())}
    with store.write() as conn:
        conn.execute(_READ, asked)
