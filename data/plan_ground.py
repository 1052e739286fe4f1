"""The land that a plan is drawn on, read from the store: cells, buildings, roads, what is open.

Cells are read once and kept with the picture, for they never change; buildings and their items
are read anew when the record moved.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select

from data import schema
from data.areas import AreaTree
from data.picture import Picture, chunks
from data.plan_sheet import Cell, Ground, Home, Loose
from geo.crs import STORE_CRS, metric_crs, transform
from geo.noding import rounded
from rules.kinds import Severity
from rules.rulebook import Rulebook
from rules.workload import tenths

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

YEAR: Final = timedelta(days=365)
WEEKS: Final = 365 / 7
MAIN: Final = 1
"""Rank of the roads that a grid should not cross."""


@dataclass(frozen=True, eq=False)
class Walls:
    """Lines that divide land, in metres: every one, and those that grids should not cross."""

    lines: Shapes
    barriers: Shapes


_C, _B, _F, _P = schema.plan_cell.c, schema.building.c, schema.base_feature.c, schema.person.c
_CELLS = select(_C.number, _C.parent, _C.buildings, _C.geom).where(
    _C.plan_id == bindparam("of_id")
).order_by(_C.number)  # fmt: skip
_HOME = (
    _B.id, _B.code, _B.estate, _B.name, _B.address, _B.households, _B.chief_id, _B.lon, _B.lat,
)  # fmt: skip
_HOMES_IN = select(*_HOME).where(_B.area_id.in_(bindparam("ids", expanding=True)))
_HOMES = select(*_HOME).where(_B.id.in_(bindparam("ids", expanding=True)))
_NAMES = select(_P.id, _P.name).where(_P.id.in_(bindparam("ids", expanding=True)))
_WALLS = select(_F.layer, _F.rank, _F.geom).where(_F.layer.in_(("road", "rail", "water")))
_OUTLINE = select(schema.area.c.geom).where(schema.area.c.id == bindparam("of_id"))


def homes_in(conn: Connection, tree: AreaTree, area_id: int) -> list[Any]:
    """Rows of all buildings registered in an area, by id."""
    first, last = tree.range(area_id)
    ids: list[int] = tree.ids[first:last].tolist()
    rows = [r for part in chunks(ids) for r in conn.execute(_HOMES_IN, {"ids": part})]
    return sorted(rows, key=lambda row: int(row.id))


def crs_of(tree: AreaTree, area_id: int) -> str:
    """Give the system in metres that a community's plans are drawn in."""
    return metric_crs(tree.get(area_id).lon)


def outline_of(conn: Connection, area_id: int) -> shapely.Geometry:
    """Shape of an area in degrees, closed or not."""
    shape: shapely.Geometry = conn.execute(_OUTLINE, {"of_id": area_id}).scalar_one()
    return shape


def walls_of(conn: Connection, whole: shapely.Geometry, crs: str) -> Walls:
    """Give roads, rails and water near a community, whose shape is in degrees."""
    rows = conn.execute(_WALLS).all()
    box = shapely.box(*shapely.bounds(whole).tolist())
    near = shapely.intersects(np.array([r.geom for r in rows], object), box)
    rows = [row for row, meets in zip(rows, near.tolist(), strict=True) if meets]
    shapes = transform(np.array([r.geom for r in rows], object), STORE_CRS, crs)
    main = np.array([r.layer != "road" or r.rank <= MAIN for r in rows], bool)
    return Walls(shapes, shapes[main])


def load_ground(
    conn: Connection, picture: Picture, *, plan_id: int, area_id: int, cells: int
) -> Ground:
    """Give the ground of a plan that has had so many cells; read only as far as it changed."""
    crs = crs_of(picture.tree, area_id)
    kept: tuple[list[Any], Shapes] = picture.memo.get(
        ("plan cells", plan_id, cells), lambda: _read_cells(conn, plan_id, crs)
    )
    rows, shapes = kept
    whole, walls = picture.memo.get(
        ("plan walls", plan_id), lambda: _surroundings(conn, area_id, crs)
    )
    members = [tuple(int(i) for i in json.loads(row.buildings)) for row in rows]
    homes, names = picture.memo.get(
        ("plan homes", plan_id),
        lambda: _read_homes(conn, picture, area_id, [i for some in members for i in some]),
    )
    loose: Loose = picture.memo.get(("plan loose", plan_id), lambda: _loose(picture, area_id, crs))
    spare = picture.memo.get(("plan spare", plan_id, cells), lambda: _on_land(loose, rows, shapes))
    found = {}
    for at, (row, own) in enumerate(zip(rows, members, strict=True)):
        here = [homes[i] for i in own if i in homes]
        found[int(row.number)] = Cell(
            number=int(row.number), parent=row.parent, shape=shapes[at], degrees=row.geom,
            buildings=tuple(home.id for home in here),
            households=sum(home.households for home in here),
            open=sum(home.open for home in here) + int(spare[0][at]),
            load=sum(home.load for home in here) + float(spare[1][at]),
        )  # fmt: skip
    return Ground(plan_id, crs, whole, found, homes, walls.barriers, names, loose)


