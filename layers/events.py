"""What the map sends back to Python, read strictly: it comes from a browser.

The value of the component is ``{"events": [{"n": 1732…, "event": "select", …}, …]}``: the last
few events, oldest first. ``n`` only grows, also over a reload, so a reader that remembers the
last ``n`` misses none and takes none twice, even where the page server merges two values.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeGuard

Kind = Literal["area", "building", "incident"]
KINDS: Final[tuple[Kind, ...]] = ("area", "building", "incident")
MAX_KEY: Final = 80
LABEL: Final = re.compile(r"[gn][0-9]{1,12}")
"""A grid of a plan, as :mod:`rules.plan_state` names it."""
WHY: Final = ("denied", "unavailable", "timeout")
_PLACING: Final = ("lon", "lat", "accuracy", "index", "why")


@dataclass(frozen=True)
class Selected:
    """Something was clicked or found: ``key`` is an area code, building code or number."""

    kind: Kind
    key: str


@dataclass(frozen=True)
class Drilled:
    """Show the area with code ``key`` and what lies in it."""

    key: str


@dataclass(frozen=True)
class Cleared:
    """Nothing is selected any more."""


@dataclass(frozen=True)
class Changed:
    """The record moved on to this watermark while the map was watching."""

    watermark: int


@dataclass(frozen=True)
class Pointed:
    """Somebody points at a place that has no id yet, or the device says where it is.

    ``accuracy`` is that of the device in metres; ``None`` for a finger. Degrees are CGCS2000,
    which a device's WGS-84 equals to within a metre.
    """

    lon: float
    lat: float
    accuracy: int | None = None


@dataclass(frozen=True)
class Marked:
    """One of the spots that were shown to choose from was taken; ``index`` is its place."""

    index: int


@dataclass(frozen=True)
class Unlocated:
    """The device does not say where it is: ``why`` is denied, unavailable or timeout."""

    why: str


@dataclass(frozen=True)
class Edited:
    """The plan that the workbench shows was changed there and has this version now."""

    plan: int
    version: int


@dataclass(frozen=True)
class PickedGrid:
    """A grid of the plan was picked by its label; ``""`` when none is any more."""

    label: str


@dataclass(frozen=True)
class Pinned:
    """Somebody wants to comment on a place of the plan, which lies in the grid ``label``."""

    lon: float
    lat: float
    label: str


@dataclass(frozen=True)
class PickedComment:
    """The mark of a comment was pressed."""

    id: int


@dataclass(frozen=True)
class ForkAsked:
    """Somebody else changed the plan; the planner wants a plan of their own from this version."""

    plan: int
    version: int


PlanEvent = Edited | PickedGrid | Pinned | PickedComment | ForkAsked
Event = Selected | Drilled | Cleared | Changed | Pointed | Marked | Unlocated | PlanEvent


def read_events(value: object, *, after: int = 0) -> tuple[tuple[Event, ...], int]:
    """Events newer than ``after``, oldest first, and the number to remember.

    Anything that is not a well-formed event is left out.
    """
    found: list[Event] = []
    last = after
    for number, body in _numbered(value):
        event = _event(body) if number > last else None
        last = max(last, number)
        if event is not None:
            found.append(event)
    return tuple(found), last


def read_event(value: object) -> Event | None:
    """Give the newest event of the value, if there is one."""
    events, _ = read_events(value)
    return events[-1] if events else None


def _numbered(value: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    events = value.get("events") if isinstance(value, Mapping) else None
    for body in events if isinstance(events, list) else []:
        if isinstance(body, Mapping):
            number = body.get("n")
            if isinstance(number, int) and not isinstance(number, bool):
                yield number, body


def _event(body: Mapping[str, Any]) -> Event | None:
    name, kind, key, mark = (body.get(k) for k in ("event", "kind", "key", "watermark"))
    named = isinstance(key, str) and 0 < len(key) <= MAX_KEY
    if name == "select" and named and kind in KINDS:
        return Selected(kind, str(key))
    if name == "drill" and named:
        return Drilled(str(key))
    if name == "clear":
        return Cleared()
    if name == "changed" and _whole(mark):
        return Changed(mark)
    return _placing(name, body) or _planning(name, body)


def _planning(name: object, body: Mapping[str, Any]) -> Event | None:
    """Read what only the workbench sends."""
    label, plan, version, row_id = (body.get(k) for k in ("label", "plan", "version", "id"))
    named = isinstance(label, str) and LABEL.fullmatch(label) is not None
    if _whole(plan) and _whole(version) and plan > 0 and version >= 0:
        if name == "edited":
            return Edited(plan, version)
        if name == "fork":
            return ForkAsked(plan, version)
    if name == "grid" and (named or label == ""):
        return PickedGrid(str(label))
    lon, lat = body.get("lon"), body.get("lat")
    if name == "pin" and (named or label == "") and _degrees(lon, 180) and _degrees(lat, 90):
        return Pinned(float(lon), float(lat), str(label))
    if name == "comment" and _whole(row_id) and row_id > 0:
        return PickedComment(row_id)
    return None


def _placing(name: object, body: Mapping[str, Any]) -> Event | None:
    """Read what is only sent while something is being placed."""
    lon, lat, accuracy, index, why = (body.get(k) for k in _PLACING)
    if name == "point" and _degrees(lon, 180) and _degrees(lat, 90):
        metres = int(accuracy) if _whole(accuracy) and accuracy >= 0 else None
        return Pointed(float(lon), float(lat), metres)
    if name == "mark" and _whole(index) and 0 <= index < MAX_KEY:
        return Marked(index)
    if name == "unlocated" and why in WHY:
        return Unlocated(str(why))
    return None


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _degrees(value: object, most: int) -> TypeGuard[float]:
    return (isinstance(value, float) or _whole(value)) and -most <= value <= most
