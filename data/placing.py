"""Placing by hand what no address could place, and learning from it what the place is called."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, bindparam, select, update

from data import events, schema
from data.admission import BUILDING, INCIDENT, admit_place, holds
from data.areas import Area, AreaTree
from data.cases import case_of, find_row, level_of
from data.casework import StaleSave
from data.geocoder.aliases import taught
from data.incidents import IncidentRow, read_rows
from data.notices import Told, tell
from data.picture import Picture, chunks
from data.store import Store
from rules.access import Actor, OutsideScope, Scope
from rules.casework import parts_of
from rules.steps import Part

UNPLACED: Final = "unplaced"
PLACERS: Final = frozenset({Part.DESK, Part.HOLDER})


class NotYourDesk(PermissionError):
    """Only who holds an incident, or keeps the desk that it lies on, may place it."""


@dataclass(frozen=True)
class Spot:
    """Where an incident is: a building, else a point and how near it is to the truth."""

    building_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    nearness: Literal["exact", "grid"] = "exact"


_I, _B = schema.incident.c, schema.building.c
_WAITING = select(_I.id).where(
    _I.id.in_(bindparam("ids", expanding=True)), _I.place == UNPLACED
)  # fmt: skip
_BEFORE = select(_I.lon, _I.lat, _I.place).where(_I.id == bindparam("of_id"))
_BUILDING = select(_B.area_id, _B.lon, _B.lat).where(_B.id == bindparam("of_id"))
_SAVE = (
    update(schema.incident)
    .where(_I.id == bindparam("of_id"), _I.version == bindparam("of_version"))
    .values(
        version=bindparam("new_version"), lon=bindparam("new_lon"), lat=bindparam("new_lat"),
        place=bindparam("new_place"), building_id=bindparam("new_building"),
        area_id=bindparam("new_area"), desk_id=bindparam("new_desk"),
    )
)  # fmt: skip


def unplaced(store: Store, picture: Picture, *, scope: Scope, now: datetime) -> list[IncidentRow]:
    """Give the open incidents of a scope that nobody has placed yet, the longest waiting first.

    Raises
    ------
    OutsideScope
        If the scope's own area does not exist.
    """
    first, last = picture.tree.admit(scope, scope.area_id)
    if scope.buildings is not None:
        return []
    columns = picture.columns
    rows = columns.open_rows
    rows = rows[(columns.area[rows] >= first) & (columns.area[rows] < last)]
    rows = rows[columns.building[rows] == 0]
    with store.read() as conn:
        ids = [
            incident_id
            for part in chunks(columns.id[rows].tolist())
            for incident_id in sorted(conn.execute(_WAITING, {"ids": part}).scalars())
        ]
        return read_rows(conn, picture, ids, now)


def place_incident(  # noqa: PLR0913 - who, what, from which version, where, when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, number: str, version: int,
    spot: Spot, teach: str | None, now: datetime,
) -> int:  # fmt: skip
    """Lay an incident at its place and on the desk there, and give its new version.

    With ``teach``, what people call the place is remembered in the same transaction. A desk to
    which the incident had been handed up stays at its level.

    Raises
    ------
    OutsideScope
        If there is no such incident or building, or the scope does not hold it or the place.
    NotYourDesk
        If the actor neither holds the incident nor keeps its desk.
    StaleSave
        If ``version`` is not the current one.
    NothingToTeach
        If the words name no place of their own; nothing is saved then.
    """
    with store.write() as conn:
        row = find_row(conn, number)
        if row is None:
            raise OutsideScope(INCIDENT)
        admit_place(picture, scope, row["area_id"], row["building_id"])
        parts = parts_of(
            case_of(picture.tree, row), role=actor.role, level=level_of(picture.tree, actor),
            person=actor.person_id,
        )  # fmt: skip
        if not parts & PLACERS:
            raise NotYourDesk
        if row["version"] != version:
            raise StaleSave(int(row["version"]))
        after = _found(conn, picture, scope, spot)
        after["desk_id"] = _desk(picture.tree, row, after["area_id"])
        _save(conn, row, after, actor, now)
        if teach and teach.strip():
            taught(
                conn, picture, scope=scope, actor=actor, text=teach, now=now,
                place=(spot.building_id, None, after["lon"], after["lat"]),
            )  # fmt: skip
        _tell_desk(conn, picture.tree, row, after, actor, now)
    return version + 1


def area_at(picture: Picture, *, scope: Scope, lon: float, lat: float) -> Area:
    """Give the deepest area around a place.

    Raises
    ------
    OutsideScope
        If the scope does not hold the place.
    """
    number = picture.atlas.deepest(lon, lat)
    if number is None:
        raise OutsideScope(INCIDENT)
    area = picture.tree.areas[number]
    admit_place(picture, scope, area.id, None)
    return area


def _found(conn: Connection, picture: Picture, scope: Scope, spot: Spot) -> dict[str, Any]:
    """Give the columns of a place: the building's, else those of a point."""
    if spot.building_id is not None:
        building = conn.execute(_BUILDING, {"of_id": spot.building_id}).one_or_none()
        if building is None or not holds(picture, scope, building.area_id, spot.building_id):
            raise OutsideScope(BUILDING)
        return {
            "lon": building.lon, "lat": building.lat, "place": "building",
            "building_id": spot.building_id, "area_id": int(building.area_id),
        }  # fmt: skip
    if spot.lon is None or spot.lat is None:
        raise OutsideScope(INCIDENT)
    area = area_at(picture, scope=scope, lon=spot.lon, lat=spot.lat)
    return {
        "lon": spot.lon, "lat": spot.lat, "place": spot.nearness, "building_id": None,
        "area_id": area.id,
    }  # fmt: skip


def _desk(tree: AreaTree, row: Any, area_id: int) -> int:
    """Desk of the new place; one that the incident was handed up to stays at its level."""
    if row["desk_id"] in {None, row["area_id"]} or row["desk_id"] not in tree:
        return area_id
    level = tree.get(row["desk_id"]).level
    path = [tree.get(i) for i in tree.ancestors(area_id)]
    return next((a.id for a in reversed(path) if a.level <= level), path[0].id)


def _save(conn: Connection, row: Any, after: dict[str, Any], actor: Actor, now: datetime) -> None:
    kept = conn.execute(_BEFORE, {"of_id": row["id"]}).mappings().one()
    before = {**kept, **{k: row[k] for k in ("building_id", "area_id", "desk_id")}}
    version = row["version"]
    conn.execute(_SAVE, {
        "of_id": row["id"], "of_version": version, "new_version": version + 1,
        "new_lon": after["lon"], "new_lat": after["lat"], "new_place": after["place"],
        "new_building": after["building_id"], "new_area": after["area_id"],
        "new_desk": after["desk_id"],
    })  # fmt: skip
    events.append(
        conn, at=now, actor=actor.login, action="place", subject=INCIDENT, subject_id=row["id"],
        before={"version": version} | before, after={"version": version + 1} | after,
    )  # fmt: skip


def _tell_desk(
    conn: Connection, tree: AreaTree, row: Any, after: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Tell the desk it came to, unless it lay there before; for it this is a new report."""
    if after["desk_id"] == (row["desk_id"] or row["area_id"]):
        return
    tell(
        conn, tree,
        Told(
            incident_id=row["id"], number=row["number"], what="report", holder=row["assignee_id"],
            desk_id=after["desk_id"], was_holder=None, by_account=actor.account_id,
        ),
        now=now,
    )  # fmt: skip
