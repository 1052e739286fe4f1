"""The same problem near here? Incidents that a new report may repeat, within a scope."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import shapely
from rapidfuzz import fuzz

from data.areas import Ints
from data.columns import KIND_CODES, STATE_CODES, Floats, first_since
from data.geocoder.address import normalise
from data.incidents import IncidentRow, read_rows
from data.picture import Picture
from data.store import Store
from geo.crs import STORE_CRS, metric_crs, transform
from rules.access import Scope
from rules.lifecycle import State, is_open


@dataclass(frozen=True)
class Similar:
    """One incident that may be the same problem.

    ``score`` is 0 to 1. ``reasons`` are keys of what speaks for it: near, building, kind,
    subkind, title, open.
    """

    row: IncidentRow
    metres: float
    score: float
    reasons: tuple[str, ...]


_NEAR, _KIND, _SUBKIND, _TITLE, _BUILDING = 0.3, 0.2, 0.15, 0.25, 0.1
"""Shares of the score, which add up to 1."""
_ALIKE: Final = 0.6
"""From this likeness on, titles by themselves speak for the same problem."""
_MOST_READ: Final = 200
_METRES_A_DEGREE: Final = 110_000.0
"""Less than a degree of latitude ever has: the box to look in is a little too large."""


def similar_incidents(  # noqa: PLR0913 - what is reported, where, and how far to look
    store: Store, picture: Picture, *, scope: Scope, kind: str, subkind: str, lon: float,
    lat: float, title: str, now: datetime, building_id: int | None = None, metres: float = 150,
    days: int = 30, limit: int = 5,
) -> list[Similar]:  # fmt: skip
    """Find open incidents, and others of the last ``days``, that a report may repeat, best first.

    All lie within ``metres`` on the ground, and kind, title or building speak for them as well;
    what was merged into another is left out.

    Raises
    ------
    OutsideScope
        If the scope's own area does not exist.
    """
    rows = _candidates(
        picture, scope, lon, lat, metres, first_since(picture.columns.reported, days, now)
    )
    away = _metres(picture, rows, lon, lat)
    order = np.argsort(away, kind="stable")
    order = order[away[order] <= metres]
    # Where very many lie at one point, those of the same kind are read first.
    same = picture.columns.kind[rows[order]] == KIND_CODES.get(kind, -1)
    order = np.concatenate([order[same], order[~same]])[:_MOST_READ]
    by_id = dict(zip(picture.columns.id[rows[order]].tolist(), away[order].tolist(), strict=True))
    with store.read() as conn:
        found = read_rows(conn, picture, list(by_id), now)
    new = (kind, subkind, normalise(title), building_id)
    weighed = (_weighed(row, by_id[row.id], metres, new) for row in found)
    likely = [similar for similar in weighed if similar is not None]
    return sorted(likely, key=lambda s: (-s.score, s.metres, -s.row.id))[:limit]


def _candidates(
    picture: Picture, scope: Scope, lon: float, lat: float, metres: float, since: int
) -> Ints:
    """Incidents of the scope in a box around a place that are open or recent."""
    columns = picture.columns
    first, last = picture.tree.admit(scope, scope.area_id)
    tall = metres / _METRES_A_DEGREE
    wide = tall / max(0.01, float(np.cos(np.radians(lat))))
    rows = np.union1d(columns.open_rows, np.arange(since, len(columns)))
    kept = (columns.area[rows] >= first) & (columns.area[rows] < last)
    kept &= np.abs(columns.lon[rows] - lon) <= wide
    kept &= np.abs(columns.lat[rows] - lat) <= tall
    kept &= columns.state[rows] != STATE_CODES[State.MERGED]
    if scope.buildings is not None:
        kept &= np.isin(columns.building[rows], list(scope.buildings))
    return rows[kept]


def _metres(picture: Picture, rows: Ints, lon: float, lat: float) -> Floats:
    """Distances on the ground, measured in the Gauss–Krüger zone of the place."""
    columns = picture.columns
    degrees = np.column_stack(
        [np.append(columns.lon[rows], lon), np.append(columns.lat[rows], lat)]
    )
    laid = transform(np.asarray(shapely.points(degrees)), STORE_CRS, metric_crs(lon))
    away: Floats = shapely.distance(laid[:-1], laid[-1])
    return away


New = tuple[str, str, str, int | None]
"""Kind, sub-kind, normalised title and building of a report."""


def _weighed(row: IncidentRow, away: float, metres: float, new: New) -> Similar | None:
    kind, subkind, title, building_id = new
    like = fuzz.ratio(title, normalise(row.title)) / 100 if title else 0.0
    speaks = {
        "building": building_id is not None and row.building_id == building_id,
        "kind": row.kind == kind,
        "subkind": bool(subkind) and (row.kind, row.subkind) == (kind, subkind),
        "title": like >= _ALIKE,
    }
    if not any(speaks.values()):
        return None
    score = (
        _NEAR * (1 - away / max(metres, 1e-9)) + _TITLE * like + _BUILDING * speaks["building"]
        + _KIND * speaks["kind"] + _SUBKIND * speaks["subkind"]
    )  # fmt: skip
    reasons = ["near", *(key for key, holds in speaks.items() if holds)]
    if is_open(row.state):
        reasons.append("open")
    return Similar(row, round(away, 1), round(score, 4), tuple(reasons))
