import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.cluster import DEEPEST, clusters
from geo.tiles import tile_xy

point = st.tuples(st.floats(104.0, 105.0), st.floats(29.0, 30.0), st.booleans(), st.integers(1, 4))
many = st.lists(point, min_size=1, max_size=60)


def clustered(points, zoom):
    lon, lat, overdue, severity = (np.array(column) for column in zip(*points, strict=True))
    return clusters(lon, lat, zoom=zoom, overdue=overdue.astype(bool), severity=severity)


def by_hand(points, zoom):
    """Cell of 64 pixels by pixel arithmetic, then counted one by one."""
    cells: dict[tuple[int, int], list[tuple[float, float, bool, int]]] = {}
    for lon, lat, overdue, severity in points:
        x, y = tile_xy([lon], [lat], zoom + 2)
        cells.setdefault((int(x[0]), int(y[0])), []).append((lon, lat, overdue, severity))
    return [
        (len(held), sum(p[2] for p in held), max(p[3] for p in held))
        for _, held in sorted(cells.items())
    ]


@given(many, st.integers(0, 20))
def test_cells_count_their_points_the_overdue_ones_and_the_gravest(points, zoom):
    found = clustered(points, zoom)
    rows = list(
        zip(found.count.tolist(), found.overdue.tolist(), found.severity.tolist(), strict=True)
    )
    assert rows == by_hand(points, zoom)


@given(many, st.integers(0, 20))
def test_the_centroid_is_the_mean_of_points_of_one_cell(points, zoom):
    found = clustered(points, zoom)
    cells: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for lon, lat, *_ in points:
        x, y = tile_xy([lon], [lat], zoom + 2)
        cells.setdefault((int(x[0]), int(y[0])), []).append((lon, lat))
    means = [np.mean(held, axis=0) for _, held in sorted(cells.items())]
    assert np.allclose(np.column_stack([found.lon, found.lat]), means, rtol=0, atol=1e-9)


@given(many, st.integers(0, 18), st.randoms())
def test_the_order_of_points_does_not_matter(points, zoom, random):
    shuffled = list(points)
    random.shuffle(shuffled)
    a, b = clustered(points, zoom), clustered(shuffled, zoom)
    assert a.count.tolist() == b.count.tolist()
    assert np.allclose(a.lon, b.lon, rtol=0, atol=1e-9)
    assert np.allclose(a.lat, b.lat, rtol=0, atol=1e-9)


@given(many, st.integers(0, 18))
def test_known_tiles_give_the_same_clusters(points, zoom):
    lon, lat, overdue, severity = (np.array(column) for column in zip(*points, strict=True))
    facts = {"zoom": zoom, "overdue": overdue.astype(bool), "severity": severity}
    plain = clusters(lon, lat, **facts)
    given_tiles = clusters(lon, lat, tiles=tile_xy(lon, lat, DEEPEST), **facts)
    assert (plain.count == given_tiles.count).all()
    assert (plain.lon == given_tiles.lon).all()


def test_no_points_give_no_clusters():
    none = np.zeros(0)
    assert (
        len(clusters(none, none, zoom=5, overdue=none.astype(bool), severity=none.astype(int))) == 0
    )
