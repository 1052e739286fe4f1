"""What others draw on the same ground: METIS alone, gerrychain, and plain enumeration."""

import warnings
from collections.abc import Iterator
from functools import partial

import networkx as nx
import numpy as np
import pymetis

from geo.cell_graph import CellGraph
from geo.partition.problem import Band


def metis(graph: CellGraph, households: np.ndarray, parts: int, *, seed: int) -> np.ndarray:
    """k-way, contiguous, border weights in decimetres, ufactor 100: one part is at most 10 % over."""
    _, labels = pymetis.part_graph(
        parts,
        pymetis.CSRAdjacency(graph.start, graph.neighbour),
        vweights=households,
        eweights=np.maximum(graph.length * 10, 1).astype(np.int64),
        recursive=False,
        options=pymetis.Options(ufactor=100, contig=1, seed=seed),
    )
    return np.asarray(labels, np.int64)


def gerrychain(
    graph: CellGraph, households: np.ndarray, parts: int, *, steps: int, seed: int
) -> np.ndarray:
    """Recursive trees within 10 %, then short bursts of ten ReCom steps for the least border."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gerrychain import GeographicPartition, Graph, accept, constraints, updaters
        from gerrychain.optimization import SingleMetricOptimizer
        from gerrychain.partition.initial_partition_generators import recursive_tree_part
        from gerrychain.proposals import recom

    plain = nx.Graph()
    for cell in range(len(graph)):
        plain.add_node(
            cell,
            population=int(households[cell]),
            area=float(graph.area[cell]),
            boundary_node=bool(graph.outer[cell] > 1e-9),
            boundary_perim=float(graph.outer[cell]),
        )
    for a, b, metres in zip(graph.source, graph.neighbour, graph.length, strict=True):
        if a < b:
            plain.add_edge(int(a), int(b), shared_perim=float(metres))
    cells = Graph.from_networkx(plain)
    target = households.sum() / parts
    start = recursive_tree_part(cells, range(parts), target, "population", 0.1, rng=seed)
    population = updaters.Tally("population", alias="population")
    first = GeographicPartition(cells, start, updaters={"population": population})
    optimizer = SingleMetricOptimizer(
        partial(recom, pop_col="population", pop_target=target, epsilon=0.1),
        constraints.within_percent_of_ideal_population(first, 0.1),
        first,
        lambda p: sum(p["interior_boundaries"].values()),
        maximize=False,
        rng=seed,
    )
    for _ in optimizer.short_bursts(10, steps // 10, accept.always_accept):
        pass
    best = optimizer.best_part
    labels = np.zeros(len(graph), np.int64)
    for node, part in best.assignment.mapping.items():
        labels[node] = part
    return labels


def _connected(near: list[list[int]], free: set[int], root: int, weight: np.ndarray, high: float):
    """Every connected set of free cells with the root, each once (Wernicke 2006), at most ``high``."""

    def grow(
        chosen: frozenset[int], rim: list[int], barred: frozenset[int], load: float
    ) -> Iterator:
        yield chosen, load
        for at, cell in enumerate(rim):
            if load + weight[cell] > high:
                continue
            later = barred | set(rim[:at])
            fresh = [
                x
                for x in near[cell]
                if x in free and x not in chosen and x not in later and x not in rim
            ]
            yield from grow(
                chosen | {cell}, rim[at + 1 :] + fresh, later | {cell}, load + weight[cell]
            )

    first = [cell for cell in near[root] if cell in free]
    yield from grow(frozenset([root]), first, frozenset([root]), float(weight[root]))


def _whole(near: list[list[int]], cells: frozenset[int]) -> bool:
    seen = {min(cells)}
    ring = list(seen)
    while ring:
        ring = [
            x
            for cell in ring
            for x in near[cell]
            if x in cells and x not in seen and not seen.add(x)
        ]
    return len(seen) == len(cells)


def optimum(graph: CellGraph, households: np.ndarray, parts: int, band: Band) -> tuple[float, int]:
    """Least border of all divisions into connected parts within the band, and how many there are."""
    n = len(graph)
    near = [graph.neighbour[graph.start[i] : graph.start[i + 1]].tolist() for i in range(n)]
    metres = np.zeros((n, n))
    metres[graph.source, graph.neighbour] = graph.length
    best, count = np.inf, 0

    def divide(free: frozenset[int], left: int, border: float) -> None:
        nonlocal best, count
        if left == 1:
            load = households[list(free)].sum()
            if band.low <= load <= band.high and _whole(near, free):
                count += 1
                best = min(best, border)
            return
        for part, load in _connected(near, set(free), min(free), households, band.high):
            rest = free - part
            total = households[list(rest)].sum() if rest else 0
            if load >= band.low and (left - 1) * band.low <= total <= (left - 1) * band.high:
                inner, outer = list(part), list(rest)
                divide(rest, left - 1, border + float(metres[np.ix_(inner, outer)].sum()))

    divide(frozenset(range(n)), parts, 0.0)
    return best, count
