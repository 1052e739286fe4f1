"""The register of buildings as a person picks from it: first the estate, then the building."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from data import schema
from data.admission import holds
from data.picture import Picture, chunks
from data.store import Store
from rules.access import Scope


@dataclass(frozen=True)
class Estate:
    """Buildings that share a name (empty: those without) in one area."""

    name: str
    area_id: int
    area_name: str
    buildings: int


@dataclass(frozen=True)
class Choice:
    """One building to pick."""

    id: int
    code: str
    estate: str
    name: str
    address: str
    households: int
    chief_id: int | None

    @property
    def label(self) -> str:
        """What the building is called: estate and name, else address, else code."""
        return f"{self.estate} {self.name}".strip() or self.address or self.code


_B = schema.building.c
_CHOICE = (_B.id, _B.code, _B.estate, _B.name, _B.address, _B.households, _B.chief_id, _B.area_id)
_ESTATES = (
    select(_B.area_id, _B.estate, func.count().label("buildings"))
    .where(_B.area_id.in_(bindparam("areas", expanding=True)))
    .group_by(_B.area_id, _B.estate)
)
_IN_AREAS = (
    select(*_CHOICE).where(_B.area_id.in_(bindparam("areas", expanding=True))).order_by(_B.id)
)
_OF_ESTATE = (
    select(*_CHOICE)
    .where(_B.area_id == bindparam("of_area"), _B.estate == bindparam("of_estate"))
    .order_by(_B.id)
)


def estates(store: Store, picture: Picture, *, scope: Scope, area_id: int) -> list[Estate]:
    """Give the estates of an area by name.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    areas = _areas(picture, scope, area_id)
    found = []
    with store.read() as conn:
        for part in chunks(areas):
            found += [
                Estate(row.estate, row.area_id, picture.tree.get(row.area_id).name, row.buildings)
                for row in conn.execute(_ESTATES, {"areas": part})
            ]
    return sorted(found, key=lambda e: (not e.name, e.name, e.area_id))


def buildings_of(store: Store, picture: Picture, *, scope: Scope, area_id: int) -> list[Choice]:
    """Give all buildings of an area that the scope holds, by id: for areas as small as a grid.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    with store.read() as conn:
        rows = [
            row
            for part in chunks(_areas(picture, scope, area_id))
            for row in conn.execute(_IN_AREAS, {"areas": part})
        ]
    return _choices(picture, scope, rows)


def buildings_of_estate(
    store: Store, picture: Picture, *, scope: Scope, area_id: int, estate: str
) -> list[Choice]:
    """Give the buildings of one estate that the scope holds, by id.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    picture.tree.admit(scope, area_id)
    with store.read() as conn:
        rows = conn.execute(_OF_ESTATE, {"of_area": area_id, "of_estate": estate}).all()
    return _choices(picture, scope, rows)


def _areas(picture: Picture, scope: Scope, area_id: int) -> list[int]:
    first, last = picture.tree.admit(scope, area_id)
    ids: list[int] = picture.tree.ids[first:last].tolist()
    return ids


def _choices(picture: Picture, scope: Scope, rows: Sequence[Any]) -> list[Choice]:
    return [
        Choice(r.id, r.code, r.estate, r.name, r.address, r.households, r.chief_id)
        for r in rows
        if holds(picture, scope, r.area_id, r.id)
    ]
