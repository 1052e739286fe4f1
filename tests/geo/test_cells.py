"""Cells on a map of two grids, 200 m x 100 m, a street along y = 50 and houses (o):

100 +---------+---------+
    | o    o  | o       |
 50 +---------+---------+   street
    |    o    |         |
  0 +---------+---------+
    0        100       200
"""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.cell_graph import cell_graph
from geo.cells import make_cells
from geo.coverage import check, clean
from geo.locate import owners

LEFT, RIGHT = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
STREET = shapely.LineString([(-20, 50), (220, 50)])
HOUSES = [(20, 80), (80, 80), (120, 80), (50, 25)]


def shapes(*found):
    return np.array(found, object)


def small_town(*, points=HOUSES, lines=(STREET,), cut_by=()):
    return make_cells(shapes(LEFT, RIGHT), points, lines=shapes(*lines), cut_by=shapes(*cut_by))


def areas(cells):
    return sorted(round(float(a)) for a in shapely.area(cells.shapes))


def assert_dissolves_to(cells, parts):
    """Every part is the union of its cells, to a centimetre along its border."""
    whole = shapely.union_all(parts)
    assert check(cells.shapes, whole=whole).holds
    for i, part in enumerate(parts):
        union = shapely.union_all(cells.shapes[cells.part == i])
        assert shapely.area(shapely.symmetric_difference(union, part)) <= 0.01 * part.length


def test_blocks_are_divided_among_their_buildings():
    cells = small_town()
    assert areas(cells) == [2500, 2500, 5000, 5000, 5000]
    assert cells.part[cells.of_point].tolist() == [0, 0, 1, 0]
    assert len(set(cells.of_point)) == 4
    assert_dissolves_to(cells, [LEFT, RIGHT])


def test_a_block_without_buildings_is_one_empty_cell():
    cells = small_town()
    (empty,) = set(range(len(cells))) - set(cells.of_point.tolist())
    assert shapely.equals(cells.shapes[empty], shapely.box(100, 0, 200, 50))


def test_without_buildings_and_lines_the_grids_are_the_cells():
    cells = small_town(points=[], lines=())
    assert shapely.equals(cells.shapes, shapes(LEFT, RIGHT)).all()
    assert cells.part.tolist() == [0, 1]
    assert not len(cells.of_point)


def test_buildings_at_one_spot_share_a_cell_and_those_across_a_street_do_not():
    points = [(20, 80), (20, 80), (20.3, 80.2), (20, 50.1), (20, 49.9), (80, 20)]
    of_point = small_town(points=points).of_point
    assert of_point[0] == of_point[1] == of_point[2]
    assert len(set(of_point.tolist())) == 4


def test_a_row_of_close_buildings_is_one_spot():
    points = [(20 + 0.4 * i, 80) for i in range(10)] + [(60, 80)]
    of_point = small_town(points=points).of_point
    assert len(set(of_point[:10].tolist())) == 1
    assert of_point[10] != of_point[0]


def test_a_building_on_a_border_stays_where_locate_has_it():
    points = [(100, 80), (100.003, 20), (60, 50), (200, 100)]
    cells = small_town(points=points)
    assert cells.part[cells.of_point].tolist() == owners(points, [LEFT, RIGHT]).tolist()
    away = shapely.distance(cells.shapes[cells.of_point], shapely.points(points))
    assert away.max() <= 0.01


def test_a_building_outside_has_no_cell():
    found = small_town(points=[(50, 80), (500, 500), (np.nan, 3)]).of_point
    assert (found >= 0).tolist() == [True, False, False]


def test_no_land_has_no_cells():
    for parts in ([], [shapely.Polygon()]):
        cells = make_cells(shapes(*parts), [(5, 5)])
        assert (len(cells), cells.of_point.tolist()) == (0, [-1])


def test_loose_ends_doubles_and_lines_outside_change_nothing():
    loose = shapely.LineString([(10, 10), (40, 20), (10, 30)])
    far = shapely.LineString([(900, 0), (900, 90)])
    bent = shapely.LineString([(-30, 50), (130, 50), (230, 50)])
    odd = [shapely.LineString(), None, shapely.Point(5, 5), shapely.LineString([(7, 7), (7, 7)])]
    more = small_town(lines=(STREET, STREET, bent, loose, far, *odd))
    assert shapely.equals(more.shapes, small_town().shapes).all()


