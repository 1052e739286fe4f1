import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError

from data import schema
from data.events import append, events_of, events_since, seal, verify_chain, verify_rows
from data.store import Store, watermark

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
AT = datetime(2026, 6, 17, 4, tzinfo=UTC)


def add(store: Store, subject_id: int = 1, **values: Any) -> int:
    with store.write() as conn:
        return append(
            conn, at=AT, actor="command", action="change", subject="incident",
            subject_id=subject_id, before=values.get("before"), after=values.get("after"),
        )  # fmt: skip


def test_empty_log_is_sound(store: Store) -> None:
    with store.read() as conn:
        assert verify_chain(conn).sound


def test_ids_are_whole_numbers_without_gaps_even_after_an_error(store: Store) -> None:
    def fail(conn: Connection) -> None:
        append(
            conn, at=AT, actor="x", action="x", subject="x", subject_id=1, before=None, after=None
        )
        raise RuntimeError

    first = add(store)
    with pytest.raises(RuntimeError), store.write() as conn:
        fail(conn)
    assert (first, add(store)) == (1, 2)
    with store.read() as conn:
        assert verify_chain(conn).events == watermark(conn) == 2


APPENDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from data.events import append
from data.settings import Settings
from data.store import open_store
store = open_store(Settings(database_url=sys.argv[1], var=Path(sys.argv[2])))
for n in range(20):
    with store.write() as conn:
        append(conn, at=datetime.now(UTC), actor="x", action="x", subject="x", subject_id=n,
               before=None, after=None)
"""


def test_two_processes_write_one_chain(store: Store) -> None:
    argv = [sys.executable, "-c", APPENDER, store.settings.database_url, str(store.settings.var)]
    processes = [subprocess.Popen(argv) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    with store.read() as conn:
        report = verify_chain(conn)
    assert (report.events, report.sound) == (40, True)


def test_events_read_back_as_written(store: Store) -> None:
    add(store, before={"state": "reported"}, after={"state": "accepted", "note": "已受理 {{1}}"})
    with store.read() as conn:
        (found,) = events_since(conn, 0)
    assert found.before == {"state": "reported"}
    assert found.after == {"state": "accepted", "note": "已受理 {{1}}"}
    assert (found.at, found.actor, found.subject_id) == (AT, "command", 1)


def test_events_since_a_watermark_are_the_later_ones(store: Store) -> None:
    ids = [add(store) for _ in range(4)]
    with store.read() as conn:
        assert [e.id for e in events_since(conn, ids[1])] == ids[2:]


def test_events_of_a_subject_come_newest_first(store: Store) -> None:
    for subject_id in (1, 2, 1, 1):
        add(store, subject_id)
    with store.read() as conn:
        assert [e.id for e in events_of(conn, "incident", 1, limit=2)] == [4, 3]


@pytest.mark.parametrize("sql", ["UPDATE event SET actor = 'x'", "DELETE FROM event"])
def test_log_refuses_change_and_deletion(store: Store, sql: str) -> None:
    add(store)
    with pytest.raises(IntegrityError, match="append-only"), store.write() as conn:
        conn.execute(text(sql))


def test_log_refuses_replacement(sqlite_store: Store) -> None:
    add(sqlite_store)
    sql = "INSERT OR REPLACE INTO event SELECT id,0,actor,action,subject,subject_id,before,after,"
    with pytest.raises(IntegrityError, match="append-only"), sqlite_store.write() as conn:
        conn.execute(text(sql + "previous,'other' FROM event"))


@pytest.mark.parametrize("column", ["at", "actor", "before", "after", "previous", "id"])
def test_every_forged_column_is_found(sqlite_store: Store, column: str) -> None:
    for _ in range(3):
        add(sqlite_store, after={"n": 1})
    with sqlite_store.read() as conn:
        rows = [dict(row) for row in conn.execute(select(schema.event)).mappings()]
    rows[1][column] = 99 if column in {"at", "id"} else "x"
    assert verify_rows(rows).broken_at == 2


def test_missing_event_is_found_even_when_resealed(sqlite_store: Store) -> None:
    for _ in range(3):
        add(sqlite_store)
    with sqlite_store.read() as conn:
        rows = [dict(row) for row in conn.execute(select(schema.event)).mappings()]
    rows[2]["previous"] = rows[0]["hash"]
    rows[2]["hash"] = seal(rows[2])
    assert verify_rows([rows[0], rows[2]]).broken_at == 2


@with_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.dictionaries(TEXT, st.none() | st.integers() | TEXT | st.booleans()))
def test_chain_holds_for_any_values(sqlite_store: Store, values: dict[str, Any]) -> None:
    add(sqlite_store, after=values)
    with sqlite_store.read() as conn:
        assert verify_chain(conn).sound
