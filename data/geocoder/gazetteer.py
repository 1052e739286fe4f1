"""The district's own gazetteer: buildings, roads and areas, indexed by name."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from data import schema
from data.areas import Ints
from data.driver import driver_rows
from data.geocoder.area_words import AreaWords
from data.geocoder.names import Mask, NameIndex
from data.geocoder.sites import Draft, Site
from data.picture import Once, Picture
from data.registers import Buildings
from data.store import Store
from rules.access import Scope

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """All sites with their names; ``id`` to ``lat`` are by row.

    ``building`` is 0 where a row is no building, ``area`` a preorder number.
    """

    words: AreaWords
    names: NameIndex
    sites: tuple[Site, ...]
    of_name: tuple[tuple[int, ...], ...]
    id: Ints
    building: Ints
    area: Ints
    lon: Floats
    lat: Floats

    @classmethod
    def of(cls, draft: Draft) -> "Gazetteer":
        """Index a draft."""
        sites = tuple(draft.sites.values())
        held: list[list[int]] = [[] for _ in draft.texts]
        for n, site in enumerate(sites):
            for name in site.names:
                held[name].append(n)
        return cls(
            words=draft.words,
            names=NameIndex.of(list(draft.texts)),
            sites=sites,
            of_name=tuple(map(tuple, held)),
            id=np.array(draft.ids, np.int64),
            building=np.array(draft.building, np.int64),
            area=np.array(draft.area, np.int64),
            lon=np.array(draft.lon, np.float64),
            lat=np.array(draft.lat, np.float64),
        )

    @cached_property
    def _site_of_row(self) -> Ints:
        of_row = np.zeros(len(self.id), np.int64)
        for n, site in enumerate(self.sites):
            of_row[site.rows] = n
        return of_row

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints]:
        pairs = [(name, n) for name, sites in enumerate(self.of_name) for n in sites]
        names, sites = np.array(pairs, np.int64).reshape(-1, 2).T
        return names, sites

    def visible(self, picture: Picture, scope: Scope) -> "Visible":
        """Rows, sites and names that a scope holds.

        Raises
        ------
        OutsideScope
            If the scope's own area does not exist.
        """
        first, last = picture.tree.admit(scope, scope.area_id)
        rows = (self.area >= first) & (self.area < last)
        if scope.buildings is not None:
            rows &= np.isin(self.building, list(scope.buildings))
        sites = np.bincount(self._site_of_row[rows], minlength=len(self.sites)) > 0
        names, held = self._pairs
        said = np.bincount(names[sites[held]], minlength=len(self.names.texts)) > 0
        return Visible(rows.tobytes(), sites, said)


@dataclass(frozen=True, eq=False)
class Visible:
    """Which rows, sites and names may be offered; a byte for each row, which is quick to ask."""

    rows: bytes
    sites: Mask
    names: Mask

    def of(self, rows: Iterable[int]) -> tuple[int, ...]:
        """Those of some rows that may be offered."""
        return tuple(row for row in rows if self.rows[row])


_B, _F = schema.building.c, schema.base_feature.c
_BUILDINGS = select(_B.id, _B.area_id, _B.estate, _B.name, _B.address, _B.lon, _B.lat).order_by(
    _B.id
)
_ROADS = select(_F.id, _F.name, _F.geom).where(_F.layer == "road", _F.name != "").order_by(_F.id)
_SPOT_EVERY: Final = 0.002
"""Degrees between the points that stand for a road, some 200 m: the size of a town grid."""


def load_gazetteer(conn: Connection, picture: Picture) -> Gazetteer:
    """Read everything that has a name or a number."""
    draft = Draft(AreaWords(picture.tree))
    for number in range(len(picture.tree.areas)):
        draft.add_area(number)
    roads = conn.execute(_ROADS).all()
    for road, spots in zip(roads, _spots(picture, [road.geom for road in roads]), strict=True):
        draft.add_road(road.id, road.name, spots)
    for rows in driver_rows(conn, _BUILDINGS):
        areas = picture.tree.placed(np.array([row[1] for row in rows], np.int64)).tolist()
        for (row_id, _, estate, name, address, lon, lat), area in zip(rows, areas, strict=True):
            if area >= 0:
                draft.add_building(row_id, area, (estate, name, address), (lon, lat))
    return Gazetteer.of(draft)


def _spots(
    picture: Picture, roads: Sequence[shapely.Geometry]
) -> list[list[tuple[int, float, float]]]:
    """Points along each road, each with the deepest area that holds it."""
    lines = shapely.segmentize(shapely.simplify(roads, _SPOT_EVERY / 10), _SPOT_EVERY)
    degrees, of_road = shapely.get_coordinates(lines, return_index=True)
    atlas, tree = picture.atlas, picture.tree
    leaves = np.flatnonzero(tree.end[atlas.number] == atlas.number + 1)
    # Many points against few shapes: asked this way round each shape is prepared once.
    shapes = atlas.shapes.geometries[leaves]
    points = np.asarray(shapely.points(degrees))
    shape, point = shapely.STRtree(points).query(shapes, predicate="intersects")
    held = np.full(len(degrees), -1, np.int64)
    # Shapes are ordered by id: a point on a border goes to the lowest, which is written last.
    held[point[::-1]] = atlas.number[leaves[shape[::-1]]]
    spots: list[list[tuple[int, float, float]]] = [[] for _ in roads]
    for road, area, (lon, lat) in zip(
        of_road.tolist(), held.tolist(), degrees.tolist(), strict=True
    ):
        if area >= 0:
            spots[road].append((area, lon, lat))
    return spots


# A picture's memo is emptied by every incident, and this takes seconds for a city: it is kept
# for as long as the register of buildings that it was made from.
_kept: "WeakKeyDictionary[Once[Buildings], Once[Gazetteer]]" = WeakKeyDictionary()
_keeping = threading.Lock()


def gazetteer_of(picture: Picture, store: Store) -> Gazetteer:
    """Gazetteer of a picture, made when it is first asked for."""

    def make() -> Gazetteer:
        with store.read() as conn:
            return load_gazetteer(conn, picture)

    with _keeping:
        kept = _kept.setdefault(picture.register, Once(make))
    return kept.get()
