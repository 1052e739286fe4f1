"""Grids as polygons derived from labelled cells, and what drawn lines do to the labels.

Nothing here changes cells: every edit comes back as a :class:`Redraw`, which names the cells that
are divided and the labels that change. All in metres; cells are a noded coverage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.cutting import Cut, CutsNothing, cut_by_polygon
from geo.line_sides import Pieces, pieces_along
from geo.locate import owners
from geo.mosaic import merged

Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

DISPLAY: Final = 10.0
"""Metres a border may stray when it is drawn smoother than it is (planning study, 4.3)."""


@dataclass(frozen=True, eq=False)
class Redraw:
    """What an edit changes: cells divided, the label of each child, new labels of other cells.

    A cut is left out when all its children would have the same label.
    """

    cuts: tuple[Cut, ...]
    labels: tuple[Ints, ...]
    moves: Mapping[int, int]


def part_shapes(shapes: Shapes, labels: Ints, count: int) -> Shapes:
    """Polygon of each label 0..count-1; a multipolygon where it is not contiguous, or empty.

    Raises
    ------
    shapely.GEOSException
        If the cells are no coverage.
    """
    return merged(shapes, labels, count)


def display(
    parts: Shapes, points: ArrayLike = (), *, home: ArrayLike = (), tolerance: float = DISPLAY
) -> Shapes:
    """Smooth the borders between parts for the eye; the outline stays.

    ``home`` is the part of each point. As long as a point would come to lie on the wrong side the
    tolerance is halved; below 10 cm the parts come back as they are.
    """
    xy, wanted = np.asarray(points, float).reshape(-1, 2), np.asarray(home, np.int64)
    while tolerance >= 0.1:
        smooth: Shapes = shapely.coverage_simplify(parts, tolerance, simplify_boundary=False)
        if (owners(xy, smooth) == wanted).all() and not shapely.is_empty(smooth).any():
            return smooth
        tolerance /= 2
    return parts


def split_cells(
    shapes: Shapes, labels: Ints, part: int, line: shapely.Geometry, *, points: ArrayLike = ()
) -> Redraw:
    """Divide one part along a line that crosses it from border to border.

    The largest piece keeps the label, the others get new ones above all there are, by falling
    area. ``points`` are buildings, see :func:`geo.cutting.cut_by_line`.

    Raises
    ------
    CutsNothing
        If the line leaves the part in one piece.
    """
    pieces = pieces_along(shapes, np.flatnonzero(labels == part), line, points=points)
    fresh, label = int(labels.max()) + 1, np.full(len(pieces.side), part, np.int64)
    for whole in range(int(pieces.island.max()) + 1):
        size = np.bincount(pieces.side[pieces.island == whole], pieces.area[pieces.island == whole])
        ranked = np.argsort(-size, kind="stable")
        for side in ranked[1 : int((size > 0).sum())].tolist():
            label[(pieces.side == side) & (pieces.island == whole)] = fresh
            fresh += 1
    return _redraw(pieces, label, labels, pieces.touched)


def move_border(
    shapes: Shapes, labels: Ints, one: int, other: int, line: shapely.Geometry, *,
    points: ArrayLike = (),
) -> Redraw:  # fmt: skip
    """Draw the border between two parts anew: a line across the land of both.

    Each side of the line goes to the part that has more of it; when that would leave nothing to
    one of them, the side of which it has the largest share is its own.

    Raises
    ------
    CutsNothing
        If the line leaves the land of the two in one piece, or the border where it is.
    """
    own = np.flatnonzero((labels == one) | (labels == other))
    pieces = pieces_along(shapes, own, line, points=points)
    count = int(pieces.side.max()) + 1
    if count == 1:
        raise CutsNothing(pieces.touched)
    was_one = labels[pieces.cell] == one
    size = np.bincount(pieces.side, pieces.area, minlength=count)
    share = np.bincount(pieces.side, pieces.area * was_one, minlength=count) / np.maximum(size, 1)
    to_one = share > 0.5
    if to_one.all():
        to_one[np.argmin(share)] = False
    if not to_one.any():
        to_one[np.argmax(share)] = True
    label = np.where(to_one[pieces.side], one, other)
    return _redraw(pieces, label, labels, pieces.touched)


def merge(labels: Ints, keep: int, gone: int) -> Redraw:
    """Put all cells of one part into another; whether they touch is for the caller to judge."""
    return Redraw((), (), dict.fromkeys(np.flatnonzero(labels == gone).tolist(), keep))


def carve(
    shapes: Shapes, labels: Ints, polygon: shapely.Geometry, into: int, *, points: ArrayLike = ()
) -> Redraw:
    """Give what a polygon holds to a part, old or new; cells under its border are divided.

    Raises
    ------
    CutsNothing
        If nothing changes.
    """
    found = cut_by_polygon(shapes, polygon, points=points)
    cuts, inner = [], []
    for cut, inside in zip(found.cuts, found.inner, strict=True):
        if labels[cut.parent] != into and inside.any() and not inside.all():
            cuts.append(cut)
            inner.append(np.where(inside, into, labels[cut.parent]))
    whole = [c.parent for c, i in zip(found.cuts, found.inner, strict=True) if i.all()]
    moved = [i for i in [*found.inside.tolist(), *whole] if labels[i] != into]
    if not cuts and not moved:
        raise CutsNothing(len(found.cuts))
    return Redraw(tuple(cuts), tuple(inner), dict.fromkeys(sorted(moved), into))


def _redraw(pieces: Pieces, label: Ints, labels: Ints, touched: int) -> Redraw:
    cuts, inner = [], []
    moves: dict[int, int] = {}
    for number, cut in enumerate(pieces.cuts):
        now = label[pieces.cut == number]
        if (now == now[0]).all():
            moves[cut.parent] = int(now[0])
        else:
            cuts.append(cut)
            inner.append(now)
    whole = pieces.cut < 0
    moves.update(zip(pieces.cell[whole].tolist(), label[whole].tolist(), strict=True))
    moves = {cell: new for cell, new in sorted(moves.items()) if labels[cell] != new}
    if not cuts and not moves:
        raise CutsNothing(touched)
    return Redraw(tuple(cuts), tuple(inner), moves)
