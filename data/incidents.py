"""Incidents as lists, points and details, always within a scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
from sqlalchemy import Connection, bindparam, select

from data import schema
from data.admission import INCIDENT, admit_building, admit_place
from data.areas import Ints
from data.columns import select as select_rows
from data.events import Event, events_of
from data.picture import Picture, chunks
from data.points import Points, point_clusters, point_count, points
from data.store import Store
from rules.access import OutsideScope, Scope
from rules.filters import IncidentFilter
from rules.kinds import Severity
from rules.lifecycle import State, is_open

__all__ = [
    "IncidentDetail", "IncidentRow", "Milestone", "Points", "incident", "list_incidents",
    "point_clusters", "point_count", "points", "read_rows",
]  # fmt: skip

Order = Literal["due", "reported"]


@dataclass(frozen=True)
class IncidentRow:
    """One incident in a list. ``overdue`` means still open after ``due_at``."""

    id: int
    number: str
    kind: str
    subkind: str
    title: str
    address: str
    severity: Severity
    state: State
    source: str
    area_id: int
    area_name: str
    building_id: int | None
    assignee_id: int | None
    assignee_name: str | None
    reported_at: datetime
    due_at: datetime
    overdue: bool
    lon: float
    lat: float
    effort_minutes: int
    version: int


@dataclass(frozen=True)
class Milestone:
    """A step that an incident has reached: reported, responded, dispatched, resolved, closed."""

    at: datetime
    step: str


@dataclass(frozen=True)
class IncidentDetail:
    """One incident with its facts and history, both oldest first.

    ``area_path`` goes from the scope's own area down to the incident's.

    Personal fields are not among them; ``has_reporter`` says whether there are any.
    """

    row: IncidentRow
    area_path: tuple[int, ...]
    building_code: str | None
    place: str
    satisfaction: int | None
    has_reporter: bool
    milestones: tuple[Milestone, ...]
    events: tuple[Event, ...]


_I, _B = schema.incident.c, schema.building.c
_ROW = (
    _I.id, _I.number, _I.kind, _I.subkind, _I.title, _I.address, _I.severity, _I.state, _I.source,
    _I.area_id, _I.building_id, _I.assignee_id, _I.reported_at, _I.due_at, _I.lon, _I.lat,
    _I.effort_minutes, _I.version,
)  # fmt: skip
_BY_ID = select(*_ROW).where(_I.id.in_(bindparam("ids", expanding=True)))
_ONE = (
    select(
        *_ROW, _I.responded_at, _I.dispatched_at, _I.resolved_at, _I.closed_at, _I.place,
        _I.satisfaction, _I.reporter_name, _I.reporter_phone, _B.code.label("building_code"),
    )
    .select_from(schema.incident.outerjoin(schema.building, _B.id == _I.building_id))
    .where(_I.number == bindparam("of_number"))
)  # fmt: skip
_STEPS = ("reported", "responded", "dispatched", "resolved", "closed")


def list_incidents(  # noqa: PLR0913 - a list is told where, what, and which page
    store: Store, picture: Picture, *, scope: Scope, area_id: int, building_id: int | None = None,
    filter: IncidentFilter, now: datetime, order: Order = "due", limit: int = 200, offset: int = 0,
) -> tuple[list[IncidentRow], int]:  # fmt: skip
    """One page of the incidents that a filter keeps, and how many there are in all.

    Ordered by due time, open ones first and the others latest first; or latest first.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area or the building.
    """
    columns = picture.columns
    rows = select_rows(columns, picture.tree, scope=scope, area_id=area_id, filter=filter, now=now)
    if building_id is not None:
        rows = rows[columns.building[rows] == building_id]
    ordered = _by_due(picture, rows) if order == "due" else rows[::-1]
    page = columns.id[ordered[offset : offset + limit]].tolist()
    with store.read() as conn:
        if building_id is not None:
            admit_building(conn, picture, scope, building_id)
        return read_rows(conn, picture, page, now), len(rows)


def _by_due(picture: Picture, rows: Ints) -> Ints:
    columns = picture.columns
    still = columns.is_open[rows]
    open_rows = rows[still]
    open_rows = open_rows[np.lexsort((columns.id[open_rows], columns.due[open_rows]))]
    return np.concatenate([open_rows, rows[~still][::-1]])


def read_rows(
    conn: Connection, picture: Picture, ids: Sequence[int], now: datetime
) -> list[IncidentRow]:
    """Read incidents in the order of ``ids``; the caller has checked the scope."""
    found = {
        record.id: _row(picture, record, now)
        for part in chunks(ids)
        for record in conn.execute(_BY_ID, {"ids": part})
    }
    return [found[incident_id] for incident_id in ids if incident_id in found]


def _row(picture: Picture, record: Any, now: datetime) -> IncidentRow:
    state = State(record.state)
    place = picture.tree.places.get(record.area_id)
    return IncidentRow(
        id=record.id,
        number=record.number,
        kind=record.kind,
        subkind=record.subkind,
        title=record.title,
        address=record.address,
        severity=Severity(record.severity),
        state=state,
        source=record.source,
        area_id=record.area_id if place is None else picture.tree.areas[place].id,
        area_name="" if place is None else picture.tree.areas[place].name,
        building_id=record.building_id,
        assignee_id=record.assignee_id,
        assignee_name=picture.staff.names.get(record.assignee_id),
        reported_at=_moment(record.reported_at),
        due_at=_moment(record.due_at),
        overdue=is_open(state) and record.due_at < int(now.timestamp()),
        lon=record.lon,
        lat=record.lat,
        effort_minutes=record.effort_minutes,
        version=record.version,
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def incident(
    store: Store, picture: Picture, *, scope: Scope, number: str, now: datetime | None = None
) -> IncidentDetail:
    """One incident by its number.

    Raises
    ------
    OutsideScope
        If there is none, or the scope does not hold it.
    """
    with store.read() as conn:
        record = conn.execute(_ONE, {"of_number": number}).one_or_none()
        if record is None:
            raise OutsideScope(INCIDENT)
        admit_place(picture, scope, record.area_id, record.building_id)
        events = events_of(conn, "incident", record.id)
    times = [getattr(record, f"{step}_at") for step in _STEPS]
    row = _row(picture, record, now or picture.at)
    return IncidentDetail(
        row=row,
        area_path=picture.tree.path(scope, row.area_id),
        building_code=record.building_code,
        place=record.place,
        satisfaction=record.satisfaction,
        has_reporter=bool(record.reporter_name or record.reporter_phone),
        milestones=tuple(
            Milestone(_moment(t), step) for step, t in zip(_STEPS, times, strict=True) if t
        ),
        events=tuple(reversed(events)),
    )
