"""Edits of a draft: locks hold, grids stay in one piece, empty ones go.

Six cells, each touching those beside, above and below it::

    +---+---+---+
    | 4 | 5 | 6 |    g1: 1 2 4    g2: 3 6    n1: 5
    +---+---+---+
    | 1 | 2 | 3 |
    +---+---+---+
"""

from collections.abc import Callable, Collection
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.boundary_plan import PlanState
from rules.plan_edits import (
    BadBand,
    BadName,
    BreaksGrid,
    Locked,
    NotEditable,
    NothingMoves,
    Parts,
    UnknownGrid,
    adopted,
    banded,
    charged,
    locked,
    merged,
    moved,
    next_names,
    redrawn,
    renamed,
    require_editable,
    unlocked,
)
from rules.plan_state import Change, Mark, PlanMap, applied, mark_value, plan_map

TOUCH = {1: {2, 4}, 2: {1, 3, 5}, 3: {2, 6}, 4: {1, 5}, 5: {2, 4, 6}, 6: {3, 5}}
# What a cut of cell 3 leaves: 7 beside cell 2, 8 at the edge of the board.
TOUCH |= {7: {2, 6, 8}, 8: {6, 7}}
TOUCH[2] = TOUCH[2] | {7}
TOUCH[6] = TOUCH[6] | {7, 8}

BOARD = plan_map({
    "band": "300-500",
    "cell:1": "g1", "cell:2": "g1", "cell:4": "g1", "cell:3": "g2", "cell:6": "g2", "cell:5": "n1",
    "grid:g1": mark_value(Mark("一", code="c1", area=1)),
    "grid:g2": mark_value(Mark("二", code="c2", area=2)), "grid:n1": mark_value(Mark("新")),
})  # fmt: skip


def pieces(cells: Collection[int]) -> int:
    left, count = set(cells), 0
    while left:
        count += 1
        edge = [left.pop()]
        while edge:
            near = TOUCH[edge.pop()] & left
            left -= near
            edge += near
    return count


def after(change: Change, state: PlanMap = BOARD) -> dict[int, str]:
    return applied(state, change).cells


def test_moved_cell_joins_its_new_grid() -> None:
    assert after(moved(BOARD, [2], "g2", pieces=pieces))[2] == "g2"


def test_cell_that_would_cut_a_grid_in_two_is_refused_by_name() -> None:
    with pytest.raises(BreaksGrid) as refused:
        moved(BOARD, [1], "n1", pieces=pieces)
    assert (refused.value.label, refused.value.name, refused.value.pieces) == ("g1", "一", 2)


def test_cell_that_its_new_grid_does_not_touch_is_refused() -> None:
    with pytest.raises(BreaksGrid) as refused:
        moved(BOARD, [4], "g2", pieces=pieces)
    assert refused.value.label == "g2"


def test_grid_in_two_pieces_already_may_stay_so() -> None:
    torn = plan_map({**BOARD.entries, "cell:1": "n1"})
    assert after(moved(torn, [3], "g1", pieces=pieces), torn)[3] == "g1"


def test_grid_that_loses_its_last_cell_goes_with_its_locks() -> None:
    state = applied(BOARD, locked(BOARD, "lock:border:n1|g2"))
    found = applied(state, moved(state, [5], "g1", pieces=pieces))
    assert "n1" not in found.marks
    assert found.locked_borders == frozenset()


def test_new_grid_gets_the_next_label_and_the_name() -> None:
    found = applied(BOARD, moved(BOARD, [6], "new", pieces=pieces, name="第九网格"))
    assert found.cells[6] == "n2"
    assert found.marks["n2"] == Mark("第九网格")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("第1网格", "第12网格"), "第13网格"),
        (("Grid 7 north",), "Grid 8 north"),
        (("三多寨社区第一网格", "三多寨社区第十九网格"), "三多寨社区第二十网格"),
        (("河边",), "第1网格"),
        (("第九十九网格",), "第100网格"),
    ],
)
def test_new_grid_is_called_as_the_last_one_counted_on(
    names: tuple[str, ...], expected: str
) -> None:
    marks = {f"grid:g{i}": mark_value(Mark(name)) for i, name in enumerate(names)}
    assert next_names(plan_map(marks), 1) == [expected]


@pytest.mark.parametrize(
    ("key", "cells"), [("lock:grid:g2", [2]), ("lock:cell:2", [2]), ("lock:border:g1|g2", [2])]
)
def test_no_move_passes_a_lock(key: str, cells: list[int]) -> None:
    state = applied(BOARD, locked(BOARD, key))
    with pytest.raises(Locked) as refused:
        moved(state, cells, "g2", pieces=pieces)
    assert refused.value.keys == (key,)


def test_lock_is_lifted_again() -> None:
    state = applied(BOARD, locked(BOARD, "lock:cell:2"))
    assert applied(state, unlocked(state, "lock:cell:2")).digest == BOARD.digest


