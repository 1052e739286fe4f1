"""Incidents as map points, and as clusters where there are many."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from data.areas import Ints
from data.columns import Codes, Floats
from data.columns import select as select_rows
from data.picture import Picture
from geo.cluster import Clusters, clusters
from rules.access import Scope
from rules.filters import IncidentFilter

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, eq=False)
class Points:
    """Incidents as map points: arrays by point, in the order of report."""

    id: Ints
    number: list[str]
    lon: Floats
    lat: Floats
    kind: Codes
    state: Codes
    severity: Codes
    overdue: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.id)


def _visible(
    picture: Picture, scope: Scope, area_id: int, filter: IncidentFilter, now: datetime,
    bounds: Bounds | None,
) -> Ints:  # fmt: skip
    columns = picture.columns
    rows = select_rows(columns, picture.tree, scope=scope, area_id=area_id, filter=filter, now=now)
    if bounds is None:
        return rows
    west, south, east, north = bounds
    lon, lat = columns.lon[rows], columns.lat[rows]
    return rows[(lon >= west) & (lon < east) & (lat >= south) & (lat < north)]


def _overdue(picture: Picture, rows: Ints | slice, now: datetime) -> NDArray[np.bool_]:
    columns = picture.columns
    late: NDArray[np.bool_] = columns.due[rows] < int(now.timestamp())
    return columns.is_open[rows] & late


def points(  # noqa: PLR0913 - a view is told where, what, and how many at most
    picture: Picture, *, scope: Scope, area_id: int, filter: IncidentFilter, now: datetime,
    bounds: Bounds | None = None, limit: int | None = None,
) -> Points:  # fmt: skip
    """Incidents of an area that a filter keeps as points, the latest ``limit`` of them.

    Points on the west and south side of ``bounds`` belong to it, those on the others do not.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    columns = picture.columns
    rows = _visible(picture, scope, area_id, filter, now, bounds)
    rows = rows if limit is None else rows[max(0, len(rows) - limit) :]
    return Points(
        id=columns.id[rows],
        number=[columns.number.at(row) for row in rows.tolist()],
        lon=columns.lon[rows],
        lat=columns.lat[rows],
        kind=columns.kind[rows],
        state=columns.state[rows],
        severity=columns.severity[rows],
        overdue=_overdue(picture, rows, now),
    )


def point_count(
    picture: Picture, *, scope: Scope, area_id: int, filter: IncidentFilter, now: datetime,
    bounds: Bounds | None = None,
) -> int:  # fmt: skip
    """How many points :func:`points` would give, without making them."""
    return len(_visible(picture, scope, area_id, filter, now, bounds))


def point_clusters(  # noqa: PLR0913 - as points
    picture: Picture, *, scope: Scope, area_id: int, filter: IncidentFilter, now: datetime,
    zoom: int, bounds: Bounds | None = None,
) -> Clusters:  # fmt: skip
    """Incidents of an area counted into the 64-pixel cells of a zoom; see :func:`points`."""

    def count() -> Clusters:
        columns = picture.columns
        rows = _visible(picture, scope, area_id, filter, now, bounds)
        # Most of the time over the whole history goes into copying what is all wanted.
        at: Ints | slice = slice(None) if len(rows) == len(columns) else rows
        return clusters(
            columns.lon[at], columns.lat[at], zoom=zoom,
            overdue=_overdue(picture, at, now), severity=columns.severity[at],
            tiles=(columns.x[at], columns.y[at]),
        )  # fmt: skip

    key = ("clusters", scope, area_id, filter, int(now.timestamp()), zoom, bounds)
    return picture.memo.get(key, count)
