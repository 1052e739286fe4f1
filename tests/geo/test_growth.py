"""Dividing atoms into connected parts of wanted sizes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geo.growth import Neighbours, absorbed, grow, spaced


def board(width: int, height: int) -> tuple[np.ndarray, Neighbours]:
    """Squares of a board, each touching the four beside it."""
    x, y = (a.ravel() for a in np.meshgrid(np.arange(width), np.arange(height)))
    index = np.arange(width * height).reshape(height, width)
    pairs = np.concatenate([
        np.column_stack([index[:, :-1].ravel(), index[:, 1:].ravel()]),
        np.column_stack([index[:-1].ravel(), index[1:].ravel()]),
    ])  # fmt: skip
    return np.column_stack([x, y]).astype(float), Neighbours(len(x), pairs, np.ones(len(pairs)))


def parts(links: Neighbours, labels: np.ndarray) -> int:
    inside = links.within(labels)
    ones = np.ones(len(inside.pairs))
    graph = coo_matrix((ones, (inside.pairs[:, 0], inside.pairs[:, 1])), shape=(links.n, links.n))
    return int(connected_components(graph, directed=False)[0])


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 8), st.integers(0, 1_000))
def test_parts_are_connected_and_leave_nothing_out(k: int, seed: int) -> None:
    points, links = board(14, 11)
    start = np.full(links.n, -1)
    start[spaced(points, np.ones(links.n), k, np.random.default_rng(seed))] = np.arange(k)
    labels = grow(links, start, np.full(k, links.n / k), np.ones(links.n))
    assert set(labels) == set(range(k))
    assert parts(links, labels) == k


def test_parts_reach_about_their_targets() -> None:
    points, links = board(40, 40)
    start = np.full(links.n, -1)
    start[spaced(points, np.ones(links.n), 4, np.random.default_rng(1))] = np.arange(4)
    targets = np.array([200.0, 300, 500, 600])
    size = np.bincount(grow(links, start, targets, np.ones(links.n)), minlength=4)
    assert np.abs(size / targets - 1).max() < 0.25


def test_a_costly_border_is_not_crossed() -> None:
    points, links = board(20, 6)
    river = (points[links.pairs[:, 0], 0] == 11) & (points[links.pairs[:, 1], 0] == 12)
    dear = Neighbours(links.n, links.pairs, np.where(river, 20.0, 1.0))
    start = np.full(links.n, -1)
    start[[2, 18]] = [0, 1]
    labels = grow(dear, start, np.array([72.0, 48]), np.ones(links.n))
    assert (labels == (points[:, 0] > 11)).all()


def test_atoms_out_of_reach_are_absorbed_by_a_neighbour() -> None:
    _, links = board(5, 1)
    labels = absorbed(np.array([-1, -1, 3, -1, -1]), links.pairs)
    assert (labels == 3).all()
    assert (absorbed(np.full(5, -1), links.pairs) == -1).all()


def test_spaced_points_are_different() -> None:
    points, links = board(4, 3)
    rows = spaced(points, np.ones(links.n), 12, np.random.default_rng(0))
    assert sorted(rows) == list(range(12))