def test_a_line_that_hugs_a_border_leaves_no_sliver():
    wobbly = shapely.LineString([(100 + (-1) ** y * 0.7, y) for y in range(-5, 106)])
    cells = small_town(lines=(STREET, wobbly))
    assert areas(cells) == areas(small_town())
    assert_dissolves_to(cells, [LEFT, RIGHT])


def test_small_blocks_join_the_block_beside_them_in_the_same_grid():
    corner = shapely.LineString([(92, -5), (92, 5), (105, 5)])
    assert areas(small_town(lines=(STREET, corner))) == areas(small_town())


def test_a_closed_area_as_a_line_is_cut_along_its_rim():
    pond = shapely.box(20, 10, 60, 40).difference(shapely.box(30, 20, 50, 30))
    cells = small_town(points=[], lines=(pond,))
    assert areas(cells) == [200, 1000, 8800, 10000]


def test_borders_of_an_older_plan_become_borders_of_cells():
    old = [shapely.box(0, 0, 133.337, 100), shapely.box(133.337, 0, 200, 100)]
    cells = small_town(cut_by=old)
    assert_dissolves_to(cells, [LEFT, RIGHT])
    back = owners(shapely.get_coordinates(shapely.point_on_surface(cells.shapes)), old)
    for i, grid in enumerate(old):
        union = shapely.union_all(cells.shapes[back == i])
        assert shapely.area(shapely.symmetric_difference(union, grid)) <= 0.01 * grid.length


def test_an_older_plan_with_the_same_borders_adds_nothing_but_its_rounding():
    shaken = [shapely.box(0, 0, 100.004, 99.996), shapely.box(100.004, 0, 200, 100)]
    cells = small_town(cut_by=shaken)
    assert areas(cells) == areas(small_town())


def test_islands_and_enclaves_are_kept():
    enclave = shapely.box(40, 60, 60, 80)
    island = shapely.box(150, 120, 180, 150)
    ring = LEFT.difference(enclave)
    parts = shapes(ring, shapely.union_all([RIGHT, enclave, island]))
    cells = make_cells(parts, HOUSES, lines=shapes(STREET))
    assert set(shapely.get_type_id(cells.shapes)) == {3}
    assert_dissolves_to(cells, parts)


def test_a_building_s_share_behind_a_corner_goes_to_a_neighbour():
    """The wall leaves an L; the far arm lies nearer to a house that cannot reach it."""
    wall = shapely.LineString([(0, 40), (80, 40), (80, 45), (0, 45)])
    cells = small_town(points=[(10, 35), (10, 47), (95, 90)], lines=(wall,))
    assert set(shapely.get_type_id(cells.shapes)) == {3}
    assert_dissolves_to(cells, [LEFT, RIGHT])


place = st.tuples(st.floats(-20, 220), st.floats(-20, 120))


@given(
    points=st.lists(place, max_size=25),
    lines=st.lists(st.lists(place, min_size=2, max_size=6), max_size=8),
    border=st.lists(st.floats(60, 140), min_size=3, max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_drawn_the_cells_make_up_the_grids(points, lines, border):
    middle = [(x, 100.0 * i / (len(border) - 1)) for i, x in enumerate(border)]
    left = shapely.Polygon([(0, 0), *middle, (0, 100)])
    right = shapely.Polygon([(200, 0), *middle, (200, 100)])
    parts, _ = clean(shapes(left, right))
    cells = make_cells(parts, points, lines=shapes(*map(shapely.LineString, lines)))
    assert_dissolves_to(cells, parts)
    assert set(shapely.get_type_id(cells.shapes)) == {3}
    home = owners(np.array(points).reshape(-1, 2), parts)
    placed = cells.of_point >= 0
    assert (placed == (home >= 0)).all()
    assert (cells.part[cells.of_point[placed]] == home[placed]).all()
    if placed.any():
        xy = np.array(points)[placed]
        assert (
            shapely.distance(cells.shapes[cells.of_point[placed]], shapely.points(xy)).max() < 0.011
        )
        held = np.unique(cells.of_point[placed])
        empty = np.setdiff1d(np.arange(len(cells)), held)
        small = shapely.area(cells.shapes[empty]) < 50
        graph = cell_graph(cells.shapes)
        for cell in empty[small]:
            beside = graph.neighbour[graph.start[cell] : graph.start[cell + 1]]
            assert (cells.part[beside] != cells.part[cell]).all()
