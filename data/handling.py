"""Filing incidents: a report becomes a row, an event and notices in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, insert, select

from data import events, schema
from data.admission import BUILDING, INCIDENT, admit_place, holds
from data.notices import Told, tell
from data.picture import Picture
from data.store import Store, get_meta, set_meta
from rules.access import Actor, OutsideScope, Scope
from rules.deadlines import WorkingCalendar, add_limit
from rules.kinds import SOURCES, Severity
from rules.levels import Level
from rules.lifecycle import State
from rules.rulebook import DEFAULT, Rulebook


class UnknownKind(ValueError):
    """A kind or source that the catalogues do not have."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class NewIncident:
    """What a person reports. ``severity`` is that of the catalogue unless given.

    ``lon`` and ``lat`` are CGCS2000 degrees; without them the building's place is taken. Without a
    building either, ``area_id`` keeps the report, unplaced, until somebody places it by hand.
    ``nearness`` says how good a given point is: that of a road is only somewhere in the grid.
    """

    kind: str
    title: str
    lon: float | None = None
    lat: float | None = None
    subkind: str = ""
    address: str = ""
    source: str = "patrol"
    service: str = "grid"
    severity: Severity | None = None
    building_id: int | None = None
    area_id: int | None = None
    assignee_id: int | None = None
    reporter_name: str | None = None
    reporter_phone: str | None = None
    party: str = ""
    nearness: Literal["exact", "grid"] = "exact"


@dataclass(frozen=True)
class Reported:
    """What a report was filed as."""

    id: int
    number: str


_I, _B = schema.incident.c, schema.building.c
_PUT = insert(schema.incident).returning(_I.id)
_BUILDING = select(_B.area_id, _B.lon, _B.lat, _B.address).where(_B.id == bindparam("of_id"))
_TAKEN = select(_I.id).where(_I.number == bindparam("of_number"))


def report_incident(  # noqa: PLR0913 - who, where, what, when, by which calendar
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, new: NewIncident,
    now: datetime, rulebook: Rulebook = DEFAULT,
) -> Reported:  # fmt: skip
    """File a new incident and its event in one transaction.

    Raises
    ------
    OutsideScope
        If the scope does not hold the place or the building.
    UnknownKind
        If the catalogues do not have the kind or the source.
    """
    for word, catalogue in ((new.kind, rulebook.kinds), (new.source, SOURCES)):
        if word not in catalogue:
            raise UnknownKind(word)
    moment = int(now.timestamp())
    severity = new.severity or rulebook.severity(new.kind, new.subkind)
    limits = rulebook.limits(new.kind, new.subkind, severity)
    respond = add_limit(now, limits.respond, rulebook.calendar)
    with store.write() as conn:
        place = _place(conn, picture, scope, new)
        row: dict[str, Any] = {
            **place,
            "number": _next_number(conn, picture, place["area_id"], now, rulebook.calendar),
            "kind": new.kind,
            "subkind": new.subkind,
            "title": new.title,
            "severity": int(severity),
            "state": State.REPORTED.value,
            "source": new.source,
            "service": new.service,
            "assignee_id": new.assignee_id,
            "reported_at": moment,
            "due_at": int(add_limit(now, limits.resolve, rulebook.calendar).timestamp()),
            "step_due_at": int(respond.timestamp()),
            "effort_minutes": rulebook.effort(new.kind, new.subkind),
            "body": rulebook.body(new.kind, new.subkind),
            "desk_id": place["area_id"],
            "party": new.party,
            "reporter_name": new.reporter_name,
            "reporter_phone": new.reporter_phone,
        }
        incident_id = int(conn.execute(_PUT, row).scalar_one())
        told = ("number", "kind", "subkind", "severity", "state", "area_id", "building_id")
        events.append(
            conn, at=now, actor=actor.login, action="report", subject=INCIDENT,
            subject_id=incident_id, before=None, after={name: row[name] for name in told},
        )  # fmt: skip
        tell(
            conn, picture.tree,
            Told(
                incident_id=incident_id, number=row["number"], what="report",
                holder=new.assignee_id, desk_id=row["desk_id"], was_holder=None,
                by_account=actor.account_id,
            ),
            now=now,
        )  # fmt: skip
    return Reported(incident_id, row["number"])


def _place(conn: Connection, picture: Picture, scope: Scope, new: NewIncident) -> dict[str, Any]:
    """Where a report belongs: its building's area, else the deepest area that holds the point."""
    building = None
    if new.building_id is not None:
        building = conn.execute(_BUILDING, {"of_id": new.building_id}).one_or_none()
        if building is None or not holds(picture, scope, building.area_id, new.building_id):
            raise OutsideScope(BUILDING)
    lon = building.lon if new.lon is None and building is not None else new.lon
    lat = building.lat if new.lat is None and building is not None else new.lat
    if building is not None:
        area_id = int(building.area_id)
    elif lon is None or lat is None:
        return _unplaced(picture, scope, new)
    else:
        number = picture.atlas.deepest(lon, lat)
        if number is None:
            raise OutsideScope(INCIDENT)
        area_id = picture.tree.areas[number].id
        admit_place(picture, scope, area_id, None)
    return {
        "area_id": area_id, "building_id": new.building_id, "lon": lon, "lat": lat,
        "address": new.address or (building.address if building is not None else ""),
        "place": new.nearness if new.lon is not None else "building",
    }  # fmt: skip


def _unplaced(picture: Picture, scope: Scope, new: NewIncident) -> dict[str, Any]:
    """Keep a report whose address nobody found yet at the area that took it."""
    if new.area_id is None:
        raise OutsideScope(INCIDENT)
    admit_place(picture, scope, new.area_id, None)
    area = picture.tree.get(new.area_id)
    return {
        "area_id": area.id, "building_id": None, "lon": area.lon, "lat": area.lat,
        "address": new.address, "place": "unplaced",
    }  # fmt: skip


def _next_number(
    conn: Connection, picture: Picture, area_id: int, now: datetime, calendar: WorkingCalendar
) -> str:
    """Give the next number of the local day, like ``DA20261123-000007``.

    It begins with the store's ``number_prefix``, else with the district's code and a dash.
    """
    day = now.astimezone(calendar.zone).strftime("%Y%m%d")
    prefix = get_meta(conn, "number_prefix") or f"{_district_code(picture, area_id)}-"
    series = f"{prefix}{day}-"
    last = get_meta(conn, "last_number") or ""
    following = int(last[len(series) :]) + 1 if last.startswith(series) else 1
    # Imported and demo incidents may have taken numbers of the same series.
    while conn.execute(_TAKEN, {"of_number": f"{series}{following:06d}"}).first():
        following += 1
    number = f"{series}{following:06d}"
    set_meta(conn, "last_number", number)
    return number


def _district_code(picture: Picture, area_id: int) -> str:
    place = picture.tree.areas[picture.tree.places[area_id]].id
    path = [picture.tree.get(i) for i in picture.tree.ancestors(place)]
    district = next((a for a in path if a.level == Level.DISTRICT), path[0])
    return district.code[:12]
