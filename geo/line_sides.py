"""The land on both sides of a drawn line: what splitting a grid and moving a border share."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.cell_graph import CellGraph, cell_graph
from geo.cutting import Cut, cut_along, led_through_corners
from geo.noding import faces, holders, linework, noded
from geo.slivers import numbered

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Pieces:
    """Cells and children of the land under a line: which cell each is of, and its side.

    ``cut`` is the number of the cut (-1: none); ``island`` the contiguous land it is on.
    """

    cuts: tuple[Cut, ...]
    cell: Ints
    cut: Ints
    area: Floats
    side: Ints
    island: Ints
    touched: int


def pieces_along(
    shapes: Shapes, own: Ints, line: shapely.Geometry, *, points: ArrayLike = ()
) -> Pieces:
    """Divide the cells ``own`` along a line, and tell on which side each piece lies.

    Every side is contiguous; ``points`` are buildings (:func:`geo.cutting.cut_by_line`).
    """
    drawn = led_through_corners(line, shapes[own])
    touched = int(shapely.intersects(shapes[own], drawn).sum())
    found = cut_along(shapes[own], drawn, points=points)
    cuts = tuple(Cut(int(own[c.parent]), c.children) for c in found)
    whole = own[~np.isin(own, [c.parent for c in cuts])]
    sizes = [len(c.children) for c in cuts]
    units = noded(np.concatenate([shapes[whole], *(c.children for c in cuts)]))
    cell = np.concatenate([whole, np.repeat([c.parent for c in cuts], sizes)]).astype(np.int64)
    cut = np.concatenate([np.full(len(whole), -1), np.repeat(np.arange(len(cuts)), sizes)])
    land = shapely.coverage_union_all(units)
    areas = faces(linework(np.array([land, drawn], object)))
    graph = cell_graph(units)
    side = contiguous(graph, holders(units, areas))
    island = np.zeros(len(units), np.int64)
    if shapely.get_num_geometries(land) > 1:
        island = components(graph, np.ones(len(graph.neighbour), bool))
    return Pieces(cuts, cell, cut.astype(np.int64), graph.area, side, island, touched)


def contiguous(graph: CellGraph, side: Ints) -> Ints:
    """Sides without splinters: of each side the largest piece stays, others join a neighbour."""
    for _ in range(8):
        piece = components(graph, side[graph.source] == side[graph.neighbour])
        size = np.bincount(piece, graph.area)
        main = np.zeros(len(size), bool)
        for one in np.unique(side).tolist():
            mine = np.unique(piece[side == one])
            main[mine[np.argmax(size[mine])]] = True
        out = side[graph.source] != side[graph.neighbour]
        loose = out & ~main[piece[graph.source]]
        if not loose.any():
            break
        side = side.copy()
        from_piece = piece[graph.source[loose]]
        for one in np.unique(from_piece).tolist():
            across = side[graph.neighbour[loose][from_piece == one]]
            border = np.bincount(across, graph.length[loose][from_piece == one])
            side[piece == one] = np.argmax(border)
    return numbered(side)


def components(graph: CellGraph, kept: Bools) -> Ints:
    """Give each cell the number of the piece it hangs together with across the kept sides."""
    ends = (graph.source[kept], graph.neighbour[kept])
    links = coo_array((np.ones(len(ends[0])), ends), shape=(len(graph), len(graph)))
    return np.asarray(connected_components(links, directed=False)[1], np.int64)
