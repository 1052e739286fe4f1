"""Cutting cells with drawn lines and polygons.

Only the children of a cell are made anew and stored. Cells beside them keep their stored shape and
get the ends of the cut as vertices when polygons are derived (:func:`geo.noding.noded`), so a cut
that is undone leaves no trace. Cells to be cut must be noded: children inherit all vertices.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.cell_graph import cell_graph
from geo.coverage import polygonal
from geo.locate import owners
from geo.noding import faces, holders, linework, rounded
from geo.slivers import absorbed, merged_parts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Shapes = NDArray[np.object_]

CATCH: Final = 0.2
"""Metres within which a drawn line is led through a corner that is there already."""


class CutsNothing(ValueError):
    """What was drawn divides nothing; ``touched`` is the number of cells that it meets."""

    def __init__(self, touched: int) -> None:
        super().__init__(touched)
        self.touched = touched


@dataclass(frozen=True, eq=False)
class Cut:
    """A cell divided: its position, and the shapes that take its place.

    Children are on the lattice, at least two, in an order that depends on their places alone.
    """

    parent: int
    children: Shapes


@dataclass(frozen=True, eq=False)
class Carving:
    """Cells divided by a polygon, and what lies (by more than half) in it.

    ``inside`` are positions of undivided cells; ``inner`` tells it of each child, cut by cut.
    """

    cuts: tuple[Cut, ...]
    inside: Ints
    inner: tuple[Bools, ...]


def cut_by_line(
    cells: Shapes, line: shapely.Geometry, *, points: ArrayLike = ()
) -> tuple[Cut, ...]:
    """Divide the cells that a line crosses from side to side.

    Parameters
    ----------
    cells
        A noded coverage in metres.
    line
        What was drawn; it may cross itself, leave the cells and end inside one.
    points
        Buildings, (n, 2) metres. A child below 50 m² or 2 m of mean width on which none stands
        joins the child it shares most border with; where one child is left, nothing was cut.
    """
    near = _reached(cells, line)
    found = cut_along(cells[near], led_through_corners(line, cells[near]), points=points)
    return tuple(Cut(int(near[c.parent]), c.children) for c in found)


def cut_along(cells: Shapes, line: shapely.Geometry, *, points: ArrayLike = ()) -> tuple[Cut, ...]:
    """Divide cells along a line just as it is; see :func:`cut_by_line`."""
    shapely.prepare(line)
    touched = np.flatnonzero(shapely.intersects(line, cells))
    if not len(touched):
        return ()
    drawn = linework(np.array([line], object))
    found = faces(np.concatenate([linework(cells[touched]), drawn]))
    parent = holders(found, cells[touched])
    times = np.bincount(parent[parent >= 0], minlength=len(touched))
    divided = (parent >= 0) & (times[parent] > 1)
    found, parent = found[divided], parent[divided]
    if not len(found):
        return ()
    held = np.zeros(len(found), bool)
    xy, (low, high) = np.asarray(points, float).reshape(-1, 2), _extent(found)
    standing = owners(xy[((xy >= low) & (xy <= high)).all(axis=1)], found)
    held[standing[standing >= 0]] = True
    labels = absorbed(cell_graph(found), parent, held)
    children, label = merged_parts(found, labels, int(labels.max(initial=-1)) + 1)
    of_label = np.empty(int(labels.max(initial=-1)) + 1, np.int64)
    of_label[labels] = parent
    return tuple(_cuts(children, touched[of_label[label]]))


def cut_by_polygon(cells: Shapes, polygon: shapely.Geometry, *, points: ArrayLike = ()) -> Carving:
    """Divide the cells that a polygon's border crosses; see :func:`cut_by_line`.

    A border that crosses itself encloses what it winds around an odd number of times.

    Raises
    ------
    CutsNothing
        If the polygon has no area.
    """
    (drawn,), _ = polygonal(np.array([polygon], object))
    if drawn is None or not np.isfinite(shapely.bounds(drawn)).all():
        raise CutsNothing(0)
    cuts = cut_by_line(cells, shapely.boundary(drawn), points=points)
    near = _reached(cells, drawn)
    whole = near[~np.isin(near, [c.parent for c in cuts])]
    inside = whole[_mostly(cells[whole], drawn)]
    return Carving(cuts, inside, tuple(_mostly(c.children, drawn) for c in cuts))


def sides(children: Shapes, points: ArrayLike) -> Ints:
    """Child of each point of the parent: the one that holds it, else the nearest.

    A point on the cut belongs to the first child (:func:`geo.locate.owners`).
    """
    xy = np.asarray(points, float).reshape(-1, 2)
    found = owners(xy, children)
    for i in np.flatnonzero(found < 0).tolist():
        found[i] = int(np.argmin(shapely.distance(children, shapely.Point(xy[i]))))
    return found


def led_through_corners(line: shapely.Geometry, cells: Shapes) -> shapely.Geometry:
    """Line moved to the corners of cells that it passes by less than 20 cm.

    Without that a line along an existing border would weave about it.
    """
    drawn = linework(np.array([line], object))
    if not len(drawn):
        return shapely.LineString()
    whole: shapely.Geometry = shapely.union_all(rounded(drawn))
    corners = shapely.get_coordinates(cells)
    close = corners[shapely.dwithin(shapely.points(corners), whole, CATCH)]
    if not len(close):
        return whole
    corner = np.array([shapely.MultiPoint(np.unique(close, axis=0))], object)
    led: shapely.Geometry = shapely.union_all(
        shapely.snap(np.array([whole], object), corner, CATCH)
    )
    return led


def _reached(cells: Shapes, drawn: shapely.Geometry) -> Ints:
    """Positions of the cells whose extent comes near what was drawn."""
    if shapely.is_empty(drawn) or not len(cells):
        return np.empty(0, np.int64)
    bounds = shapely.bounds(cells)
    west, south, east, north = shapely.bounds(drawn)
    return np.flatnonzero(
        (bounds[:, 0] <= east + CATCH)
        & (bounds[:, 2] >= west - CATCH)
        & (bounds[:, 1] <= north + CATCH)
        & (bounds[:, 3] >= south - CATCH)
    )


def _extent(shapes: Shapes) -> tuple[Floats, Floats]:
    west, south, east, north = shapely.total_bounds(shapes)
    return np.array([west, south]), np.array([east, north])


def _mostly(shapes: Shapes, polygon: shapely.Geometry) -> Bools:
    shared = shapely.area(shapely.intersection(shapes, polygon))
    return np.asarray(shared > 0.5 * shapely.area(shapes))


def _cuts(children: Shapes, parent: Ints) -> Iterable[Cut]:
    normal = shapely.normalize(children)
    bounds = shapely.bounds(normal)
    order = np.lexsort((*bounds.reshape(-1, 4).T[::-1], parent))
    normal, parent = normal[order], parent[order]
    for one in np.unique(parent).tolist():
        own = normal[parent == one]
        if len(own) > 1:
            yield Cut(one, own)
