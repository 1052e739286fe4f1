"""The compiled search keeps its books: sums, cut sides and contiguity after any search."""

import subprocess
import sys

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.partition.compiled import compiled
from geo.partition.contract import Nodes, contracted
from geo.partition.divide import divided
from geo.partition.kernel import Schedule, Terms, annealed, board_of, linked, total
from geo.partition.pieces import pieces
from geo.partition.problem import Band, Problem
from tests.small_cells import scattered, squares

TERMS = Terms(low=60, high=90, mean=75, load_mean=1, stability=0.5, balance=3, load=2)


def net_of(n: int, seed: int) -> Nodes:
    rng = np.random.default_rng(seed)
    base = rng.integers(-1, 5, n)
    return contracted(
        Problem.of(scattered(n, seed), rng.integers(0, 30, n), Band(60, 90), base=base), labels=12
    )


@settings(max_examples=40)
@given(st.integers(20, 60), st.integers(0, 10_000), st.integers(0, 3_000))
def test_books_agree_with_the_labels_after_any_search(n: int, seed: int, steps: int) -> None:
    net = net_of(n, seed).net
    board = board_of(net, divided(net, 5, seed=seed))
    plan = Schedule(steps=steps, hot=30, cold=1, soft=10, hard=1e4, last=1e5, swaps=0.4)
    annealed(net, board, TERMS, plan, seed)
    again = board_of(net, board.label)
    np.testing.assert_allclose(board.households, again.households, atol=1e-6)
    assert (board.size == again.size).all()
    cut = set(board.cut[: board.cuts[0]].tolist())
    assert cut == set(again.cut[: again.cuts[0]].tolist())
    assert all(board.cut[board.at[side]] == side for side in cut)
    assert (board.size[:5] > 0).all()
    source = np.repeat(np.arange(n), np.diff(net.start))
    assert pieces(source, net.neighbour, board.label).max() == 4


@settings(max_examples=40)
@given(st.integers(20, 60), st.integers(0, 10_000))
def test_the_search_ends_where_no_flip_gains(n: int, seed: int) -> None:
    net = net_of(n, seed).net
    board = board_of(net, divided(net, 5, seed=seed))
    plan = Schedule(steps=500, hot=30, cold=1, soft=10, hard=1e4, last=1e5, swaps=0.4)
    annealed(net, board, TERMS, plan, seed)

    def worth(labels: np.ndarray) -> float:
        miss, metres = total(net, board_of(net, labels), TERMS)
        return miss * plan.last / TERMS.mean + metres

    least = worth(board.label)
    source = np.repeat(np.arange(n), np.diff(net.start))
    for node, other in zip(source, net.neighbour, strict=True):
        tried = board.label.copy()
        tried[node] = board.label[other]
        if pieces(source, net.neighbour, tried).max() == 4 and len(set(tried)) == 5:
            assert worth(tried) >= least - 1e-4


def test_a_bridge_is_not_taken_out() -> None:
    """Five squares in a row: whole without an end, not without the middle."""
    net = contracted(Problem.of(squares(5, 1), np.ones(5, int), Band(1, 5)), labels=2).net
    for node, whole in ((0, True), (2, False), (4, True)):
        labels = np.zeros(5, int)
        labels[node] = 1
        board = board_of(net, labels)
        arrays = (board.label, board.mark, board.queue, board.stamp)
        assert linked(net.start, net.neighbour, *arrays, node, 0) == whole


def test_a_function_without_a_place_for_its_cache_is_compiled_all_the_same() -> None:
    space: dict[str, object] = {}
    exec("def twice(x):\n    return 2 * x", space)
    assert compiled(space["twice"])(21) == 42


def test_the_same_search_in_another_process_ends_alike() -> None:
    code = (
        "from tests.geo.test_partition_kernel import *\n"
        "net = net_of(40, 3).net\n"
        "board = board_of(net, divided(net, 5, seed=3))\n"
        "annealed(net, board, TERMS, Schedule(900, 30, 1, 10, 1e4, 1e5, 0.2), 3)\n"
        "print(board.label.tolist())"
    )
    net = net_of(40, 3).net
    board = board_of(net, divided(net, 5, seed=3))
    annealed(net, board, TERMS, Schedule(900, 30, 1, 10, 1e4, 1e5, 0.2), 3)
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(board.label.tolist())
