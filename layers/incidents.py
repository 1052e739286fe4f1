"""The incidents of a view: single points while they are few, clusters when they are many."""

from datetime import datetime
from typing import Any, Final

import numpy as np

from data.columns import KIND_KEYS, STATE_KEYS, select
from data.picture import Picture
from data.points import Bounds, point_clusters, point_count, points
from rules.access import Scope
from rules.filters import View

WHOLE: Final = 1500
"""So many points of a view are sent at once, and no pan or zoom asks again."""

PULSES: Final = 30
"""So many changed incidents are pointed out at once."""

SCREEN: Final = 700
"""So many points are sent for one screen; more are counted into clusters."""


def incidents_body(
    picture: Picture, *, scope: Scope, view: View, zoom: int, bounds: Bounds, now: datetime
) -> dict[str, Any]:
    """Points or clusters of a view's incidents.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area of the view.
    """
    chosen: dict[str, Any] = {
        "scope": scope, "area_id": view.area_id, "filter": view.filter, "now": now
    }  # fmt: skip
    head = {"watermark": picture.watermark, "kinds": KIND_KEYS, "states": STATE_KEYS}
    total = point_count(picture, **chosen)
    head["total"] = total
    if total <= WHOLE:
        return head | {"complete": True} | _points(picture, chosen)
    if point_count(picture, bounds=bounds, **chosen) <= SCREEN:
        return head | {"complete": False} | _points(picture, chosen | {"bounds": bounds})
    cells = point_clusters(picture, zoom=zoom, bounds=bounds, **chosen)
    clusters = {
        "lon": np.round(cells.lon, 6), "lat": np.round(cells.lat, 6),
        "count": cells.count, "overdue": cells.overdue,
    }  # fmt: skip
    return head | {"complete": False, "mode": "clusters", "clusters": clusters}


def changed_body(
    picture: Picture, *, scope: Scope, view: View, ids: list[int], now: datetime
) -> dict[str, Any]:
    """Places of those of the changed incidents that the view holds, the latest few."""
    rows = select(
        picture.columns, picture.tree, scope=scope, area_id=view.area_id, filter=view.filter,
        now=now,
    )  # fmt: skip
    rows = rows[np.isin(picture.columns.id[rows], ids)][-PULSES:]
    return {
        "lon": np.round(picture.columns.lon[rows], 6),
        "lat": np.round(picture.columns.lat[rows], 6),
    }


def _points(picture: Picture, chosen: dict[str, Any]) -> dict[str, Any]:
    found = points(picture, **chosen)
    return {
        "mode": "points",
        "id": found.id,
        "number": found.number,
        "lon": np.round(found.lon, 6),
        "lat": np.round(found.lat, 6),
        "kind": found.kind,
        "state": found.state,
        "overdue": found.overdue.astype(np.int8),
    }
