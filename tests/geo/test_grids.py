"""Grids on a map of nine cells, each 100 m wide, a house in the middle of each:

300 +---+---+---+
    | 6   7 | 8 |      grid 0: 0 1 3 4
200 +---+---+   +      grid 1: 2 5 8
    | 3   4 | 5 |      grid 2: 6 7
100 +       +   +
    | 0   1 | 2 |
  0 +---+---+---+
    0  100 200 300
"""

import numpy as np
import pytest
import shapely

from geo.audit import Kind, audit
from geo.cell_graph import cell_graph
from geo.coverage import check
from geo.cutting import CutsNothing
from geo.grids import carve, display, merge, move_border, part_shapes, split_cells
from geo.picking import across, anchors, under, within

WHOLE = shapely.box(0, 0, 300, 300)
LABELS = np.array([0, 0, 1, 0, 0, 1, 2, 2, 1])
HOUSES = np.array([(x, y) for y in (50, 150, 250) for x in (50, 150, 250)], float)


def nine_cells():
    return np.array(
        [shapely.box(x, y, x + 100, y + 100) for y in (0, 100, 200) for x in (0, 100, 200)], object
    )


def line(*xy):
    return shapely.LineString(xy)


def applied(cells, labels, redraw):
    """Cells and labels after an edit, as stored."""
    labels = labels.copy()
    for cell, label in redraw.moves.items():
        labels[cell] = label
    keep = np.ones(len(cells), bool)
    keep[[c.parent for c in redraw.cuts]] = False
    return (
        np.concatenate([cells[keep], *(c.children for c in redraw.cuts)]),
        np.concatenate([labels[keep], *redraw.labels]).astype(np.int64),
    )


def areas_after(redraw, labels=LABELS):
    cells, labels = applied(nine_cells(), labels, redraw)
    return np.round(np.bincount(labels, shapely.area(cells))).tolist()


def kinds(cells, labels=LABELS, whole=WHOLE):
    return [fault.kind for fault in audit(cells, labels, whole)]


def test_a_grid_is_the_union_of_its_cells():
    parts = part_shapes(nine_cells(), LABELS, 4)
    assert shapely.equals(parts[0], shapely.box(0, 0, 200, 200))
    assert parts[3].is_empty
    assert check(parts[:3], whole=WHOLE).holds


def test_a_line_splits_a_grid_and_the_smaller_piece_is_new():
    redraw = split_cells(nine_cells(), LABELS, 0, line((70, -10), (70, 210)), points=HOUSES)
    assert [c.parent for c in redraw.cuts] == [0, 3]
    assert areas_after(redraw) == [26000, 30000, 20000, 14000]


def test_a_split_stays_inside_its_grid():
    redraw = split_cells(nine_cells(), LABELS, 0, line((-90, 70), (390, 70)), points=HOUSES)
    assert [c.parent for c in redraw.cuts] == [0, 1]


def test_a_split_along_cells_moves_them_without_cutting():
    redraw = split_cells(nine_cells(), LABELS, 0, line((-5, 100.1), (205, 99.9)), points=HOUSES)
    assert redraw.cuts == ()
    assert redraw.moves == {3: 3, 4: 3}


def test_a_cell_that_a_line_shaves_goes_whole_to_the_side_of_most_of_it():
    redraw = split_cells(nine_cells(), LABELS, 0, line((-5, 98.5), (205, 98.5)), points=HOUSES)
    assert redraw.cuts == ()
    assert sorted(redraw.moves) == [3, 4]


def test_a_line_that_does_not_pass_through_splits_nothing():
    with pytest.raises(CutsNothing) as refused:
        split_cells(nine_cells(), LABELS, 0, line((-10, 50), (150, 50)), points=HOUSES)
    assert refused.value.touched == 2
    with pytest.raises(CutsNothing) as refused:
        split_cells(nine_cells(), LABELS, 0, line((250, 0), (250, 300)), points=HOUSES)
    assert refused.value.touched == 0


def test_a_wave_through_a_border_makes_a_grid_of_every_piece():
    wave = line((-10, 50), (40, 50), (40, -50), (90, -50), (90, 50), (150, 50), (150, -10))
    redraw = split_cells(nine_cells(), LABELS, 0, wave)
    assert areas_after(redraw) == [35000, 30000, 20000, 3000, 2000]


def test_merging_gives_all_cells_to_the_grid_that_stays():
    assert areas_after(merge(LABELS, 1, 2)) == [40000, 50000]


def test_a_border_is_drawn_anew_across_two_grids():
    redraw = move_border(nine_cells(), LABELS, 0, 2, line((-5, 230), (205, 230)), points=HOUSES)
    assert areas_after(redraw) == [46000, 30000, 14000]
    upward = move_border(nine_cells(), LABELS, 0, 2, line((100, -5), (100, 305)), points=HOUSES)
    assert sorted(areas_after(upward)) == [30000, 30000, 30000]


def test_a_border_drawn_where_it_is_changes_nothing():
    with pytest.raises(CutsNothing):
        move_border(nine_cells(), LABELS, 0, 2, line((-5, 200), (205, 200)), points=HOUSES)


def test_a_carved_polygon_becomes_a_grid_and_touches_no_other_cell():
    redraw = carve(nine_cells(), LABELS, shapely.box(-10, -10, 110, 60), 3, points=HOUSES)
    assert [c.parent for c in redraw.cuts] == [0, 1]
    assert areas_after(redraw) == [33400, 30000, 20000, 6600]


