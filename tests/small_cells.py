"""Boards and scatters of cells, small enough to think through, for tests of drawing grids."""

import numpy as np
import shapely

from geo.cell_graph import CellGraph, cell_graph
from geo.partition.pieces import pieces


def squares(width: int, height: int) -> CellGraph:
    """A board of squares of 10 m, numbered row by row."""
    x, y = (a.ravel() * 10.0 for a in np.meshgrid(np.arange(width), np.arange(height)))
    return cell_graph(shapely.box(x, y, x + 10, y + 10))


def coverage(n: int, seed: int) -> np.ndarray:
    """Voronoi cells of ``n`` random points in a square of 100 m."""
    xy = np.random.default_rng(seed).uniform(0, 100, (n, 2))
    frame = shapely.box(0, 0, 100, 100)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(xy), extend_to=frame))
    return np.asarray(shapely.intersection(cells, frame))


def scattered(n: int, seed: int) -> CellGraph:
    """The graph of such a coverage."""
    return cell_graph(coverage(n, seed))


def broken(graph: CellGraph, labels: np.ndarray) -> int:
    """Pieces more than parts."""
    found = pieces(graph.source, graph.neighbour, labels)
    return int(found.max()) + 1 - len(np.unique(labels))
