import sqlite3
import threading
from pathlib import Path

import pytest
import shapely
from sqlalchemy import Connection, func, insert, select, text

from data import schema
from data.settings import Settings
from data.store import (
    Store,
    StoreFull,
    StoreUnavailable,
    align_sequences,
    get_meta,
    open_store,
    set_meta,
    watermark,
)
from rules.lifecycle import OPEN_STATES
from tests import small_district
from tests.conftest import on_both_stores


def test_small_district_reads_back_as_drawn(district: Store) -> None:
    with district.read() as conn:
        rows = conn.execute(select(schema.area.c.id, schema.area.c.geom))
        geoms = {row.id: row.geom for row in rows}
        count = conn.execute(select(func.count()).select_from(schema.incident)).scalar_one()
    assert {name: geoms[i].equals(small_district.shape(name)) for name, i in
            small_district.AREA.items()} == dict.fromkeys(small_district.AREA, True)  # fmt: skip
    assert shapely.coverage_is_valid([geoms[i] for i in range(8, 16)])
    assert count == 12


def test_small_district_holds_what_its_docstring_counts(sqlite_district: Store) -> None:
    open_at = select(schema.incident.c.area_id, schema.incident.c.due_at).where(
        schema.incident.c.state.in_(OPEN_STATES)
    )
    with sqlite_district.read() as conn:
        rows = conn.execute(open_at).all()
    now = small_district.NOW.timestamp()
    for area, counts in {"D": (7, 3), "S1": (5, 2), "S2": (2, 1)}.items():
        inside = {small_district.AREA[g] for g in small_district.grids_of(area)}
        here = [row for row in rows if row.area_id in inside]
        assert (len(here), sum(row.due_at < now for row in here)) == counts


def test_rows_written_with_ids_do_not_block_the_next_id(district: Store) -> None:
    with district.write() as conn:
        align_sequences(conn)
        row = {"at": 0, "actor": "x", "what": "x", "source": "", "report": "{}"}
        first = conn.execute(insert(schema.batch), row).inserted_primary_key
        align_sequences(conn)
        second = conn.execute(insert(schema.batch), row).inserted_primary_key
    assert first is not None
    assert second is not None
    assert (first[0], second[0]) == (1, 2)


def test_error_inside_a_write_leaves_nothing(store: Store) -> None:
    def fail(conn: Connection) -> None:
        set_meta(conn, "k", "v")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.write() as conn:
        fail(conn)
    with store.read() as conn:
        assert get_meta(conn, "k") is None


def test_set_meta_replaces(store: Store) -> None:
    with store.write() as conn:
        set_meta(conn, "k", "v")
        set_meta(conn, "k", "w")
    with store.read() as conn:
        assert get_meta(conn, "k") == "w"


def test_read_cannot_write(store: Store) -> None:
    with pytest.raises(StoreUnavailable) as caught, store.read() as conn:
        set_meta(conn, "k", "v")
    assert caught.value.reason == "read_only"


def test_read_sees_one_state_while_others_write(store: Store) -> None:
    with store.read() as reader:
        assert get_meta(reader, "k") is None
        with store.write() as writer:
            set_meta(writer, "k", "v")
        assert get_meta(reader, "k") is None
    with store.read() as reader:
        assert get_meta(reader, "k") == "v"


def test_writers_in_threads_lose_nothing(store: Store) -> None:
    with store.write() as conn:
        set_meta(conn, "n", "0")

    def work() -> None:
        for _ in range(10):
            with store.write() as conn:
                set_meta(conn, "n", str(int(get_meta(conn, "n") or "") + 1))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as conn:
        assert get_meta(conn, "n") == "40"


def test_empty_store_has_watermark_zero(store: Store) -> None:
    with store.read() as conn:
        assert watermark(conn) == 0


def test_foreign_keys_hold(store: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), store.write() as conn:
        conn.execute(insert(schema.session), {
            "token": "t", "account_id": 99, "created_at": 0, "seen_at": 0, "expires_at": 0,
        })  # fmt: skip


def test_missing_file_is_away(settings: Settings) -> None:
    store = open_store(settings, create=False)
    with pytest.raises(StoreUnavailable) as caught, store.read():
        pass
    assert caught.value.reason == "away"
    assert not (settings.var / "gridmap.db").exists()


def test_other_file_is_damaged(settings: Settings) -> None:
    (settings.var / "gridmap.db").write_bytes(b"not a database, but long enough to be read" * 100)
    store = open_store(settings)
    with pytest.raises(StoreUnavailable) as caught, store.write():
        pass
    assert caught.value.reason == "damaged"


def test_unreachable_server_is_away(tmp_path: Path) -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    store = open_store(Settings(database_url=url, var=tmp_path))
    with pytest.raises(StoreUnavailable) as caught, store.read():
        pass
    assert caught.value.reason == "away"


@pytest.mark.parametrize("store", on_both_stores[1:], indirect=True)
def test_lost_connections_are_replaced(store: Store) -> None:
    with store.read() as conn:
        conn.execute(text("SELECT 1"))
    with pytest.raises(StoreUnavailable) as caught, store.write() as conn:
        conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert caught.value.reason == "away"
    with store.write() as conn:
        set_meta(conn, "k", "v")
    with store.read() as conn:
        assert get_meta(conn, "k") == "v"


def test_full_store_says_so_and_recovers(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        conn.exec_driver_sql("PRAGMA max_page_count=100")
    with pytest.raises(StoreFull), sqlite_store.write() as conn:
        set_meta(conn, "k", "x" * 10_000_000)
    with sqlite_store.write() as conn:
        set_meta(conn, "k", "v")
    with sqlite_store.read() as conn:
        assert get_meta(conn, "k") == "v"


def test_lock_held_by_another_process_is_locked(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.store.WAIT_SECONDS", 0.05)
    impatient = open_store(sqlite_store.settings)
    other = sqlite3.connect(sqlite_store.path or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable) as caught, impatient.write():
        pass
    other.execute("ROLLBACK")
    other.close()
    with impatient.write() as conn:
        set_meta(conn, "k", "v")
    impatient.close()
    assert caught.value.reason == "locked"


def test_acknowledged_writes_are_durable(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        assert conn.execute(text("PRAGMA synchronous")).scalar_one() == 2
        assert conn.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert conn.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
