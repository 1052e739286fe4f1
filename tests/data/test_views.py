import pytest
from sqlalchemy import delete, func, select

from data import schema, views
from data.settings import Settings
from data.store import open_store
from data.views import keep_view, view
from rules.filters import IncidentFilter, View
from rules.kinds import Severity
from rules.levels import Level
from rules.lifecycle import State
from tests.small_district import NOW

SEEN = View(
    area_id=4, level=Level.GRID, figure="overdue", classing="equal",
    filter=IncidentFilter(
        "all", kinds=("hazard",), states=(State.CLOSED,), severities=(Severity.URGENT,),
        text="{{7*7}}",
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    monkeypatch.setattr(views, "_remembered", type(views._remembered)())


def test_a_kept_view_comes_back_in_another_process(store, monkeypatch):
    key = keep_view(store, SEEN, now=NOW)
    assert key == SEEN.key
    monkeypatch.setattr(views, "_remembered", type(views._remembered)())
    assert view(store, key) == SEEN


def test_an_unknown_key_is_no_view(store):
    assert view(store, "0" * 24) is None
    assert view(store, "'; DROP TABLE view") is None


def test_keeping_again_writes_nothing(sqlite_store):
    for _ in range(3):
        keep_view(sqlite_store, SEEN, now=NOW)
    views._remembered.clear()
    keep_view(sqlite_store, SEEN)
    with sqlite_store.read() as conn:
        assert conn.execute(select(func.count()).select_from(schema.view)).scalar_one() == 1


def test_a_repeat_does_not_ask_the_store(sqlite_store):
    key = keep_view(sqlite_store, SEEN, now=NOW)
    with sqlite_store.write() as conn:
        conn.execute(delete(schema.view))
    assert keep_view(sqlite_store, SEEN) == key
    assert view(sqlite_store, key) == SEEN


def test_stores_do_not_share_what_they_remember(sqlite_store, tmp_path):
    key = keep_view(sqlite_store, SEEN, now=NOW)
    (tmp_path / "other").mkdir()
    url = f"sqlite:///{tmp_path / 'other' / 'gridmap.db'}"
    other = open_store(Settings(database_url=url, var=tmp_path))
    with other.write() as conn:
        schema.metadata.create_all(conn)
    assert view(other, key) is None
    other.close()


def test_the_oldest_view_is_forgotten_first(sqlite_store, monkeypatch):
    monkeypatch.setattr(views, "_REMEMBERED", 2)
    keys = [keep_view(sqlite_store, View(area_id=n), now=NOW) for n in (1, 2, 3)]
    assert [key for _, key in views._remembered] == keys[1:]
    assert view(sqlite_store, keys[0]) == View(area_id=1)
