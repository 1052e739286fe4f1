"""Two squares of 100 m side by side; barriers are drawn as numbers::

+-------+-------+
|   1   2   3   |      1 and 3 run through a square from south to north, 2 along the side
+-------+-------+      that the squares share
"""

import numpy as np
import pytest
import shapely
from shapely import LineString, box

from geo.barriers import longest_inside, metres_inside, sides_along
from geo.cell_graph import cell_graph

SQUARES = np.array([box(0, 0, 100, 100), box(100, 0, 200, 100)], object)


def upright(x, low=-50.0, high=150.0):
    return LineString([(x, low), (x, high)])


def barriers(*lines):
    found = np.empty(len(lines), object)
    found[:] = lines
    return found


def test_what_runs_through_a_square_counts_and_what_runs_along_its_border_does_not():
    inside = metres_inside(SQUARES, barriers(upright(50), upright(100), upright(150)))
    assert inside == pytest.approx([98, 98])
    assert metres_inside(SQUARES, barriers(upright(100.9))) == pytest.approx([0, 0])
    assert metres_inside(SQUARES, barriers(upright(103))) == pytest.approx([0, 98])


def test_without_barriers_nothing_runs_inside():
    assert metres_inside(SQUARES, barriers()).tolist() == [0, 0]
    graph = cell_graph(SQUARES)
    assert sides_along(SQUARES, graph, barriers()).tolist() == [False, False]


def test_of_a_wide_river_both_banks_count_for_half():
    river = box(140, -50, 160, 150)
    assert metres_inside(SQUARES, barriers(river)) == pytest.approx([0, 98])


@pytest.mark.parametrize(
    ("line", "along"),
    [(upright(100), True), (upright(100.9), True), (upright(102), False),
     (upright(100, 0, 60), True), (upright(100, 0, 40), False),
     (LineString([(0, 50), (200, 50)]), False)],
)  # fmt: skip
def test_a_side_runs_along_a_barrier_that_keeps_to_most_of_it(line, along):
    graph = cell_graph(SQUARES)
    assert sides_along(SQUARES, graph, barriers(line)).tolist() == [along, along]


def test_the_longest_stretch_has_its_middle_named():
    short = LineString([(20, 10), (20, 30)])
    x, y = longest_inside(SQUARES[0], barriers(short, upright(50)))
    assert (x, y) == pytest.approx((50, 50))
    assert shapely.contains_xy(SQUARES[0], x, y)
