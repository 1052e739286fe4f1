from dataclasses import fields
from datetime import timedelta
from threading import Barrier, Thread

import numpy as np
import pytest
from sqlalchemy import insert, update

from data import events, schema
from data.casework import act
from data.columns import select
from data.handling import NewIncident, report_incident
from data.mirror import load_columns
from data.picture import Memo, Picture, Pictures
from data.store import Store, StoreUnavailable, open_store, set_meta
from data.words import Words
from rules.access import Scope
from rules.casework import Request
from rules.filters import IncidentFilter
from rules.steps import Action
from tests.small_district import AREA, NOW, NUMBER, actor, corner


def note(conn, subject: str, subject_id: int) -> None:
    events.append(
        conn, at=NOW, actor="test", action="change", subject=subject, subject_id=subject_id,
        before=None, after=None,
    )  # fmt: skip


def report(store: Store, picture: Picture, grid: str = "G1", title: str = "路灯不亮") -> str:
    x, y = corner(grid)
    return report_incident(
        store, picture, scope=Scope(AREA["D"]), actor=actor("command"), now=NOW,
        new=NewIncident("environment", title, x + 0.005, y + 0.005, subkind="street_lamp"),
    ).number  # fmt: skip


def close(store: Store, picture: Picture, number: str) -> None:
    act(
        store, picture, scope=Scope(AREA["D"]), actor=actor("command"), number=number, version=1,
        request=Request(Action.SETTLE, note="处理好了", consent=True), now=NOW,
    )  # fmt: skip


def assert_same_rows(store: Store, picture: Picture) -> None:
    """The refreshed mirror is what a whole reading gives."""
    with store.read() as conn:
        fresh = load_columns(conn, picture.tree)
    for field in fields(fresh):
        ours, right = getattr(picture.columns, field.name), getattr(fresh, field.name)
        if isinstance(right, Words):
            rows = range(len(fresh))
            assert [ours.at(i) for i in rows] == [right.at(i) for i in rows]
        else:
            assert np.array_equal(ours, right), field.name


def test_nothing_new_gives_the_same_arrays(sqlite_district):
    pictures = Pictures(sqlite_district)
    first, later = pictures.current(NOW), pictures.current(NOW + timedelta(minutes=1))
    assert later.columns is first.columns
    assert later.tree is first.tree
    assert later.at == NOW + timedelta(minutes=1)


def test_a_report_and_a_change_are_in_the_next_picture(district):
    pictures = Pictures(district)
    before = pictures.current(NOW)
    number = report(district, before)
    close(district, before, NUMBER["I2"])
    after = pictures.current(NOW)
    assert len(after.columns) == len(before.columns) + 1
    assert after.columns.number.at(len(before.columns)) == number
    assert len(after.columns.open_rows) == len(before.columns.open_rows)
    assert_same_rows(district, after)


def test_a_backdated_report_is_put_in_its_place(sqlite_district):
    pictures = Pictures(sqlite_district)
    picture = pictures.current(NOW)
    report(sqlite_district, picture)
    with sqlite_district.write() as conn:
        conn.execute(
            update(schema.incident).where(schema.incident.c.id == 13).values(reported_at=5)
        )
        note(conn, "incident", 13)
    picture = pictures.current(NOW)
    assert picture.columns.id[0] == 13
    assert_same_rows(sqlite_district, picture)


def test_unchanged_columns_are_shared_with_the_picture_before(sqlite_district):
    pictures = Pictures(sqlite_district)
    before = pictures.current(NOW)
    close(sqlite_district, before, NUMBER["I2"])
    after = pictures.current(NOW)
    assert after.columns.lon is before.columns.lon
    assert after.columns.title is before.columns.title
    assert after.columns.state is not before.columns.state


def test_a_bulk_write_is_read_wholly(sqlite_district):
    pictures = Pictures(sqlite_district)
    before = pictures.current(NOW)
    with sqlite_district.write() as conn:
        conn.execute(update(schema.incident).values(title="一样"))
        note(conn, "batch", 1)
    after = pictures.current(NOW)
    assert after.bulk > before.bulk
    assert {after.columns.title.at(i) for i in range(len(after.columns))} == {"一样"}


