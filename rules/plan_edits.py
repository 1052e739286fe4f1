"""Edits of a draft: from cells that shall go somewhere to a change that the plan allows.

Geometry has been settled before (which cells a line touches, what parts a cut leaves); here it is
decided what the plan lets happen. No edit passes a lock, and none leaves a grid in more pieces
than it had: so the map cannot break, however it is drawn on.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from rules.boundary_plan import EDITABLE, PlanState
from rules.numerals import LARGEST, chinese_number, read_chinese
from rules.plan_commands import NEW
from rules.plan_state import (
    BAND,
    CELL,
    CHIEF,
    GRID,
    LOCK_BORDER,
    LOCK_CELL,
    LOCK_GRID,
    ON,
    Change,
    Mark,
    PlanMap,
    border_key,
    change_to,
    mark_value,
    new_label,
)

Pieces = Callable[[Collection[int]], int]
"""Counts the connected pieces that cells make."""

WIDEST_BAND: Final = 100_000
LONGEST_NAME: Final = 40


class NotEditable(RuntimeError):
    """The plan is in review, published or withdrawn."""

    def __init__(self, state: PlanState) -> None:
        super().__init__(state)
        self.state = state


class Locked(RuntimeError):
    """What shall move is locked; ``keys`` are those of the locks."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(keys)
        self.keys = keys


class BreaksGrid(RuntimeError):
    """A grid would fall into pieces, or a part would join one it does not touch."""

    def __init__(self, label: str, name: str, pieces: int) -> None:
        super().__init__(label, pieces)
        self.label = label
        self.name = name
        self.pieces = pieces


class NothingMoves(RuntimeError):
    """The edit changes nothing."""


class UnknownGrid(LookupError):
    """The plan has no grid, or no cell, of this label."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.label = label


class BadBand(ValueError):
    """The band is no range of households."""

    def __init__(self, low: int, high: int) -> None:
        super().__init__(low, high)
        self.low = low
        self.high = high


class BadName(ValueError):
    """A grid's name is empty or too long."""


@dataclass(frozen=True)
class Parts:
    """A cell that was cut: numbers and labels of what follows it."""

    cell: int
    after: Mapping[int, str]


def require_editable(state: PlanState) -> None:
    """Refuse to redraw a plan that is no draft with ``NotEditable``."""
    if state not in EDITABLE:
        raise NotEditable(state)


def moved(
    state: PlanMap, cells: Iterable[int], to: str, *, pieces: Pieces, name: str = ""
) -> Change:
    """Put cells into a grid; ``NEW`` makes one, called ``name``.

    Raises
    ------
    UnknownGrid, Locked, BreaksGrid, NothingMoves
        If there is no such grid or cell, a lock forbids it, a grid would fall apart, or nothing
        changes.
    """
    return redrawn(state, dict.fromkeys(cells, to), pieces=pieces, name=name)


def redrawn(
    state: PlanMap, to: Mapping[int, str], *, parts: Iterable[Parts] = (), pieces: Pieces,
    name: str = "",
) -> Change:  # fmt: skip
    """Put each of many cells into its grid, after some were cut.

    ``to`` gives the grid of whole cells, ``parts`` those of what cuts left. Labels that begin
    with ``NEW`` make a grid each. See :func:`moved`.
    """
    cuts = tuple(parts)
    asked = dict(to)
    for cut in cuts:
        asked |= cut.after
    fresh = _fresh(state, asked.values())
    wanted = {n: fresh.get(label, label) for n, label in asked.items()}
    parent = {n: cut.cell for cut in cuts for n in cut.after}
    was = {n: _label(state, parent.get(n, n)) for n in wanted}
    unknown = set(wanted.values()) - state.marks.keys() - set(fresh.values())
    if unknown:
        raise UnknownGrid(min(unknown))
    _refuse_locked(state, {n: (was[n], label, parent.get(n, n)) for n, label in wanted.items()})
    if all(was[n] == label for n, label in wanted.items()):
        raise NothingMoves
    values: dict[str, str | None] = {f"{CELL}{cut.cell}": None for cut in cuts}
    values |= {f"{LOCK_CELL}{cut.cell}": None for cut in cuts}
    values |= {f"{CELL}{n}": label for n, label in wanted.items()}
    names = next_names(state, len(fresh))
    values |= {
        GRID + label: mark_value(Mark(name or called))
        for label, called in zip(fresh.values(), names, strict=True)
    }
    return _whole(state, values, pieces)


