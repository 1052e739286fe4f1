"""Who reported an incident: masked in the ordinary way, in clear singly, with a reason, logged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from data import events, schema
from data.admission import INCIDENT, admit_place
from data.cases import case_of, find_row, level_of
from data.picture import Picture
from data.store import Store
from rules.access import Actor, OutsideScope, Scope
from rules.casework import parts_of
from rules.masking import gives_reason, masked_name, masked_phone
from rules.steps import Part

UNMASK: Final = "unmask"
"""Action of the event that tells of a look at personal data."""
HANDLING: Final = frozenset({Part.HOLDER, Part.DESK})
"""Who may see a reporter: whoever handles the incident."""


class ReporterHidden(PermissionError):
    """Only who handles an incident may see who reported it."""


class NoReason(ValueError):
    """Personal data is shown for a reason in words only."""


@dataclass(frozen=True)
class Reporter:
    """Name and phone of a reporter, masked or in clear; empty where not given."""

    name: str
    phone: str


_I = schema.incident.c
_WHO = select(_I.reporter_name, _I.reporter_phone).where(_I.id == bindparam("of_id"))


def masked_reporter(
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, number: str
) -> Reporter | None:
    """Give who reported an incident, masked; ``None`` if unknown or not for this actor.

    Raises
    ------
    OutsideScope
        If there is no such incident, or the scope does not hold it.
    """
    with store.read() as conn:
        row = _found(conn, picture, scope, number)
        if not _handles(picture, actor, row):
            return None
        found = _who(conn, row["id"])
    masked = Reporter(masked_name(found.name), masked_phone(found.phone))
    return masked if masked.name or masked.phone else None


def unmask_reporter(  # noqa: PLR0913 - who asks, of what, why, when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, number: str, reason: str,
    now: datetime,
) -> Reporter:  # fmt: skip
    """Give who reported one incident in clear, and log who looked and why, in one transaction.

    Raises
    ------
    OutsideScope
        If there is no such incident, or the scope does not hold it.
    ReporterHidden
        If the actor neither holds the incident nor keeps a desk over it.
    NoReason
        If the reason says nothing.
    """
    if not gives_reason(reason):
        raise NoReason
    with store.write() as conn:
        row = _found(conn, picture, scope, number)
        if not _handles(picture, actor, row):
            raise ReporterHidden
        found = _who(conn, row["id"])
        events.append(
            conn, at=now, actor=actor.login, action=UNMASK, subject=INCIDENT,
            subject_id=row["id"], before=None, after={"note": reason.strip()},
        )  # fmt: skip
    return found


def _found(conn: Connection, picture: Picture, scope: Scope, number: str) -> Any:
    row = find_row(conn, number)
    if row is None:
        raise OutsideScope(INCIDENT)
    admit_place(picture, scope, row["area_id"], row["building_id"])
    return row


def _handles(picture: Picture, actor: Actor, row: Any) -> bool:
    parts = parts_of(
        case_of(picture.tree, row), role=actor.role, level=level_of(picture.tree, actor),
        person=actor.person_id,
    )  # fmt: skip
    return bool(parts & HANDLING)


def _who(conn: Connection, incident_id: int) -> Reporter:
    row = conn.execute(_WHO, {"of_id": incident_id}).one()
    return Reporter(row.reporter_name or "", row.reporter_phone or "")
