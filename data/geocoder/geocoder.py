"""Addresses to ranked places, within a scope; nothing is accepted that is not clearly the one."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
from sqlalchemy import bindparam, select

from data import schema
from data.geocoder.address import Address, read_address
from data.geocoder.aliases import Alias, NothingToTeach, aliases_of, teach_alias
from data.geocoder.candidate import Candidate, Geocoded
from data.geocoder.gazetteer import Gazetteer, gazetteer_of
from data.geocoder.match import Fit, Question
from data.picture import Picture
from data.store import Store
from rules.access import Scope

__all__ = [
    "ACCEPT", "MARGIN", "Alias", "Candidate", "Geocoded", "Geocoder", "NothingToTeach", "geocode",
    "teach_alias",
]  # fmt: skip

ACCEPT: Final = 0.9
"""Least score of a candidate that is accepted without asking."""
MARGIN: Final = 0.05
"""Least distance from it to the next place that is not inside it."""

_MEMBER: Final = 0.8
"""Share of its estate's score that a building gets while its number is not said."""

_B = schema.building.c
_TEXTS = select(_B.id, _B.estate, _B.name, _B.address).where(
    _B.id.in_(bindparam("ids", expanding=True))
)

Found = tuple[Candidate, tuple[int, int]]
"""A candidate with the gazetteer and site that it comes from."""


class Geocoder:
    """The gazetteers of one picture as one scope sees them: the register's and what was taught."""

    def __init__(self, picture: Picture, store: Store, *, scope: Scope) -> None:
        self._picture = picture
        self._store = store
        self._scope = scope
        self._sources = tuple(
            (source, source.visible(picture, scope))
            for source in (gazetteer_of(picture, store), aliases_of(picture, store))
        )

    def geocode(self, text: str, *, limit: int = 8) -> Geocoded:
        """Give the places that an address may mean, best first; see :func:`geocode`."""
        address = read_address(text)
        found = self._found(address, limit) if address.names else []
        kept = found[:limit]
        texts = self._texts([c.id for c, _ in kept if c.kind == "building"])
        shown = tuple(
            replace(c, text=texts.get(c.id, c.text)) if c.kind == "building" else c for c, _ in kept
        )
        accepted = shown[0] if shown and _is_clear(found) else None
        return Geocoded(text, shown, accepted)

    def _found(self, address: Address, limit: int) -> list[Found]:
        found: list[Found] = []
        for number, (source, visible) in enumerate(self._sources):
            # One more site than is shown: the margin is to the next place.
            for fit in Question(address, source, visible).fits()[: limit + 1]:
                found += [
                    (candidate, (number, fit.place))
                    for candidate in self._candidates(source, fit, limit)
                ]
        found.sort(key=lambda f: (-f[0].score, f[1]))
        best: dict[tuple[object, ...], Found] = {}
        for candidate, of in found:
            place = (candidate.kind, candidate.id, candidate.lon, candidate.lat)
            best.setdefault(place, (candidate, of))
        return list(best.values())

    def _candidates(self, source: Gazetteer, fit: Fit, limit: int) -> Iterator[Candidate]:
        site = fit.site
        if site.kind in {"road", "area"}:
            yield self._candidate(source, fit, _middle(source, fit.rows), kind=site.kind)
        elif fit.single:
            for row in fit.rows[: limit + 1]:
                yield self._candidate(source, fit, row, kind="building")
        else:
            missing = "number_unknown" if fit.numbered else "number_missing"
            fit = fit if missing in fit.reasons else replace(fit, reasons=(*fit.reasons, missing))
            if self._scope.buildings is None:
                kind = "road" if site.kind == "door" else "estate"
                yield self._candidate(source, fit, _middle(source, fit.rows), kind=kind)
            if not fit.numbered:
                for row in fit.rows[:limit]:
                    fewer = replace(fit, score=fit.score * _MEMBER)
                    yield self._candidate(source, fewer, row, kind="building")

    def _candidate(self, source: Gazetteer, fit: Fit, row: int, *, kind: str) -> Candidate:
        area = self._picture.tree.areas[int(source.area[row])]
        building = int(source.building[row]) if kind == "building" else 0
        lon, lat = float(source.lon[row]), float(source.lat[row])
        quality = kind
        if fit.site.kind == "alias" and not building:
            kind = "area"
            quality = "area" if (lon, lat) == (area.lon, area.lat) else "exact"
        return Candidate(
            kind=kind,
            id=area.id if kind == "area" else int(source.id[row]),
            text=fit.site.label,
            lon=lon,
            lat=lat,
            area_id=area.id,
            building_id=building or None,
            score=round(fit.score, 4),
            reasons=fit.reasons,
            quality=quality,
        )

    def _texts(self, ids: list[int]) -> dict[int, str]:
        if not ids:
            return {}
        with self._store.read() as conn:
            rows = conn.execute(_TEXTS, {"ids": ids}).all()
        return {row.id: row.address or f"{row.estate}{row.name}" for row in rows}


def geocode(picture: Picture, store: Store, *, scope: Scope, text: str, limit: int = 8) -> Geocoded:
    """Find the places that an address may mean, best first, within a scope.

    The first is accepted only if it scores :data:`ACCEPT` and leads the next place that is not
    inside it by :data:`MARGIN`. A building chief is offered buildings only.

    Raises
    ------
    OutsideScope
        If the scope's own area does not exist.
    """
    key = ("geocoder", scope, picture.watermark)
    geocoder = picture.memo.get(key, lambda: Geocoder(picture, store, scope=scope))
    return geocoder.geocode(text, limit=limit)


def _middle(source: Gazetteer, rows: tuple[int, ...]) -> int:
    """Row nearest to the middle of all: a point that is surely inside the scope."""
    lon, lat = source.lon[list(rows)], source.lat[list(rows)]
    away = (lon - lon.mean()) ** 2 + (lat - lat.mean()) ** 2
    return rows[int(np.argmin(away))]


def _is_clear(found: list[Found]) -> bool:
    best, site = found[0]
    inside = best.kind != "building"
    rivals = (c.score for c, of in found[1:] if not (inside and of == site))
    return best.score >= ACCEPT and best.score - max(rivals, default=0.0) >= MARGIN
