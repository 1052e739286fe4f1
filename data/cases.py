"""Incidents as the rules see them: from the row of the table to the case, and its desk."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from data import schema
from data.areas import AreaTree
from rules.access import Actor
from rules.casework import Case
from rules.kinds import Severity
from rules.levels import Level
from rules.lifecycle import State

_I = schema.incident.c
_FIND = select(
    _I.id, _I.number, _I.version, _I.kind, _I.subkind, _I.severity, _I.service, _I.state,
    _I.area_id, _I.building_id, _I.assignee_id, _I.desk_id, _I.reported_at, _I.responded_at,
    _I.dispatched_at, _I.resolved_at, _I.fed_back_at, _I.evaluated_at, _I.evaluated_by,
    _I.closed_at, _I.due_at, _I.step_due_at, _I.resumes_to, _I.left_minutes, _I.until_at,
    _I.satisfaction, _I.urged, _I.merged_into_id,
).where(_I.number == bindparam("of_number"))  # fmt: skip
_PHOTOS = select(func.count()).where(
    schema.attachment.c.incident_id == bindparam("of_id"), schema.attachment.c.width.is_not(None)
)


def find_row(conn: Connection, number: str) -> Any | None:
    """Row of an incident by its number, whoever asks: for a signed link."""
    return conn.execute(_FIND, {"of_number": number}).mappings().one_or_none()


def photos_of(conn: Connection, incident_id: int) -> int:
    """How many photos an incident has."""
    return int(conn.execute(_PHOTOS, {"of_id": incident_id}).scalar_one())


def level_of(tree: AreaTree, actor: Actor) -> Level | None:
    """Level of an actor's own area."""
    return tree.get(actor.area_id).level if actor.area_id in tree else None


def desk_of(tree: AreaTree, area_id: int, desk_id: int | None) -> int:
    """Area whose desk an incident of ``area_id`` lies on; of a closed one, what stands for it."""
    place = tree.places.get(desk_id or area_id, tree.places.get(area_id, 0))
    return tree.areas[max(place, 0)].id


def case_of(tree: AreaTree, row: Any) -> Case:
    """Give what the rules need to know of a row of the incident table."""
    own = tree.areas[max(tree.places.get(row["area_id"], 0), 0)]
    desk = tree.get(desk_of(tree, row["area_id"], row["desk_id"]))
    return Case(
        kind=row["kind"], subkind=row["subkind"], severity=Severity(row["severity"]),
        service=row["service"], state=State(row["state"]), desk=desk.level,
        highest=tree.get(tree.ancestors(own.id)[0]).level, lowest=own.level,
        holder=row["assignee_id"], reported_at=_moment(row["reported_at"]),
        due_at=_moment(row["due_at"]),
        step_due_at=_moment(row["step_due_at"]) if row["step_due_at"] else None,
        resumes_to=State(row["resumes_to"]) if row["resumes_to"] else None,
        left_minutes=row["left_minutes"],
        until=_moment(row["until_at"]) if row["until_at"] else None,
        score=row["satisfaction"],
    )  # fmt: skip


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
