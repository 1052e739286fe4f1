"""The base map in memory: roads, rails, water, green and land, cut to what is drawn.

It is public geography, so it is the one thing here that needs no scope.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from data import schema
from geo.tiles import tile_bounds

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

LAYERS: Final = ("land", "green", "water", "rail", "road")
"""In the order in which they are drawn, lowest first."""


@dataclass(frozen=True)
class BaseFeature:
    """One feature, cut; ``rank`` 1 is drawn from afar, 3 only near."""

    layer: str
    rank: int
    name: str
    geom: shapely.Geometry


@dataclass(frozen=True, eq=False)
class BaseMap:
    """All base features, indexed; ``layer``, ``rank`` and ``name`` by feature."""

    layer: tuple[str, ...]
    rank: NDArray[np.int64]
    name: tuple[str, ...]
    index: shapely.STRtree

    def __len__(self) -> int:
        return len(self.name)

    def in_bounds(self, bounds: Bounds, *, rank: int = 3) -> list[BaseFeature]:
        """Features of this rank and below that meet a box (degrees), cut to it.

        Ordered as they are drawn: by layer, the lesser ranks first, then by id.
        """
        found = np.sort(self.index.query(shapely.box(*bounds)))
        found = found[self.rank[found] <= rank]
        cut = shapely.clip_by_rect(self.index.geometries[found], *bounds)
        kept = [
            BaseFeature(self.layer[i], int(self.rank[i]), self.name[i], geom)
            for i, geom in zip(found.tolist(), cut, strict=True)
            if not geom.is_empty
        ]
        order = {layer: place for place, layer in enumerate(LAYERS)}
        return sorted(kept, key=lambda f: (order.get(f.layer, 0), -f.rank))

    def in_tile(
        self, zoom: int, x: int, y: int, *, rank: int = 3, margin: float = 1 / 16
    ) -> list[BaseFeature]:
        """Features of a map tile; ``margin`` widens it by a share, to hide the cut edges."""
        west, south, east, north = tile_bounds(zoom, x, y)
        wide, tall = margin * (east - west), margin * (north - south)
        return self.in_bounds((west - wide, south - tall, east + wide, north + tall), rank=rank)


_F = schema.base_feature.c
_ALL = select(_F.layer, _F.rank, _F.name, _F.geom).order_by(_F.id)


def load_base_map(conn: Connection) -> BaseMap:
    """Read the whole base map."""
    rows = conn.execute(_ALL).all()
    return BaseMap(
        layer=tuple(r.layer for r in rows),
        rank=np.array([r.rank for r in rows], np.int64),
        name=tuple(r.name for r in rows),
        index=shapely.STRtree([r.geom for r in rows]),
    )
