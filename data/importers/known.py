"""What the store holds already, as far as an import has to know it."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select

from data import schema
from data.importers.columns import plain
from data.store import get_meta
from geo.crs import Bounds
from geo.locate import owners
from geo.tiles import tile_key
from rules.levels import Level

ROOT_MADE: Final = "root_made"
"""Fact of the store: ``extent:<id>`` or ``union:<id>`` for a root that an import made up."""


@dataclass(frozen=True)
class KnownArea:
    """One living area with its shape in degrees."""

    id: int
    parent_id: int | None
    level: Level
    code: str
    name: str
    geom: shapely.Geometry


@dataclass(frozen=True)
class Known:
    """The living areas of the store; ``stand_in`` and ``joined`` name a root that was made up.

    ``stand_in`` is a root from the extent of data, ``joined`` one from the union of its children.
    """

    areas: tuple[KnownArea, ...] = ()
    stand_in: int | None = None
    joined: int | None = None
    zone: str | None = None

    @cached_property
    def by_id(self) -> dict[int, KnownArea]:
        """Areas by id."""
        return {area.id: area for area in self.areas}

    @cached_property
    def by_code(self) -> dict[str, KnownArea]:
        """Areas by code."""
        return {area.code: area for area in self.areas}

    @cached_property
    def root(self) -> KnownArea | None:
        """The first area without a parent."""
        return next((a for a in self.areas if a.parent_id is None), None)

    @cached_property
    def extent(self) -> Bounds | None:
        """Extent of all areas in degrees."""
        if not self.areas:
            return None
        west, south, east, north = shapely.total_bounds([a.geom for a in self.areas])
        return float(west), float(south), float(east), float(north)

    @cached_property
    def outline(self) -> shapely.Geometry | None:
        """Outline to lay unknown coordinates on; a stand-in proves nothing."""
        roots = [a.geom for a in self.areas if a.parent_id is None and a.id != self.stand_in]
        return shapely.union_all(roots) if roots else None

    def named(self, text: str, above: Level) -> KnownArea | None:
        """Give the deepest area above a level with this code or name."""
        found = [a for a in self.areas if a.level < above and a.code == text]
        found = found or [a for a in self.areas if a.level < above and plain(a.name) == plain(text)]
        return max(found, key=lambda a: a.level, default=None)

    def ancestors(self, area_id: int | None) -> list[int]:
        """Ids from an area up to its root."""
        path = []
        while area_id is not None:
            path.append(area_id)
            area_id = self.by_id[area_id].parent_id
        return path

    def owners(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
        """Id of the deepest area that holds each point; -1 where none does.

        A point on a border belongs to the area with the smallest id (geo.locate).
        """
        found = np.full(len(lon), -1, np.int64)
        points = np.column_stack([lon, lat])
        for level in sorted({a.level for a in self.areas}, reverse=True):
            left = np.flatnonzero(found < 0)
            same = sorted((a for a in self.areas if a.level == level), key=lambda a: a.id)
            at = owners(points[left], [a.geom for a in same])
            ids = np.array([*(a.id for a in same), -1], np.int64)
            found[left] = ids[at]
        return found


_A = schema.area.c
_AREAS = select(_A.id, _A.parent_id, _A.level, _A.code, _A.name, _A.geom).where(
    _A.valid_to.is_(None)
).order_by(_A.level, _A.code)  # fmt: skip


def load_known(conn: Connection) -> Known:
    """Read what an import has to know."""
    how, _, made = (get_meta(conn, ROOT_MADE) or "").partition(":")
    areas = tuple(
        KnownArea(r.id, r.parent_id, Level(r.level), r.code, r.name, r.geom)
        for r in conn.execute(_AREAS)
    )
    return Known(
        areas,
        stand_in=int(made) if how == "extent" else None,
        joined=int(made) if how == "union" else None,
        zone=get_meta(conn, "time_zone"),
    )


_B = schema.building.c
_NEAR = select(_B.id, _B.geom).where(_B.tile.in_(bindparam("tiles", expanding=True)))


def buildings_at(
    conn: Connection, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Id of the building whose footprint holds each point; -1 where none does."""
    found = np.full(len(lon), -1, np.int64)
    tiles = np.unique(tile_key(lon, lat)).tolist()
    near: list[Any] = []
    for start in range(0, len(tiles), 500):
        near += conn.execute(_NEAR, {"tiles": tiles[start : start + 500]}).all()
    if near:
        ids = np.array([row.id for row in near], np.int64)
        tree = shapely.STRtree([row.geom for row in near])
        hit, at = tree.query(shapely.points(lon, lat), predicate="intersects")
        found[hit[::-1]] = ids[at[::-1]]
    return found


_BATCHES = select(schema.batch.c.report).where(
    schema.batch.c.what == bindparam("of_what")
).order_by(schema.batch.c.id.desc()).limit(20)  # fmt: skip


def remembered_mapping(conn: Connection, what: str, headers: list[str]) -> dict[str, str]:
    """Columns as the last import with the same headings mapped them."""
    for (text,) in conn.execute(_BATCHES, {"of_what": what}):
        report = json.loads(text)
        if report.get("headers") == headers:
            return dict(report.get("mapping", {}))
    return {}