def _read_cells(conn: Connection, plan_id: int, crs: str) -> tuple[list[Any], Shapes]:
    rows = list(conn.execute(_CELLS, {"of_id": plan_id}).all())
    shapes = transform(np.array([row.geom for row in rows], object), STORE_CRS, crs)
    return rows, rounded(shapes)


def _surroundings(conn: Connection, area_id: int, crs: str) -> tuple[shapely.Geometry, Walls]:
    outline = outline_of(conn, area_id)
    whole = transform(np.array([outline], object), STORE_CRS, crs)[0]
    return whole, walls_of(conn, outline, crs)


def _read_homes(
    conn: Connection, picture: Picture, area_id: int, ids: Sequence[int]
) -> tuple[dict[int, Home], dict[int, str]]:
    """Give the buildings of the cells, and those registered in the community since."""
    here = homes_in(conn, picture.tree, area_id)
    away = sorted(set(ids) - {row.id for row in here})
    rows = here + [r for part in chunks(away) for r in conn.execute(_HOMES, {"ids": part})]
    xy = in_metres(rows, crs_of(picture.tree, area_id))
    opened, load = _by_building(picture, [int(row.id) for row in rows])
    homes = {
        int(r.id): Home(
            id=int(r.id), code=r.code, label=f"{r.estate} {r.name}".strip() or r.address or r.code,
            estate=r.estate, households=r.households, chief_id=r.chief_id,
            x=float(x), y=float(y), open=int(o), load=float(w),
        )
        for r, (x, y), o, w in zip(rows, xy.tolist(), opened, load, strict=True)
    }  # fmt: skip
    chiefs = sorted({home.chief_id for home in homes.values() if home.chief_id is not None})
    names = {r.id: r.name for part in chunks(chiefs) for r in conn.execute(_NAMES, {"ids": part})}
    return homes, names


def in_metres(rows: Sequence[Any], crs: str) -> Floats:
    """Points of rows with ``lon`` and ``lat``, (n, 2) metres."""
    lon, lat = np.array([r.lon for r in rows], float), np.array([r.lat for r in rows], float)
    points = np.asarray(shapely.points(lon, lat), object)
    return np.asarray(shapely.get_coordinates(transform(points, STORE_CRS, crs)))


def _by_building(picture: Picture, ids: Sequence[int]) -> tuple[Ints, Floats]:
    """Open items of each building, and its mean weighted effort of a week over a year."""
    wanted = np.array(ids, np.int64)
    columns = picture.columns
    rows = np.flatnonzero(np.isin(columns.building, wanted))
    order = np.argsort(wanted)
    at = order[np.searchsorted(wanted[order], columns.building[rows])] if len(rows) else rows
    opened = np.bincount(at, columns.is_open[rows], minlength=len(wanted))
    load = np.bincount(at, _minutes(picture, rows), minlength=len(wanted))
    return opened.astype(np.int64), np.asarray(load, float)


def _loose(picture: Picture, area_id: int, crs: str) -> Loose:
    """Items of a community that lie at no building."""
    first, last = picture.tree.range(area_id)
    columns = picture.columns
    here = (columns.area >= first) & (columns.area < last) & (columns.building == 0)
    rows = np.flatnonzero(here)
    spots = np.asarray(shapely.points(columns.lon[rows], columns.lat[rows]), object)
    return Loose(
        xy=np.asarray(shapely.get_coordinates(transform(spots, STORE_CRS, crs))),
        open=columns.is_open[rows].astype(np.int64),
        load=_minutes(picture, rows),
    )


def _on_land(loose: Loose, rows: Sequence[Any], shapes: Shapes) -> tuple[Ints, Floats]:
    """Items on each cell; a cell that was cut and its parts both hold theirs."""
    depth = _depths(rows)
    opened, load = np.zeros(len(rows), np.int64), np.zeros(len(rows))
    for level in range(int(depth.max(initial=0)) + 1):
        at = np.flatnonzero(depth == level)
        opened[at], load[at] = loose.on(shapes[at])
    return opened, load


def _depths(rows: Sequence[Any]) -> Ints:
    """How many cuts lie behind each cell; a parent comes before its parts."""
    found: dict[int, int] = {}
    for row in rows:
        found[row.number] = 0 if row.parent is None else found[row.parent] + 1
    return np.array([found[row.number] for row in rows], np.int64)


def _minutes(picture: Picture, rows: Ints) -> Floats:
    """Weighted effort of incidents reported within a year, spread over its weeks."""
    columns = picture.columns
    since = (picture.at - YEAR).timestamp()
    minutes = columns.effort[rows] * _weights(picture.rulebook)[columns.severity[rows]]
    return np.asarray(minutes * (columns.reported[rows] >= since) / WEEKS, float)


def _weights(rulebook: Rulebook) -> Floats:
    found = np.zeros(max(Severity) + 1)
    for severity, factor in rulebook.severity_weight.items():
        found[severity] = tenths(factor) / 10
    return found
