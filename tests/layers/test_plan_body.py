"""What the workbench map is told: all of a plan once, then only what an edit changed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data.plan_draw import drawn
from data.plan_rows import Entry
from data.plan_sheet import Cell, Sheet
from layers.plan_body import change_body, sheet_body
from layers.wire import pack_json
from rules.plan_commands import Command, Lock, Merge, Move, Split
from rules.plan_log import Record
from rules.plan_state import applied
from tests.data.plans import NOW, board

BOARD = """
a1 a2 b3
a. a. b4
"""
Side = tuple[tuple[int, int], tuple[int, int]]


def followed(before: Sheet, command: Command) -> Sheet:
    """The sheet after a command, as an edit would leave it."""
    found = drawn(before, command)
    state = applied(before.state, found.change)
    seq = len(before.log) + 1
    entry = Entry(Record(seq, "edit", seq - 1, seq, found.change), found.op, NOW, "planner", "")
    cells = dict(before.ground.cells)
    for cell in found.cells:
        cells[cell.number] = Cell(
            cell.number, cell.parent, cell.shape, cell.degrees, cell.buildings, 0, 0, 0.0
        )
    plan = replace(before.plan, version=before.plan.version + 1)
    ground = replace(before.ground, cells=cells)
    return Sheet(plan, ground, before.start, state, (*before.log, entry))


def sides(rings: list[list[list[list[int]]]]) -> Iterator[Side]:
    """Sides of cells, each with its ends in order, as the map finds them."""
    for polygons in rings:
        for ring in (ring for polygon in polygons for ring in polygon):
            points = [tuple(p) for p in np.array(ring).reshape(-1, 2).cumsum(axis=0).tolist()]
            for one, other in zip(points, [*points[1:], points[0]], strict=True):
                low, high = sorted((one, other))
                yield (low[0], low[1]), (high[0], high[1])


def inner(cells: dict[str, Any]) -> int:
    """How many sides two cells share; no side may have three."""
    found = list(sides(cells["rings"]))
    counts = {side: found.count(side) for side in found}
    assert max(counts.values()) <= 2
    return sum(count == 2 for count in counts.values())


def test_a_plan_is_told_with_cells_grids_and_how_it_began() -> None:
    body = sheet_body(board(BOARD), editable=True)
    cells = body["cells"]
    assert cells["n"] == [1, 2, 3, 4, 5, 6]
    assert cells["label"] == cells["base"] == ["g1", "g1", "g2", "g1", "g1", "g2"]
    assert cells["households"] == [10, 20, 30, 0, 0, 40]
    assert [mark["name"] for mark in body["grids"]] == ["a", "b"]
    assert body["start"]["grids"] == body["grids"]
    assert (body["version"], body["seq"], body["band"]) == (1, 0, (300, 500))
    assert (body["can_undo"], body["can_redo"], body["editable"]) == (False, False, True)


def test_cells_that_touch_have_the_same_numbers_on_their_common_side() -> None:
    assert inner(sheet_body(board(BOARD), editable=True)["cells"]) == 7


def test_a_move_is_told_in_a_few_bytes_without_any_shape() -> None:
    before = board(BOARD)
    body = change_body(before, followed(before, Move((2,), "g2")))
    assert body["moved"] == [(2, "g2")]
    assert "cells" not in body
    assert "gone" not in body
    assert (body["version"], body["seq"], body["can_undo"]) == (2, 1, True)
    assert len(pack_json(body).raw) < 1000


def test_a_merge_tells_every_cell_and_drops_the_grid() -> None:
    before = board(BOARD)
    body = change_body(before, followed(before, Merge("g2", "g1")))
    assert sorted(body["moved"]) == [(1, "g2"), (2, "g2"), (4, "g2"), (5, "g2")]
    assert [mark["label"] for mark in body["grids"]] == ["g2"]


def test_a_lock_changes_no_cell() -> None:
    before = board(BOARD)
    body = change_body(before, followed(before, Lock("lock:border:g1|g2")))
    assert body["moved"] == []
    assert body["locked"]["borders"] == [("g1", "g2")]


def test_after_a_cut_the_map_still_finds_every_border() -> None:
    before = board(BOARD)
    west, south, _, _ = sheet_body(before, editable=True)["bounds"]
    line = ((west + 0.0015, south - 0.001), (west + 0.0015, south + 0.003))
    after = followed(before, Split("g1", line))
    body = change_body(before, after)
    assert set(body["gone"]) == {2, 5}
    # What the map holds afterwards: cells that stayed, with those told anew in their place.
    held = dict(zip(*(sheet_body(before, editable=True)["cells"][k] for k in ("n", "rings")),
                    strict=True))  # fmt: skip
    for n in body["gone"]:
        del held[n]
    held |= dict(zip(body["cells"]["n"], body["cells"]["rings"], strict=True))
    whole = sheet_body(after, editable=True)["cells"]
    assert held == dict(zip(whole["n"], whole["rings"], strict=True))
    assert inner({"rings": list(held.values())}) == inner(whole)


@pytest.mark.parametrize("text", ["{{7*7}}${1}<img onerror>", "`${alert(1)}`", "\u202eabc"])
def test_a_name_travels_as_it_is_and_only_here(text: str) -> None:
    sheet = board(BOARD)
    entries = {k: v.replace('"name":"a"', f'"name":"{text}"') for k, v in
               sheet.state.entries.items()}  # fmt: skip
    named = replace(sheet, state=replace(sheet.state, entries=entries))
    assert sheet_body(named, editable=True)["grids"][0]["name"] == text
