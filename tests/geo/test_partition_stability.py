"""Who moves: names follow the old parts, and the least possible is never more than what is done."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.partition.problem import Band, Problem, Wish
from geo.partition.search import groups_away, setting, value
from geo.partition.solve import propose
from geo.partition.stability import moved, moved_bound, moved_flow, renamed
from tests.small_cells import broken, scattered, squares


@given(st.integers(0, 10_000))
def test_shuffled_names_come_back(seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = rng.permutation(np.repeat(np.arange(6), 5))
    shuffled = rng.permutation(6)[base]
    households = rng.integers(1, 40, 30)
    assert (renamed(households, base, shuffled, np.zeros(6, bool)) == base).all()


def test_a_part_of_new_cells_gets_a_new_name_and_most_households_keep_theirs() -> None:
    """Base 0 0 0 1 1 and two cells of no part; drawn as A A B B B C C."""
    base = np.array([0, 0, 0, 1, 1, -1, -1])
    drawn = np.array([7, 7, 5, 5, 5, 2, 2])
    names = renamed(np.full(7, 10), base, drawn, np.zeros(2, bool))
    assert names.tolist() == [0, 0, 1, 1, 1, 2, 2]
    assert moved(np.full(7, 10), base, names) == 10


def test_a_part_that_holds_a_cell_keeps_its_name_before_any_household_does() -> None:
    """Base 0 0 1 1; drawn A B A A. Most of A was in 1, but one cell of it is held in 0."""
    base, drawn = np.array([0, 0, 1, 1]), np.array([4, 3, 4, 4])
    held = np.array([True, False, False, False])
    open_, shut = np.zeros(2, bool), np.array([True, False])
    assert renamed(np.full(4, 10), base, drawn, open_).tolist() == [1, 0, 1, 1]
    assert renamed(np.full(4, 10), base, drawn, open_, held=held).tolist()[0] == 0
    closed = np.array([4, 4, 3, 4])
    assert renamed(np.full(4, 10), base, closed, shut).tolist()[:2] == [0, 0]


def test_the_bound_counts_what_is_too_much_or_too_little() -> None:
    """Parts of 50, 20 and 30 households, band 25 to 40: 10 must leave, 5 must come."""
    problem = Problem.of(
        squares(3, 1), np.array([50, 20, 30]), Band(25, 40), base=np.array([0, 1, 2])
    )
    assert moved_bound(problem) == 10
    assert moved_bound(problem, parts=4) == 30
    assert moved_bound(problem, parts=2) == 20
    assert moved_bound(replace(problem, closed=np.array([True, False, False]))) == 5


def test_the_flow_goes_from_neighbour_to_neighbour() -> None:
    """A row of parts with 60, 40, 20 households, band 35 to 45: 15 over each border."""
    problem = Problem.of(
        squares(3, 1), np.array([60, 40, 20]), Band(35, 45), base=np.array([0, 1, 2])
    )
    assert moved_bound(problem) == 15
    assert moved_flow(problem) == 30


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_no_division_in_the_band_moves_less_than_the_bound(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = scattered(60, seed)
    first = Problem.of(graph, rng.integers(1, 20, 60), Band(80, 140))
    base = propose(first, Wish(6, steps=3_000), seed=seed)
    households = rng.integers(1, 20, 60)
    middle = households.sum() / 6
    problem = replace(
        first.rebased(base), households=households, band=Band(0.85 * middle, 1.15 * middle)
    )
    labels = propose(problem, Wish(6, stability=3.0, steps=6_000), seed=seed)
    per_part = np.bincount(labels, households, minlength=6)
    if ((per_part >= problem.band.low) & (per_part <= problem.band.high)).all():
        assert moved(households, base, labels) >= moved_bound(problem)
    assert moved_bound(problem) <= moved_flow(problem)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_no_group_is_away_for_nothing(seed: int) -> None:
    """Sending any one group of touching cells back to its part breaks something or costs more."""
    rng = np.random.default_rng(seed)
    graph = scattered(80, seed)
    first = Problem.of(graph, rng.integers(1, 20, 80), Band(110, 160))
    base = propose(first, Wish(6, steps=3_000), seed=seed)
    problem = replace(first.rebased(base), households=rng.integers(1, 20, 80))
    wish = Wish(6, stability=1.0, steps=2_000)
    labels = propose(problem, wish, seed=seed)
    case = setting(problem, wish)
    now = value(case, case.nodes.net, labels)
    for group in groups_away(case.nodes.net, labels):
        back = labels.copy()
        back[group] = base[group]
        if broken(graph, back) == 0 and len(set(back)) == 6:
            assert value(case, case.nodes.net, back) >= (now[0], now[1] - 1e-6)


def test_what_nobody_needs_to_move_stays() -> None:
    """Base parts within the band, however crooked, stay when households staying are worth more."""
    base = np.array([[0, 0, 1, 1], [0, 1, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]).ravel()
    problem = Problem.of(squares(4, 4), np.full(16, 10), Band(40, 120), base=base)
    assert (propose(problem, Wish(2, stability=50.0), seed=1) == base).all()


def test_more_stability_moves_fewer() -> None:
    rng = np.random.default_rng(5)
    graph = scattered(200, 5)
    first = Problem.of(graph, rng.integers(1, 20, 200), Band(180, 240))
    base = propose(first, Wish(10), seed=1)
    problem = replace(first.rebased(base), households=rng.integers(1, 20, 200))
    counts = [
        moved(problem.households, base, propose(problem, Wish(10, stability=beta), seed=2))
        for beta in (0.0, 0.3, 3.0)
    ]
    assert counts[0] > counts[1] > counts[2]
