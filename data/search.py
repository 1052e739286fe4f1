"""One search box over areas, buildings and incidents: code, name, estate, address, number."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, select

from data import schema
from data.areas import Area, Ints
from data.columns import IncidentColumns
from data.incidents import IncidentRow, read_rows
from data.picture import Picture
from data.store import Store
from rules.access import Scope
from rules.levels import Level


@dataclass(frozen=True)
class Hit:
    """One find. ``key`` is the area's or building's code, or the incident's number."""

    kind: Literal["area", "building", "incident"]
    key: str
    id: int
    label: str
    detail: str
    lon: float
    lat: float
    level: Level | None = None


_B = schema.building.c
_BUILDINGS = select(
    _B.id, _B.code, _B.estate, _B.name, _B.address, _B.lon, _B.lat, _B.area_id
).where(_B.id.in_(bindparam("ids", expanding=True)))  # fmt: skip
_MOST_LENGTH: Final = 60
_MOST_OF_A_GRADE: Final = 50
_LEAST_CODE: Final = 4
"""A part of a code counts as one only from this length on."""


def search(
    store: Store, picture: Picture, *, scope: Scope, text: str, limit: int = 12,
    now: datetime | None = None,
) -> list[Hit]:  # fmt: skip
    """Find what a text names, best first, within a scope; empty text finds nothing.

    Exact codes and numbers come first, then area names (those that begin with the text before
    those that hold it), then buildings by estate and address, then incidents by number, title
    and address, the latest first. Each kind leaves room for the others.
    """
    needle = text.strip().replace("\0", "")[:_MOST_LENGTH].lower()
    if not needle or limit < 1:
        return []
    areas = _areas(picture, scope, needle)
    buildings = _buildings(picture, scope, needle)
    incidents = _incidents(picture, scope, needle)
    ranked: list[tuple[int, int, str, int]] = [
        *((rank, i, "area", n) for i, (rank, n) in enumerate(areas[:limit])),
        *((rank, i, "building", n) for i, (rank, n) in enumerate(buildings[:limit])),
        *((rank, i, "incident", n) for i, (rank, n) in enumerate(incidents[:limit])),
    ]
    chosen = _fair(sorted(ranked, key=lambda r: r[:2]), limit)
    return _hits(store, picture, scope, chosen, now or picture.at)


_EXACT, _BEGINS, _HOLDS, _BUILDING, _INCIDENT = range(5)
Ranked = list[tuple[int, int]]


def _fair(ranked: list[tuple[int, int, str, int]], limit: int) -> list[tuple[str, int]]:
    """First ``limit`` finds, but of no kind more than the others leave room for."""
    share = max(1, limit // 3)
    places = dict.fromkeys(("area", "building", "incident"), 0)
    first: list[tuple[int, str, int]] = []
    rest: list[tuple[int, str, int]] = []
    for rank, _, kind, n in ranked:
        places[kind] += 1
        (first if rank == _EXACT or places[kind] <= share else rest).append((rank, kind, n))
    chosen = [*first, *rest][:limit]
    return [(kind, n) for _, kind, n in sorted(chosen, key=lambda c: c[0])]


def _areas(picture: Picture, scope: Scope, needle: str) -> Ranked:
    found = []
    for n in range(*picture.tree.range(scope.area_id)):
        area = picture.tree.areas[n]
        name, code = area.name.lower(), area.code.lower()
        if code == needle:
            found.append((_EXACT, n))
        elif name.startswith(needle) or (len(needle) >= _LEAST_CODE and code.startswith(needle)):
            found.append((_BEGINS, n))
        elif needle in name:
            found.append((_HOLDS, n))
    return sorted(found, key=lambda f: (f[0], picture.tree.areas[f[1]].level, f[1]))


def _within(picture: Picture, scope: Scope, area: Ints) -> NDArray[np.bool_]:
    first, last = picture.tree.admit(scope, scope.area_id)
    inside: NDArray[np.bool_] = (area >= first) & (area < last)
    return inside


def _buildings(picture: Picture, scope: Scope, needle: str) -> Ranked:
    register = picture.buildings
    visible = _within(picture, scope, register.area)
    if scope.buildings is not None:
        visible &= np.isin(register.id, list(scope.buildings))
    exact = register.code.equal(needle)
    exact = exact[visible[exact]]
    sought = needle.encode("utf-8", "replace")
    # 「龙井小区 3栋」 stands without the space in the register's label.
    label = register.label.matching(needle.replace(" ", "").encode("utf-8", "replace"))
    grades = [label, register.address.matching(sought)]
    if len(needle) >= _LEAST_CODE:
        grades.append(register.code.matching(sought))
    seen: dict[int, int] = {int(n): _EXACT for n in exact}
    for grade in grades:
        for n in np.flatnonzero(grade & visible)[:_MOST_OF_A_GRADE]:
            seen.setdefault(int(n), _BUILDING)
    return [(rank, n) for n, rank in seen.items()]


def _incidents(picture: Picture, scope: Scope, needle: str) -> Ranked:
    columns = picture.columns
    visible = _within(picture, scope, columns.area)
    if scope.buildings is not None:
        visible &= np.isin(columns.building, list(scope.buildings))
    exact = _same_number(columns, needle)
    exact = exact[visible[exact]]
    held = np.flatnonzero(columns.matching(needle) & visible)[::-1]
    still = columns.is_open[held]
    seen: dict[int, int] = {int(n): _EXACT for n in exact}
    for rows in (held[still], held[~still]):
        for n in rows[:_MOST_OF_A_GRADE]:
            seen.setdefault(int(n), _INCIDENT)
    return [(rank, n) for n, rank in seen.items()]


def _same_number(columns: IncidentColumns, needle: str) -> Ints:
    return np.union1d(columns.number.equal(needle), columns.number.equal(needle.upper()))


def _hits(
    store: Store, picture: Picture, scope: Scope, chosen: list[tuple[str, int]], now: datetime
) -> list[Hit]:
    buildings = [int(picture.buildings.id[n]) for kind, n in chosen if kind == "building"]
    incidents = [int(picture.columns.id[n]) for kind, n in chosen if kind == "incident"]
    with store.read() as conn:
        records = {r.id: r for r in conn.execute(_BUILDINGS, {"ids": buildings or [0]})}
        rows = {row.id: row for row in read_rows(conn, picture, incidents, now)}
    hits: list[Hit] = []
    for kind, n in chosen:
        if kind == "area":
            hits.append(_area_hit(picture, scope, picture.tree.areas[n]))
        elif kind == "building" and (record := records.get(int(picture.buildings.id[n]))):
            label = " ".join(filter(None, (record.estate, record.name))) or record.code
            hits.append(
                Hit("building", record.code, record.id, label, record.address,
                    record.lon, record.lat)
            )  # fmt: skip
        elif kind == "incident" and (row := rows.get(int(picture.columns.id[n]))):
            hits.append(_incident_hit(row))
    return hits


def _area_hit(picture: Picture, scope: Scope, area: Area) -> Hit:
    path = [picture.tree.get(i).name for i in picture.tree.path(scope, area.id)[:-1]]
    return Hit(
        "area", area.code, area.id, area.name, " › ".join(path), area.lon, area.lat, area.level
    )


def _incident_hit(row: IncidentRow) -> Hit:
    return Hit("incident", row.number, row.id, row.title, row.address, row.lon, row.lat)
