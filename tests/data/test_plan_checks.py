"""Checks of the plan that tests.small_plan draws, broken in one way after the other."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.plan_checks import checks
from data.plan_locks import broken_locks
from data.plan_reasons import reasons
from data.plan_rows import Entry
from geo.crs import STORE_CRS, transform
from rules.plan_checks import CAUSES, RULES
from rules.plan_log import Record
from rules.plan_state import ON, Mark, applied, change_to
from tests.small_plan import (
    CRS,
    EAST,
    MARKS,
    NORTH,
    WEST_EAST,
    small_ground,
    small_sheet,
    state_of,
    with_more,
)

AT = datetime(2026, 6, 17, 4, 0, tzinfo=UTC)
ways = st.lists(st.sampled_from(["g21", "g22", "n1"]), min_size=8, max_size=8)
crowds = st.lists(st.integers(0, 300), min_size=8, max_size=8)
FULL = {f"chief:{at}": f"n{at}" for at in range(11, 19)}
"""A chief of its own for every building, 100 households each."""


def found(sheet, rule):
    return [finding for finding in checks(sheet) if finding.rule == rule]


def metres(place):
    point = transform(np.array([shapely.Point(place)], object), STORE_CRS, CRS)
    (x, y) = shapely.get_coordinates(point)[0]
    return x - EAST, y - NORTH


def drawn(sheet, *steps):
    """Log edits that each set some keys; a step may break what the rules would refuse."""
    state, log = sheet.start, ()
    for seq, values in enumerate(steps, 1):
        change = change_to(state, values)
        state = applied(state, change)
        record = Record(seq, "edit", seq - 1, seq, change)
        log = (*log, Entry(record, "test", AT, "planner", state.digest))
    return replace(sheet, state=state, log=log)


def test_two_even_grids_with_a_chief_for_each_hundred_households_have_no_finding():
    assert checks(with_more(small_sheet(), FULL)) == ()


def test_a_building_that_no_cell_holds_is_missing_and_one_that_two_hold_is_there_twice():
    sheet = small_sheet()
    cells = dict(sheet.ground.cells)
    cells[1] = replace(cells[1], buildings=())
    cells[4] = replace(cells[4], buildings=(14, 15))
    broken = replace(sheet, ground=replace(sheet.ground, cells=cells))
    (missing,), (twice,) = found(broken, "building_missing"), found(broken, "building_twice")
    assert missing.subject == "11栋"
    assert metres(missing.place) == pytest.approx((50, 50), abs=0.01)
    assert (twice.labels, twice.cells) == (("g21", "g22"), (4, 5))
    assert missing.hard
    assert twice.hard


def test_a_grid_in_pieces_is_shown_where_its_smaller_piece_lies():
    sheet = small_sheet(("g21", "g22", "g22", "g21", "g21", "g21", "g22", "g22"))
    (broken,) = found(sheet, "pieces")
    assert (broken.labels, broken.cells, broken.value, broken.hard) == (("g21",), (4,), 2, True)
    x, y = metres(broken.place)
    assert 300 < x < 400
    assert 0 < y < 100


def test_a_grid_where_nobody_lives_is_empty_unless_it_is_dedicated():
    crowd = (100, 100, 0, 0, 100, 100, 0, 0)
    ground = small_ground(households=crowd)
    assert [f.labels for f in found(small_sheet(ground=ground), "empty_grid")] == [("g22",)]
    marks = {**MARKS, "g22": Mark("市场网格", "dedicated", "x", 22)}
    dedicated = small_sheet(ground=ground, state=state_of(WEST_EAST, marks=marks))
    assert found(dedicated, "empty_grid") == []
    assert reasons(dedicated) == {}


def test_land_outside_the_community_and_land_that_no_grid_has_are_found():
    sheet = small_sheet()
    less = shapely.box(EAST, NORTH, EAST + 390, NORTH + 200)
    more = shapely.box(EAST, NORTH, EAST + 410, NORTH + 200)
    (outside,) = found(replace(sheet, ground=replace(sheet.ground, whole=less)), "outside")
    assert outside.value == pytest.approx(2000)
    assert metres(outside.place)[0] == pytest.approx(395, abs=1)
    gap = found(replace(sheet, ground=replace(sheet.ground, whole=more)), "coverage")
    assert gap[0].value == pytest.approx(2000)
    assert metres(gap[0].place)[0] == pytest.approx(405, abs=1)


def test_grids_that_overlap_are_named():
    sheet = small_sheet()
    cells = dict(sheet.ground.cells)
    wide = shapely.box(EAST + 100, NORTH, EAST + 210, NORTH + 100)
    cells[2] = replace(cells[2], shape=wide)
    overlap = found(replace(sheet, ground=replace(sheet.ground, cells=cells)), "coverage")[0]
    assert (overlap.labels, overlap.value) == (("g21", "g22"), pytest.approx(1000))
    assert metres(overlap.place) == pytest.approx((205, 50), abs=1)


def test_a_grid_that_encloses_another_is_shown_but_may_be():
    ground = small_ground(households=(100,) * 9, load=(60.0,) * 9, columns=3, estates={})
    labels = ("g21",) * 4 + ("g22",) + ("g21",) * 4
    sheet = small_sheet(start=state_of(labels), state=state_of(labels), ground=ground)
    (enclave,) = found(sheet, "enclave")
    assert (enclave.labels, enclave.value, enclave.hard) == (("g21",), pytest.approx(1e4), False)
    assert metres(enclave.place) == pytest.approx((150, 150), abs=1)
    assert not any(finding.hard for finding in checks(sheet))


def test_a_code_that_two_grids_have_is_found():
    marks = {**MARKS, "n1": Mark("新网格", "general", MARKS["g21"].code)}
    labels = ("g21", "g21", "g22", "g22", "g21", "g21", "g22", "n1")
    (taken,) = found(small_sheet(state=state_of(labels, marks=marks)), "code")
    assert (taken.labels, taken.subject) == (("g21", "n1"), MARKS["g21"].code)


@pytest.mark.parametrize(
    ("lock", "forged", "labels", "cells"),
    [("lock:grid:g22", {"cell:3": "g21"}, ("g22",), (3,)),
     ("lock:cell:7", {"cell:7": "g21"}, (), (7,)),
     ("lock:border:g21|g22", {"cell:6": "g22"}, ("g21", "g22"), (6,))],
)  # fmt: skip
def test_what_passes_a_lock_after_it_was_set_is_found(lock, forged, labels, cells):
    sheet = drawn(small_sheet(), {"cell:2": "g22"}, {lock: ON}, forged)
    (broken,) = found(sheet, "lock")
    assert (broken.labels, broken.cells, broken.subject) == (labels, cells, lock)


@pytest.mark.parametrize("lock", ["lock:grid:g22", "lock:cell:2", "lock:border:g21|g22"])
def test_what_moved_before_a_lock_was_set_breaks_nothing(lock):
    sheet = drawn(small_sheet(), {"cell:2": "g22"}, {lock: ON}, {"grid:g21": "{}"})
    assert broken_locks(sheet) == ()


def test_a_lock_that_was_taken_away_and_set_anew_counts_from_then():
    steps = ({"lock:cell:2": ON}, {"lock:cell:2": None}, {"cell:2": "g22"}, {"lock:cell:2": ON})
    assert broken_locks(drawn(small_sheet(), *steps)) == ()


def test_a_cut_keeps_land_in_a_locked_grid():
    sheet = small_sheet()
    halves = {
        9: replace(sheet.ground.cells[1], number=9, parent=1),
        10: replace(sheet.ground.cells[1], number=10, parent=1, buildings=(), households=0),
    }
    sheet = replace(sheet, ground=replace(sheet.ground, cells=sheet.ground.cells | halves))
    cut = {"cell:1": None, "cell:9": "g21", "cell:10": "g21"}
    assert broken_locks(drawn(sheet, {"lock:grid:g21": ON}, cut)) == ()
    ((key, cells),) = [
        (lock.key, lock.cells)
        for lock in broken_locks(drawn(sheet, {"lock:grid:g21": ON}, cut | {"cell:10": "g22"}))
    ]
    assert (key, cells) == ("lock:grid:g21", (10,))


def test_too_few_households_are_found_with_the_cause():
    sheet = small_sheet(("g21", "g22", "g22", "g22", "g22", "g22", "g22", "g22"))
    low, high = found(sheet, "households")
    assert (low.labels, low.value, low.cause) == (("g21",), 100, "unsolved")
    assert (high.labels, high.value, high.cause) == (("g22",), 700, "unsolved")
    assert not low.hard


@pytest.mark.parametrize(
    ("crowd", "more", "label", "kind", "cells"),
    [((600, 50, 100, 100, 50, 50, 100, 100), {}, "g21", "building_too_big", (1,)),
     ((200, 200, 100, 100, 200, 200, 100, 100), {"lock:grid:g21": ON}, "g21", "locked",
      (1, 2, 5, 6)),
     ((200, 200, 200, 200, 200, 200, 200, 200), {}, "g21", "count", (1, 2, 5, 6))],
)  # fmt: skip
def test_a_band_that_cannot_be_met_has_its_cause_named(crowd, more, label, kind, cells):
    sheet = with_more(small_sheet(ground=small_ground(households=crowd)), more)
    reason = reasons(sheet)[label]
    assert (reason.kind, reason.cells) == (kind, cells)


def test_an_estate_that_is_divided_is_named_with_what_lies_apart():
    sheet = small_sheet(("g21", "g22", "g22", "g22", "g21", "g21", "g22", "g22"))
    (divided,) = found(sheet, "estate")
    assert (divided.subject, divided.labels, divided.value) == ("南苑", ("g21", "g22"), 1)
    assert len(divided.cells) == 1


def test_an_estate_too_big_for_one_grid_may_be_divided():
    ground = small_ground(estates=dict.fromkeys(range(11, 17), "南苑"))
    assert found(small_sheet(ground=ground), "estate") == []


def test_a_main_road_inside_a_grid_is_shown_where_it_runs():
    road = shapely.LineString([(EAST + 150, NORTH - 20), (EAST + 150, NORTH + 220)])
    (crossed,) = found(small_sheet(ground=small_ground(barriers=[road])), "barrier")
    assert (crossed.labels, crossed.value) == (("g21",), pytest.approx(198))
    assert metres(crossed.place) == pytest.approx((150, 100), abs=0.1)
    alone = small_sheet(("g21",) * 8, ground=small_ground(barriers=[road]))
    assert found(alone, "barrier") == []


def test_long_walks_count_in_towns_only():
    long = ("g21",) * 8
    town = small_ground(households=(300, 5, 5, 5, 5, 5, 5, 5))
    (walk,) = found(small_sheet(long, ground=town), "walk")
    assert walk.value > 300
    assert metres(walk.place) == pytest.approx((350, 150), abs=0.1)
    country = small_ground(households=(50, 0, 0, 5, 0, 0, 0, 5))
    assert found(small_sheet(long, ground=country), "walk") == []


def test_a_chief_shall_have_about_a_hundred_households():
    sheet = small_sheet()
    assert [(f.labels, f.value) for f in found(sheet, "chiefs")] == [
        (("g21",), 400), (("g22",), 400)
    ]  # fmt: skip
    west = with_more(sheet, {f"chief:{at}": f"n{at}" for at in (11, 12, 15)})
    assert [(f.labels, f.value) for f in found(west, "chiefs")] == [
        (("g21",), pytest.approx(400 / 3)), (("g22",), 400)
    ]  # fmt: skip
    assert found(with_more(sheet, FULL), "chiefs") == []


def test_where_nobody_looks_after_anybody_there_is_no_value():
    ground = small_ground()
    homes = {k: replace(home, chief_id=None) for k, home in ground.homes.items()}
    bare = small_sheet(ground=replace(ground, homes=homes))
    assert [f.value for f in found(bare, "chiefs")] == [None, None]


def test_workload_more_than_half_off_the_mean_is_found():
    even = small_ground(load=(60, 60, 60, 60, 60, 60, 60, 300))
    assert found(small_sheet(ground=even), "load") == []
    heavy = small_ground(load=(60, 60, 60, 60, 60, 60, 60, 660))
    assert [(f.labels, round(f.value)) for f in found(small_sheet(ground=heavy), "load")] == [
        (("g21",), 44), (("g22",), 156)
    ]  # fmt: skip


def test_moving_more_than_three_times_what_must_move_is_found():
    crowd = (150, 150, 100, 50, 150, 150, 100, 50)
    ground = small_ground(households=crowd)
    little = small_sheet(("g21", "g22", "g22", "g22", "g21", "g21", "g22", "g22"), ground=ground)
    assert found(little, "stability") == []
    turned = small_sheet(("g22", "g22", "g22", "g22", "g21", "g21", "g21", "g21"), ground=ground)
    assert [f.value for f in found(turned, "stability")] == [450]


@given(ways, crowds)
def test_every_finding_is_a_known_rule_and_lies_in_the_community(labels, crowd):
    sheet = small_sheet(labels, ground=small_ground(households=crowd))
    now = checks(sheet)
    assert [f.hard for f in now] == sorted((f.hard for f in now), reverse=True)
    for finding in now:
        assert finding.rule in RULES
        assert finding.cause is None or finding.cause in CAUSES
        assert set(finding.labels) <= set(sheet.order)
        assert set(finding.cells) <= set(sheet.state.cells)
        if finding.place is not None:
            x, y = metres(finding.place)
            assert -1 <= x <= 401
            assert -1 <= y <= 201
