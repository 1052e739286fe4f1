from datetime import timedelta
from typing import Any

import pytest
import shapely
from sqlalchemy import text, update

from data import schema
from data.append_only import lifted
from data.check import Finding, check
from data.store import Store
from tests.data.enacted import SPLIT, drafted
from tests.small_district import AREA, NOW, corner, square


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.check.MIN_FREE_BYTES", 0)


def change(store: Store, table: Any, row_id: int, **values: Any) -> None:
    with store.write() as conn:
        conn.execute(update(table).where(table.c.id == row_id).values(values))


def test_sound_district_has_no_findings(district: Store) -> None:
    assert check(district) == []


def test_store_that_was_never_set_up_is_named(store: Store) -> None:
    with store.write() as conn:
        conn.execute(text("DELETE FROM alembic_version"))
    assert check(store) == [Finding("schema", "store", example="-")]


def test_forged_event_is_found(sqlite_district: Store) -> None:
    with sqlite_district.write() as conn:
        conn.execute(text("DROP TRIGGER event_no_update"))
        conn.execute(text("UPDATE event SET actor = 'somebody'"))
    assert check(sqlite_district) == [Finding("chain", "event", example="1")]


@pytest.mark.parametrize(
    ("table", "column", "old", "new"),
    [
        ("plan", "start", '"cell:1": "g8"', '"cell:1": "g9"'),
        ("plan_event", "change", '["g8","n1"]', '["g8","g9"]'),
        ("plan_event", "change", '["g8","n1"]', '["g9","n1"]'),
    ],
)
def test_forged_log_of_a_plan_is_found(
    sqlite_district: Store, table: str, column: str, old: str, new: str
) -> None:
    plan_id = drafted(sqlite_district, SPLIT)
    assert check(sqlite_district) == []
    forge = text(f"UPDATE {table} SET {column} = replace({column}, :old, :new)")
    with sqlite_district.write() as conn, lifted(conn, "plan_event"):
        assert conn.execute(forge, {"old": old, "new": new}).rowcount
    assert check(sqlite_district) == [Finding("torn", "plan", 1, str(plan_id))]


def test_orphan_is_found(sqlite_district: Store) -> None:
    with sqlite_district.writers.connect() as conn:
        raw = conn.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("UPDATE incident SET assignee_id = 999 WHERE id = 1")
        raw.execute("PRAGMA foreign_keys=ON")
    assert check(sqlite_district) == [Finding("orphan", "incident.assignee_id", 1, "1")]


def test_account_of_a_closed_area_is_found(district: Store) -> None:
    before = NOW - timedelta(days=1)
    change(district, schema.area, AREA["G8"], valid_to=int(before.timestamp()))
    change(district, schema.account, 4, area_id=AREA["G8"])
    found = {(f.code, f.subject, f.example) for f in check(district) if f.grave}
    assert ("closed_area", "account", "lead") in found
    assert ("closed_area", "building", "B6") in found


def test_overlap_is_found_with_both_grids(district: Store) -> None:
    x, y = corner("G6")
    change(district, schema.area, AREA["G6"], geom=shapely.box(x - 0.001, y, x + 0.01, y + 0.01))
    found = {(f.code, f.subject): f for f in check(district)}
    assert found["coverage", "GRID"].count == 1
    assert found["coverage", "GRID"].grave


def test_gap_is_a_note(district: Store) -> None:
    x, y = corner("G8")
    change(district, schema.area, AREA["G8"], geom=shapely.box(x + 0.001, y, x + 0.01, y + 0.01))
    found = [f for f in check(district) if f.code == "not_filled"]
    assert [(f.count, f.grave) for f in found] == [(1, False)]


def test_invalid_shape_is_found(district: Store) -> None:
    (x0, y0, x1, y1) = square("G8").bounds
    bow = shapely.Polygon([(x0, y0), (x1, y1), (x1, y0), (x0, y1)])
    change(district, schema.area, AREA["G8"], geom=bow)
    assert ("shape", "GRID") in {(f.code, f.subject) for f in check(district)}


def test_building_outside_its_area_is_a_note_and_a_border_point_is_not(district: Store) -> None:
    x, y = corner("G1")
    change(district, schema.building, 1, lon=x, lat=y)
    assert check(district) == []
    change(district, schema.building, 1, lon=x - 0.001)
    assert check(district) == [Finding("outside_area", "building", 1, "1", grave=False)]


def test_little_room_is_found(district: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.check.MIN_FREE_BYTES", 10**18)
    assert [f.code for f in check(district)] == ["disk"]
