"""Why parts miss the band: reasons found in the data, with the cells concerned."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geo.partition.contract import contracted
from geo.partition.pieces import pieces
from geo.partition.problem import Band, Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Kind = Literal["count", "island", "building_too_big", "estate", "locked", "unsolved"]


@dataclass(frozen=True)
class Cause:
    """Why one part misses the band.

    ``count``: all households cannot be shared by so many parts; ``island``: the cells it can reach
    cannot be divided into parts within the band; ``building_too_big``, ``estate``: a cell, or cells
    that stay together, too big to fit; ``locked``: what is held leaves no other way; ``unsolved``:
    nothing of this was found, another search may do better.
    """

    part: int
    kind: Kind
    cells: tuple[int, ...]


def divisible(households: float, band: Band) -> bool:
    """Whether some number of parts within the band can share these households."""
    if households <= 0:
        return False
    most = np.floor(households / band.low) if band.low > 0 else np.inf
    return bool(np.ceil(households / band.high) <= most)


@dataclass(frozen=True, eq=False)
class _Case:
    """A division seen as nodes, for asking about one part after the other."""

    problem: Problem
    labels: Ints
    node: Ints
    weight: Floats
    free: NDArray[np.bool_]
    island: Ints
    total: Floats

    def cells(self, nodes: Ints) -> tuple[int, ...]:
        return tuple(int(cell) for cell in np.flatnonzero(np.isin(self.node, nodes)))

    def block(self, part: int, node: int) -> Cause:
        cells = self.cells(np.array([node]))
        return Cause(part, "estate" if len(cells) > 1 else "building_too_big", cells)


def _too_full(case: _Case, part: int, nodes: Ints, households: float) -> Cause | None:
    band = case.problem.band
    biggest = int(nodes[case.weight[nodes].argmax()])
    if case.weight[biggest] > band.high:
        return case.block(part, biggest)
    stuck = nodes[~case.free[nodes]]
    if case.weight[stuck].sum() > band.high:
        return Cause(part, "locked", case.cells(stuck))
    if households - case.weight[biggest] < band.low and 2 * case.weight[biggest] > band.low:
        return case.block(part, biggest)
    return None


def _too_empty(case: _Case, part: int, nodes: Ints, households: float) -> Cause | None:
    graph, band = case.problem.graph, case.problem.band
    near = np.isin(case.node[graph.source], nodes)
    beside = np.unique(case.node[graph.neighbour[near]])
    beside = beside[~np.isin(beside, nodes) & (case.weight[beside] > 0)]
    if not len(beside):
        return None
    if not case.free[beside].any():
        return Cause(part, "locked", case.cells(beside))
    beside = beside[case.free[beside]]
    if (case.weight[beside] + households > band.high).all():
        return case.block(part, int(beside[case.weight[beside].argmax()]))
    return None


def _cause(case: _Case, part: int, parts: int) -> Cause:
    problem, band = case.problem, case.problem.band
    cells = np.flatnonzero(case.labels == part)
    mine = tuple(int(cell) for cell in cells)
    nodes = np.unique(case.node[cells])
    households = float(case.weight[nodes].sum())
    if part < len(problem.closed) and problem.closed[part]:
        return Cause(part, "locked", mine)
    full = households > band.high
    found = (_too_full if full else _too_empty)(case, part, nodes, households)
    if found is not None:
        return found
    islands = np.unique(case.island[cells])
    if case.island.max() > 0 and not any(divisible(case.total[i], band) for i in islands):
        return Cause(
            part, "island", tuple(int(c) for c in np.flatnonzero(np.isin(case.island, islands)))
        )
    total = float(case.total.sum())
    if (full and total > parts * band.high) or (not full and total < parts * band.low):
        return Cause(part, "count", mine)
    return Cause(part, "unsolved", mine)


def causes(problem: Problem, labels: Ints) -> list[Cause]:
    """Find the reason of every part that misses the band, by part number."""
    made = contracted(problem, labels=max(int(labels.max(initial=-1)) + 1, len(problem.closed), 1))
    net = made.net
    island = pieces(problem.graph.source, problem.graph.neighbour, np.zeros(len(labels), np.int64))
    case = _Case(
        problem=problem,
        labels=labels,
        node=made.of_cell,
        weight=net.households,
        free=net.free,
        island=island,
        total=np.bincount(island, problem.households).astype(float),
    )
    names, households = np.unique(labels), np.bincount(labels, problem.households)
    band = problem.band
    return [
        _cause(case, int(part), len(names))
        for part in names
        if not band.low <= households[part] <= band.high
    ]
