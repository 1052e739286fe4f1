"""How compact parts of a coverage are: the usual figures, from cells or from outlines.

Perimeters count every metre of a part's border, also around its holes, so that the figures of
cells and of outlines agree, and agree with gerrychain's.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.cell_graph import CellGraph

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class PartFigures:
    """Figures of parts 0 … k-1; parts without a cell have zeros (and 0 for ``polsby_popper``).

    ``area`` in square metres; ``perimeter`` all metres of border, ``border`` those shared with
    another part; ``cut_sides`` pairs of touching cells that the part's border runs between.
    """

    area: Floats
    perimeter: Floats
    border: Floats
    cut_sides: Ints
    polsby_popper: Floats


def polsby_popper(area: Floats, perimeter: Floats) -> Floats:
    """Share of the circle of the same perimeter: 4πA/P² (Polsby & Popper 1991), 1 for a circle."""
    around = np.asarray(perimeter, float)
    square = np.where(around > 0, around, 1.0) ** 2
    return np.where(around > 0, 4 * np.pi * np.asarray(area, float) / square, 0.0)


def reock(shapes: Shapes) -> Floats:
    """Share of the smallest circle around (Reock 1961), 1 for a circle; 0 for shapes of no area."""
    radius = np.asarray(shapely.minimum_bounding_radius(shapes), float)
    circle = np.pi * np.where(radius > 0, radius, 1.0) ** 2
    return np.where(radius > 0, np.asarray(shapely.area(shapes), float) / circle, 0.0)


def part_figures(graph: CellGraph, labels: Ints, *, parts: int) -> PartFigures:
    """Measure parts from their cells alone; ``labels`` are below ``parts``, -1 for none."""
    source = graph.source
    cut = labels[source] != labels[graph.neighbour]
    near = labels[source]

    def summed(part: Ints, weight: Floats) -> Floats:
        has = part >= 0
        return np.bincount(part[has], weight[has], minlength=parts).astype(float)

    area = summed(labels, graph.area)
    border = summed(near[cut], graph.length[cut])
    perimeter = border + summed(labels, graph.outer)
    return PartFigures(
        area=area,
        perimeter=perimeter,
        border=border,
        cut_sides=np.bincount(near[cut & (near >= 0)], minlength=parts).astype(np.int64),
        polsby_popper=polsby_popper(area, perimeter),
    )


def border_length(graph: CellGraph, labels: Ints) -> float:
    """Metres of border between parts, each counted once."""
    return float(graph.length[labels[graph.source] != labels[graph.neighbour]].sum() / 2)
