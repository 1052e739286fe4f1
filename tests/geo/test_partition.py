"""Proposals keep parts whole, locks, estates and numbers, and meet the band where it can be met."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.cell_graph import cell_graph
from geo.partition.problem import Band, MismatchedArrays, Problem, TooManyParts, Wish
from geo.partition.solve import propose
from geo.partition.warm import warm
from tests.small_cells import broken, scattered, squares


@settings(max_examples=40)
@given(st.integers(8, 60), st.integers(0, 10_000), st.integers(1, 8))
def test_parts_are_whole_and_as_many_as_wished(n: int, seed: int, parts: int) -> None:
    graph = scattered(n, seed)
    households = np.random.default_rng(seed).integers(0, 30, n)
    middle = households.sum() / parts
    problem = Problem.of(graph, households, Band(0.8 * middle, 1.2 * middle))
    labels = propose(problem, Wish(parts, steps=3_000), seed=seed)
    assert sorted(set(labels)) == list(range(parts))
    assert broken(graph, labels) == 0


@settings(max_examples=30)
@given(st.integers(0, 10_000))
@example(2784)  # names of parts crossed over locks
def test_what_is_held_stays_and_a_closed_part_takes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = scattered(50, seed)
    households = rng.integers(1, 30, 50)
    middle = households.sum() / 5
    first = Problem.of(graph, households, Band(0.8 * middle, 1.2 * middle))
    base = propose(first, Wish(5, steps=3_000), seed=seed)
    fixed = rng.random(50) < 0.15
    closed = np.arange(5) == int(rng.integers(5))
    changed = replace(
        first.rebased(base), households=rng.integers(1, 30, 50), fixed=fixed, closed=closed
    )
    labels = propose(changed, Wish(5, stability=float(seed % 2), steps=3_000), seed=seed)
    assert (labels[fixed] == base[fixed]).all()
    shut = int(np.flatnonzero(closed)[0])
    assert ((labels == shut) == (base == shut)).all()
    assert broken(graph, labels) == 0


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_estates_are_whole(seed: int) -> None:
    """Each pair of neighbouring columns in each row of a board of 8 by 6 is an estate."""
    graph = squares(8, 6)
    unit = np.arange(48) // 2
    problem = replace(Problem.of(graph, np.full(48, 10), Band(100, 140)), unit=unit)
    labels = propose(problem, Wish(4, steps=5_000), seed=seed)
    assert all(len(set(labels[unit == u])) == 1 for u in range(24))
    assert (np.bincount(labels) * 10 >= 100).all()


@pytest.mark.parametrize("seed", range(20))
def test_the_band_is_met_where_it_can_be(seed: int) -> None:
    graph = scattered(120, seed)
    households = np.random.default_rng(seed).integers(5, 40, 120)
    middle = households.sum() / 7
    problem = Problem.of(graph, households, Band(0.9 * middle, 1.1 * middle))
    labels = propose(problem, Wish(7), seed=seed)
    per_part = np.bincount(labels, households)
    assert ((per_part >= problem.band.low) & (per_part <= problem.band.high)).all()


def test_a_square_board_is_cut_into_squares() -> None:
    """8 by 8 squares into 4: the shortest border is the cross, 2 × 80 m."""
    graph = squares(8, 8)
    problem = Problem.of(graph, np.full(64, 5), Band(80, 80))
    labels = propose(problem, Wish(4), seed=3)
    assert graph.length[labels[graph.source] != labels[graph.neighbour]].sum() / 2 == 160


def test_the_same_seed_gives_the_same_division() -> None:
    graph = scattered(80, 1)
    problem = Problem.of(graph, np.full(80, 10), Band(150, 250))
    assert (propose(problem, Wish(4), seed=5) == propose(problem, Wish(4), seed=5)).all()


def test_a_border_along_a_river_is_better_than_a_shorter_one() -> None:
    """10 by 4 squares; a river between columns 3 and 4. Halves would be cut at column 5."""
    graph = squares(10, 4)
    problem = Problem.of(graph, np.full(40, 10), Band(150, 250))
    column = np.arange(40) % 10
    west, east = column[graph.source] < 4, column[graph.neighbour] < 4
    river = replace(problem, barrier=np.where(west != east, 3.0, 1.0), band=Band(140, 260))
    labels = propose(river, Wish(2, balance=0.1), seed=1)
    assert (labels == labels[0])[column < 4].all()
    assert not (labels == labels[0])[column >= 4].any()


def test_numbers_of_parts_follow_the_base() -> None:
    """4 by 4 squares in columns: no need, no change; one part more has a new number."""
    graph = squares(4, 4)
    base = np.arange(16) % 4
    problem = Problem.of(graph, np.full(16, 10), Band(40, 40), base=base)
    assert (propose(problem, Wish(4, stability=5.0), seed=1) == base).all()
    more = propose(replace(problem, band=Band(20, 40)), Wish(5, stability=5.0), seed=1)
    assert set(more) == {0, 1, 2, 3, 4}
    assert (more == base).sum() == 14


def test_a_new_part_is_made_between_locks() -> None:
    """A row of 9 squares, both ends and the middle locked to the one part there is."""
    fixed = np.isin(np.arange(9), (0, 4, 8))
    problem = Problem.of(squares(9, 2), np.full(18, 10), Band(30, 150), base=np.zeros(18, int))
    locked = replace(problem, fixed=np.append(fixed, fixed))
    labels = propose(locked, Wish(2, stability=0.1), seed=1)
    assert (labels[locked.fixed] == 0).all()
    assert (labels == 1).sum() >= 1
    assert broken(squares(9, 2), labels) == 0


def test_fewer_parts_drop_a_number() -> None:
    graph = squares(4, 4)
    base = np.arange(16) % 4
    problem = Problem.of(graph, np.full(16, 10), Band(40, 80), base=base)
    labels = propose(problem, Wish(3, stability=5.0), seed=1)
    assert len(set(labels)) == 3
    assert (labels == base).sum() == 12


def test_islands_get_parts_of_their_own_while_there_are_enough() -> None:
    """Two boards of 3 by 3 far apart."""
    x, y = (a.ravel() * 10.0 for a in np.meshgrid(np.arange(3), np.arange(3)))
    x, y = np.append(x, x + 1000), np.append(y, y)
    graph = cell_graph(shapely.box(x, y, x + 10, y + 10))
    problem = Problem.of(graph, np.full(18, 10), Band(40, 50))
    labels = propose(problem, Wish(4), seed=1)
    assert len(set(labels)) == 4
    assert broken(graph, labels) == 0
    assert set(propose(problem, Wish(1), seed=1)) == {0}


def test_what_cannot_be_is_refused() -> None:
    graph = squares(2, 2)
    problem = Problem.of(graph, np.full(4, 10), Band(10, 20))
    with pytest.raises(TooManyParts) as refused:
        propose(problem, Wish(5), seed=1)
    assert (refused.value.wanted, refused.value.most) == (5, 4)
    with pytest.raises(TooManyParts):
        propose(problem, Wish(0), seed=1)
    with pytest.raises(MismatchedArrays):
        replace(problem, fixed=np.zeros(3, bool))


def test_a_refusal_passes_through_a_context() -> None:
    """A frozen dataclass would not: leaving a ``with`` sets the traceback."""

    @contextmanager
    def inside() -> Iterator[None]:
        yield

    for refusal in (TooManyParts(5, 4), MismatchedArrays("fixed", 3, 4)):
        with pytest.raises(type(refusal)), inside():
            raise refusal


def test_empty_blocks_and_hardly_any_cells_are_no_trouble() -> None:
    """No household at all; one cell; no cell; and an empty island, which gets no part."""
    nobody = Problem.of(squares(3, 3), np.zeros(9, int), Band(10, 20))
    assert len(set(propose(nobody, Wish(3), seed=1))) == 3
    one = Problem.of(squares(1, 1), np.array([5]), Band(10, 20))
    assert propose(one, Wish(1, stability=1.0), seed=2**40).tolist() == [0]
    none = Problem.of(cell_graph(np.array([], object)), np.zeros(0, int), Band(10, 20))
    assert len(propose(none, Wish(1), seed=1)) == 0
    x = np.array([0, 10, 20, 30, 500])
    far = cell_graph(shapely.box(x, 0, x + 10, 10))
    labels = propose(Problem.of(far, np.array([9, 9, 9, 9, 0]), Band(10, 20)), Wish(2), seed=1)
    assert sorted(np.bincount(labels[:4]).tolist()) == [2, 2]


def test_warming_up_leaves_nothing_to_compile() -> None:
    warm()
