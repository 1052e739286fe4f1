"""Slivers: faces too small or too thin to be land of their own join a neighbour."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.cell_graph import CellGraph

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Shapes = NDArray[np.object_]

LEAST: Final = 50.0
"""Square metres below which a face is no land of its own."""
NARROWEST: Final = 2.0
"""Metres of mean width (twice the area by the perimeter) below which it is none either."""


def absorbed(
    graph: CellGraph,
    group: Ints,
    held: Bools,
    *,
    least: float = LEAST,
    narrowest: float = NARROWEST,
) -> Ints:
    """Label of each face after slivers have joined the neighbour they share most border with.

    Faces join inside their ``group`` only; a sliver without a neighbour there stays. A face that
    is ``held`` (a building stands on it) is never given away, but takes slivers in. Labels are
    0..k-1 in the order of the first face of each.
    """
    labels = np.arange(len(graph), dtype=np.int64)
    while True:
        now = _contracted(graph, labels, held)
        weak = ~now.held & ((now.area < least) | (2 * now.area < narrowest * now.around))
        own = np.empty(len(now.area), np.int64)
        own[labels] = group
        usable = weak[now.one] & (own[now.one] == own[now.other])
        one, other, length = now.one[usable], now.other[usable], now.length[usable]
        if not len(one):
            return labels
        order = np.lexsort((other, -length, one))
        first = np.unique(one[order], return_index=True)[1]
        one, other = one[order][first], other[order][first]
        count = len(now.area)
        links = coo_array((np.ones(len(one)), (one, other)), shape=(count, count))
        _, joined = connected_components(links, directed=False)
        labels = numbered(joined[labels])


def numbered(labels: Ints) -> Ints:
    """Give the same labels new numbers 0..k-1, in the order of their first appearance."""
    _, first, back = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[back.ravel()], np.int64)


@dataclass(frozen=True, eq=False)
class _Contracted:
    area: Floats
    around: Floats
    held: Bools
    one: Ints
    other: Ints
    length: Floats


def _contracted(graph: CellGraph, labels: Ints, held: Bools) -> _Contracted:
    count = int(labels.max(initial=-1)) + 1
    one, other = labels[graph.source], labels[graph.neighbour]
    apart = one != other
    keys, at = np.unique(one[apart] * count + other[apart], return_inverse=True)
    length = np.asarray(np.bincount(at, graph.length[apart], minlength=len(keys)), float)
    one, other = keys // max(count, 1), keys % max(count, 1)
    around = np.bincount(labels, graph.outer, minlength=count)
    return _Contracted(
        area=np.asarray(np.bincount(labels, graph.area, minlength=count), float),
        around=np.asarray(around + np.bincount(one, length, minlength=count), float),
        held=np.asarray(np.bincount(labels, held, minlength=count) > 0),
        one=one,
        other=other,
        length=length,
    )


def merged_parts(shapes: Shapes, labels: Ints, count: int) -> tuple[Shapes, Ints]:
    """Dissolve a coverage by label 0..count-1 into single polygons, and the label of each."""
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(count + 1))
    out = shapes[order[bounds[:-1]]]
    for i in np.flatnonzero(np.diff(bounds) > 1).tolist():
        out[i] = shapely.coverage_union_all(shapes[order[bounds[i] : bounds[i + 1]]])
    parts, owner = shapely.get_parts(out, return_index=True)
    return parts, np.asarray(owner, np.int64)
