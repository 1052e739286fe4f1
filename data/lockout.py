"""Counting failed sign-ins, per login and per address, for all processes on the store.

An attempt is counted before its password is looked at and taken back when it was right: however
many arrive at once, no more than ``MAX_FAILURES`` are looked at.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from data.hashing import digest
from data.schema import sign_in_failure

MAX_FAILURES: Final = 5
LOCK_SECONDS: Final = 600
"""How long a lock lasts, and how long a failure is remembered."""

_OF_KEY = sign_in_failure.c.key == bindparam("of_key")
_READ = select(sign_in_failure).where(_OF_KEY)
_PUT = insert(sign_in_failure)
_CHANGE = (
    update(sign_in_failure)
    .where(_OF_KEY)
    .values(failures=bindparam("count"), locked_until=bindparam("until"))
)
_FORGET = delete(sign_in_failure).where(_OF_KEY)
_FORGET_OLD = delete(sign_in_failure).where(
    sign_in_failure.c.since < bindparam("before"),
    sign_in_failure.c.locked_until < bindparam("now"),
)


class LockedOut(RuntimeError):
    """Too many failures of a login or from an address; wait until ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


def login_key(login: str) -> str:
    """Key under which failures of a login are counted."""
    return digest(f"login:{login}")


def address_key(address: str) -> str:
    """Key under which failures from a network address are counted."""
    return digest(f"address:{address}")


def claim(conn: Connection, keys: Sequence[str], *, now: datetime) -> datetime | None:
    """Count one attempt under each key before its password is looked at.

    Gives the end of the lock that holds should this attempt fail, else None.

    Raises
    ------
    LockedOut
        If a key is locked already.
    """
    second = int(now.timestamp())
    conn.execute(_FORGET_OLD, {"before": second - LOCK_SECONDS, "now": second})
    rows = {key: conn.execute(_READ, {"of_key": key}).first() for key in keys}
    locked = max((row.locked_until for row in rows.values() if row), default=0)
    if locked > second:
        raise LockedOut(datetime.fromtimestamp(locked, UTC))
    ends = 0
    for key, row in rows.items():
        failures = row.failures + 1 if row and second - row.since < LOCK_SECONDS else 1
        until = second + LOCK_SECONDS if failures >= MAX_FAILURES else 0
        ends = max(ends, until)
        if row and failures > 1:
            conn.execute(_CHANGE, {"of_key": key, "count": failures, "until": until})
        else:
            forget(conn, key)
            conn.execute(
                _PUT, {"key": key, "failures": failures, "since": second, "locked_until": until}
            )
    return datetime.fromtimestamp(ends, UTC) if ends else None


def admit(conn: Connection, key: str, *, now: datetime) -> None:
    """Refuse a key that is locked, without counting anything.

    Raises
    ------
    LockedOut
        If it is.
    """
    row = conn.execute(_READ, {"of_key": key}).first()
    if row is not None and row.locked_until > int(now.timestamp()):
        raise LockedOut(datetime.fromtimestamp(row.locked_until, UTC))


def take_back(conn: Connection, key: str) -> None:
    """Uncount the attempt of a right password; other failures under the key stay counted."""
    row = conn.execute(_READ, {"of_key": key}).first()
    if row is None:
        return
    if row.failures <= 1:
        forget(conn, key)
    else:
        conn.execute(_CHANGE, {"of_key": key, "count": row.failures - 1, "until": 0})


def forget(conn: Connection, key: str) -> None:
    """Forget all failures under a key, and its lock."""
    conn.execute(_FORGET, {"of_key": key})
