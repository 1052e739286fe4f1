"""Whether what is locked lies as it lay when it was locked; no edit passes a lock, so it should.

Locks are checked apart from the edits that must heed them: a log that was brought in from outside,
or a fault of an edit, is found here before a plan is submitted.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from data.plan_sheet import Sheet
from rules.plan_log import Record
from rules.plan_state import LOCK_BORDER, LOCK_CELL, LOCK_GRID, PlanMap, applied, inverse


@dataclass(frozen=True)
class BrokenLock:
    """A lock by its key, and the live cells whose land it should have kept in place."""

    key: str
    cells: tuple[int, ...]


def broken_locks(sheet: Sheet) -> tuple[BrokenLock, ...]:
    """Give the locks that something passed since they were set, by key."""
    found = []
    for key, then in sorted(_set_at(sheet).items()):
        cells = tuple(
            number
            for number, label in sheet.state.cells.items()
            if _breaks(key, number, _label_then(sheet, then, number), label)
        )
        if cells:
            found.append(BrokenLock(key, cells))
    return tuple(found)


def _breaks(key: str, number: int, before: str, after: str) -> bool:
    if before == after:
        return False
    if key.startswith(LOCK_GRID):
        return key.removeprefix(LOCK_GRID) in (before, after)
    if key.startswith(LOCK_CELL):
        return key == f"{LOCK_CELL}{number}"
    return {before, after} == set(key.removeprefix(LOCK_BORDER).split("|"))


def _label_then(sheet: Sheet, then: PlanMap, number: int) -> str:
    """Label in an earlier state of the land of a cell."""
    cell = sheet.ground.cells[number]
    while cell.number not in then.cells and cell.parent is not None:
        cell = sheet.ground.cells[cell.parent]
    return then.cells[cell.number]


def _set_at(sheet: Sheet) -> dict[str, PlanMap]:
    """Give each lock with the state in which it was set; the start where it always was."""
    kinds = (LOCK_GRID, LOCK_CELL, LOCK_BORDER)
    left = {key for key in sheet.state.entries if key.startswith(kinds)}
    found: dict[str, PlanMap] = {}
    state = sheet.state
    for record in _way_back(sheet):
        if not left:
            break
        new = left & record.change.keys()
        found |= dict.fromkeys(new, state)
        left -= new
        state = applied(state, inverse(record.change))
    return found | dict.fromkeys(left, sheet.start)


def _way_back(sheet: Sheet) -> Iterator[Record]:
    """Give the edits that led from the start to the sheet's state, newest first."""
    edits = {record.seq: record for record in sheet.records if record.kind == "edit"}
    digest = sheet.state.digest
    here = next((e.record.to for e in reversed(sheet.log) if e.digest == digest), 0)
    while here:
        yield edits[here]
        here = edits[here].follows