def adopted(state: PlanMap, cells: Mapping[int, str], marks: Mapping[str, Mark]) -> Change:
    """Take over the grid of every live cell, with the marks of grids that are new.

    Raises
    ------
    UnknownGrid
        If a live cell is missing, or a grid has no mark.
    Locked, NothingMoves
        If a lock forbids it, or nothing changes.
    """
    if cells.keys() != state.cells.keys():
        raise UnknownGrid(str(min(cells.keys() ^ state.cells.keys())))
    known = state.marks.keys() | marks.keys()
    missing = set(cells.values()) - known
    if missing:
        raise UnknownGrid(min(missing))
    _refuse_locked(state, {n: (state.cells[n], label, n) for n, label in cells.items()})
    values: dict[str, str | None] = {f"{CELL}{n}": label for n, label in cells.items()}
    used = set(cells.values())
    values |= {GRID + k: mark_value(m) for k, m in marks.items() if k in used}
    change = change_to(state, values | _dropped(state, used))
    if not change:
        raise NothingMoves
    return change


def merged(state: PlanMap, keep: str, gone: str, *, pieces: Pieces) -> Change:
    """Put a whole grid into another; see :func:`moved`."""
    if keep == gone or gone not in state.marks:
        raise UnknownGrid(gone)
    return moved(state, state.members[gone], keep, pieces=pieces)


def locked(state: PlanMap, key: str) -> Change:
    """Set a lock; raises ``UnknownGrid`` for what is not there, ``NothingMoves`` if it is set."""
    return _changed(state, {_lock_key(state, key): ON})


def unlocked(state: PlanMap, key: str) -> Change:
    """Take a lock away; raises ``NothingMoves`` if there is none."""
    return _changed(state, {key: None} if key.startswith(_LOCKS) else {})


def renamed(state: PlanMap, label: str, name: str) -> Change:
    """Call a grid something else; raises ``UnknownGrid``, ``BadName`` or ``NothingMoves``."""
    if label not in state.marks:
        raise UnknownGrid(label)
    wanted = name.strip()
    if not wanted or len(wanted) > LONGEST_NAME or not wanted.isprintable():
        raise BadName
    return _changed(state, {GRID + label: mark_value(replace(state.marks[label], name=wanted))})


def banded(state: PlanMap, low: int, high: int) -> Change:
    """Say how many households a grid shall have; raises ``BadBand`` or ``NothingMoves``."""
    if not 0 < low < high <= WIDEST_BAND:
        raise BadBand(low, high)
    return _changed(state, {BAND: f"{low}-{high}"})


def charged(state: PlanMap, chiefs: Mapping[int, str]) -> Change:
    """Say who looks after buildings; ``""`` keeps who does now."""
    return _changed(state, {f"{CHIEF}{home}": mark or None for home, mark in chiefs.items()})


def _fresh(state: PlanMap, labels: Iterable[str]) -> dict[str, str]:
    """Give a label to each grid that is to be made."""
    known = set(state.marks)
    found: dict[str, str] = {}
    for label in sorted({label for label in labels if label.startswith(NEW)}):
        found[label] = new_label(known)
        known.add(found[label])
    return found


def next_names(state: PlanMap, count: int) -> list[str]:
    """Give names for new grids: that of the last one, counted on (第六网格, 第七网格)."""
    found = [(m[2], m[1], m[3]) for m in map(_NUMBERED.fullmatch, _names(state)) if m]
    counted = [(number_of(text), text, before, after) for text, before, after in found]
    if not counted:
        counted = [(0, "1", "第", "网格")]
    number, text, before, after = max(counted)
    write = str if text.isdigit() else _in_chinese
    return [f"{before}{write(number + i)}{after}" for i in range(1, count + 1)]


