"""Reading incidents into :mod:`data.columns`: all at once, or only those that changed."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, func, select

from data import schema
from data.areas import AreaTree, Ints
from data.columns import (
    KIND_CODES,
    SERVICE_CODES,
    SOURCE_CODES,
    STATE_CODES,
    SUBKIND_CODES,
    IncidentColumns,
)
from data.driver import driver_rows
from data.words import Interner, Words
from geo.cluster import DEEPEST
from geo.tiles import tile_xy
from rules.lifecycle import State

_I = schema.incident.c
_ZERO = 0
_FACTS: Final[dict[str, Any]] = {
    "id": _I.id,
    "area_id": _I.area_id,
    "building": func.coalesce(_I.building_id, _ZERO),
    "assignee": func.coalesce(_I.assignee_id, _ZERO),
    "kind": _I.kind,
    "subkind": _I.subkind,
    "state": _I.state,
    "source": _I.source,
    "service": _I.service,
    "severity": _I.severity,
    "satisfaction": func.coalesce(_I.satisfaction, _ZERO),
    "effort": _I.effort_minutes,
    "reported": _I.reported_at,
    "due": _I.due_at,
    "done": func.coalesce(_I.resolved_at, _I.closed_at, _ZERO),
    "lon": _I.lon,
    "lat": _I.lat,
    "number": _I.number,
    "title": _I.title,
    "address": _I.address,
}
_ALL = select(*_FACTS.values())
_SOME = _ALL.where(_I.id.in_(bindparam("ids", expanding=True)))
_CODED: Final[dict[str, tuple[dict[Any, int], int]]] = {
    "kind": (KIND_CODES, KIND_CODES["other"]),
    "subkind": (SUBKIND_CODES, 0),
    "state": (STATE_CODES, STATE_CODES[State.REPORTED]),
    "source": (SOURCE_CODES, SOURCE_CODES["import"]),
    "service": (SERVICE_CODES, SERVICE_CODES["grid"]),
}
"""Codes of each coded column, and the code of a word that the catalogues do not know."""
_SMALL: Final = frozenset({"severity", "satisfaction"})
_DEGREES: Final = frozenset({"lon", "lat"})
_TEXTS: Final = ("number", "title", "address")


def load_columns(conn: Connection, tree: AreaTree) -> IncidentColumns:
    """Read every incident: 5 s for a million on SQLite."""
    facts: dict[str, list[NDArray[Any]]] = {name: [] for name in _FACTS if name not in _TEXTS}
    numbers: list[str] = []
    texts = {name: Interner() for name in _TEXTS if name != "number"}
    codes: dict[str, list[NDArray[np.int32]]] = {name: [] for name in texts}
    for rows in driver_rows(conn, _ALL):
        columns = dict(zip(_FACTS, zip(*rows, strict=True), strict=True))
        for name, parts in facts.items():
            parts.append(_array(name, columns[name]))
        for name, known in texts.items():
            found = list(map(known.__getitem__, map(str.lower, columns[name])))
            codes[name].append(np.array(found, np.int32))
        numbers.extend(columns["number"])
    arrays = {
        name: np.concatenate(parts) if parts else _array(name, ()) for name, parts in facts.items()
    }
    words = {
        name: Words.of(texts[name], np.concatenate(parts) if parts else [])
        for name, parts in codes.items()
    }
    words["number"] = Words.of(numbers, np.arange(len(numbers), dtype=np.int32))
    everything: dict[str, Any] = {**arrays, **words, **_derived(arrays, tree)}
    return IncidentColumns(**everything).in_order()


def refreshed(
    columns: IncidentColumns, conn: Connection, tree: AreaTree, ids: Sequence[int]
) -> IncidentColumns:
    """Read the incidents ``ids`` again; every other row and unchanged column is shared."""
    rows: list[Any] = []
    for start in range(0, len(ids), 500):
        part = list(ids[start : start + 500])
        rows.extend(row for chunk in driver_rows(conn, _SOME, {"ids": part}) for row in chunk)
    if not rows:
        return columns
    given = dict(zip(_FACTS, zip(*rows, strict=True), strict=True))
    fresh = {name: _array(name, given[name]) for name in _FACTS if name not in _TEXTS}
    fresh |= _derived(fresh, tree)
    at = columns.positions(fresh["id"])
    new = at < 0
    size = len(columns) + int(new.sum())
    at[new] = np.arange(len(columns), size)
    parts: dict[str, Any] = {
        name: _changed(getattr(columns, name), at, values, size) for name, values in fresh.items()
    }
    for name in _TEXTS:
        texts = given[name] if name == "number" else [t.lower() for t in given[name]]
        parts[name] = _changed_words(getattr(columns, name), at, texts, size)
    return IncidentColumns(**parts).in_order()


def _derived(facts: dict[str, NDArray[Any]], tree: AreaTree) -> dict[str, NDArray[Any]]:
    x, y = tile_xy(facts["lon"], facts["lat"], DEEPEST)
    return {
        "area": tree.placed(facts["area_id"]), "x": x.astype(np.int32), "y": y.astype(np.int32)
    }  # fmt: skip


def _array(name: str, values: Iterable[Any]) -> NDArray[Any]:
    if name in _CODED:
        codes, other = _CODED[name]
        return np.array([codes.get(value, other) for value in values], np.int8)
    if name in _SMALL:
        return np.array(values, np.int8)
    return np.array(values, np.float64 if name in _DEGREES else np.int64)


def _changed(old: NDArray[Any], at: Ints, values: NDArray[Any], size: int) -> NDArray[Any]:
    if size == len(old) and np.array_equal(old[at], values):
        return old
    column = np.empty(size, old.dtype)
    column[: len(old)] = old
    column[at] = values
    return column


def _changed_words(old: Words, at: Ints, texts: Sequence[str], size: int) -> Words:
    if size == len(old) and all(old.at(int(i)) == t for i, t in zip(at, texts, strict=True)):
        return old
    return old.changed(at, texts, size)