def test_a_restored_backup_is_read_wholly(sqlite_district):
    pictures = Pictures(sqlite_district)
    before = pictures.current(NOW)
    with sqlite_district.write() as conn:
        conn.execute(update(schema.incident).values(title="旧"))
        note(conn, "store", 0)
    after = pictures.current(NOW)
    assert after.columns.title.at(0) == "旧"
    assert after.bulk > before.bulk


def test_events_that_change_nothing_shown_keep_what_was_computed(sqlite_district):
    pictures = Pictures(sqlite_district)
    before = pictures.current(NOW)
    with sqlite_district.write() as conn:
        note(conn, "account", 1)
    after = pictures.current(NOW)
    assert after.watermark > before.watermark
    assert after.memo is before.memo
    assert after.columns is before.columns


def test_redrawn_areas_give_incidents_their_new_place(sqlite_district):
    pictures = Pictures(sqlite_district)
    picture = pictures.current(NOW)
    with sqlite_district.write() as conn:
        conn.execute(
            update(schema.area).where(schema.area.c.id == AREA["G1"]).values(parent_id=AREA["C4"])
        )
        set_meta(conn, "area_version", "2")
        note(conn, "area", AREA["G1"])
    after = pictures.current(NOW)
    asked = {"scope": Scope(AREA["D"]), "filter": IncidentFilter(), "now": NOW}
    rows = [len(select(p.columns, p.tree, area_id=AREA["C4"], **asked)) for p in (picture, after)]
    assert rows == [1, 3]
    assert after.area_version == "2"


def test_changed_staff_are_read_again(sqlite_district):
    pictures = Pictures(sqlite_district)
    before = pictures.current(NOW)
    with sqlite_district.write() as conn:
        conn.execute(update(schema.person).where(schema.person.c.id == 9).values(name="钱"))
        note(conn, "person", 9)
    assert before.staff.names[9] != pictures.current(NOW).staff.names[9] == "钱"


def test_the_register_is_read_once(sqlite_district):
    pictures = Pictures(sqlite_district)
    first = pictures.current(NOW).buildings
    report(sqlite_district, pictures.current(NOW))
    assert pictures.current(NOW).buildings is first


def test_a_store_that_is_away_raises_and_keeps_the_last_picture(sqlite_district):
    sqlite_district.close()
    store = open_store(sqlite_district.settings, create=False)
    pictures = Pictures(store)
    kept = pictures.current(NOW)
    store.close()
    for file in store.path.parent.glob("gridmap.db*"):
        file.unlink()
    with pytest.raises(StoreUnavailable):
        pictures.current(NOW)
    assert pictures.last() is kept


def test_another_store_in_the_same_place_is_read_wholly(sqlite_district):
    pictures = Pictures(sqlite_district)
    report(sqlite_district, pictures.current(NOW))
    pictures.current(NOW)
    with sqlite_district.write() as conn:
        set_meta(conn, "store_id", "restored")
        conn.execute(update(schema.incident).values(title="旧"))
        note(conn, "account", 1)
    assert pictures.current(NOW).columns.title.at(0) == "旧"


def test_many_threads_get_one_consistent_picture(sqlite_district):
    pictures = Pictures(sqlite_district)
    start, found = Barrier(6), []

    def ask() -> None:
        start.wait()
        found.append(pictures.current(NOW))

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(picture.columns) for picture in found}) == 1


def test_an_empty_store_gives_an_empty_picture(store):
    picture = Pictures(store).current(NOW)
    assert len(picture.columns) == len(picture.staff.id) == len(picture.buildings.id) == 0
    assert picture.columns.positions([1]).tolist() == [-1]
    assert picture.atlas.deepest(104.0, 29.0) is None


def test_the_memo_forgets_the_oldest():
    memo, made = Memo(size=2), []
    for key in "abac":
        memo.get(key, lambda key=key: made.append(key))
    memo.get("b", lambda: made.append("b again"))
    assert made == ["a", "b", "c", "b again"]


def test_codes_unknown_to_the_catalogue_still_load(sqlite_district):
    with sqlite_district.write() as conn:
        conn.execute(
            insert(schema.incident),
            {"id": 99, "number": "x", "kind": "pothole", "title": "T", "severity": 1,
             "state": "reported", "source": "fax", "service": "?", "area_id": 1, "lon": 104.0,
             "lat": 29.0, "reported_at": 1, "due_at": 2, "effort_minutes": 3},
        )  # fmt: skip
    assert len(Pictures(sqlite_district).current(NOW).columns) == 13
