"""A planner's command as the map sends it, read strictly: it comes from a browser."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from rules.plan_commands import (
    Brush,
    Carve,
    Command,
    Drag,
    Go,
    Lasso,
    Lock,
    Merge,
    Move,
    MoveBorder,
    Points,
    Redo,
    Rename,
    SetBand,
    Split,
    Undo,
    Unlock,
)

MOST_POINTS: Final = 4000
MOST_CELLS: Final = 20_000
LONGEST: Final = 80
WIDEST: Final = 500.0
"""Metres that a brush may reach to either side."""

_LARGEST: Final = 2**53
_OP, _MEMBERS, _WIDTH = "op", "cells", "metres"


class BadCommand(ValueError):
    """What was sent is no command; ``part`` names what is wrong with it."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def read_command(value: object) -> Command:
    """Read ``{"op": …, …}``: its further names are those of the command's fields.

    Raises
    ------
    BadCommand
        If there is no such command, or a field is missing, of another type or out of bounds.
    """
    body = value if isinstance(value, Mapping) else {}
    op = body.get(_OP)
    read = _READ.get(op) if isinstance(op, str) else None
    if read is None:
        raise BadCommand(_OP)
    return read(body)


def whole(body: Mapping[str, Any], name: str, *, least: int = 0) -> int:
    """Whole number of a body.

    Raises
    ------
    BadCommand
        If it is none, or less than ``least``.
    """
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < _LARGEST:
        raise BadCommand(name)
    return value


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise BadCommand(name)
    return value


def _number(value: object, name: str, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadCommand(name)
    if not math.isfinite(value) or abs(value) > most:
        raise BadCommand(name)
    return float(value)


def _points(body: Mapping[str, Any], name: str, *, least: int) -> Points:
    value = body.get(name)
    if not isinstance(value, list) or not least <= len(value) <= MOST_POINTS:
        raise BadCommand(name)
    if not all(isinstance(point, list) and len(point) == 2 for point in value):
        raise BadCommand(name)
    return tuple((_number(x, name, 180), _number(y, name, 90)) for x, y in value)


def _cells(body: Mapping[str, Any]) -> tuple[int, ...]:
    value = body.get(_MEMBERS)
    if not isinstance(value, list) or not 0 < len(value) <= MOST_CELLS:
        raise BadCommand(_MEMBERS)
    return tuple(whole({_MEMBERS: n}, _MEMBERS) for n in value)


def _metres(body: Mapping[str, Any]) -> float:
    metres = _number(body.get(_WIDTH), _WIDTH, WIDEST)
    if metres <= 0:
        raise BadCommand(_WIDTH)
    return metres


_READ: Final[dict[str, Callable[[Mapping[str, Any]], Command]]] = {
    "move": lambda b: Move(_cells(b), _text(b, "to")),
    "lasso": lambda b: Lasso(_points(b, "ring", least=3), _text(b, "to")),
    "brush": lambda b: Brush(_points(b, "path", least=1), _metres(b), _text(b, "to")),
    "drag": lambda b: Drag(_points(b, "path", least=1), _text(b, "giver"), _text(b, "taker")),
    "split": lambda b: Split(_text(b, "label"), _points(b, "line", least=2)),
    "merge": lambda b: Merge(_text(b, "keep"), _text(b, "gone")),
    "carve": lambda b: Carve(_points(b, "ring", least=3)),
    "move_border": lambda b: MoveBorder(
        _text(b, "one"), _text(b, "other"), _points(b, "line", least=2)
    ),
    "lock": lambda b: Lock(_text(b, "key")),
    "unlock": lambda b: Unlock(_text(b, "key")),
    "rename": lambda b: Rename(_text(b, "label"), _text(b, "name")),
    "set_band": lambda b: SetBand(whole(b, "low"), whole(b, "high")),
    "undo": lambda _: Undo(),
    "redo": lambda _: Redo(),
    "go": lambda b: Go(whole(b, "seq")),
}