def _in_chinese(number: int) -> str:
    """Write a number in Chinese numerals as far as these go, then in digits."""
    return chinese_number(number) if number <= LARGEST else str(number)


def _names(state: PlanMap) -> list[str]:
    """Names to count on from: those of dedicated grids say what they are for."""
    general = [mark.name for mark in state.marks.values() if mark.kind == Mark("").kind]
    return general or [mark.name for mark in state.marks.values()]


def number_of(text: str) -> int:
    """Read a number in digits or in Chinese numerals; 0 for what is none."""
    return int(text) if text.isdigit() else read_chinese(text) or 0


_NUMBERED: Final = re.compile(
    r"(.*?)([0-9]{1,6}|[一二三四五六七八九十]{1,3})([^0-9一二三四五六七八九十]*)"
)
"""The last number of a name: 三多寨社区第一网格 is number one."""
_LOCKS: Final = (LOCK_GRID, LOCK_CELL, LOCK_BORDER)


def _lock_key(state: PlanMap, key: str) -> str:
    kind = next((lock for lock in _LOCKS if key.startswith(lock)), "")
    what = key[len(kind) :]
    if kind == LOCK_GRID and what in state.marks:
        return key
    if kind == LOCK_CELL and what in {str(cell) for cell in state.cells}:
        return key
    one, _, other = what.partition("|")
    if kind == LOCK_BORDER and {one, other} <= state.marks.keys() and one != other:
        return border_key(one, other)
    raise UnknownGrid(key)


def _changed(state: PlanMap, values: Mapping[str, str | None]) -> Change:
    change = change_to(state, values)
    if not change:
        raise NothingMoves
    return change


def _label(state: PlanMap, cell: int) -> str:
    label = state.cells.get(cell)
    if label is None:
        raise UnknownGrid(str(cell))
    return label


def _refuse_locked(state: PlanMap, moves: Mapping[int, tuple[str, str, int]]) -> None:
    found: set[str] = set()
    for old, new, cell in moves.values():
        if old == new:
            continue
        found |= {LOCK_GRID + x for x in (old, new) if x in state.locked_grids}
        if cell in state.locked_cells:
            found.add(f"{LOCK_CELL}{cell}")
        if old in state.marks and new in state.marks and border_key(old, new) in state.entries:
            found.add(border_key(old, new))
    if found:
        raise Locked(tuple(sorted(found)))


def _dropped(state: PlanMap, used: set[str]) -> dict[str, str | None]:
    """Entries of grids that have no cell any more, with their locks."""
    gone = state.marks.keys() - used
    borders = [f"{LOCK_BORDER}{a}|{b}" for a, b in state.locked_borders if gone & {a, b}]
    values: dict[str, str | None] = dict.fromkeys(borders)
    for label in gone:
        values |= {GRID + label: None, LOCK_GRID + label: None}
    return values


def _whole(state: PlanMap, values: Mapping[str, str | None], pieces: Pieces) -> Change:
    """Give the change, unless it leaves a grid in more pieces than it had."""
    after = {n: label for n, label in state.cells.items() if f"{CELL}{n}" not in values}
    after |= {
        int(k[len(CELL) :]): v
        for k, v in values.items()
        if k.startswith(CELL) and v is not None
    }  # fmt: skip
    members: dict[str, list[int]] = {}
    for cell, label in after.items():
        members.setdefault(label, []).append(cell)
    change = change_to(state, {**values, **_dropped(state, set(members))})
    touched = {v for k, pair in change.items() if k.startswith(CELL) for v in pair if v}
    for label in sorted(touched & members.keys()):
        count = pieces(members[label])
        before = pieces(state.members[label]) if label in state.marks else 1
        if count > max(before, 1):
            name = state.marks[label].name if label in state.marks else ""
            raise BreaksGrid(label, name, count)
    return change
