"""The store: one engine over SQLite or PostgreSQL, with read and write transactions.

A read sees one consistent state and cannot write. Writes are serial on both stores, because the
event log is a chain: ``BEGIN IMMEDIATE`` on SQLite, an advisory lock on PostgreSQL.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import psycopg
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    insert,
    make_url,
    select,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data import schema
from data.settings import Settings

WAIT_SECONDS: Final = 10
"""How long a transaction waits for a connection or a lock before the store counts as away."""

_WRITER_LOCK: Final = 0x6772_6964
"""Key of PostgreSQL's advisory lock that makes writers serial."""

Reason = Literal["away", "locked", "damaged", "read_only", "full"]


class StoreUnavailable(RuntimeError):
    """The store cannot answer now; ``reason`` says why. Nothing was written."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"store unavailable ({reason}): {detail}")
        self.reason = reason
        self.detail = detail


class StoreFull(StoreUnavailable):
    """The store has no room left; nothing was written."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("full", detail)


@dataclass(frozen=True)
class Store:
    """An open store. Share one between all threads of a process."""

    settings: Settings
    readers: Engine
    writers: Engine

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.writers.dialect.name

    @property
    def path(self) -> Path | None:
        """The file of an SQLite store."""
        name = self.writers.url.database
        return Path(name) if self.dialect == "sqlite" and name else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the store and cannot write.

        Raises
        ------
        StoreUnavailable
            If the store is away, locked or damaged.
        """
        with _mapped(), self.readers.connect() as conn, conn.begin() as transaction:
            yield conn
            transaction.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that may write; commits at the end, rolls back on an error.

        Raises
        ------
        StoreFull, StoreUnavailable
            If nothing could be written.
        """
        with _mapped(), self.writers.begin() as conn:
            if self.dialect == "postgresql":
                conn.execute(_LOCK_WRITERS)
            yield conn

    def close(self) -> None:
        """Give back all connections."""
        self.readers.dispose()
        self.writers.dispose()


def open_store(settings: Settings, *, create: bool = True) -> Store:
    """Open the store that the settings name; connects only when it is first used.

    With ``create`` a missing SQLite file and its folder are made; without it, a missing file is
    a store that is away.
    """
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(settings, url, create=create)
    engine = create_engine(
        url, pool_size=10, max_overflow=20, pool_timeout=WAIT_SECONDS, pool_pre_ping=True,
        connect_args={"connect_timeout": WAIT_SECONDS, "application_name": "gridmap"},
    )  # fmt: skip
    event.listen(engine, "connect", _prepare_postgresql)
    readers = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Store(settings=settings, readers=readers, writers=engine)


def _open_sqlite(settings: Settings, url: URL, *, create: bool) -> Store:
    path = Path(url.database or "").absolute()
    if create:
        path.parent.mkdir(parents=True, exist_ok=True)
    mode = "rwc" if create else "rw"
    uri = f"{path.as_uri()}?mode={mode}"

    def engine(*, begin: str, query_only: bool, connections: int) -> Engine:
        def connect() -> sqlite3.Connection:
            found = sqlite3.connect(
                uri, uri=True, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
            _prepare_sqlite(found, query_only=query_only)
            return found

        made = create_engine(
            url.set(database=str(path)), creator=connect,
            pool_size=connections, max_overflow=0 if connections == 1 else 20,
            pool_timeout=WAIT_SECONDS,
        )  # fmt: skip
        event.listen(made, "begin", lambda conn: conn.exec_driver_sql(begin))
        return made

    return Store(
        settings=settings,
        readers=engine(begin="BEGIN", query_only=True, connections=10),
        # One connection: writers of this process queue in the pool, not on the file's lock.
        writers=engine(begin="BEGIN IMMEDIATE", query_only=False, connections=1),
    )


def _prepare_sqlite(conn: sqlite3.Connection, *, query_only: bool) -> None:
    if not query_only:
        conn.execute("PRAGMA journal_mode=WAL")
    # FULL: an acknowledged write survives a power cut. recursive_triggers: without it INSERT OR
    # REPLACE slips past the trigger that keeps the event log append-only.
    for pragma in (
        "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON",
        "cache_size=-65536", "temp_store=MEMORY", f"query_only={int(query_only)}",
    ):  # fmt: skip
        conn.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(conn: DBAPIConnection, _record: Any) -> None:
    cursor = conn.cursor()
    cursor.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'")
    cursor.execute("SET TIME ZONE 'UTC'")
    conn.commit()
    cursor.close()


_SQLITE_REASONS: Final[dict[int, Reason]] = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_CANTOPEN: "away",
    sqlite3.SQLITE_IOERR: "away",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_FULL: "full",
}
_POSTGRESQL_REASONS: Final[dict[str, Reason]] = {
    "08": "away",
    "28": "away",
    "3D": "away",
    "57": "away",
    "55P03": "locked",
    "40": "locked",
    "53": "away",
    "53100": "full",
    "25006": "read_only",
    "58": "damaged",
    "XX": "damaged",
}
"""By SQLSTATE or its class; https://www.postgresql.org/docs/15/errcodes-appendix.html"""


def _reason(error: BaseException | None) -> Reason | None:
    """Why the store cannot answer, or None when the statement itself is at fault."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0)
        return _SQLITE_REASONS.get(code & 0xFF)
    if isinstance(error, psycopg.Error):
        state = error.sqlstate
        if state is None:
            lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
            return "away" if lost else None
        return _POSTGRESQL_REASONS.get(state) or _POSTGRESQL_REASONS.get(state[:2])
    return None


@contextmanager
def _mapped() -> Iterator[None]:
    """Turn the drivers' errors about the store itself into ours; the one place that does."""
    try:
        yield
    except PoolTimeout as error:
        reason: Reason = "locked"
        raise StoreUnavailable(reason, str(error)) from error
    except (DBAPIError, sqlite3.Error) as error:
        found = _reason(error.orig if isinstance(error, DBAPIError) else error)
        if found is None:
            raise
        if found == "full":
            raise StoreFull(str(error)) from error
        raise StoreUnavailable(found, str(error)) from error


_LOCK_WRITERS = text(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
_WATERMARK = select(func.coalesce(func.max(schema.event.c.id), 0))
_META = select(schema.meta.c.value).where(schema.meta.c.key == bindparam("of_key"))
_DROP_META = delete(schema.meta).where(schema.meta.c.key == bindparam("of_key"))
_PUT_META = insert(schema.meta)


def watermark(conn: Connection) -> int:
    """Id of the last event, 0 in an empty log: the store changed exactly if this moved."""
    return int(conn.execute(_WATERMARK).scalar_one())


def get_meta(conn: Connection, key: str) -> str | None:
    """Read one fact of the store."""
    return conn.execute(_META, {"of_key": key}).scalar_one_or_none()


def set_meta(conn: Connection, key: str, value: str) -> None:
    """Write one fact of the store."""
    conn.execute(_DROP_META, {"of_key": key})
    conn.execute(_PUT_META, {"key": key, "value": value})


def align_sequences(conn: Connection) -> None:
    """After rows were written with their own ids, let PostgreSQL count on from the largest."""
    if conn.dialect.name != "postgresql":
        return
    for table in schema.metadata.sorted_tables:
        if "id" in table.c:
            following = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, "id")
            conn.execute(select(func.setval(sequence, following, False)))
