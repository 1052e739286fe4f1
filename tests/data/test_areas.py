from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, update

from data import schema
from data.areas import load_tree, shapes
from data.picture import Pictures
from rules.access import OutsideScope, Scope
from rules.levels import Level
from tests.data.records import NOW, make, stored
from tests.small_district import AREA, CODE, corner, fill, shape


@pytest.fixture
def tree(sqlite_district):
    with sqlite_district.read() as conn:
        return load_tree(conn, at=NOW)


def test_the_tree_is_the_same_on_both_stores(district):
    with district.read() as conn:
        tree = load_tree(conn, at=NOW)
        found = shapes(conn, [AREA["S1"], AREA["G8"], 4711])
    assert tree.ids.tolist() == [1, 2, 4, 8, 9, 5, 10, 11, 3, 6, 12, 13, 7, 14, 15]
    assert tree.get(AREA["S2"]).bounds == pytest.approx((104.79, 29.37, 104.81, 29.39))
    assert set(found) == {AREA["S1"], AREA["G8"]}
    assert found[AREA["S1"]].equals(shape("S1"))


def test_areas_are_found_by_id_and_code(tree):
    area = tree.by_code(CODE["C2"])
    assert area == tree.get(AREA["C2"])
    assert (area.level, area.parent_id, area.households) == (Level.COMMUNITY, AREA["S1"], 20)
    assert tree.by_code("nothing") is None
    with pytest.raises(OutsideScope):
        tree.get(4711)


def test_children_and_ancestors(tree):
    assert tree.root_id == AREA["D"]
    assert tree.children(AREA["S1"]) == [AREA["C1"], AREA["C2"]]
    assert tree.children(AREA["G1"]) == []
    assert tree.ancestors(AREA["G4"]) == [AREA[name] for name in ("D", "S1", "C2", "G4")]
    assert tree.path(Scope(AREA["S1"]), AREA["G4"]) == tuple(AREA[n] for n in ("S1", "C2", "G4"))
    assert tree.child_level(AREA["D"]) == Level.STREET
    assert tree.child_level(AREA["G1"]) is None
    assert tree.deepest_level == Level.GRID


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_level_covers_an_area_once(seed, sqlite_template):
    record = make(Random(seed))
    with stored(sqlite_template, record) as store, store.read() as conn:
        tree = load_tree(conn, at=NOW)
        for area in record.areas:
            first, last = tree.range(area["id"])
            assert {int(i) for i in tree.ids[first:last]} == record.inside(area["id"])
            for level in Level:
                drawn = tree.at_level(area["id"], level)
                below = [record.inside(i) for i in drawn]
                leaves = {i for i in record.inside(area["id"]) if not tree.children(i)}
                assert set().union(*below) >= leaves
                assert sum(map(len, below)) == len(set().union(*below))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_one_area_covers_another_exactly_when_it_holds_it(seed, sqlite_template):
    record = make(Random(seed))
    with stored(sqlite_template, record) as store, store.read() as conn:
        tree = load_tree(conn, at=NOW)
    for outer in record.areas:
        within = record.inside(outer["id"])
        for inner in record.areas:
            assert tree.covers(outer["id"], inner["id"]) == (inner["id"] in within)


def test_a_closed_area_counts_for_its_nearest_living_ancestor(sqlite_district):
    a_year = timedelta(days=365)
    with sqlite_district.write() as conn:
        conn.execute(
            update(schema.area)
            .where(schema.area.c.id.in_([AREA["C1"], AREA["G1"], AREA["G2"]]))
            .values(valid_to=int(NOW.timestamp()))
        )
    with sqlite_district.read() as conn:
        before, after = (load_tree(conn, at=at) for at in (NOW - a_year, NOW))
    assert AREA["G1"] in before
    assert AREA["G1"] not in after
    assert after.ids[after.places[AREA["G1"]]] == AREA["S1"]
    assert before.until == int(NOW.timestamp())
    assert after.until is None
    placed = after.placed(np.array([AREA["G1"], AREA["G3"], 4711, -5]))
    assert after.ids[placed[:2]].tolist() == [AREA["S1"], AREA["G3"]]
    assert placed[2:].tolist() == [-1, -1]


def test_the_tree_changes_when_the_time_of_a_plan_comes(sqlite_district):
    tomorrow = NOW + timedelta(days=1)
    x, y = corner("G8")
    row = {"id": 16, "parent_id": AREA["C4"], "level": 6, "code": "new", "name": "第9网格",
           "lon": x, "lat": y, "geom": shape("G8"),
           "valid_from": int(tomorrow.timestamp())}  # fmt: skip
    with sqlite_district.write() as conn:
        conn.execute(insert(schema.area), row)
    pictures = Pictures(sqlite_district)
    assert 16 not in pictures.current(NOW).tree
    assert 16 in pictures.current(tomorrow).tree


def test_an_empty_store_has_a_tree_without_a_root(sqlite_store):
    with sqlite_store.read() as conn:
        tree = load_tree(conn, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert tree.areas == ()
    with pytest.raises(OutsideScope):
        _ = tree.root_id


def test_a_record_without_grids_ends_one_level_up(sqlite_store):
    fill(sqlite_store)
    grids = [AREA[f"G{n}"] for n in range(1, 9)]
    with sqlite_store.write() as conn:
        conn.execute(update(schema.area).where(schema.area.c.id.in_(grids)).values(valid_to=1))
    with sqlite_store.read() as conn:
        tree = load_tree(conn, at=NOW)
    assert tree.deepest_level == Level.COMMUNITY
    assert tree.at_level(AREA["D"], Level.GRID) == [AREA[f"C{n}"] for n in range(1, 5)]
