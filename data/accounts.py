"""The accounts: who may sign in, as what, for which area. Every change is an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from data import events, hashing, lockout
from data.lockout import LockedOut
from data.schema import account, area, session
from data.sessions import (
    SignedIn,
    WrongCredentials,
    actor_of,
    end_sessions,
    scope_of,
    sign_in,
    sign_in_demo,
    sign_out,
    sign_out_everywhere,
)
from data.store import Store, get_meta
from rules.access import Role
from rules.passwords import WeakPassword, require_strong

__all__ = [
    "Account", "DemoAccount", "LockedOut", "NewAccount", "NoSuchAccount", "SignedIn", "TakenLogin",
    "WeakPassword", "WrongCredentials", "actor_of", "change_password", "create_account",
    "demo_accounts", "disable_account", "enable_account", "list_accounts", "scope_of",
    "set_locale", "sign_in", "sign_in_demo", "sign_out", "sign_out_everywhere",
]  # fmt: skip


@dataclass(frozen=True)
class NewAccount:
    """An account to be made; ``area_id`` is the root of what it may see."""

    login: str
    name: str
    role: Role
    area_id: int
    person_id: int | None = None
    locale: str | None = None
    demo: bool = False


@dataclass(frozen=True)
class Account:
    """An account as lists show it: never its hash."""

    id: int
    login: str
    name: str
    role: Role
    area_id: int
    area_code: str
    area_name: str
    person_id: int | None
    disabled: bool
    demo: bool
    created_at: datetime
    sessions: int


@dataclass(frozen=True)
class DemoAccount:
    """An account that the sign-in page of a demo offers."""

    login: str
    name: str
    role: Role
    area_name: str


class TakenLogin(ValueError):
    """The login belongs to another account, or is empty or too long."""

    def __init__(self, login: str) -> None:
        super().__init__(login)
        self.login = login


class NoSuchAccount(LookupError):
    """There is no account of this login or id."""

    def __init__(self, wanted: str | int) -> None:
        super().__init__(str(wanted))
        self.wanted = wanted


MAX_LOGIN: Final = 60

_PUT = insert(account)
_BY_ID = select(account).where(account.c.id == bindparam("of_id"))
_BY_LOGIN = select(account).where(account.c.login == bindparam("of_login"))
_CHANGED: Final = account.c.version + 1
_SET_PASSWORD = (
    update(account)
    .where(account.c.id == bindparam("of_id"))
    .values(password=bindparam("to"), version=_CHANGED)
)
_SET_DISABLED = (
    update(account)
    .where(account.c.id == bindparam("of_id"))
    .values(disabled=bindparam("to"), version=_CHANGED)
)
_SET_LOCALE = (
    update(account).where(account.c.id == bindparam("of_id")).values(locale=bindparam("to"))
)
_SESSIONS = (
    select(func.count())
    .where(session.c.account_id == account.c.id, session.c.expires_at > bindparam("now"))
    .scalar_subquery()
)
_LIST = (
    select(
        account, area.c.code.label("area_code"), area.c.name.label("area_name"),
        _SESSIONS.label("sessions"),
    )
    .join_from(account, area, account.c.area_id == area.c.id)
    .order_by(account.c.login)
)  # fmt: skip
_DEMO = (
    select(account.c.login, account.c.name, account.c.role, area.c.name.label("area_name"))
    .join_from(account, area, account.c.area_id == area.c.id)
    .where(account.c.demo, ~account.c.disabled)
    .order_by(account.c.id)
)


def create_account(
    store: Store, new: NewAccount, *, password: str, actor: str, now: datetime
) -> int:
    """Make an account and give its id.

    Raises
    ------
    WeakPassword
        If the password breaks a rule (:mod:`rules.passwords`).
    TakenLogin
        If the login is in use, empty, has spaces or is longer than 60 signs.
    """
    usable = new.login.isprintable() and " " not in new.login
    if not usable or not 0 < len(new.login) <= MAX_LOGIN:
        raise TakenLogin(new.login)
    hashed = hashing.password_hash(require_strong(password, login=new.login))
    with store.write() as conn:
        if conn.execute(_BY_LOGIN, {"of_login": new.login}).first():
            raise TakenLogin(new.login)
        values: dict[str, Any] = {
            "login": new.login, "name": new.name, "role": new.role.value, "area_id": new.area_id,
            "person_id": new.person_id, "locale": new.locale, "demo": new.demo,
        }  # fmt: skip
        made = conn.execute(
            _PUT, {**values, "password": hashed, "created_at": int(now.timestamp())}
        ).inserted_primary_key
        account_id = int(made[0]) if made else 0
        _log(conn, account_id, action="create", actor=actor, now=now, after=values)
    return account_id


def change_password(  # noqa: PLR0913 - each is needed and named
    store: Store, *, account_id: int, password: str, actor: str, now: datetime,
    current: str | None = None, keep: str | None = None,
) -> None:  # fmt: skip
    """Give an account a new password and end its sessions, but that of the token ``keep``.

    ``current`` is asked of people who change their own; an administrator leaves it out.

    Raises
    ------
    WrongCredentials
        If ``current`` is given and wrong.
    LockedOut
        If ``current`` was wrong five times.
    WeakPassword
        If the new password breaks a rule.
    NoSuchAccount
        If there is no such account.
    """
    with store.read() as conn:
        row = _row(conn, account_id)
    strong = require_strong(password, login=row.login)
    key = lockout.login_key(row.login)
    if current is not None:
        with store.write() as conn:
            lock = lockout.claim(conn, [key], now=now)
        if not hashing.password_fits(row.password, current):
            raise LockedOut(lock) if lock else WrongCredentials
    hashed = hashing.password_hash(strong)
    with store.write() as conn:
        lockout.forget(conn, key)
        conn.execute(_SET_PASSWORD, {"of_id": account_id, "to": hashed})
        ended = end_sessions(conn, account_id, but=keep)
        _log(conn, account_id, action="password", actor=actor, now=now, after={"ended": ended})


def disable_account(store: Store, *, account_id: int, actor: str, now: datetime) -> None:
    """Disable an account and end its sessions at once; it stays in the record."""
    _set_disabled(store, account_id, disabled=True, actor=actor, now=now)


def enable_account(store: Store, *, account_id: int, actor: str, now: datetime) -> None:
    """Let a disabled or locked account sign in again."""
    _set_disabled(store, account_id, disabled=False, actor=actor, now=now)


def _set_disabled(
    store: Store, account_id: int, *, disabled: bool, actor: str, now: datetime
) -> None:
    with store.write() as conn:
        row = _row(conn, account_id)
        conn.execute(_SET_DISABLED, {"of_id": account_id, "to": disabled})
        if disabled:
            end_sessions(conn, account_id)
        else:
            lockout.forget(conn, lockout.login_key(row.login))
        _log(
            conn, account_id, action="disable" if disabled else "enable", actor=actor, now=now,
            before={"disabled": bool(row.disabled)}, after={"disabled": disabled},
        )  # fmt: skip


def set_locale(store: Store, account_id: int, locale: str) -> None:
    """Keep the language an account has chosen; a taste, so no event."""
    with store.write() as conn:
        conn.execute(_SET_LOCALE, {"of_id": account_id, "to": locale})


def list_accounts(store: Store, *, now: datetime) -> list[Account]:
    """All accounts by login, with the number of their sessions at ``now``."""
    with store.read() as conn:
        rows = conn.execute(_LIST, {"now": int(now.timestamp())}).all()
    return [
        Account(
            id=row.id, login=row.login, name=row.name, role=Role(row.role), area_id=row.area_id,
            area_code=row.area_code, area_name=row.area_name, person_id=row.person_id,
            disabled=row.disabled, demo=row.demo, sessions=row.sessions,
            created_at=datetime.fromtimestamp(row.created_at, UTC),
        )
        for row in rows
    ]  # fmt: skip


def account_id_of(store: Store, login: str) -> int:
    """Id of the account of a login.

    Raises
    ------
    NoSuchAccount
        If there is none.
    """
    with store.read() as conn:
        row = conn.execute(_BY_LOGIN, {"of_login": login}).first()
    if row is None:
        raise NoSuchAccount(login)
    return int(row.id)


def demo_accounts(store: Store) -> list[DemoAccount]:
    """Accounts that the sign-in page may offer: none, unless the store is a demo."""
    with store.read() as conn:
        if get_meta(conn, "demo") != "1":
            return []
        return [
            DemoAccount(row.login, row.name, Role(row.role), row.area_name)
            for row in conn.execute(_DEMO)
        ]


def _row(conn: Connection, account_id: int) -> Row[Any]:
    row = conn.execute(_BY_ID, {"of_id": account_id}).first()
    if row is None:
        raise NoSuchAccount(account_id)
    return row


def _log(  # noqa: PLR0913 - an event has these parts
    conn: Connection, account_id: int, *, action: str, actor: str, now: datetime,
    before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    events.append(
        conn, at=now, actor=actor, action=action, subject="account", subject_id=account_id,
        before=before, after=after,
    )  # fmt: skip
