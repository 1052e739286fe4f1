"""Buildings of the map and their details, with what is open in them, within a scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from sqlalchemy import bindparam, select

from data import schema
from data.admission import BUILDING, admit_place, holds
from data.columns import narrowed
from data.picture import Picture, chunks
from data.store import Store
from rules.access import OutsideScope, Scope
from rules.filters import IncidentFilter


@dataclass(frozen=True)
class BuildingRow:
    """One building on the map; ``open`` and ``overdue`` count the filter's incidents in it."""

    id: int
    code: str
    area_id: int
    estate: str
    name: str
    address: str
    floors: int | None
    units: int | None
    households: int
    chief_name: str | None
    lon: float
    lat: float
    geom: shapely.Geometry
    open: int
    overdue: int


@dataclass(frozen=True)
class BuildingDetail(BuildingRow):
    """One building with the areas that it lies in, from the scope's own area down."""

    area_name: str
    area_path: tuple[int, ...]
    chief_id: int | None


Counts = dict[int, tuple[int, int]]

_B = schema.building.c
_FACTS = (
    _B.id, _B.code, _B.area_id, _B.estate, _B.name, _B.address, _B.floors, _B.units,
    _B.households, _B.chief_id, _B.lon, _B.lat, _B.geom,
)  # fmt: skip
_IN_TILES = select(*_FACTS).where(_B.tile.in_(bindparam("ids", expanding=True))).order_by(_B.id)
_ONE = select(*_FACTS).where(_B.code == bindparam("of_code"))
_ID = select(_B.id, _B.area_id).where(_B.code == bindparam("of_code"))
_OPEN_ITEMS = IncidentFilter()


def open_counts(
    picture: Picture, *, scope: Scope, now: datetime, filter: IncidentFilter = _OPEN_ITEMS
) -> Counts:
    """Open and overdue incidents of every building of the scope that has any, by building id."""
    first, last = picture.tree.admit(scope, scope.area_id)
    key = ("open_counts", first, last, scope.buildings, filter, int(now.timestamp()))

    def count() -> Counts:
        columns = picture.columns
        rows = columns.open_rows
        area = columns.area[rows]
        rows = rows[(area >= first) & (area < last) & (columns.building[rows] > 0)]
        rows = narrowed(columns, rows, filter, now, buildings=scope.buildings, status=False)
        ids, at = np.unique(columns.building[rows], return_inverse=True)
        late = columns.due[rows] < int(now.timestamp())
        total = np.bincount(at, minlength=len(ids)).tolist()
        overdue = np.bincount(at[late], minlength=len(ids)).tolist()
        return dict(zip(ids.tolist(), zip(total, overdue, strict=True), strict=True))

    return picture.memo.get(key, count)


def buildings_in_tiles(
    store: Store, picture: Picture, *, scope: Scope, keys: Iterable[int],
    now: datetime | None = None, filter: IncidentFilter = _OPEN_ITEMS,
) -> list[BuildingRow]:  # fmt: skip
    """Give the buildings of the scope whose point lies in these tiles of zoom 16, by id.

    ``keys`` are those of :func:`geo.tiles.tile_key`; ``now`` is the picture's moment unless given.
    """
    counts = open_counts(picture, scope=scope, now=now or picture.at, filter=filter)
    with store.read() as conn:
        found = [
            record
            for part in chunks(sorted(set(keys)))
            for record in conn.execute(_IN_TILES, {"ids": part})
            if holds(picture, scope, record.area_id, record.id)
        ]
    return [BuildingRow(**_facts(picture, record, counts)) for record in found]


def building(
    store: Store, picture: Picture, *, scope: Scope, code: str, now: datetime | None = None,
    filter: IncidentFilter = _OPEN_ITEMS,
) -> BuildingDetail:  # fmt: skip
    """One building by its code, with what is open in it and kept by the filter.

    Raises
    ------
    OutsideScope
        If there is none, or the scope does not hold it.
    """
    with store.read() as conn:
        record = conn.execute(_ONE, {"of_code": code}).one_or_none()
    if record is None:
        raise OutsideScope(BUILDING)
    admit_place(picture, scope, record.area_id, record.id, BUILDING)
    area = picture.tree.areas[picture.tree.places[record.area_id]]
    counts = open_counts(picture, scope=scope, now=now or picture.at, filter=filter)
    return BuildingDetail(
        **_facts(picture, record, counts),
        area_name=area.name,
        area_path=picture.tree.path(scope, area.id),
        chief_id=record.chief_id,
    )


def building_id(store: Store, picture: Picture, code: str, *, scope: Scope) -> int:
    """Id of the building with this code.

    Raises
    ------
    OutsideScope
        If there is none, or the scope does not hold it.
    """
    with store.read() as conn:
        record = conn.execute(_ID, {"of_code": code}).one_or_none()
    if record is None:
        raise OutsideScope(BUILDING)
    admit_place(picture, scope, record.area_id, record.id, BUILDING)
    return int(record.id)


def _facts(picture: Picture, record: Any, counts: Counts) -> dict[str, Any]:
    facts = dict(record._mapping)  # noqa: SLF001 - the public name of a row's values
    chief_id = facts.pop("chief_id")
    facts["area_id"] = picture.tree.areas[picture.tree.places[record.area_id]].id
    facts["chief_name"] = picture.staff.names.get(chief_id)
    facts["open"], facts["overdue"] = counts.get(record.id, (0, 0))
    return facts


_SPOT = select(_B.area_id, _B.lon, _B.lat).where(_B.id == bindparam("of_id"))


def building_spot(
    store: Store, picture: Picture, *, scope: Scope, building_id: int
) -> tuple[float, float]:
    """Longitude and latitude of the building with this id.

    Raises
    ------
    OutsideScope
        If there is none, or the scope does not hold it.
    """
    with store.read() as conn:
        record = conn.execute(_SPOT, {"of_id": building_id}).one_or_none()
    if record is None:
        raise OutsideScope(BUILDING)
    admit_place(picture, scope, record.area_id, building_id, BUILDING)
    return float(record.lon), float(record.lat)
