"""The protection of logs that only grow, lifted for the two who replace a whole store."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, text

_TRIGGERS = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :of")


@contextmanager
def lifted(conn: Connection, table: str) -> Iterator[None]:
    """Let the rows of ``event`` or ``plan_event`` be deleted inside, in one transaction."""
    if conn.dialect.name == "postgresql":
        conn.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change"))
        yield
        conn.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_change"))
        return
    triggers = conn.execute(_TRIGGERS.bindparams(bindparam("of", table))).all()
    for trigger in triggers:
        conn.execute(text(f"DROP TRIGGER {trigger.name}"))
    yield
    for trigger in triggers:
        conn.execute(text(trigger.sql))
