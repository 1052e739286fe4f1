"""Incidents: rows of a table to rows of the record, each checked, each refusal with a reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import Any, Final

import numpy as np
import shapely

from data.importers.buildings import Rows
from data.importers.known import Known
from data.importers.report import Note, Refusal
from data.importers.values import (
    BadValue,
    KnownWords,
    count_of,
    kind_of,
    kind_words,
    known_words,
    number_of,
    satisfaction_of,
    severity_of,
    source_of,
    state_of,
    text_of,
    time_of,
)
from geo.crs import Shapes, touches
from rules.deadlines import CHINA, add_limit
from rules.kinds import Severity
from rules.lifecycle import State, is_open
from rules.rulebook import DEFAULT, Rulebook

__all__ = ["Places", "Rules", "kind_words", "plan_incidents", "raw_points"]

_TIMES: Final = (
    "reported_at", "responded_at", "dispatched_at", "resolved_at", "closed_at", "due_at",
)  # fmt: skip
_ENDED: Final = frozenset({State.RESOLVED, State.FED_BACK, State.EVALUATED, State.CLOSED})
FAR_DEGREES: Final = 0.3
"""Points further than this (about 30 km) outside the extent of the areas are mistakes."""


@dataclass(frozen=True)
class Rules:
    """How the words and times of one file are to be read. ``now`` refuses times to come.

    ``known`` are the names of the kinds of ``rulebook``, which sets what the file leaves open.
    """

    now: datetime
    zone: tzinfo = CHINA
    time_form: str | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    rulebook: Rulebook = DEFAULT

    @cached_property
    def known(self) -> KnownWords:
        """Names of kinds and sub-kinds, as by default and as in the rulebook."""
        return known_words(self.rulebook.kinds)


@dataclass(frozen=True)
class Places:
    """Known places by code: id of the area or building, longitude, latitude, area of a building."""

    areas: Mapping[str, tuple[int, float, float]] = field(default_factory=dict)
    buildings: Mapping[str, tuple[int, float, float, int]] = field(default_factory=dict)


def raw_points(columns: Mapping[str, Sequence[Any]], size: int) -> Shapes:
    """Points as the columns give them, unplaced; missing where they are no two numbers."""
    out = np.full(size, None, object)
    if "lon" not in columns or "lat" not in columns:
        return out
    for at, pair in enumerate(zip(columns["lon"], columns["lat"], strict=True)):
        try:
            out[at] = shapely.Point(number_of(pair[0]), number_of(pair[1]))
        except BadValue:
            continue
    return out


def plan_incidents(  # noqa: PLR0913 - points twice, columns, rows, and what is known
    raw: Shapes, placed: Shapes, columns: Mapping[str, Sequence[Any]], rows: Sequence[int], *,
    known: Known, places: Places, taken: frozenset[str], rules: Rules,
) -> Rows:  # fmt: skip
    """Turn rows into rows of the table; refuses row by row, on the first fault of each.

    ``raw`` are the points as the file has them, ``placed`` the same in CGCS2000 degrees. A point
    that no area holds but that is near the district is kept at the root with place ``outside``.
    """
    there = ~shapely.is_missing(placed)
    owner = np.full(len(rows), -1, np.int64)
    owner[there] = known.owners(shapely.get_x(placed[there]), shapely.get_y(placed[there]))
    refused: list[Refusal] = []
    tally: dict[str, int] = defaultdict(int)
    seen = set(taken)
    out: list[dict[str, Any]] = []
    for at, row in enumerate(rows):
        cells = {name: column[at] for name, column in columns.items()}
        try:
            made = _number(cells, seen)
            made |= _where(cells, raw[at], placed[at], int(owner[at]), known, places)
            made |= _when(cells, rules)
            made |= _what(cells, made, rules, tally)
        except _Fault as fault:
            refused.append(Refusal(row, fault.column, text_of(fault.value)[:80], fault.reason))
            continue
        seen.add(made["number"])
        tally[_PLACE_NOTES.get(made["place"], "")] += 1
        out.append(made)
    tally.pop("", None)
    notes = tuple(Note(key, {"n": n}) for key, n in tally.items() if n)
    still_open = sum(is_open(State(r["state"])) for r in out)
    return Rows(tuple(out), tuple(refused), notes, {"incidents": len(out), "open": still_open})


_PLACE_NOTES: Final = {"outside": "outside", "grid": "at_area", "building": "at_building"}


class _Fault(ValueError):
    """A row breaks a rule."""

    def __init__(self, column: str, value: Any, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.value = value
        self.reason = reason


def _number(cells: Mapping[str, Any], seen: set[str]) -> dict[str, Any]:
    number = text_of(cells.get("number"))
    if not number:
        raise _Fault("number", "", "missing")
    if len(number) > 40:
        raise _Fault("number", number, "too_long")
    if number in seen:
        raise _Fault("number", number, "duplicate_number")
    return {"number": number}


def _where(
    cells: Mapping[str, Any], raw: shapely.Point | None, point: shapely.Point | None,
    owner: int, known: Known, places: Places,
) -> dict[str, Any]:  # fmt: skip
    building = places.buildings.get(text_of(cells.get("building_code")))
    area = places.areas.get(text_of(cells.get("area_code")))
    if raw is not None and point is not None and not point.is_empty:
        if abs(raw.x) < 1e-9 and abs(raw.y) < 1e-9:
            raise _Fault("lon", "0, 0", "null_island")
        if known.extent is None or not touches(
            (point.x, point.y, point.x, point.y), known.extent, FAR_DEGREES
        ):
            raise _Fault("lon", f"{raw.x}, {raw.y}", "far_away")
        root = known.root
        return {
            "lon": point.x, "lat": point.y, "place": "exact" if owner >= 0 else "outside",
            "area_id": owner if owner >= 0 or root is None else root.id,
            "building_id": building[0] if building else None,
        }  # fmt: skip
    if building is not None:
        return {"lon": building[1], "lat": building[2], "place": "building",
                "area_id": building[3], "building_id": building[0]}  # fmt: skip
    if area is not None:
        return {"lon": area[1], "lat": area[2], "place": "grid", "area_id": area[0],
                "building_id": None}  # fmt: skip
    for name in ("lon", "lat"):
        try:
            number_of(cells.get(name))
        except BadValue as bad:
            reason = "no_place" if bad.reason == "missing" else bad.reason
            raise _Fault(name, cells.get(name), reason) from bad
    raise _Fault("lon", "", "no_place")


def _when(cells: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    times: dict[str, Any] = {}
    for name in _TIMES:
        try:
            times[name] = time_of(cells.get(name), zone=rules.zone, form=rules.time_form)
        except BadValue as bad:
            raise _Fault(name, cells.get(name), bad.reason) from bad
    reported = times["reported_at"]
    if reported is None:
        raise _Fault("reported_at", "", "missing")
    # A day of grace: clocks and zones of other systems differ.
    latest = rules.now.timestamp() + 86_400
    for name in _TIMES[:-1]:
        if times[name] is not None and times[name] > latest:
            raise _Fault(name, cells.get(name), "in_future")
    if times["closed_at"] is not None and times["closed_at"] < reported:
        raise _Fault("closed_at", cells.get("closed_at"), "closed_before_reported")
    return times


def _what(
    cells: Mapping[str, Any], times: Mapping[str, Any], rules: Rules, tally: dict[str, int]
) -> dict[str, Any]:
    kind, subkind = kind_of(cells.get("kind"), cells.get("subkind"), rules.kinds, rules.known)
    tally["unknown_kind"] += kind == "other" and bool(subkind)
    state = _state(cells, times, tally)
    book = rules.rulebook
    severity: Severity = severity_of(cells.get("severity")) or book.severity(kind, subkind)
    entry = book.kinds[kind]
    names = entry.subkinds.get(subkind)
    address = text_of(cells.get("address"))
    reported = datetime.fromtimestamp(times["reported_at"], UTC)
    due = times["due_at"]
    if due is None:
        limit = book.limits(kind, subkind, severity).resolve
        calendar = replace(book.calendar, zone=rules.zone)
        due = int(add_limit(reported, limit, calendar).timestamp())
    ended = state in _ENDED
    return {
        "kind": kind, "subkind": subkind, "address": address, "state": state.value,
        "title": text_of(cells.get("title")) or (names[0] if names else subkind) or entry.zh,
        "severity": int(severity), "source": source_of(cells.get("source")), "due_at": due,
        "resolved_at": times["resolved_at"] or (times["closed_at"] if ended else None),
        "effort_minutes": count_of(cells.get("effort_minutes")) or book.effort(kind, subkind),
        "body": book.body(kind, subkind),
        "satisfaction": satisfaction_of(cells.get("satisfaction")),
        "reporter_name": _personal(cells, "reporter_name"),
        "reporter_phone": _personal(cells, "reporter_phone"),
    }  # fmt: skip


def _state(cells: Mapping[str, Any], times: Mapping[str, Any], tally: dict[str, int]) -> State:
    found = state_of(cells.get("state"))
    if found is not None:
        return found
    tally["unknown_state"] += bool(text_of(cells.get("state")))
    return State.CLOSED if times["closed_at"] is not None else State.REPORTED


def _personal(cells: Mapping[str, Any], name: str) -> str | None:
    return text_of(cells.get(name)) or None