@pytest.mark.parametrize(
    "key",
    ["lock:grid:g9", "lock:cell:9", "lock:cell:02", "lock:cell:²", "lock:cell:٢",
     "lock:border:g1|g1", "band", ""],
)  # fmt: skip
def test_lock_of_what_is_not_there_is_refused(key: str) -> None:
    with pytest.raises(UnknownGrid):
        locked(BOARD, key)


@pytest.mark.parametrize("key", ["band", "cell:1", "lock:cell:1"])
def test_unlocking_takes_nothing_but_locks_away(key: str) -> None:
    with pytest.raises(NothingMoves):
        unlocked(BOARD, key)


def test_cut_cell_is_followed_by_its_parts() -> None:
    found = applied(BOARD, redrawn(BOARD, {}, parts=[Parts(3, {7: "g1", 8: "g2"})], pieces=pieces))
    assert found.cells == {1: "g1", 2: "g1", 4: "g1", 5: "n1", 6: "g2", 7: "g1", 8: "g2"}


def test_cut_of_a_locked_cell_is_refused() -> None:
    state = applied(BOARD, locked(BOARD, "lock:cell:3"))
    with pytest.raises(Locked):
        redrawn(state, {}, parts=[Parts(3, {7: "g1", 8: "g2"})], pieces=pieces)


def test_cut_that_leaves_everything_where_it_was_is_no_edit() -> None:
    with pytest.raises(NothingMoves):
        redrawn(BOARD, {}, parts=[Parts(3, {7: "g2", 8: "g2"})], pieces=pieces)


def test_merged_grid_goes_into_the_other() -> None:
    found = applied(BOARD, merged(BOARD, "g1", "n1", pieces=pieces))
    assert found.members == {"g1": (1, 2, 4, 5), "g2": (3, 6)}
    with pytest.raises(UnknownGrid):
        merged(BOARD, "g1", "g1", pieces=pieces)


@pytest.mark.parametrize(
    "edit",
    [
        lambda: moved(BOARD, [9], "g1", pieces=pieces),
        lambda: moved(BOARD, [2], "g7", pieces=pieces),
        lambda: renamed(BOARD, "g7", "x"),
        lambda: adopted(BOARD, {1: "g1"}, {}),
        lambda: adopted(BOARD, dict.fromkeys(BOARD.cells, "n9"), {}),
    ],
)
def test_unknown_cell_or_grid_is_refused(edit: Callable[[], Any]) -> None:
    with pytest.raises(UnknownGrid):
        edit()


def test_adopting_keeps_locks_and_drops_what_is_empty() -> None:
    everything = dict.fromkeys(BOARD.cells, "n2")
    found = applied(BOARD, adopted(BOARD, everything, {"n2": Mark("大")}))
    assert list(found.marks) == ["n2"]
    state = applied(BOARD, locked(BOARD, "lock:grid:g2"))
    with pytest.raises(Locked):
        adopted(state, everything, {"n2": Mark("大")})


@pytest.mark.parametrize("name", ["", "  ", "a" * 41, "a\nb", "\x00"])
def test_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(BadName):
        renamed(BOARD, "g1", name)


@pytest.mark.parametrize(("low", "high"), [(0, 5), (5, 5), (6, 5), (1, 200_000)])
def test_band_that_is_none_is_refused(low: int, high: int) -> None:
    with pytest.raises(BadBand):
        banded(BOARD, low, high)


def test_charge_is_set_and_given_back() -> None:
    state = applied(BOARD, charged(BOARD, {31: "p5", 32: "n1"}))
    assert state.chiefs == {31: "p5", 32: "n1"}
    assert applied(state, charged(state, {31: "", 32: ""})).digest == BOARD.digest


def test_only_drafts_can_be_redrawn() -> None:
    require_editable(PlanState.DRAFT)
    for state in set(PlanState) - {PlanState.DRAFT, PlanState.CHANGES_REQUESTED}:
        with pytest.raises(NotEditable):
            require_editable(state)


MOVES = st.tuples(
    st.lists(st.integers(1, 6), min_size=1, max_size=3), st.sampled_from(["g1", "g2", "n1", "new"])
)


@given(st.lists(MOVES, max_size=20))
def test_no_sequence_of_moves_tears_a_grid_or_loses_a_cell(
    moves: list[tuple[list[int], str]],
) -> None:
    state = BOARD
    for cells, to in moves:
        try:
            state = applied(state, moved(state, cells, to, pieces=pieces))
        except (BreaksGrid, NothingMoves, UnknownGrid):
            continue
        assert state.cells.keys() == BOARD.cells.keys()
        assert set(state.cells.values()) == state.marks.keys()
        assert all(pieces(members) == 1 for members in state.members.values())
