import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.locate import owners

RING = shapely.Polygon(
    [(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (3, 1), (3, 3), (1, 3)]]
)  # a square with a square hole
PLUG = shapely.box(1, 1, 3, 3)
PAIR = shapely.MultiPolygon([shapely.box(10, 0, 11, 1), shapely.box(12, 0, 13, 1)])


def squares(n: int) -> list[shapely.Polygon]:
    return [shapely.box(x, y, x + 1, y + 1) for y in range(n) for x in range(n)]


def brute(points, polygons):
    """The rule in words: inside first, else the first polygon that the point touches."""
    found = []
    for x, y in points:
        point = shapely.Point(x, y)
        inside = [i for i, p in enumerate(polygons) if p.contains(point)]
        touched = [i for i, p in enumerate(polygons) if p.intersects(point)]
        found.append((inside or touched or [-1])[0])
    return found


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.integers(-1, 5), st.floats(-1, 5)),
            st.one_of(st.integers(-1, 5), st.floats(-1, 5)),
        ),
        max_size=40,
    )
)
def test_each_point_has_the_owner_that_the_rule_names(points):
    assert owners(points, squares(4)).tolist() == brute(points, squares(4))


def test_a_point_on_a_shared_border_belongs_to_the_lowest_of_its_neighbours():
    assert owners([(1, 0.5), (1, 1), (2, 1.5)], squares(2)).tolist() == [0, 0, 3]


def test_the_rim_of_a_hole_belongs_to_the_first_that_touches_it():
    rim = [(1, 2), (2, 1), (3, 3)]
    assert owners(rim, [RING, PLUG]).tolist() == [0, 0, 0]
    assert owners(rim, [PLUG, RING]).tolist() == [0, 0, 0]


def test_a_hole_belongs_to_what_fills_it():
    assert owners([(2, 2), (0.5, 2)], [RING, PLUG]).tolist() == [1, 0]
    assert owners([(2, 2)], [RING]).tolist() == [-1]


def test_every_part_of_a_multipolygon_owns_its_points():
    assert owners([(10.5, 0.5), (12.5, 0.5), (11.5, 0.5)], [PAIR]).tolist() == [0, 0, -1]


def test_the_first_of_overlapping_polygons_owns_and_inside_goes_before_the_rim():
    lower, upper = shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)
    assert owners([(1.5, 1.5)], [lower, upper]).tolist() == [0]
    assert owners([(2, 1.5)], [lower, upper]).tolist() == [1]


def test_points_that_are_no_place_have_no_owner():
    points = [(np.nan, 0.5), (0.5, np.inf), (0.5, 0.5)]
    assert owners(points, squares(1)).tolist() == [-1, -1, 0]


@pytest.mark.parametrize(
    ("polygons", "owner"),
    [([], -1), ([shapely.Polygon()], -1), ([shapely.Polygon(), RING], 1)],
)
@pytest.mark.parametrize("repeated", [1, 30_000])
def test_empty_polygons_own_nothing(polygons, owner, repeated):
    assert set(owners([(0.5, 0.5)] * repeated, polygons).tolist()) == {owner}


def voronoi(seed: int, n: int = 60) -> np.ndarray:
    rng = np.random.default_rng(seed)
    cells = shapely.voronoi_polygons(
        shapely.multipoints(rng.uniform(0, 10, (n, 2))), extend_to=shapely.box(0, 0, 10, 10)
    )
    return shapely.intersection(shapely.get_parts(cells), shapely.box(0, 0, 10, 10))


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
def test_many_points_have_the_same_owners_as_one_by_one(seed):
    polygons = voronoi(seed)
    rng = np.random.default_rng(seed)
    points = rng.uniform(-1, 11, (30_000, 2))
    corners = shapely.get_coordinates(polygons)
    points[: len(corners)] = corners
    points[-1] = np.nan, 3
    whole = owners(points, polygons)
    parts = np.concatenate([owners(part, polygons) for part in np.array_split(points, 3)])
    assert (whole == parts).all()
    assert (whole[: len(corners)] >= 0).all()


def test_many_points_find_rings_plugs_and_parts():
    polygons = [RING, PLUG, PAIR]
    points = np.random.default_rng(3).uniform(-1, 14, (25_000, 2))
    expected = np.full(len(points), -1)
    for i, polygon in reversed(list(enumerate(polygons))):
        expected[shapely.contains_xy(polygon, points)] = i
    assert (owners(points, polygons) == expected).all()
