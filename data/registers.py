"""The registers beside the incidents, as arrays: staff and buildings."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from data import schema
from data.areas import AreaTree, Ints
from data.driver import driver_rows
from data.words import Words


@dataclass(frozen=True, eq=False)
class Staff:
    """All staff. ``area`` is a preorder number; minutes are of one week.

    ``chiefless`` counts the inhabited buildings without a chief of each ``chiefless_area``: posts
    that are not filled.
    """

    id: Ints
    area: Ints
    capacity: Ints
    patrol: Ints
    visits: Ints
    name: tuple[str, ...]
    duty: tuple[str, ...]
    chiefless_area: Ints
    chiefless: Ints

    @cached_property
    def is_chief(self) -> NDArray[np.bool_]:
        """Whether each is a building chief."""
        return np.array([duty == "building_chief" for duty in self.duty], bool)

    @cached_property
    def duty_minutes(self) -> Ints:
        """Patrol and visits due."""
        return self.patrol + self.visits

    @cached_property
    def names(self) -> dict[int, str]:
        """Name by id."""
        return dict(zip(self.id.tolist(), self.name, strict=True))


@dataclass(frozen=True, eq=False)
class Buildings:
    """All buildings by id. ``area`` is a preorder number, ``chief`` 0 for none.

    ``code``, ``address`` and ``label`` (estate and name) are in lower case, for searching only.
    """

    id: Ints
    area: Ints
    chief: Ints
    households: Ints
    code: Words
    label: Words
    address: Words

    def positions(self, ids: frozenset[int]) -> Ints:
        """Positions of those of ``ids`` that exist."""
        wanted = np.array(sorted(ids), np.int64)
        return np.flatnonzero(np.isin(self.id, wanted))


_P, _B = schema.person.c, schema.building.c
_STAFF = select(
    _P.id, _P.area_id, _P.capacity_minutes, _P.patrol_minutes, _P.visit_minutes, _P.name, _P.duty
).order_by(_P.id)  # fmt: skip
_CHIEFLESS = (
    select(_B.area_id, func.count())
    .where(_B.chief_id.is_(None), _B.households > 0)
    .group_by(_B.area_id)
)
_BUILDINGS = select(
    _B.id, _B.area_id, func.coalesce(_B.chief_id, 0), _B.households,
    _B.code, _B.estate + _B.name, _B.address,
).order_by(_B.id)  # fmt: skip


def load_staff(conn: Connection, tree: AreaTree) -> Staff:
    """Read all staff."""
    rows = conn.execute(_STAFF).all()
    ids, areas, capacity, patrol, visits, name, duty = zip(*rows, strict=True) if rows else [()] * 7
    found = conn.execute(_CHIEFLESS).all()
    empty, posts = zip(*found, strict=True) if found else ((), ())
    return Staff(
        id=np.array(ids, np.int64),
        area=tree.placed(np.array(areas, np.int64)),
        capacity=np.array(capacity, np.int64),
        patrol=np.array(patrol, np.int64),
        visits=np.array(visits, np.int64),
        name=name,
        duty=duty,
        chiefless_area=tree.placed(np.array(empty, np.int64)),
        chiefless=np.array(posts, np.int64),
    )


def load_buildings(conn: Connection, tree: AreaTree) -> Buildings:
    """Read the register of buildings: some 2 s for 400,000."""
    columns: list[list[Any]] = [[] for _ in _BUILDINGS.selected_columns]
    for rows in driver_rows(conn, _BUILDINGS):
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column.extend(values)
    ids, areas, chiefs, households, *texts = columns
    code, label, address = (Words.folded(column) for column in texts)
    return Buildings(
        id=np.array(ids, np.int64),
        area=tree.placed(np.array(areas, np.int64)),
        chief=np.array(chiefs, np.int64),
        households=np.array(households, np.int64),
        code=code,
        label=label,
        address=address,
    )
