"""The heat layer of a view: incidents counted into small cells, however many there are."""

import math
from datetime import datetime
from typing import Any, Final

import numpy as np

from data.picture import Picture
from data.points import point_clusters
from rules.access import Scope
from rules.filters import View

_ACROSS: Final = 900
"""Pixels that the wider side of the area takes on a usual screen."""

_FINER: Final = 3
"""Zooms between the screen and the cells: 64 pixels become 8."""


def fitting_zoom(bounds: tuple[float, float, float, float]) -> int:
    """Zoom at which bounds in degrees are about 900 pixels wide."""
    west, south, east, north = bounds
    span = max(east - west, (north - south) / max(0.1, math.cos(math.radians(south))), 1e-4)
    return max(1, min(17, math.floor(math.log2(_ACROSS * 360 / 256 / span))))


def heat_body(picture: Picture, *, scope: Scope, view: View, now: datetime) -> dict[str, Any]:
    """Cells as ``[lat, lon, count]``, the count at which heat is full, and for which zoom.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area of the view.
    """
    picture.tree.admit(scope, view.area_id)
    zoom = fitting_zoom(picture.tree.get(view.area_id).bounds)
    cells = point_clusters(
        picture, scope=scope, area_id=view.area_id, filter=view.filter, now=now,
        zoom=zoom + _FINER,
    )  # fmt: skip
    rows = np.column_stack((np.round(cells.lat, 5), np.round(cells.lon, 5), cells.count))
    full = float(np.percentile(cells.count, 95)) if len(cells) else 1.0
    return {
        "watermark": picture.watermark,
        "zoom": zoom,
        "max": max(2.0, 3 * full),
        "points": rows.tolist(),
    }
