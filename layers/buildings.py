"""The buildings of a tile: footprints with what staff ask of them."""

from datetime import datetime
from typing import Any, Final

from data.buildings import buildings_in_tiles
from data.picture import Picture
from data.store import Store
from geo.simplify import whole_steps
from geo.tiles import BUILDING_ZOOM, tile_bounds, tiles_inside
from rules.access import Scope
from rules.filters import IncidentFilter

_UNIT: Final = 1e-6
BUILDING_ZOOMS: Final = (BUILDING_ZOOM - 1, BUILDING_ZOOM)
"""Zooms of the tiles: the larger ones serve a whole grid with a handful of requests."""


def buildings_body(
    store: Store, picture: Picture, *, scope: Scope, tile: tuple[int, int, int],
    filter: IncidentFilter, now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Give the buildings whose point lies in the tile and in the scope, with the open items.

    The items are those that the filter keeps, whatever it says of open and closed.
    """
    zoom, x, y = tile
    west, south, _, _ = tile_bounds(zoom, x, y)
    origin = (round(west, 6), round(south, 6))
    rows = buildings_in_tiles(
        store, picture, scope=scope, keys=tiles_inside(zoom, x, y), now=now, filter=filter
    )
    rings = whole_steps([row.geom for row in rows], origin, _UNIT)
    return {
        "origin": origin,
        "unit": _UNIT,
        "buildings": [
            {
                "id": row.id,
                "code": row.code,
                "label": " ".join(part for part in (row.estate, row.name) if part),
                "address": row.address,
                "households": row.households,
                "chief": row.chief_name,
                "open": row.open,
                "overdue": row.overdue,
                "rings": own,
            }
            for row, own in zip(rows, rings, strict=True)
        ],
    }
