"""Cells to the nodes a search moves: an estate that stays together is one node."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.partition.kernel import Net
from geo.partition.pieces import pieces
from geo.partition.problem import Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Nodes:
    """The net that is searched, and the node of each cell."""

    net: Net
    of_cell: Ints

    def labels(self, cells: Ints, households: Ints) -> Ints:
        """Part of each node: the one with most of its households; -1 where no cell has one."""
        return majority(self.of_cell, cells, households.astype(float), len(self.net.free))


def majority(group: Ints, labels: Ints, weight: Floats, groups: int) -> Ints:
    """Label of most weight in each group (ties: the lowest), -1 where none has a label."""
    has = labels >= 0
    found = np.full(groups, -1, np.int64)
    if not has.any():
        return found
    wide = int(labels.max()) + 1
    keys, at = np.unique(group[has] * wide + labels[has], return_inverse=True)
    sums = np.bincount(at, weight[has] + 1e-6)
    order = np.lexsort((-keys, sums))
    found[keys[order] // wide] = keys[order] % wide
    return found


def _anchors(problem: Problem) -> Ints:
    """Part that each cell is held in, -1 for none; what stays together is held as a whole.

    An estate with cells held in several parts is held cell by cell.
    """
    anchor = np.where(problem.held, problem.base, -1)
    shut = np.append(problem.closed, False)
    loose = (anchor >= 0) & ~shut[anchor]
    unit = pieces(problem.graph.source, problem.graph.neighbour, problem.unit)
    units = int(unit.max(initial=-1)) + 1
    low = np.full(units, np.iinfo(np.int64).max)
    high = np.full(units, -1)
    np.minimum.at(low, unit[anchor >= 0], anchor[anchor >= 0])
    np.maximum.at(high, unit[anchor >= 0], anchor[anchor >= 0])
    one = (low == high) & np.isin(np.arange(units), unit[loose])
    return np.where(one[unit], high[unit], anchor)


def contracted(problem: Problem, *, labels: int) -> Nodes:
    """Make the net of a problem; parts are numbered below ``labels``.

    Cutting a side costs its metres; leaving it inside a part costs ``barrier - 1`` times its
    metres. Only the difference matters to a search, so a side's cost is ``2 - barrier`` times its
    metres: a border along a main road (barrier 3) earns what an ordinary one of its length costs.
    """
    graph = problem.graph
    source = graph.source
    anchor = _anchors(problem)
    _, key = np.unique(np.stack([problem.unit, anchor]), axis=1, return_inverse=True)
    node = pieces(source, graph.neighbour, np.asarray(key, np.int64).ravel())
    n = int(node.max(initial=-1)) + 1
    a, b = node[source], node[graph.neighbour]
    apart = a != b
    keys, at = np.unique(a[apart] * n + b[apart], return_inverse=True)
    metres = (graph.length * (2.0 - problem.barrier))[apart]
    near, far = keys // max(n, 1), keys % max(n, 1)
    households = problem.households.astype(float)
    held = majority(node, anchor, households, n)
    base = np.where(held >= 0, held, majority(node, problem.base, households, n))
    is_open = np.ones(labels, bool)
    is_open[: len(problem.closed)] = ~problem.closed
    return Nodes(
        net=Net(
            start=np.searchsorted(near, np.arange(n + 1)).astype(np.int64),
            neighbour=far.astype(np.int64),
            back=np.searchsorted(keys, far * n + near).astype(np.int64),
            cost=np.bincount(at, metres, minlength=len(keys)).astype(float),
            households=np.bincount(node, households, minlength=n).astype(float),
            load=np.bincount(node, problem.load, minlength=n).astype(float),
            base=base.astype(np.int64),
            free=held < 0,
            open=is_open,
        ),
        of_cell=node,
    )


def source_of(net: Net) -> Ints:
    """Near node of each directed side."""
    return np.repeat(np.arange(len(net.free)), np.diff(net.start))


def restricted(net: Net, nodes: Ints, labels: Ints) -> tuple[Net, Ints, Ints]:
    """Cut a net down to some nodes.

    Returns the smaller net, its labels, numbered anew from 0, and the old number of each new one.
    """
    source = source_of(net)
    new = np.full(len(net.free), -1)
    new[nodes] = np.arange(len(nodes))
    kept = (new[source] >= 0) & (new[net.neighbour] >= 0)
    near, far = new[source[kept]], new[net.neighbour[kept]]
    parts, small = np.unique(labels[nodes], return_inverse=True)
    place = np.full(len(net.open) + 1, -1)
    place[parts] = np.arange(len(parts))
    n = len(nodes)
    order = np.lexsort((far, near))
    near, far = near[order], far[order]
    return (
        Net(
            start=np.searchsorted(near, np.arange(n + 1)).astype(np.int64),
            neighbour=far.astype(np.int64),
            back=np.searchsorted(near * n + far, far * n + near).astype(np.int64),
            cost=net.cost[kept][order],
            households=net.households[nodes],
            load=net.load[nodes],
            base=place[net.base[nodes]].astype(np.int64),
            free=net.free[nodes],
            open=net.open[parts],
        ),
        np.asarray(small, np.int64).ravel(),
        np.asarray(parts, np.int64),
    )
