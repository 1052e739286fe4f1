"""The log of a draft: a line of records that never shrinks, and the tree of states it spells.

Every record is an edit, or a walk to a state that was there before (undo, redo, or any other
branch). An edit follows the position at which it was made, so an edit after an undo starts a
branch and the one that was left stays. Position 0 is the plan as it was made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rules.plan_state import Change, PlanMap, applied, inverse

Kind = Literal["edit", "walk"]


@dataclass(frozen=True)
class Record:
    """One record. An edit holds its change; a walk holds in ``to`` where it leads."""

    seq: int
    kind: Kind
    follows: int
    to: int
    change: Change


class NothingToUndo(RuntimeError):
    """The plan is as it was made."""


class NothingToRedo(RuntimeError):
    """Nothing was undone here."""


class UnknownPosition(LookupError):
    """The plan never stood there."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq)
        self.seq = seq


def position(log: Sequence[Record]) -> int:
    """Seq of the edit that the plan stands at; 0 for the plan as it was made."""
    return log[-1].to if log else 0


def undo_target(log: Sequence[Record]) -> int:
    """Where an undo leads; raises ``NothingToUndo`` at the start."""
    here = position(log)
    if here == 0:
        raise NothingToUndo
    return _edits(log)[here].follows


def redo_target(log: Sequence[Record]) -> int:
    """Where a redo leads: the branch that was walked on last; raises ``NothingToRedo``."""
    here = position(log)
    toward: dict[int, int] = {}
    for record in log:
        if record.kind == "edit":
            first = record.seq if record.follows == here else toward.get(record.follows)
            if first is not None:
                toward[record.seq] = first
    # The last record that stood beyond this position tells which branch was meant.
    for record in reversed(log):
        if record.to in toward:
            return toward[record.to]
    raise NothingToRedo


def walk(log: Sequence[Record], to: int) -> tuple[Change, ...]:
    """Give the changes that lead from the present position to another, in order.

    Raises
    ------
    UnknownPosition
        If ``to`` is no edit of the log.
    """
    edits = _edits(log)
    if to != 0 and to not in edits:
        raise UnknownPosition(to)
    back, forth = _ancestry(edits, position(log)), _ancestry(edits, to)
    meet = next(seq for seq in back if seq in forth)
    down = [inverse(edits[seq].change) for seq in back[: back.index(meet)]]
    up = [edits[seq].change for seq in reversed(forth[: forth.index(meet)])]
    return (*down, *up)


def replayed(start: PlanMap, log: Sequence[Record]) -> PlanMap:
    """Give the state that a whole log spells, record by record.

    Raises
    ------
    rules.plan_state.Conflict
        If a record does not fit: the log was tampered with.
    """
    state = start
    for at, record in enumerate(log):
        changes = (record.change,) if record.kind == "edit" else walk(log[:at], record.to)
        for change in changes:
            state = applied(state, change)
    return state


def branches(log: Sequence[Record]) -> dict[int, tuple[int, ...]]:
    """Edits that follow each position, in the order they were made."""
    found: dict[int, list[int]] = {}
    for record in log:
        if record.kind == "edit":
            found.setdefault(record.follows, []).append(record.seq)
    return {seq: tuple(after) for seq, after in found.items()}


def _edits(log: Sequence[Record]) -> Mapping[int, Record]:
    return {record.seq: record for record in log if record.kind == "edit"}


def _ancestry(edits: Mapping[int, Record], seq: int) -> list[int]:
    way = [seq]
    while way[-1] != 0:
        way.append(edits[way[-1]].follows)
    return way
