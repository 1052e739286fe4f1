"""Photos and papers of incidents: files beside the store, rows and events in it, within scope."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select

from data import events, media, schema
from data.admission import INCIDENT, admit_place
from data.cases import case_of, find_row, level_of, photos_of
from data.photos import Admitted, BadUpload, admitted
from data.picture import Picture
from data.store import Store
from rules.access import Actor, OutsideScope, Scope
from rules.casework import IllegalStep, NotYours, Request, parts_of, take
from rules.steps import Action

MOST: Final = 50
"""Attachments of one incident."""
NAME_LENGTH: Final = 80
SUFFIXES: Final = {"image/jpeg": ".jpg", "application/pdf": ".pdf"}
ATTACHMENT: Final = "attachment"


class TooMany(BadUpload):
    """The incident has as many attachments as it may have."""


@dataclass(frozen=True)
class Attachment:
    """One photo or paper. ``step`` is the state of the incident in which it was added."""

    key: str
    number: str
    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    step: str
    at: datetime
    actor: str

    @property
    def is_photo(self) -> bool:
        """Whether it is a picture, with a small copy."""
        return self.width is not None


_T, _I = schema.attachment.c, schema.incident.c
_LIST = (
    select(
        _T.key, _I.number, _T.name, _T.media_type, _T.size, _T.sha256, _T.width, _T.height,
        _T.step, _T.at, _T.actor, _I.area_id, _I.building_id,
    )
    .join_from(schema.attachment, schema.incident, _I.id == _T.incident_id)
    .order_by(_T.id)
)  # fmt: skip
_OF = _LIST.where(_T.incident_id == bindparam("of_id"))
_ONE = _LIST.where(_T.key == bindparam("of_key"))
_KEYS = select(_T.key)
_PUT = insert(schema.attachment)


def add_attachment(  # noqa: PLR0913 - who, to what, which file, when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, number: str, name: str,
    content: bytes, now: datetime,
) -> Attachment:  # fmt: skip
    """Add a photo or paper to an incident: the files first, then row and event in one transaction.

    The same content twice is one attachment, so a doubled upload does no harm.

    Raises
    ------
    OutsideScope
        If there is no such incident, or the scope does not hold it.
    NotYours, IllegalStep
        If this account may add nothing to it: see :class:`rules.steps.Action.NOTE`.
    BadUpload
        If the content is not taken in, or there are too many already.
    StoreFull, StoreUnavailable
        If it cannot be kept.
    """
    with store.read() as conn:
        _admit(conn, picture, scope, actor, number, now)
    found = admitted(content)
    var, key = store.settings.var, media.new_key()
    written = [key, key + media.SMALL] if found.small is not None else [key]
    try:
        media.put(var, key, found.content)
        if found.small is not None:
            media.put(var, key + media.SMALL, found.small)
        with store.write() as conn:
            row = _admit(conn, picture, scope, actor, number, now)
            kept = _attached(conn, row["id"])
            made = _made(key, number, tidy(name, found.media_type), found, row["state"], actor, now)
            same = next((a for a in kept if a.sha256 == made.sha256), None)
            if same is None:
                _add(conn, row["id"], made, kept)
    except (OutsideScope, NotYours, IllegalStep, BadUpload):
        _remove(var, written)
        raise  # after a failure of the store itself the row may be there: its files stay
    if same is not None:
        _remove(var, written)
    return same or made


def _remove(var: Path, names: Sequence[str]) -> None:
    for name in names:
        media.remove(var, name)


def _admit(
    conn: Connection, picture: Picture, scope: Scope, actor: Actor, number: str, now: datetime
) -> Any:
    """Row of an incident to which the account may add something."""
    row = _row(conn, picture, scope, number)
    case = case_of(picture.tree, row)
    parts = parts_of(
        case, role=actor.role, level=level_of(picture.tree, actor), person=actor.person_id
    )
    note = Request(Action.NOTE, note=ATTACHMENT)
    take(case, note, parts=parts, now=now, rulebook=picture.rulebook)
    return row


def _row(conn: Connection, picture: Picture, scope: Scope, number: str) -> Any:
    row = find_row(conn, number)
    if row is None:
        raise OutsideScope(INCIDENT)
    admit_place(picture, scope, row["area_id"], row["building_id"])
    return row


def _made(  # noqa: PLR0913, PLR0917 - the parts of an attachment
    key: str, number: str, name: str, found: Admitted, state: str, actor: Actor, now: datetime
) -> Attachment:
    return Attachment(
        key=key, number=number, name=name, media_type=found.media_type,
        size=len(found.content), sha256=hashlib.sha256(found.content).hexdigest(),
        width=found.width, height=found.height, step=state,
        at=now.astimezone(UTC).replace(microsecond=0), actor=actor.login,
    )  # fmt: skip


def _add(conn: Connection, incident_id: int, made: Attachment, kept: Sequence[Attachment]) -> None:
    if len(kept) >= MOST:
        raise TooMany
    told: dict[str, Any] = {
        "key": made.key, "name": made.name, "media_type": made.media_type, "size": made.size,
        "sha256": made.sha256,
    }  # fmt: skip
    row = told | {
        "incident_id": incident_id, "step": made.step, "width": made.width,
        "height": made.height, "at": int(made.at.timestamp()), "actor": made.actor,
    }  # fmt: skip
    conn.execute(_PUT, row)
    events.append(
        conn, at=made.at, actor=made.actor, action="attach", subject=INCIDENT,
        subject_id=incident_id, before=None, after=told,
    )  # fmt: skip


def tidy(name: str, media_type: str) -> str:
    """Give a file's name as it is shown: one line without paths, ending with what it is."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last else last
    seen = "".join(c for c in stem if c.isprintable() and c not in '"<>|:*?')
    return (" ".join(seen.split())[:NAME_LENGTH].strip(". ") or "-") + SUFFIXES[media_type]


