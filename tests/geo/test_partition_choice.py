"""Scores, alternatives, one part mended, areas nested in a part, and reasons for what fails."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.cell_graph import cell_graph
from geo.partition.alternatives import alternatives, efficient
from geo.partition.causes import causes, divisible
from geo.partition.local import fix_part, nest
from geo.partition.problem import Band, Problem, Wish
from geo.partition.score import score
from geo.partition.solve import propose
from tests.small_cells import broken, scattered, squares


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_the_score_is_what_counting_by_hand_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = scattered(30, seed)
    labels, base = rng.integers(0, 4, 30), rng.integers(-1, 4, 30)
    labels[:4] = np.arange(4)
    problem = replace(
        Problem.of(graph, rng.integers(0, 30, 30), Band(80, 130), base=base),
        unit=rng.integers(0, 20, 30),
        closed=np.zeros(4, bool),
    )
    river = {(a, b) for a in range(30) for b in range(30) if (a * b) % 5 == 1}
    sides = list(zip(graph.source.tolist(), graph.neighbour.tolist(), graph.length, strict=True))
    problem = replace(
        problem, barrier=np.array([3.0 if (a, b) in river else 1.0 for a, b, _ in sides])
    )
    found = score(problem, labels)
    parts = [np.flatnonzero(labels == p) for p in range(4)]
    sums = [sum(problem.households[part]) for part in parts]
    mean = sum(sums) / 4
    once = [(a, b, m) for a, b, m in sides if a < b]
    assert found.in_band == sum(80 <= s <= 130 for s in sums) / 4
    assert found.deviation == pytest.approx(max(abs(s / mean - 1) for s in sums))
    assert found.border == pytest.approx(sum(m for a, b, m in once if labels[a] != labels[b]))
    assert found.cut_sides == sum(labels[a] != labels[b] for a, b, _ in once)
    assert found.barriers_cut == sum(labels[a] == labels[b] and (a, b) in river for a, b, _ in once)
    went = [c for c in range(30) if base[c] != labels[c]]
    assert found.moved == sum(problem.households[c] for c in went if base[c] >= 0)
    busy = [c for c in went if problem.households[c] > 0]
    ends = {int(labels[c]) for c in busy} | {int(base[c]) for c in busy if base[c] >= 0}
    assert found.touched == len(ends)
    assert found.estates_split == sum(
        len(set(labels[problem.unit == u])) > 1 for u in set(problem.unit.tolist())
    )
    assert found.broken == sum(broken_part(graph, part) for part in parts)


def broken_part(graph, part) -> bool:
    inside = set(part.tolist())
    seen, ring = {int(part[0])}, [int(part[0])]
    while ring:
        here = ring.pop()
        near = set(graph.neighbour[graph.start[here] : graph.start[here + 1]].tolist())
        ring += near & inside - seen
        seen |= near & inside
    return seen != inside


def test_alternatives_differ_and_the_efficient_are_not_beaten() -> None:
    rng = np.random.default_rng(4)
    graph = scattered(60, 4)
    first = Problem.of(graph, rng.integers(4, 20, 60), Band(150, 210))
    base = propose(first, Wish(4), seed=1)
    problem = replace(first.rebased(base), households=rng.integers(4, 20, 60))
    choice = alternatives(problem, count=24, seed=1)
    again = alternatives(problem, count=24, seed=1)
    assert [a.score for a in choice] == [a.score for a in again]
    assert len({a.labels.tobytes() for a in choice}) == len(choice) >= 8
    aims = [(a.score.deviation, a.score.border, a.score.moved) for a in choice]
    for mine, good in zip(aims, (a.efficient for a in choice), strict=True):
        beaten = any(
            all(x <= y for x, y in zip(other, mine, strict=True)) and other != mine
            for other in aims
        )
        assert good == (not beaten)
    assert all(a.score.broken == 0 for a in choice)


def test_numbers_of_parts_can_be_compared() -> None:
    problem = Problem.of(squares(8, 6), np.full(48, 10), Band(60, 130))
    choice = alternatives(problem, parts=(4, 6), count=12, seed=1)
    assert {len(set(a.labels)) for a in choice} == {4, 6}


def test_efficiency_of_equal_rows() -> None:
    aims = np.array([[1.0, 2.0], [1.0, 2.0], [2.0, 1.0], [2.0, 2.0]])
    assert efficient(aims).tolist() == [True, True, True, False]


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_mending_a_part_leaves_all_but_its_neighbours_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = scattered(90, seed)
    first = Problem.of(graph, rng.integers(4, 20, 90), Band(100, 140))
    labels = propose(first, Wish(9, steps=8_000), seed=seed)
    problem = replace(first, households=rng.integers(4, 20, 90))
    part = int(rng.integers(9))
    mended = fix_part(problem, labels, part, seed=seed)
    near = set(labels[graph.neighbour[labels[graph.source] == part]].tolist()) | {part}
    changed = mended != labels
    assert set(labels[changed].tolist()) | set(mended[changed].tolist()) <= near
    assert broken(graph, mended) == 0

    def missed(division: np.ndarray) -> float:
        sums = np.bincount(division, problem.households, minlength=9)
        return float((problem.band.excess(sums) + problem.band.deficit(sums)).sum())

    assert missed(mended) <= missed(labels)


def test_a_full_part_is_mended() -> None:
    """6 by 4 squares of 10 in three columns of two; the middle one grew by half."""
    base = np.arange(24) % 6 // 2
    households = np.where(base == 1, 15, 10)
    problem = Problem.of(squares(6, 4), households, Band(70, 110), base=base)
    mended = fix_part(problem, base, 1, seed=1)
    sums = np.bincount(mended, households)
    assert ((sums >= 70) & (sums <= 110)).all()
    assert (mended == base).sum() >= 21


def test_areas_nest_in_a_part_and_keep_their_households() -> None:
    graph = squares(6, 6)
    fresh = nest(graph, np.full(36, 11), np.full(36, -1), seed=1)
    sums = np.bincount(fresh) * 11
    assert len(sums) == 4
    assert ((sums >= 70) & (sums <= 130)).all()
    assert broken(graph, fresh) == 0
    assert (nest(graph, np.full(36, 11), fresh, seed=2) == fresh).all()


def kinds(problem: Problem, labels: np.ndarray) -> list[tuple[int, str, tuple[int, ...]]]:
    return [(c.part, c.kind, c.cells) for c in causes(problem, labels)]


def test_a_building_too_big_is_named() -> None:
    """A row of four squares; the last building alone is above the band."""
    problem = Problem.of(squares(4, 1), np.array([10, 10, 10, 50]), Band(15, 30))
    assert kinds(problem, np.array([0, 0, 0, 1])) == [(1, "building_too_big", (3,))]


def test_an_estate_too_big_is_named_with_its_cells() -> None:
    problem = Problem.of(squares(4, 1), np.array([10, 10, 25, 25]), Band(15, 30))
    whole = replace(problem, unit=np.array([0, 1, 2, 2]))
    assert kinds(whole, np.array([0, 0, 1, 1])) == [(1, "estate", (2, 3))]


def test_what_is_locked_is_named() -> None:
    base = np.array([0, 0, 0, 1])
    problem = Problem.of(squares(4, 1), np.array([20, 20, 20, 10]), Band(15, 45), base=base)
    fixed = replace(problem, fixed=np.array([True, True, True, False]))
    assert kinds(fixed, base) == [(0, "locked", (0, 1, 2)), (1, "locked", (2,))]
    shut = replace(problem, closed=np.array([True, False]))
    assert kinds(shut, base) == [(0, "locked", (0, 1, 2)), (1, "locked", (2,))]


def test_an_island_that_fills_no_band_is_named() -> None:
    """Three squares together and one far away."""
    x = np.array([0, 10, 20, 500])
    graph = cell_graph(shapely.box(x, 0, x + 10, 10))
    problem = Problem.of(graph, np.array([10, 10, 10, 5]), Band(10, 35))
    assert kinds(problem, np.array([0, 0, 0, 1])) == [(1, "island", (3,))]


def test_too_many_households_for_the_parts_is_said() -> None:
    problem = Problem.of(squares(4, 1), np.full(4, 10), Band(5, 15))
    assert kinds(problem, np.array([0, 0, 1, 1])) == [
        (0, "count", (0, 1)),
        (1, "count", (2, 3)),
    ]


def test_what_another_search_could_mend_is_not_blamed_on_the_data() -> None:
    problem = Problem.of(squares(4, 1), np.full(4, 10), Band(15, 25))
    assert [kind for _, kind, _ in kinds(problem, np.array([0, 0, 0, 1]))] == ["unsolved"] * 2


@given(st.integers(1, 400), st.integers(5, 40), st.integers(0, 30))
def test_divisible_means_that_some_number_of_parts_fits(total: int, low: int, wide: int) -> None:
    band = Band(low, low + wide)
    assert divisible(total, band) == any(
        low * parts <= total <= (low + wide) * parts for parts in range(1, 401)
    )


def test_the_optimum_of_a_small_board_is_found_by_every_seed() -> None:
    """4 by 3 squares with different households into 3; all 3^12 labellings tried beside it."""
    graph = squares(4, 3)
    households = np.array([7, 3, 9, 4, 5, 8, 2, 6, 4, 9, 3, 6])
    band = Band(19, 25)
    labels = np.array(list(itertools.product(range(3), repeat=11)), np.int8)
    labels = np.column_stack([np.zeros(len(labels), np.int8), labels])
    sums = np.stack([(labels == p) @ households for p in range(3)])
    labels = labels[((sums >= band.low) & (sums <= band.high)).all(axis=0)].astype(np.int64)
    cut = labels[:, graph.source] != labels[:, graph.neighbour]
    border = cut @ graph.length / 2
    least = next(
        metres
        for metres, drawn in sorted(
            zip(border.tolist(), labels.tolist(), strict=True), key=lambda pair: pair[0]
        )
        if broken(graph, np.array(drawn)) == 0
    )
    problem = Problem.of(graph, households, band)
    for seed in range(30):
        assert score(problem, propose(problem, Wish(3), seed=seed)).border == pytest.approx(least)