def test_carving_into_a_grid_cuts_none_of_its_own_cells():
    redraw = carve(nine_cells(), LABELS, shapely.box(150, 50, 350, 260), 1, points=HOUSES)
    assert {c.parent for c in redraw.cuts} == {1, 4, 7}
    with pytest.raises(CutsNothing):
        carve(nine_cells(), LABELS, shapely.box(210, 10, 290, 60), 1, points=HOUSES)


def test_a_drag_moves_the_cells_under_it_that_hang_together_with_the_taker():
    cells = nine_cells()
    graph = cell_graph(cells)
    drag = line((250, 50), (150, 60), (150, 140))
    assert across(cells, graph, LABELS, 0, 1, drag).tolist() == [1, 4]
    assert across(cells, graph, LABELS, 0, 1, line((20, 20), (60, 60))).tolist() == []
    assert across(cells, graph, LABELS, 2, 0, line((150, 190), (150, 250))).tolist() == [7]


def test_a_lasso_holds_houses_and_a_brush_touches_land():
    cells, of_point = nine_cells(), np.array([0, 1, 4, -1])
    places = anchors(cells, [(10, 10), (190, 50), (150, 150), (9, 9)], of_point)
    assert places[[0, 1]].tolist() == [[10, 10], [190, 50]]
    assert shapely.contains_xy(cells[8], *places[8])
    assert within(places, shapely.box(0, 0, 150, 160)).tolist() == [0, 3, 4]
    assert under(cells, line((50, 50), (90, 50)), 9.0).tolist() == [0]
    assert under(cells, line((50, 50), (90, 50)), 11.0).tolist() == [0, 1]
    assert under(cells, shapely.LineString(), 11.0).tolist() == []


def test_a_lasso_that_crosses_itself_holds_what_it_winds_around_an_odd_number_of_times():
    """Two loops of an eight, a square wound around twice, and a scribble against its polygon."""
    places = np.array([(50.0, 20), (50, 80), (20, 50), (100, 100)])
    eight = shapely.Polygon([(0, 0), (100, 100), (0, 100), (100, 0)])
    assert within(places, eight).tolist() == [0, 1, 3]
    twice = shapely.Polygon([(0, 0), (90, 0), (90, 90), (0, 90)] * 2)
    assert within(places, twice).tolist() == []
    rng = np.random.default_rng(4)
    scribble = shapely.Polygon(rng.uniform(0, 100, (40, 2)))
    spots = rng.uniform(0, 100, (500, 2))
    expected = shapely.contains_xy(shapely.make_valid(scribble), spots)
    assert within(spots, scribble).tolist() == np.flatnonzero(expected).tolist()


def test_borders_are_smoothed_for_the_eye_but_never_past_a_house():
    teeth = [(100 + 4 * (-1) ** i, y) for i, y in enumerate(range(0, 101, 5))]
    left = shapely.Polygon([*teeth, (0, 100), (0, 0)])
    parts = np.array([left, shapely.box(0, 0, 200, 100).difference(left)], object)
    smooth = display(parts, [(50, 50)], home=[0])
    assert shapely.get_num_coordinates(smooth).sum() < shapely.get_num_coordinates(parts).sum() / 3
    assert check(smooth, whole=shapely.box(0, 0, 200, 100)).holds
    wary = [(103.5, 50), (96.5, 55)]
    kept = display(parts, wary, home=[0, 1])
    assert shapely.contains_xy(kept[[0, 1]], *np.transpose(wary)).all()


def test_the_audit_passes_a_sound_map():
    assert audit(nine_cells(), LABELS, WHOLE) == []


def test_the_audit_names_pieces_and_holes_with_their_place():
    labels = LABELS.copy()
    labels[0] = 1
    (fault,) = audit(nine_cells(), labels, WHOLE)
    assert (fault.kind, fault.parts, fault.size) == (Kind.PIECES, (1,), 10000)
    assert shapely.contains(nine_cells()[0], fault.place)
    ring = np.array([0, 0, 0, 0, 1, 0, 0, 0, 0])
    (fault,) = audit(nine_cells(), ring, WHOLE)
    assert (fault.kind, fault.parts) == (Kind.HOLE, (0,))
    assert shapely.contains(nine_cells()[4], fault.place)


@pytest.mark.parametrize(
    ("cell", "shape", "kind"),
    [
        (4, shapely.box(100, 100, 200, 196), Kind.GAP),
        (4, shapely.box(100, 100, 200, 199.8), Kind.GAP),
        (4, shapely.box(100, 100, 205, 200), Kind.OVERLAP),
        (8, shapely.box(200, 200, 306, 300), Kind.OUTSIDE),
        (8, shapely.box(200, 200, 290, 300), Kind.GAP),
    ],
    ids=["gap", "narrow gap", "overlap", "outside", "missing at the rim"],
)
def test_the_audit_finds_each_fault_where_it_is(cell, shape, kind):
    cells = nine_cells()
    cells[cell] = shape
    fault = next(f for f in audit(cells, LABELS, WHOLE) if f.kind == kind)
    near = shapely.symmetric_difference(shape, nine_cells()[cell]).buffer(1)
    assert shapely.contains(near, fault.place)


def test_the_audit_sees_a_hole_between_cells_of_one_grid():
    cells = nine_cells()
    cells[4] = cells[4].difference(shapely.box(140, 140, 160, 160))
    assert kinds(cells) == [Kind.HOLE, Kind.GAP]


def test_an_enclave_of_other_land_is_no_hole():
    pond = shapely.box(120, 120, 180, 180)
    cells = nine_cells()
    cells[4] = cells[4].difference(pond)
    assert kinds(cells, whole=WHOLE.difference(pond)) == []