def attachments(
    store: Store, picture: Picture, *, scope: Scope, number: str
) -> tuple[Attachment, ...]:
    """Photos and papers of an incident, oldest first.

    Raises
    ------
    OutsideScope
        If there is no such incident, or the scope does not hold it.
    """
    with store.read() as conn:
        return tuple(_attached(conn, _row(conn, picture, scope, number)["id"]))


def count_photos(store: Store, picture: Picture, *, scope: Scope, number: str) -> int:
    """How many photos an incident has.

    Raises
    ------
    OutsideScope
        If there is no such incident, or the scope does not hold it.
    """
    with store.read() as conn:
        return photos_of(conn, _row(conn, picture, scope, number)["id"])


def attachment(store: Store, picture: Picture, *, scope: Scope, key: str) -> Attachment:
    """One photo or paper by its key.

    Raises
    ------
    OutsideScope
        If there is none, or the scope does not hold its incident.
    """
    with store.read() as conn:
        row = conn.execute(_ONE, {"of_key": key}).one_or_none()
    if row is None:
        raise OutsideScope(ATTACHMENT)
    admit_place(picture, scope, row.area_id, row.building_id, ATTACHMENT)
    return _attachment(row)


def file_of(store: Store, found: Attachment) -> Path:
    """Give the file of an attachment."""
    return media.path_of(store.settings.var, found.key)


def small_of(store: Store, found: Attachment) -> Path:
    """Give the file of a photo's small copy."""
    return media.path_of(store.settings.var, found.key + media.SMALL)


def keys(conn: Connection) -> frozenset[str]:
    """Keys of all attachments of the store."""
    return frozenset(conn.execute(_KEYS).scalars())


def _attached(conn: Connection, incident_id: int) -> list[Attachment]:
    return [_attachment(row) for row in conn.execute(_OF, {"of_id": incident_id})]


def _attachment(row: Any) -> Attachment:
    return Attachment(
        key=row.key, number=row.number, name=row.name, media_type=row.media_type, size=row.size,
        sha256=row.sha256, width=row.width, height=row.height, step=row.step,
        at=datetime.fromtimestamp(row.at, UTC), actor=row.actor,
    )  # fmt: skip
