"""Signing in and out, and who a session belongs to. Sessions live in the store."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from data import events, hashing, lockout
from data.lockout import LockedOut
from data.schema import account, building, session
from data.store import Store, StoreUnavailable, get_meta
from rules.access import Actor, Role, Scope

SEEN_SECONDS: Final = 60
"""``seen_at`` is written at most so often: a look at the map is a read."""


class WrongCredentials(ValueError):
    """Login and password do not fit; never says which, nor whether the account is disabled."""


@dataclass(frozen=True)
class SignedIn:
    """A new session: the token for the cookie, and who signed in."""

    token: str
    actor: Actor


_BY_LOGIN = select(account).where(account.c.login == bindparam("of_login"))
_OF_TOKEN = (
    select(account, session.c.seen_at, session.c.expires_at)
    .join_from(session, account, session.c.account_id == account.c.id)
    .where(session.c.token == bindparam("of_token"))
)
_OPEN = insert(session)
_SEEN = (
    update(session)
    .where(session.c.token == bindparam("of_token"), session.c.seen_at < bindparam("now"))
    .values(seen_at=bindparam("now"))
)
_END = delete(session).where(session.c.token == bindparam("of_token"))
_END_OF = delete(session).where(
    session.c.account_id == bindparam("of_account"), session.c.token != bindparam("but")
)
_END_OLD = delete(session).where(session.c.expires_at <= bindparam("now"))
_REHASH = (
    update(account).where(account.c.id == bindparam("of_account")).values(password=bindparam("to"))
)
_CHIEF_OF = select(building.c.id).where(building.c.chief_id == bindparam("chief"))


def actor_from(row: Row[Any]) -> Actor:
    """Actor of a row of the account table."""
    return Actor(
        account_id=row.id, login=row.login, name=row.name, role=Role(row.role),
        area_id=row.area_id, person_id=row.person_id, locale=row.locale,
    )  # fmt: skip


def sign_in(store: Store, *, login: str, password: str, address: str, now: datetime) -> SignedIn:
    """Open a session for who knows the password.

    The hash is computed outside any transaction: it takes a tenth of a second, on purpose.

    Raises
    ------
    WrongCredentials
        If login and password do not fit or the account is disabled.
    LockedOut
        After five failures of the login or from the address, for ten minutes.
    StoreUnavailable
        If the store is away.
    """
    login = "".join(c for c in login if c.isprintable()).strip()[:60]
    keys = [lockout.login_key(login), lockout.address_key(address)]
    with store.write() as conn:
        lock = lockout.claim(conn, keys, now=now)
        row = conn.execute(_BY_LOGIN, {"of_login": login}).first()
    stored = row.password if row else None
    if not hashing.password_fits(stored, password) or row is None or row.disabled:
        if lock is not None:
            _log_lock(store, row, until=lock, now=now)
            raise LockedOut(lock)
        raise WrongCredentials
    rehashed = hashing.password_hash(password) if hashing.needs_rehash(row.password) else None
    with store.write() as conn:
        lockout.forget(conn, keys[0])
        lockout.take_back(conn, keys[1])
        # The password may have been changed or the account disabled while we were hashing.
        fresh = conn.execute(_BY_LOGIN, {"of_login": login}).first()
        if fresh is None or fresh.disabled or fresh.password != row.password:
            raise WrongCredentials
        if rehashed:
            conn.execute(_REHASH, {"of_account": row.id, "to": rehashed})
        return _open(conn, store, fresh, now=now)


def sign_in_demo(store: Store, *, login: str, now: datetime) -> SignedIn:
    """Open a session for a demo account without a password; only in a demo store.

    Raises
    ------
    WrongCredentials
        If the store is not a demo, or the account is none of the demo's.
    """
    with store.write() as conn:
        row = conn.execute(_BY_LOGIN, {"of_login": login}).first()
        if get_meta(conn, "demo") != "1" or row is None or not row.demo or row.disabled:
            raise WrongCredentials
        return _open(conn, store, row, now=now)


def _open(conn: Connection, store: Store, row: Row[Any], *, now: datetime) -> SignedIn:
    second = int(now.timestamp())
    conn.execute(_END_OLD, {"now": second})
    token = hashing.new_token()
    lasts = timedelta(hours=store.settings.absolute_hours)
    conn.execute(_OPEN, {
        "token": hashing.digest(token), "account_id": row.id, "created_at": second,
        "seen_at": second, "expires_at": second + int(lasts.total_seconds()),
    })  # fmt: skip
    events.append(
        conn, at=now, actor=row.login, action="sign_in", subject="account", subject_id=row.id,
        before=None, after=None,
    )  # fmt: skip
    return SignedIn(token=token, actor=actor_from(row))


def _log_lock(store: Store, row: Row[Any] | None, *, until: datetime, now: datetime) -> None:
    with store.write() as conn:
        events.append(
            conn, at=now, actor=row.login if row else "unknown", action="lock", subject="account",
            subject_id=row.id if row else 0, before=None, after={"until": int(until.timestamp())},
        )  # fmt: skip


def actor_of(store: Store, token: str, *, now: datetime) -> Actor | None:
    """Who a session token belongs to; None for an unknown, idle, expired or disabled one.

    The account is read anew each time: a changed role, area or disabling bites at once.

    Raises
    ------
    StoreUnavailable
        If the store cannot be read.
    """
    key = {"of_token": hashing.digest(token)}
    second = int(now.timestamp())
    with store.read() as conn:
        row = conn.execute(_OF_TOKEN, key).first()
    if row is None or row.disabled or second >= row.expires_at:
        return None
    if second - row.seen_at >= store.settings.idle_minutes * 60:
        return None
    if second - row.seen_at >= SEEN_SECONDS:
        # A store that can be read but not written (full, locked) still shows its map.
        with suppress(StoreUnavailable), store.write() as conn:
            conn.execute(_SEEN, {**key, "now": second})
    return actor_from(row)


def sign_out(store: Store, token: str) -> None:
    """End one session; an unknown token changes nothing."""
    with store.write() as conn:
        conn.execute(_END, {"of_token": hashing.digest(token)})


def end_sessions(conn: Connection, account_id: int, *, but: str | None = None) -> int:
    """End all sessions of an account but that of the token ``but``; give their number."""
    kept = hashing.digest(but) if but else ""
    return conn.execute(_END_OF, {"of_account": account_id, "but": kept}).rowcount


def sign_out_everywhere(
    store: Store, *, account_id: int, actor: str, now: datetime, but: str | None = None
) -> int:
    """End all sessions of an account, but that of the token ``but``; give their number."""
    with store.write() as conn:
        ended = end_sessions(conn, account_id, but=but)
        events.append(
            conn, at=now, actor=actor, action="sign_out_everywhere", subject="account",
            subject_id=account_id, before=None, after={"sessions": ended},
        )  # fmt: skip
    return ended


def scope_of(store: Store, actor: Actor) -> Scope:
    """Part of the record an actor may see: the subtree of the area; a chief, own buildings."""
    if actor.role is not Role.BUILDING_CHIEF:
        return Scope(area_id=actor.area_id)
    with store.read() as conn:
        found = conn.execute(_CHIEF_OF, {"chief": actor.person_id})
        return Scope(area_id=actor.area_id, buildings=frozenset(row.id for row in found))
