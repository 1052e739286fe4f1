"""Calls at buildings: who was where, and how much of an area was called at."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, get_args

import numpy as np
from sqlalchemy import bindparam, insert, select

from data import events, schema
from data.admission import admit_building
from data.areas import Ints
from data.picture import Picture
from data.store import Store
from rules.access import Actor, Scope

VisitKind = Literal["patrol", "safety", "publicity", "opinions", "mediation"]
KINDS: Final[tuple[VisitKind, ...]] = get_args(VisitKind)
VISIT: Final = "visit"
"""Subject of the event: no part of the picture holds visits, so none is read again for one."""
ONE_CALL: Final = timedelta(minutes=10)
"""Checked in twice within so long is one call."""


class NoPerson(ValueError):
    """The account belongs to nobody of the staff, so nobody was there."""


@dataclass(frozen=True)
class Visit:
    """One call at a building; ``again`` says that it had been checked in just before."""

    id: int
    building_id: int
    person_id: int
    kind: VisitKind
    at: datetime
    again: bool = False


@dataclass(frozen=True)
class Coverage:
    """How many of an area's buildings were called at; ``ids`` are those that were."""

    visited: int
    buildings: int
    ids: frozenset[int]


_V = schema.visit.c
_PUT = insert(schema.visit).returning(_V.id)
_LATEST = (
    select(_V.id, _V.at)
    .where(
        _V.building_id == bindparam("of_building"), _V.person_id == bindparam("of_person"),
        _V.kind == bindparam("of_kind"), _V.at > bindparam("since"), _V.at <= bindparam("until"),
    )
    .order_by(_V.at.desc())
    .limit(1)
)  # fmt: skip
_VISITED = (
    select(_V.building_id)
    .where(
        _V.at >= bindparam("since"), _V.at < bindparam("until"),
        _V.kind.in_(bindparam("kinds", expanding=True)),
    )
    .distinct()
)  # fmt: skip


def check_in(  # noqa: PLR0913 - who, where, why, in which words, when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, building_id: int,
    kind: VisitKind, note: str, now: datetime,
) -> Visit:  # fmt: skip
    """Record a call at a building with its event; a second one within minutes is the same.

    Raises
    ------
    NoPerson
        If the account belongs to nobody of the staff.
    OutsideScope
        If the scope does not hold the building.
    """
    if actor.person_id is None:
        raise NoPerson
    moment = int(now.timestamp())
    asked = {
        "of_building": building_id, "of_person": actor.person_id, "of_kind": kind,
        "since": moment - int(ONE_CALL.total_seconds()), "until": moment,
    }  # fmt: skip
    with store.write() as conn:
        admit_building(conn, picture, scope, building_id)
        before = conn.execute(_LATEST, asked).one_or_none()
        if before is not None:
            at = datetime.fromtimestamp(before.at, UTC)
            return Visit(int(before.id), building_id, actor.person_id, kind, at, again=True)
        row = {
            "building_id": building_id, "person_id": actor.person_id, "kind": kind,
            "at": moment, "note": note.strip(),
        }  # fmt: skip
        visit_id = int(conn.execute(_PUT, row).scalar_one())
        events.append(
            conn, at=now, actor=actor.login, action="check_in", subject=VISIT,
            subject_id=visit_id, before=None, after=row,
        )  # fmt: skip
    return Visit(visit_id, building_id, actor.person_id, kind, now)


def week_coverage(  # noqa: PLR0913 - where, from when to when, which kinds
    store: Store, picture: Picture, *, scope: Scope, area_id: int, since: datetime,
    until: datetime, kinds: Collection[VisitKind] = KINDS,
) -> Coverage:  # fmt: skip
    """Count the buildings of an area that were called at from ``since`` to before ``until``.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    asked = {
        "since": int(since.timestamp()), "until": int(until.timestamp()), "kinds": sorted(kinds)
    }  # fmt: skip
    mine = _buildings_of(picture, scope, area_id)
    with store.read() as conn:
        found = np.fromiter(conn.execute(_VISITED, asked).scalars(), np.int64)
    ids = frozenset(np.intersect1d(mine, found).tolist())
    return Coverage(len(ids), len(mine), ids)


def _buildings_of(picture: Picture, scope: Scope, area_id: int) -> Ints:
    """Ids of the buildings of an area that the scope holds."""
    register = picture.buildings
    first, last = picture.tree.admit(scope, area_id)
    within = (register.area >= first) & (register.area < last)
    if scope.buildings is not None:
        within &= np.isin(register.id, list(scope.buildings))
    return register.id[within]
