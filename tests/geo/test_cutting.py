"""Cutting on a map of four cells, each 100 m wide, a house in each but d:

200 +-----+-----+
    |  c  |  d  |
100 +-----+-----+
    |  a  |  b  |
  0 +-----+-----+
    0    100   200
"""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage import check
from geo.cutting import CutsNothing, cut_by_line, cut_by_polygon, sides
from geo.noding import noded, on_lattice, renoded, rounded

WHOLE = shapely.box(0, 0, 200, 200)
HOUSES = [(50, 50), (150, 50), (50, 150)]
A, B, C, D = range(4)


def shapes(*found):
    out = np.empty(len(found), object)
    out[:] = found
    return out


def four_cells():
    return shapes(*(shapely.box(x, y, x + 100, y + 100) for y in (0, 100) for x in (0, 100)))


def line(*xy):
    return shapely.LineString(xy)


def after(cells, cuts):
    """Cells that are left, then the children; as stored."""
    gone = [c.parent for c in cuts]
    left = [cell for i, cell in enumerate(cells) if i not in gone]
    return shapes(*left, *(child for c in cuts for child in c.children))


def areas(children):
    return sorted(round(float(a)) for a in shapely.area(children))


def test_a_line_divides_the_cells_it_crosses():
    cuts = cut_by_line(four_cells(), line((-10, 30), (210, 30)), points=HOUSES)
    assert [c.parent for c in cuts] == [A, B]
    assert [areas(c.children) for c in cuts] == [[3000, 7000], [3000, 7000]]
    assert check(after(four_cells(), cuts), whole=WHOLE).holds


def test_a_line_that_ends_inside_a_cell_does_not_divide_it():
    (cut,) = cut_by_line(four_cells(), line((-10, 30), (150, 37)), points=HOUSES)
    assert cut.parent == A


def test_the_neighbour_at_the_end_of_a_cut_gets_its_vertex_only_while_the_cut_lasts():
    cells = four_cells()
    cuts = cut_by_line(cells, line((-10, 30), (150, 37)), points=HOUSES)
    stored = after(cells, cuts)
    assert not check(stored, whole=WHOLE).holds
    live = noded(stored)
    assert check(live, whole=WHOLE).holds
    assert len(live[0].exterior.coords) == len(cells[B].exterior.coords) + 1
    assert noded(cells) is cells


def test_a_corner_of_third_land_is_no_vertex_of_an_edge_it_comes_near():
    """The left cell turns off 2 cm before the cut cells on the right do."""
    left = shapely.Polygon([(-0.54, 9.1), (0.27, -4.55), (0.25, -4.55), (-20, 0)])
    low = shapely.Polygon([(0, 0), (0.27, -4.55), (20, -4), (20, 0)])
    high = shapely.Polygon([(-0.54, 9.1), (0, 0), (20, 0), (20, 9)])
    live = noded(shapes(left, low, high))
    assert (live[1:] == [low, high]).all()
    assert (0.0, 0.0) in live[0].exterior.coords
    assert shapely.coverage_is_valid(live)


def test_noding_around_a_cut_is_noding_of_everything():
    cells = four_cells()
    stored = after(cells, cut_by_line(cells, line((-10, 33), (150, 39)), points=HOUSES))
    at, found = renoded(stored, np.array([3, 4]))
    everything = noded(stored)
    everything_else = np.setdiff1d(np.arange(len(stored)), at)
    assert (shapely.to_wkb(found) == shapely.to_wkb(everything[at])).all()
    assert (everything[everything_else] == stored[everything_else]).all()


def test_a_line_outside_or_without_length_cuts_nothing():
    for drawn in (line((300, 0), (300, 200)), line((5, 5), (5, 5)), shapely.LineString()):
        assert cut_by_line(four_cells(), drawn) == ()


def test_a_line_along_a_border_cuts_nothing():
    wobbly = line(*((x, 100 + 0.15 * (-1) ** x) for x in range(0, 201, 8)))
    assert cut_by_line(four_cells(), wobbly) == ()


def test_what_is_cut_off_thin_or_small_stays_unless_a_house_stands_on_it():
    thin = line((-5, 98.5), (205, 98.5))
    corner = line((-1, 6), (6, -1))
    for drawn in (thin, corner):
        assert cut_by_line(four_cells(), drawn, points=HOUSES) == ()
    (cut,) = cut_by_line(four_cells(), corner, points=[*HOUSES, (1, 1)])
    assert cut.parent == A


def test_a_line_that_crosses_itself_makes_a_child_of_its_loop():
    loop = line((-5, 20), (60, 20), (60, 60), (30, 60), (30, -5))
    (cut,) = cut_by_line(four_cells(), loop)
    assert areas(cut.children) == [600, 1200, 8200]


def test_each_house_stays_on_its_side():
    (cut,) = cut_by_line(four_cells(), line((30, -5), (30, 99.99), (30, 120)), points=HOUSES)
    assert sides(cut.children, [(10, 5), (90, 5), (30, 50), (-0.005, 7)]).tolist() == [0, 1, 0, 0]


def test_a_polygon_tells_what_lies_in_it():
    carving = cut_by_polygon(four_cells(), shapely.box(-10, -10, 140, 110), points=HOUSES)
    assert carving.inside.tolist() == [A]
    assert [c.parent for c in carving.cuts] == [B, C, D]
    inner = [areas(c.children[i]) for c, i in zip(carving.cuts, carving.inner, strict=True)]
    assert inner == [[4000], [1000], [400]]


def test_a_bow_tie_is_carved_as_its_two_wings():
    bow = shapely.Polygon([(10, 10), (90, 90), (90, 10), (10, 90)])
    carving = cut_by_polygon(four_cells(), bow)
    (inner,), (cut,) = carving.inner, carving.cuts
    assert areas(cut.children[inner]) == [1600, 1600]


@pytest.mark.parametrize(
    "flat", [shapely.Polygon(), shapely.Polygon([(0, 0), (9, 9), (0, 0)])], ids=["empty", "line"]
)
def test_a_polygon_without_area_cuts_nothing(flat):
    with pytest.raises(CutsNothing):
        cut_by_polygon(four_cells(), flat)


def test_children_do_not_depend_on_how_the_line_was_drawn():
    there = cut_by_line(four_cells(), line((-10, 30), (210, 60)))
    back = cut_by_line(four_cells(), line((210, 60), (-10, 30)))
    for one, other in zip(there, back, strict=True):
        assert (shapely.to_wkb(one.children) == shapely.to_wkb(other.children)).all()


place = st.tuples(st.floats(-20, 220), st.floats(-20, 220))


@given(st.lists(st.lists(place, min_size=2, max_size=5), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_cut_after_cut_the_cells_stay_a_coverage_on_the_lattice(drawn):
    stored = four_cells()
    for path in drawn:
        stored = after(stored, cut_by_line(noded(stored), shapely.LineString(path)))
        live = noded(stored)
        assert check(live, whole=WHOLE).holds
        assert set(shapely.get_type_id(live)) == {3}
        assert (shapely.area(live) > 49).all()
        xy = shapely.get_coordinates(live)
        assert (xy == on_lattice(xy)).all()
        assert (shapely.to_wkb(rounded(live)) == shapely.to_wkb(live)).all()
