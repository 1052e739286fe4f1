"""What a division is worth, as the figures planners compare."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.compactness import part_figures
from geo.partition.pieces import pieces
from geo.partition.problem import Problem
from geo.partition.stability import moved

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Score:
    """Figures of a division.

    Parameters
    ----------
    in_band
        Share of parts whose households are in the band.
    deviation
        Largest distance of a part from the mean of all, as a share of the mean.
    border
        Metres of border between parts.
    cut_sides
        Pairs of touching cells in different parts.
    moved
        Households whose part differs from the base.
    touched
        Parts, old or new, that gave or took cells with households.
    polsby_popper, polsby_popper_least
        Mean and least compactness of parts.
    barriers_cut
        Pairs of cells in one part across a barrier (main road, river).
    estates_split
        Units of several cells that lie in more than one part.
    broken
        Parts that are not in one piece.
    """

    in_band: float
    deviation: float
    border: float
    cut_sides: int
    moved: int
    touched: int
    polsby_popper: float
    polsby_popper_least: float
    barriers_cut: int
    estates_split: int
    broken: int


def score(problem: Problem, labels: Ints) -> Score:
    """Measure a division of the problem's cells (every cell has a part, numbers may have gaps)."""
    graph, base = problem.graph, problem.base
    names, part = np.unique(labels, return_inverse=True)
    part = np.asarray(part, np.int64).ravel()
    k = len(names)
    figures = part_figures(graph, part, parts=k)
    households = np.bincount(part, problem.households, minlength=k)
    mean = max(float(households.mean()), 1e-9) if k else 1.0
    source = graph.source
    inside = part[source] == part[graph.neighbour]
    piece = pieces(source, graph.neighbour, part)
    of_piece = np.unique(np.column_stack([piece, part]), axis=0)[:, 1]
    unit_part = np.unique(np.column_stack([problem.unit, part]), axis=0)[:, 0]
    went = (base != labels) & (problem.households > 0)
    ends = np.concatenate([labels[went], base[went]])
    in_band = (households >= problem.band.low) & (households <= problem.band.high)
    return Score(
        in_band=float(in_band.mean()) if k else 1.0,
        deviation=float(np.abs(households / mean - 1).max()) if k else 0.0,
        border=float(figures.border.sum() / 2),
        cut_sides=int(figures.cut_sides.sum() // 2),
        moved=moved(problem.households, base, labels),
        touched=len(np.unique(ends[ends >= 0])) if len(problem.closed) else 0,
        polsby_popper=float(figures.polsby_popper.mean()) if k else 0.0,
        polsby_popper_least=float(figures.polsby_popper.min()) if k else 0.0,
        barriers_cut=int((inside & (problem.barrier > 1)).sum() // 2),
        estates_split=int((np.unique(unit_part, return_counts=True)[1] > 1).sum()),
        broken=int((np.bincount(of_piece, minlength=k) > 1).sum()),
    )
