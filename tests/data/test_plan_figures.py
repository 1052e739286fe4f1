"""Figures of the plan that tests.small_plan draws."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.plan_figures import before, figures, form_of
from data.plan_moves import difference, moved_groups
from data.plan_stability import stability
from rules.plan_state import BAND, Mark
from tests.small_plan import (
    EAST,
    MARKS,
    NORTH,
    WEST_EAST,
    small_ground,
    small_sheet,
    state_of,
    with_more,
)

ways = st.lists(st.sampled_from(["g21", "g22", "n1"]), min_size=8, max_size=8)
crowds = st.lists(st.integers(0, 300), min_size=8, max_size=8)
BESIDE = [(a, b) for a in range(8) for b in range(8)
          if b - a == 4 or (b - a == 1 and a % 4 < 3)]  # fmt: skip


def test_the_start_has_the_figures_of_two_squares():
    found = figures(small_sheet())
    west = found.grid("g21")
    assert (west.households, west.verdict, west.buildings, west.pieces) == (400, "within", 4, 1)
    assert (west.hectares, west.border) == (4, 200)
    assert west.polsby_popper == pytest.approx(math.pi / 4)
    assert west.reock == pytest.approx(2 / math.pi)
    assert (west.walk_mean, west.walk_max) == pytest.approx((50 * 2**0.5, 50 * 2**0.5), abs=0.01)
    assert (west.load, west.open) == (240, 2)
    assert (west.chiefs, west.chiefs_wanted) == (1, 4)
    assert found.border == 200
    assert (found.in_band, found.banded, found.worst_deviation) == (2, 2, 0)
    assert (found.moved, found.grids_touched, found.chiefs_changed) == (0, 0, 0)
    assert found.estates_split == 0


def test_a_centre_is_given_in_degrees_inside_the_grid():
    sheet = small_sheet()
    for grid in figures(sheet).grids:
        cells = [sheet.ground.cells[n].degrees for n in sheet.state.members[grid.label]]
        assert shapely.contains_xy(shapely.union_all(cells), *grid.centre)


def test_a_cell_that_moves_takes_its_households_estate_and_chief_along():
    sheet = small_sheet(("g21", "g22", "g22", "g22", "g21", "g21", "g22", "g22"))
    found = figures(sheet)
    assert (found.grid("g21").moved_out, found.grid("g22").moved_in, found.moved) == (100,) * 3
    assert found.grid("g22").households == 500
    assert (found.grids_touched, found.chiefs_changed, found.estates_split) == (2, 1, 1)
    assert [found.grid(k).estates_split for k in ("g21", "g22")] == [1, 1]
    (group,) = moved_groups(sheet)
    assert (group.estate, group.buildings, group.households) == ("南苑", (12,), 100)
    assert (group.from_label, group.to_label, group.chiefs) == ("g21", "g22", ("张栋长",))


def test_a_grid_that_is_dissolved_gives_all_its_households_away():
    found = figures(small_sheet(("g21",) * 8))
    (gone,) = found.gone
    assert (gone.label, gone.households, found.moved) == ("g22", 400, 400)
    assert (found.in_band, found.worst_deviation) == (0, pytest.approx(0.6))
    assert found.border == 0


def test_dedicated_grids_have_no_band():
    marks = {**MARKS, "g22": Mark("学校网格", "dedicated", "x", 22)}
    sheet = small_sheet(start=state_of(WEST_EAST, marks=marks, band="500-700"),
                        state=state_of(WEST_EAST, marks=marks, band="500-700"))  # fmt: skip
    found = figures(sheet)
    assert [grid.verdict for grid in found.grids] == ["below", "dedicated"]
    assert (found.in_band, found.banded, found.worst_deviation) == (0, 1, pytest.approx(0.2))


def test_the_start_is_judged_by_todays_band():
    sheet = with_more(small_sheet(("g21",) * 8), {BAND: "700-900"})
    assert figures(sheet).in_band == 1
    assert [grid.verdict for grid in before(sheet).grids] == ["below", "below"]


def test_a_charge_of_the_plan_counts_and_who_loses_all_buildings_is_changed():
    found = figures(with_more(small_sheet(), {"chief:11": "n1", "chief:12": "n1"}))
    assert (found.grid("g21").chiefs, found.chiefs_changed) == (1, 1)


def test_a_road_through_a_grid_is_measured():
    road = shapely.LineString([(EAST + 150, NORTH - 20), (EAST + 150, NORTH + 220)])
    border = shapely.LineString([(EAST + 200, NORTH), (EAST + 200, NORTH + 200)])
    found = figures(small_sheet(ground=small_ground(barriers=[road, border])))
    assert [grid.barriers_crossed for grid in found.grids] == pytest.approx([198, 0])
    assert found.barriers_crossed == pytest.approx(198)


def test_a_grid_that_lies_apart_counts_its_pieces():
    found = figures(small_sheet(("g21", "g22", "g22", "g21", "g21", "g22", "g22", "g21")))
    assert [grid.pieces for grid in found.grids] == [2, 1]


@given(ways, crowds)
def test_households_are_neither_lost_nor_doubled(labels, crowd):
    sheet = small_sheet(labels, ground=small_ground(households=crowd))
    now, then = figures(sheet), before(sheet)
    assert now.households == then.households == sum(crowd)
    assert sum(grid.moved_in for grid in now.grids) == now.moved
    out = sum(grid.moved_out for grid in now.grids) + sum(grid.households for grid in now.gone)
    assert out == now.moved == sum(group.households for group in moved_groups(sheet))
    for grid in now.grids:
        was = sum(each.households for each in then.grids if each.label == grid.label)
        assert grid.households == was - grid.moved_out + grid.moved_in


@given(ways)
def test_nothing_differs_exactly_where_every_cell_lies_as_at_the_start(labels):
    sheet = small_sheet(labels)
    assert (not difference(sheet)) == (sheet.state.cells == sheet.start.cells)
    assert {shift.cell for shift in difference(sheet)} == {
        at + 1 for at in range(8) if labels[at] != WEST_EAST[at]
    }


@given(crowds)
def test_at_the_start_before_and_now_are_the_same(crowd):
    sheet = small_sheet(ground=small_ground(households=crowd))
    assert figures(sheet) == before(sheet)


@given(ways)
def test_border_and_form_are_those_of_the_dissolved_shapes(labels):
    sheet = small_sheet(labels)
    found, form = figures(sheet), form_of(sheet)
    assert found.border == 100 * sum(labels[a] != labels[b] for a, b in BESIDE)
    for grid, shape in zip(found.grids, form.shapes, strict=True):
        whole = shapely.union_all(
            np.array([sheet.ground.cells[n].shape for n in sheet.state.members[grid.label]])
        )
        assert grid.hectares == pytest.approx(shape.area / 1e4)
        assert shapely.equals(shape, whole)
        assert grid.polsby_popper == pytest.approx(4 * math.pi * whole.area / whole.length**2)
        assert grid.pieces == len(shapely.get_parts(whole))


@given(ways, crowds)
def test_no_plan_in_the_band_moves_fewer_households_than_the_bound(labels, crowd):
    sheet = small_sheet(labels, ground=small_ground(households=crowd))
    found = figures(sheet)
    if found.in_band == found.banded:
        assert stability(sheet).bound <= found.moved


def test_the_bound_is_what_the_fuller_grid_has_too_many():
    crowd = (150, 150, 100, 50, 150, 150, 100, 50)
    found = stability(small_sheet(ground=small_ground(households=crowd)))
    assert (found.bound, found.flow) == (100, 100)


def test_where_grids_are_joined_the_households_of_the_smaller_must_move():
    crowd = (150, 150, 100, 50, 150, 150, 100, 50)
    sheet = small_sheet(("g21",) * 8, ground=small_ground(households=crowd))
    assert stability(with_more(sheet, {BAND: "100-1000"})).bound == 300


def test_a_new_grid_must_take_what_the_band_asks_of_it():
    labels = ("g21", "g21", "g22", "g22", "g21", "n1", "g22", "g22")
    assert stability(with_more(small_sheet(labels), {BAND: "100-1000"})).bound == 100
