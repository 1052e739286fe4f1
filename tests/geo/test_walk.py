import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.walk import walk

places = st.lists(
    st.tuples(st.integers(-500, 500), st.integers(-500, 500), st.integers(0, 90)),
    min_size=1, max_size=25,
)  # fmt: skip


def test_the_corners_of_a_square_meet_in_its_middle():
    found = walk(np.array([(0.0, 0), (0, 2), (2, 0), (2, 2)]), np.full(4, 30.0))
    assert found.middle == pytest.approx((1, 1))
    assert (found.mean, found.longest) == pytest.approx((2**0.5, 2**0.5))


def test_the_middle_is_where_most_live():
    found = walk(np.array([(0.0, 0), (100, 0), (0, 100)]), np.array([90.0, 10, 10]))
    assert found.middle == pytest.approx((0, 0), abs=0.05)
    assert found.mean == pytest.approx(2000 / 110, abs=0.1)
    assert found.longest == pytest.approx(100, abs=0.05)


def test_the_middle_is_exact_where_a_building_only_just_outweighs_the_others():
    points = np.array([(0.0, 0), (100, 0), (0, 100)])
    assert walk(points, np.array([70.8, 50, 50])).middle == (0, 0)


def test_empty_buildings_count_only_where_all_are_empty():
    points = np.array([(0.0, 0), (0, 10), (500, 0)])
    assert walk(points, np.array([5.0, 5, 0])).longest < 11
    assert walk(points, np.zeros(3)).farthest == (500, 0)


@given(places, st.floats(-30, 30), st.floats(-30, 30))
def test_from_no_other_point_is_the_mean_walk_shorter(rows, east, north):
    points = np.array([(x, y) for x, y, _ in rows], float)
    weights = np.array([w for _, _, w in rows], float)
    found = walk(points, weights)
    share = weights / weights.sum() if weights.any() else np.full(len(rows), 1 / len(rows))
    other = np.add(found.middle, (east, north))
    assert found.mean <= share @ np.hypot(*(points - other).T) + 0.02
    assert found.longest >= found.mean - 1e-9
