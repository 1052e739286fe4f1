"""The steps from an empty database to today's schema (Alembic, configured in code)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import NotSupportedError, OperationalError, ProgrammingError

from data.store import Store, get_meta, set_meta

_FOLDER: Final = Path(__file__).parent


class NewerSchema(RuntimeError):
    """The store was written by a newer program; ``found`` is its revision."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


class NoPostgis(RuntimeError):
    """The database lacks the PostGIS extension and we may not, or cannot, create it."""


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_FOLDER))


def latest_version() -> str:
    """Revision that this program needs."""
    return str(_scripts().get_current_head())


def known_versions() -> list[str]:
    """All revisions of this program, oldest first."""
    return [script.revision for script in _scripts().walk_revisions()][::-1]


def schema_version(store: Store) -> str | None:
    """Revision of the store; None where nothing was set up yet.

    Raises
    ------
    StoreUnavailable
        If the store is away.
    """
    with store.read() as conn:
        return _version(conn)


def _version(conn: Connection) -> str | None:
    if not inspect(conn).has_table("alembic_version"):
        return None
    return MigrationContext.configure(conn).get_current_revision()


def _require_postgis(conn: Connection) -> None:
    try:
        with conn.begin_nested():
            conn.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
    except (ProgrammingError, NotSupportedError, OperationalError) as error:
        raise NoPostgis(str(error.orig)) from error


def upgrade(store: Store, *, store_id: str, to: str | None = None) -> tuple[str | None, str]:
    """Bring the store to revision ``to`` (the latest) in one transaction; give old and new.

    ``store_id`` names a store that is set up for the first time. Safe to run from several
    processes at once, and again when there is nothing to do.

    Raises
    ------
    NewerSchema
        If the store's revision is not one of ours.
    NoPostgis
        If a PostgreSQL database has no PostGIS and it cannot be created.
    StoreUnavailable
        If the store is away, full or locked.
    """
    scripts = _scripts()
    target = to or latest_version()
    with store.write() as conn:
        before = _version(conn)
        if before == target:
            return before, target
        if before is not None and before not in known_versions():
            raise NewerSchema(before)
        if store.dialect == "postgresql":
            _require_postgis(conn)
        steps: Callable[..., Any] = lambda revision, _context: scripts._upgrade_revs(  # noqa: E731, SLF001
            target, revision
        )
        with EnvironmentContext(Config(), scripts, fn=steps) as environment:
            environment.configure(connection=conn)
            environment.run_migrations()
        if get_meta(conn, "store_id") is None:
            set_meta(conn, "store_id", store_id)
            set_meta(conn, "area_version", "0")
            set_meta(conn, "demo", "0")
    return before, target
