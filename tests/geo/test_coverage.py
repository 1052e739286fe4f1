import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage import check, clean, dissolve, overlaps, polygonal


def shapes(*found):
    return np.array(found, object)


def four_squares():
    """c d
    a b, each 100 m wide."""
    return shapes(*(shapely.box(x, y, x + 100, y + 100) for y in (0, 100) for x in (0, 100)))


def test_a_sound_coverage_is_left_alone():
    squares = four_squares()
    cleaned, repair = clean(squares)
    assert cleaned is squares
    assert not repair.needed
    assert check(squares).holds


def test_overlap_and_gap_are_repaired_and_counted():
    dirty = four_squares()
    dirty[1] = shapely.box(90, 0, 200, 100)
    dirty[2] = shapely.difference(dirty[2], shapely.box(40, 100, 60, 101))
    cleaned, repair = clean(dirty)
    assert check(cleaned).holds
    assert (repair.overlaps, repair.overlap_area) == (1, pytest.approx(1000))
    assert (repair.gaps, repair.gap_area) == (1, pytest.approx(20))
    assert repair.moved == pytest.approx(1020, rel=0.02)
    assert repair.largest == pytest.approx(1000, rel=0.02)
    assert shapely.area(cleaned).sum() == pytest.approx(40000)


def test_wide_gaps_stay_open():
    apart = shapes(shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10))
    cleaned, repair = clean(apart)
    assert not repair.needed
    assert shapely.area(cleaned).sum() == 200


def test_a_polygon_under_another_is_named():
    _, repair = clean(shapes(shapely.box(0, 0, 100, 100), shapely.box(0, 0, 100, 100)))
    assert len(repair.emptied) == 1


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_noise_of_half_a_metre_is_cleaned_to_a_coverage(seed):
    noise = np.random.default_rng(seed)

    def shaken(square):
        ring = shapely.get_coordinates(square)[:-1]
        return shapely.Polygon(ring + noise.uniform(-0.4, 0.4, ring.shape))

    dirty = np.array([shaken(square) for square in four_squares()], object)
    dirty, _ = polygonal(dirty)
    cleaned, repair = clean(dirty)
    assert overlaps(cleaned)[1].size == 0
    assert shapely.coverage_is_valid(cleaned)
    assert repair.moved < 0.05 * 40000


@pytest.mark.parametrize(
    "edit",
    [
        lambda s: shapes(shapely.box(0, 0, 104, 100), *s[1:]),
        lambda s: shapes(shapely.Polygon([(0, 0), (100, 0), (99.9, 50), (100, 99)]), *s[1:]),
        lambda s: s[1:],
        lambda s: shapes(shapely.difference(s[0], shapely.box(40, 40, 60, 60)), *s[1:]),
    ],
    ids=["overlap", "sliver", "missing", "hole"],
)  # fmt: skip
def test_each_fault_breaks_the_invariant(edit):
    whole = shapely.box(0, 0, 200, 200)
    assert check(four_squares(), whole=whole).holds
    assert not check(edit(four_squares()), whole=whole).holds


def test_a_sharp_inward_corner_of_the_outline_is_no_gap_but_a_cleft_is():
    """Two halves meet at the tip of a notch 20 cm wide at its mouth."""
    left = shapely.Polygon([(0, 0), (50, 0), (50, 80), (49.9, 100), (0, 100)])
    right = shapely.Polygon([(50, 0), (100, 0), (100, 100), (50.1, 100), (50, 80)])
    halves = shapes(left, right)
    assert check(halves, whole=shapely.union_all(halves)).holds
    assert not check(halves, whole=shapely.box(0, 0, 100, 100)).no_small_gaps


def test_self_crossing_polygons_become_polygons_and_lines_vanish():
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    flat = shapely.Polygon([(0, 0), (10, 0), (5, 0)])
    fixed, broken = polygonal(shapes(bow, flat, shapely.box(0, 0, 1, 1), None))
    assert shapely.area(fixed[0]) == pytest.approx(50)
    assert fixed[1] is None
    assert fixed[3] is None
    assert list(broken) == [True, True, False, False]


def test_dissolving_unmatched_edges_still_gives_the_union():
    halves = shapes(shapely.box(0, 0, 1, 2), shapely.box(0.5, 0, 2, 2))
    assert shapely.area(dissolve(halves)) == pytest.approx(4)
