"""The legal affairs centre: its cases along the loop, the companies it serves, its staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
from sqlalchemy import bindparam
from sqlalchemy import select as sql_select

from data import schema
from data.columns import STATE_KEYS, select
from data.picture import Picture, chunks
from data.store import Store
from rules.access import Scope
from rules.filters import IncidentFilter
from rules.lifecycle import State, is_open

OFFICER: Final = "legal_officer"
ALL_CASES: Final = IncidentFilter("all", services=("legal",))
"""What the centre has ever had."""


@dataclass(frozen=True)
class Case:
    """One case for a company."""

    number: str
    subkind: str
    state: State
    reported_at: datetime


@dataclass(frozen=True)
class Company:
    """An organisation that the centre serves, and its cases, the latest first."""

    name: str
    cases: tuple[Case, ...]

    @property
    def open(self) -> int:
        """How many of its cases are not resolved yet."""
        return sum(is_open(case.state) for case in self.cases)


_I = schema.incident.c
_SERVED = sql_select(_I.party, _I.number, _I.subkind, _I.state, _I.reported_at).where(
    _I.id.in_(bindparam("ids", expanding=True)), _I.party != ""
)


def stages(picture: Picture, *, scope: Scope, now: datetime) -> Mapping[State, int]:
    """Count the centre's cases in the scope by state."""
    columns = picture.columns
    rows = select(
        columns, picture.tree, scope=scope, area_id=scope.area_id, filter=ALL_CASES, now=now
    )
    counts = np.bincount(columns.state[rows], minlength=len(STATE_KEYS)).tolist()
    return dict(zip(STATE_KEYS, counts, strict=True))


def companies(
    store: Store, picture: Picture, *, scope: Scope, filter: IncidentFilter, now: datetime
) -> list[Company]:
    """Give the companies whose cases a filter keeps, by name."""
    columns = picture.columns
    rows = select(columns, picture.tree, scope=scope, area_id=scope.area_id, filter=filter, now=now)
    found: dict[str, list[Case]] = {}
    with store.read() as conn:
        for part in chunks(columns.id[rows].tolist()):
            for row in conn.execute(_SERVED, {"ids": part}):
                at = datetime.fromtimestamp(row.reported_at, UTC)
                found.setdefault(row.party, []).append(
                    Case(row.number, row.subkind, State(row.state), at)
                )
    return [
        Company(name, tuple(sorted(cases, key=lambda c: c.reported_at, reverse=True)))
        for name, cases in sorted(found.items())
    ]


def officers(picture: Picture) -> frozenset[int]:
    """Ids of the centre's staff."""
    staff = picture.staff
    pairs = zip(staff.id.tolist(), staff.duty, strict=True)
    return frozenset(person for person, duty in pairs if duty == OFFICER)
