"""A resident's own evaluation: one link per incident, for one use, until a day.

The link carries 256 random bits; the store keeps only their SHA-256. Who opens it sees the kind
of the incident, roughly where it was and when: nothing of the record besides.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from data import events, lockout, schema
from data.admission import INCIDENT, admit_place
from data.cases import case_of, find_row, level_of
from data.casework import taken
from data.hashing import digest, new_token
from data.picture import Picture
from data.store import Store
from rules.access import Actor, OutsideScope, Scope
from rules.casework import IllegalStep, NotYours, Request, parts_of
from rules.levels import Level
from rules.lifecycle import State
from rules.rulebook import DEFAULT, Rulebook
from rules.steps import STEPS, Action, Part

FORM: Final = r"[A-Za-z0-9_-]{43}"
"""What a link carries, as a regular expression."""
MOST_WORDS: Final = 500
RESIDENT: Final = "resident"
"""Who the log names where a link was used."""


class LinkRefused(LookupError):
    """A link opens nothing (any more)."""


class UnknownLink(LinkRefused):
    """A link that was never given out."""


class LinkUsed(LinkRefused):
    """A link by which somebody has evaluated already."""


class LinkExpired(LinkRefused):
    """A link whose day is over, or that a newer one has replaced."""


class NotAwaited(LinkRefused):
    """The incident is not (or no longer) waiting for an evaluation."""


@dataclass(frozen=True)
class Asked:
    """What a resident is asked about, without anything personal.

    ``place`` names the community and the estate, as far as known.
    """

    kind: str
    place: tuple[str, ...]
    reported_at: datetime


_L, _I, _B = schema.evaluation_link.c, schema.incident.c, schema.building.c
_PUT = insert(schema.evaluation_link)
_REPLACE = (
    update(schema.evaluation_link)
    .where(_L.incident_id == bindparam("of_id"), _L.used_at.is_(None),
           _L.expires_at > bindparam("moment"))
    .values(expires_at=bindparam("moment"))
)  # fmt: skip
_FIND = (
    select(_L.expires_at, _L.used_at, _I.number, _B.estate)
    .join_from(schema.evaluation_link, schema.incident, _I.id == _L.incident_id)
    .outerjoin(schema.building, _B.id == _I.building_id)
    .where(_L.token == bindparam("of_token"))
)
_USE = (
    update(schema.evaluation_link)
    .where(_L.token == bindparam("of_token"), _L.used_at.is_(None))
    .values(used_at=bindparam("moment"))
)


def make_link(  # noqa: PLR0913 - who, for what, when, by which rules
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, number: str, now: datetime,
    rulebook: Rulebook = DEFAULT,
) -> str:  # fmt: skip
    """Make the link of an incident that waits for its evaluation, and give what it carries.

    An earlier link of the incident that was not used ends now.

    Raises
    ------
    OutsideScope
        If there is no such incident, or the scope does not hold it.
    IllegalStep, NotYours
        If it is not waiting for an evaluation, or is nothing to this account.
    """
    token = new_token()
    until = now + timedelta(days=rulebook.evaluation_days)
    moment = int(now.timestamp())
    with store.write() as conn:
        row = find_row(conn, number)
        if row is None:
            raise OutsideScope(INCIDENT)
        admit_place(picture, scope, row["area_id"], row["building_id"])
        _may_ask(picture, actor, row)
        conn.execute(_REPLACE, {"of_id": row["id"], "moment": moment})
        link: dict[str, Any] = {
            "token": digest(token), "incident_id": row["id"], "made_at": moment,
            "expires_at": int(until.timestamp()), "actor": actor.login,
        }  # fmt: skip
        conn.execute(_PUT, link)
        events.append(
            conn, at=now, actor=actor.login, action="ask", subject=INCIDENT, subject_id=row["id"],
            before=None, after={"expires_at": link["expires_at"]},
        )  # fmt: skip
    return token


def _may_ask(picture: Picture, actor: Actor, row: Any) -> None:
    """Refuse who could not record the evaluation themselves, and when nobody could."""
    step, case = STEPS[Action.EVALUATE], case_of(picture.tree, row)
    if case.state not in step.sources:
        raise IllegalStep(step.action, case.state)
    level = level_of(picture.tree, actor)
    if not step.by & parts_of(case, role=actor.role, level=level, person=actor.person_id):
        raise NotYours(step.action)


def look_up(store: Store, picture: Picture, *, token: str, address: str, now: datetime) -> Asked:
    """Say what a link asks about. Opening it uses nothing up.

    Unknown links are counted per network ``address``; a link that is sound opens always.

    Raises
    ------
    UnknownLink, LinkUsed, LinkExpired, NotAwaited
        If it opens nothing.
    LockedOut
        If too many unknown links came from this address.
    """
    with store.read() as conn:
        link = conn.execute(_FIND, {"of_token": digest(token)}).one_or_none()
        if link is not None:
            row = _awaiting(conn, link, now)
            return _asked(picture, row, link.estate)
        lockout.admit(conn, _address(address), now=now)
    with store.write() as conn:
        lockout.claim(conn, [_address(address)], now=now)
    raise UnknownLink


def _address(address: str) -> str:
    return digest(f"evaluate:{address}")


def _awaiting(conn: Connection, link: Any, now: datetime) -> Any:
    """Row of the incident that a link belongs to, if it can be evaluated now."""
    if link.used_at is not None:
        raise LinkUsed
    if link.expires_at <= int(now.timestamp()):
        raise LinkExpired
    row = find_row(conn, link.number)
    if row is None or State(row["state"]) not in STEPS[Action.EVALUATE].sources:
        raise NotAwaited
    return row


def _asked(picture: Picture, row: Any, estate: str | None) -> Asked:
    tree = picture.tree
    path = [tree.get(i) for i in tree.ancestors(tree.areas[tree.places[row["area_id"]]].id)]
    near: Sequence[str] = [a.name for a in path if a.level == Level.COMMUNITY] or [path[0].name]
    reported_at = datetime.fromtimestamp(row["reported_at"], UTC)
    return Asked(row["kind"], tuple(filter(None, (*near, estate))), reported_at)


def evaluate(  # noqa: PLR0913 - by which link, what, when, by which rules
    store: Store, picture: Picture, *, token: str, score: int | None, words: str, now: datetime,
    rulebook: Rulebook = DEFAULT,
) -> State:  # fmt: skip
    """Take a resident's evaluation and use the link up, in one transaction; give the new state.

    Raises
    ------
    UnknownLink, LinkUsed, LinkExpired, NotAwaited
        If the link opens nothing.
    Missing
        If the score is none.
    """
    key = digest(token)
    request = Request(Action.EVALUATE, note=tidy(words), score=score)
    with store.write() as conn:
        link = conn.execute(_FIND, {"of_token": key}).one_or_none()
        if link is None:
            raise UnknownLink
        row = _awaiting(conn, link, now)
        taken(
            conn, picture, row, request, by=RESIDENT, account_id=None,
            parts=frozenset({Part.RESIDENT}), scope=Scope(row["area_id"]),
            version=row["version"], now=now, rulebook=rulebook, via="link",
        )  # fmt: skip
        conn.execute(_USE, {"of_token": key, "moment": int(now.timestamp())})
        return State(find_row(conn, link.number)["state"])  # type: ignore[index]


def tidy(words: str) -> str:
    """Give a resident's words as text: no signs that cannot be seen, and not without end."""
    told = unicodedata.normalize("NFC", words).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in told if c == "\n" or c.isprintable())[:MOST_WORDS].strip()
