"""The log of every change: append-only, each event sealed with the hash of the one before."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select

from data.schema import event

GENESIS: Final = "0" * 64
"""What the first event has in place of the hash before it."""


@dataclass(frozen=True)
class Event:
    """One change: who did what to which subject, with the values before and after."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    subject_id: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True)
class Draft:
    """A change that is to be written to the log."""

    at: datetime
    actor: str
    action: str
    subject: str
    subject_id: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True)
class ChainReport:
    """Result of checking the chain: number of sound events, last hash, first fault."""

    events: int
    head: str
    broken_at: int | None = None

    @property
    def sound(self) -> bool:
        """Whether every event is in place and unchanged."""
        return self.broken_at is None


_LAST = select(event.c.id, event.c.hash).order_by(event.c.id.desc()).limit(1)
_PUT = insert(event)
_ALL = select(event).order_by(event.c.id)
_SINCE = select(event).where(event.c.id > bindparam("watermark")).order_by(event.c.id)
_OF = (
    select(event)
    .where(event.c.subject == bindparam("of"), event.c.subject_id == bindparam("of_id"))
    .order_by(event.c.id.desc())
    .limit(bindparam("at_most"))
)


def _canonical(values: Mapping[str, Any] | None) -> str:
    body = None if values is None else dict(values)
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def seal(row: Mapping[str, Any]) -> str:
    """Hash of one event over its values and the hash of the event before, as hexadecimal."""
    sealed = [row[name] for name in _SEALED]
    return hashlib.sha256(
        json.dumps(sealed, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


_SEALED: Final = (
    "previous", "id", "at", "actor", "action", "subject", "subject_id", "before", "after",
)  # fmt: skip


def append(  # noqa: PLR0913 - an event has these parts
    conn: Connection, *, at: datetime, actor: str, action: str, subject: str, subject_id: int,
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None,
) -> int:  # fmt: skip
    """Write an event in the caller's write transaction and give its id.

    ``actor`` is a login, or ``system``. A bulk write appends one event with subject ``batch``
    and a digest of what it wrote. Values of ``before`` and ``after`` are plain JSON values.
    """
    last = conn.execute(_LAST).first()
    row: dict[str, Any] = {
        "id": last.id + 1 if last else 1,
        "at": int(at.timestamp()),
        "actor": actor,
        "action": action,
        "subject": subject,
        "subject_id": subject_id,
        "before": _canonical(before),
        "after": _canonical(after),
        "previous": last.hash if last else GENESIS,
    }
    conn.execute(_PUT, {**row, "hash": seal(row)})
    return int(row["id"])


def append_all(conn: Connection, drafts: Iterable[Draft]) -> None:
    """Write many events at once, each sealed with the hash of the one before."""
    last = conn.execute(_LAST).first()
    number, head = (last.id, last.hash) if last else (0, GENESIS)
    rows: list[dict[str, Any]] = []
    for draft in drafts:
        number += 1
        row: dict[str, Any] = {
            "id": number,
            "at": int(draft.at.timestamp()),
            "actor": draft.actor,
            "action": draft.action,
            "subject": draft.subject,
            "subject_id": draft.subject_id,
            "before": _canonical(draft.before),
            "after": _canonical(draft.after),
            "previous": head,
        }
        head = seal(row)
        rows.append({**row, "hash": head})
    if rows:
        conn.execute(_PUT, rows)


def verify_rows(rows: Iterable[Mapping[str, Any]]) -> ChainReport:
    """Check stored events, oldest first: whole numbers without gaps, hashes that fit.

    A log whose last events were cut off is sound by itself; compare ``events`` and ``head``
    with a backup's manifest to find that out.
    """
    head, events = GENESIS, 0
    for row in rows:
        fits = row["id"] == events + 1 and row["previous"] == head and row["hash"] == seal(row)
        if not fits:
            return ChainReport(events=events, head=head, broken_at=events + 1)
        head, events = row["hash"], events + 1
    return ChainReport(events=events, head=head)


def verify_chain(conn: Connection) -> ChainReport:
    """Check the whole log of the store; reads it row by row."""
    with conn.execute(_ALL.execution_options(yield_per=5000)) as rows:
        return verify_rows(rows.mappings())  # type: ignore[arg-type]


def _event(row: Row[Any]) -> Event:
    return Event(
        id=row.id,
        at=datetime.fromtimestamp(row.at, UTC),
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        subject_id=row.subject_id,
        before=json.loads(row.before),
        after=json.loads(row.after),
    )


def events_since(conn: Connection, watermark: int) -> list[Event]:
    """Events after the watermark, oldest first."""
    return [_event(row) for row in conn.execute(_SINCE, {"watermark": watermark})]


def events_of(conn: Connection, subject: str, subject_id: int, limit: int = 50) -> list[Event]:
    """Latest events of one subject, newest first."""
    keys = {"of": subject, "of_id": subject_id, "at_most": limit}
    return [_event(row) for row in conn.execute(_OF, keys)]
