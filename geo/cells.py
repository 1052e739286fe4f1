"""Cells: the pieces of land that plans assign to grids, one around each building.

Streets, rivers and walls cut the grids of a community into blocks, the buildings of a block divide
it among themselves (Voronoi), and a block without buildings is one empty cell. All in metres.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.cell_graph import cell_graph
from geo.locate import owners
from geo.noding import faces, linework, on_lattice
from geo.slivers import absorbed, merged_parts, numbered

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

SAME_SPOT: Final = 0.5
"""Metres between buildings that share one cell."""
ROUNDING: Final = 0.05
"""Mean width in metres of what only rounding leaves between two borders that are the same."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells as single polygons that form a coverage on the centimetre lattice.

    ``part`` is the index of the given polygon that each cell lies in, ``of_point`` the cell of
    each point: -1 for points outside all parts; points of one spot share a cell.
    """

    shapes: Shapes
    part: Ints
    of_point: Ints

    def __len__(self) -> int:
        return len(self.shapes)


def make_cells(
    parts: ArrayLike, points: ArrayLike, *, lines: ArrayLike = (), cut_by: ArrayLike = ()
) -> Cells:
    """Divide grids into cells that dissolve back to the same grids.

    Parameters
    ----------
    parts
        Polygons or multipolygons in metres, a coverage as :func:`geo.coverage.clean` gives it.
    points
        Buildings, (n, 2) metres. Each belongs to the part that :func:`geo.locate.owners` names,
        so a building on a border does not change its grid; its cell holds it, or passes it by a
        rounding of 1 cm.
    lines
        Streets, rivers, walls: anything; loose ends, doubles and what lies outside do no harm.
    cut_by
        Polygons whose borders must be borders of cells too (the grids of an older plan).

    Notes
    -----
    No border of a part moves by more than 1.5 cm, and the symmetric difference between a part
    and its cells' union stays below 1 cm times its perimeter. Blocks below 50 m² or 2 m of mean
    width join the block of the same part they share most border with.
    """
    given = np.asarray(parts, object)
    xy = np.asarray(points, float).reshape(-1, 2)
    part_of_point = owners(xy, given)
    blocks, part = _blocks(given, np.asarray(lines, object), np.asarray(cut_by, object))
    if not len(blocks):
        return Cells(blocks, part, np.full(len(xy), -1, np.int64))
    block_of_point = _within(xy, part_of_point, blocks, part)
    shapes, block = _divided(blocks, on_lattice(xy), block_of_point)
    of_point = _within(xy, block_of_point, shapes, block)
    return Cells(*_joined(shapes, part[block], block, _spots(xy, block_of_point), of_point))


def _blocks(parts: Shapes, lines: Shapes, cut_by: Shapes) -> tuple[Shapes, Ints]:
    """Land between lines, and the part of each block."""
    borders = linework(parts)
    if not len(borders):
        return np.empty(0, object), np.empty(0, np.int64)
    west, south, east, north = shapely.total_bounds(borders)
    near = linework(
        shapely.clip_by_rect(
            np.concatenate([linework(lines), linework(cut_by)]), west, south, east, north
        )
    )
    found = faces(np.concatenate([borders, near]))
    inner = shapely.get_coordinates(shapely.point_on_surface(found))
    part = owners(inner, parts)
    found, inner, part = found[part >= 0], inner[part >= 0], part[part >= 0]
    graph, none = cell_graph(found), np.zeros(len(found), bool)
    kept_apart = part * (len(found) + 1) + _signature(inner, cut_by)
    labels = absorbed(graph, kept_apart, none)
    if len(cut_by):
        found, part = _dissolved(found, part, labels)
        graph, none = cell_graph(found), np.zeros(len(found), bool)
        labels = absorbed(graph, part, none, least=1.0, narrowest=ROUNDING)
    return _dissolved(found, part, labels)


def _dissolved(found: Shapes, value: Ints, labels: Ints) -> tuple[Shapes, Ints]:
    """Faces joined by label, ordered by the value that all faces of a label share."""
    count = int(labels.max(initial=-1)) + 1
    of_label = np.empty(count, np.int64)
    of_label[labels] = value
    shapes, label = merged_parts(found, labels, count)
    order = np.argsort(of_label[label], kind="stable")
    return shapes[order], of_label[label][order]


def _signature(inner: Floats, cut_by: Shapes) -> Ints:
    """Give points that lie in the same of the polygons the same number."""
    inside: list[list[int]] = [[] for _ in inner]
    if len(cut_by):
        pairs = shapely.STRtree(cut_by).query(shapely.points(inner), predicate="intersects")
        for point, polygon in pairs.T.tolist():
            inside[point].append(polygon)
    number: dict[tuple[int, ...], int] = {}
    return np.array([number.setdefault(tuple(sorted(i)), len(number)) for i in inside], np.int64)


def _within(xy: Floats, wanted: Ints, shapes: Shapes, group: Ints) -> Ints:
    """Shape of each point among those of its wanted group; the nearest where rounding parts them.

    ``group`` is ascending. Points that want -1 get -1.
    """
    found = owners(xy, shapes)
    wrong = np.flatnonzero((wanted >= 0) & ((found < 0) | (group[found] != wanted)))
    for i in wrong.tolist():
        low, high = np.searchsorted(group, [wanted[i], wanted[i] + 1])
        if low < high:
            away = shapely.distance(shapes[low:high], shapely.Point(xy[i]))
            found[i] = low + int(np.argmin(away))
    found[wanted < 0] = -1
    return found


def _divided(blocks: Shapes, xy: Floats, block_of_point: Ints) -> tuple[Shapes, Ints]:
    """Blocks divided by the Voronoi cells of their points; ascending block of each piece."""
    order = np.argsort(block_of_point, kind="stable")
    bounds = np.searchsorted(block_of_point[order], np.arange(len(blocks) + 1))
    walls: list[shapely.Geometry] = []
    cut: list[int] = []
    for i in range(len(blocks)):
        own = np.unique(xy[order[bounds[i] : bounds[i + 1]]], axis=0)
        if len(own) > 1:
            cut.append(i)
            walls.append(
                shapely.voronoi_polygons(
                    shapely.MultiPoint(own), extend_to=blocks[i], only_edges=True
                )
            )
    if not cut:
        return blocks, np.arange(len(blocks))
    inside = shapely.intersection(np.array(walls, object), blocks[cut])
    pieces = faces(np.concatenate([linework(blocks), linework(inside)]))
    block = owners(shapely.get_coordinates(shapely.point_on_surface(pieces)), blocks)
    pieces, block = pieces[block >= 0], block[block >= 0]
    order = np.argsort(block, kind="stable")
    return pieces[order], block[order]


def _spots(xy: Floats, block: Ints) -> Ints:
    """Give points near each other in one block the number of one spot."""
    pairs = cKDTree(np.where(np.isfinite(xy), xy, 0)).query_pairs(SAME_SPOT, output_type="ndarray")
    pairs = pairs[block[pairs[:, 0]] == block[pairs[:, 1]]]
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(xy), len(xy)))
    return np.asarray(connected_components(links, directed=False)[1], np.int64)


def _joined(
    shapes: Shapes, part: Ints, block: Ints, spot: Ints, of_point: Ints
) -> tuple[Shapes, Ints, Ints]:
    """Give pieces without a point to a neighbour of their block, and make one cell of a spot."""
    placed = of_point >= 0
    held = np.zeros(len(shapes), bool)
    held[of_point[placed]] = True
    labels = absorbed(cell_graph(shapes), block, held, least=np.inf)
    spot_of = np.full(int(labels.max(initial=-1)) + 1, -1, np.int64)
    spot_of[labels[of_point[placed]]] = spot[placed]
    lone = np.flatnonzero(spot_of < 0)
    spot_of[lone] = spot.max(initial=-1) + 1 + np.arange(len(lone))
    labels = numbered(spot_of[labels])
    cells, label = merged_parts(shapes, labels, int(labels.max(initial=-1)) + 1)
    cell_of = np.searchsorted(label, labels)
    # A spot whose pieces do not touch is several cells: each piece is looked up.
    torn = np.flatnonzero(np.bincount(label, minlength=1)[labels] > 1)
    if len(torn):
        inner = shapely.get_coordinates(shapely.point_on_surface(shapes[torn]))
        cell_of[torn] = _within(inner, labels[torn], cells, label)
    first = np.unique(cell_of, return_index=True)[1]
    return cells, part[first], np.where(placed, cell_of[of_point], -1)
