"""Writing incidents: reporting one, and moving it on. Each write is an event with its change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from data import events, schema
from data.admission import BUILDING, INCIDENT, admit_place, holds
from data.picture import Picture
from data.store import Store, get_meta, set_meta
from rules.access import Actor, OutsideScope, Scope
from rules.deadlines import WorkingCalendar, due_at
from rules.kinds import KINDS, SOURCES, Severity, default_severity
from rules.levels import Level
from rules.lifecycle import State, is_open


class StaleSave(RuntimeError):
    """Somebody changed the incident in between; ``current_version`` is the one to look at."""

    def __init__(self, current_version: int) -> None:
        super().__init__(current_version)
        self.current_version = current_version


class UnknownKind(ValueError):
    """A kind or source that the catalogues do not have."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class NewIncident:
    """What a person reports. ``severity`` is that of the catalogue unless given.

    ``lon`` and ``lat`` are CGCS2000 degrees; without them the building's place is taken.
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
    assignee_id: int | None = None
    reporter_name: str | None = None
    reporter_phone: str | None = None


@dataclass(frozen=True)
class Reported:
    """What a report was filed as."""

    id: int
    number: str


_I, _B = schema.incident.c, schema.building.c
_PUT = insert(schema.incident).returning(_I.id)
_BUILDING = select(_B.area_id, _B.lon, _B.lat, _B.address).where(_B.id == bindparam("of_id"))
_TAKEN = select(_I.id).where(_I.number == bindparam("of_number"))
_FIND = select(
    _I.id, _I.version, _I.state, _I.area_id, _I.building_id, _I.responded_at, _I.dispatched_at,
    _I.resolved_at, _I.closed_at,
).where(_I.number == bindparam("of_number"))  # fmt: skip
_MOVE = (
    update(schema.incident)
    .where(_I.id == bindparam("of_id"), _I.version == bindparam("of_version"))
    .values(
        state=bindparam("new_state"), version=bindparam("new_version"),
        responded_at=bindparam("new_responded_at"), dispatched_at=bindparam("new_dispatched_at"),
        resolved_at=bindparam("new_resolved_at"), closed_at=bindparam("new_closed_at"),
    )
)  # fmt: skip
_STAMPS: Final[dict[State, tuple[str, ...]]] = {
    State.ACCEPTED: ("responded_at",),
    State.DISPATCHED: ("responded_at", "dispatched_at"),
    State.IN_PROGRESS: ("responded_at",),
    State.RESOLVED: ("responded_at", "resolved_at"),
    State.CLOSED: ("responded_at", "resolved_at", "closed_at"),
    State.MERGED: ("closed_at",),
    State.REJECTED: ("closed_at",),
}
"""Times that a state fills in where they are still empty."""


def report_incident(  # noqa: PLR0913 - who, where, what, when, by which calendar
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, new: NewIncident,
    now: datetime, calendar: WorkingCalendar | None = None,
) -> Reported:  # fmt: skip
    """File a new incident and its event in one transaction.

    Raises
    ------
    OutsideScope
        If the scope does not hold the place or the building.
    UnknownKind
        If the catalogues do not have the kind or the source.
    """
    calendar = calendar or WorkingCalendar()
    for word, catalogue in ((new.kind, KINDS), (new.source, SOURCES)):
        if word not in catalogue:
            raise UnknownKind(word)
    moment = int(now.timestamp())
    severity = new.severity or default_severity(new.kind, new.subkind)
    with store.write() as conn:
        place = _place(conn, picture, scope, new)
        row: dict[str, Any] = {
            **place,
            "number": _next_number(conn, picture, place["area_id"], now, calendar),
            "kind": new.kind,
            "subkind": new.subkind,
            "title": new.title,
            "severity": int(severity),
            "state": State.REPORTED.value,
            "source": new.source,
            "service": new.service,
            "assignee_id": new.assignee_id,
            "reported_at": moment,
            "due_at": int(due_at(new.kind, severity, now, calendar).timestamp()),
            "effort_minutes": KINDS[new.kind].effort_minutes,
            "reporter_name": new.reporter_name,
            "reporter_phone": new.reporter_phone,
        }
        incident_id = int(conn.execute(_PUT, row).scalar_one())
        told = ("number", "kind", "subkind", "severity", "state", "area_id", "building_id")
        events.append(
            conn, at=now, actor=actor.login, action="report", subject=INCIDENT,
            subject_id=incident_id, before=None, after={name: row[name] for name in told},
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
    if lon is None or lat is None:
        raise OutsideScope(INCIDENT)
    if building is not None:
        area_id = int(building.area_id)
    else:
        number = picture.atlas.deepest(lon, lat)
        if number is None:
            raise OutsideScope(INCIDENT)
        area_id = picture.tree.areas[number].id
        admit_place(picture, scope, area_id, None)
    return {
        "area_id": area_id, "building_id": new.building_id, "lon": lon, "lat": lat,
        "address": new.address or (building.address if building is not None else ""),
        "place": "exact" if new.lon is not None else "building",
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


def change_state(  # noqa: PLR0913 - who, what, from which version, to where, when, why
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, number: str, version: int,
    state: State, now: datetime, note: str = "",
) -> int:  # fmt: skip
    """Move an incident to a state and give its new version.

    Times that the state implies are filled in; a state that is open again clears the times of
    resolving and closing.

    Raises
    ------
    OutsideScope
        If there is no such incident, or the scope does not hold it.
    StaleSave
        If ``version`` is not the current one; nothing is written.
    """
    with store.write() as conn:
        row = conn.execute(_FIND, {"of_number": number}).mappings().one_or_none()
        if row is None:
            raise OutsideScope(INCIDENT)
        admit_place(picture, scope, row["area_id"], row["building_id"])
        if row["version"] != version:
            raise StaleSave(int(row["version"]))
        times = _times(row, state, int(now.timestamp()))
        conn.execute(
            _MOVE,
            {
                "of_id": row["id"], "of_version": version, "new_state": state.value,
                "new_version": version + 1, **{f"new_{k}": t for k, t in times.items()},
            },
        )  # fmt: skip
        changed = {name: time for name, time in times.items() if time != row[name]}
        events.append(
            conn, at=now, actor=actor.login, action="state", subject=INCIDENT,
            subject_id=row["id"],
            before={"state": row["state"], "version": version} | {k: row[k] for k in changed},
            after={"state": state.value, "version": version + 1, "note": note} | changed,
        )  # fmt: skip
    return version + 1


def _times(row: Mapping[Any, Any], state: State, moment: int) -> dict[str, int | None]:
    stamped = _STAMPS.get(state, ())
    kept = ("responded_at", "dispatched_at", "resolved_at", "closed_at")
    undone = ("resolved_at", "closed_at") if is_open(state) else ()
    return {
        name: None
        if name in undone
        else moment
        if name in stamped and row[name] is None
        else row[name]
        for name in kept
    }
