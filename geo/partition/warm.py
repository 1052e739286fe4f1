"""Compiling ahead of the first planner."""

import numpy as np

from geo.cell_graph import CellGraph
from geo.partition.problem import Band, Problem, Wish
from geo.partition.solve import propose


def warm() -> None:
    """Draw four cells into two parts, so that everything is compiled; call it in a thread.

    The first time on a machine this takes some seconds, later a fraction of one.
    """
    ring = np.array([[1, 3], [0, 2], [1, 3], [0, 2]])
    graph = CellGraph(
        start=np.arange(5) * 2,
        neighbour=ring.ravel(),
        length=np.ones(8),
        area=np.ones(4),
        outer=np.full(4, 2.0),
    )
    problem = Problem.of(graph, np.full(4, 10), Band(15.0, 25.0))
    propose(problem, Wish(2, steps=100), seed=0)
