"""What a command means on a sheet: the change of the plan's map, and the cells that cuts make."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import shapely

from data.plan_cut import NewCell, divided, pieces_of
from data.plan_sheet import Sheet
from geo.picking import across, under, within
from rules.plan_commands import (
    Adopt,
    Brush,
    Carve,
    Charge,
    Drag,
    Edit,
    Lasso,
    Lock,
    Merge,
    Move,
    MoveBorder,
    Points,
    Rename,
    SetBand,
    Split,
    Unlock,
)
from rules.plan_edits import (
    UnknownGrid,
    adopted,
    banded,
    charged,
    locked,
    merged,
    moved,
    renamed,
    unlocked,
)
from rules.plan_state import Change, PlanMap


@dataclass(frozen=True)
class Drawn:
    """What a command comes to: ``op`` is what the log calls it."""

    op: str
    change: Change
    cells: tuple[NewCell, ...] = ()


def drawn(sheet: Sheet, command: Edit) -> Drawn:
    """Give what a command comes to.

    Raises
    ------
    rules.plan_edits.Locked, BreaksGrid, NothingMoves, UnknownGrid, BadBand, BadName
        If the plan does not let it happen.
    geo.cutting.CutsNothing
        If a drawn line cuts nothing.
    """
    op = type(command).__name__.lower()
    match command:
        case Split() | Carve() | MoveBorder():
            return Drawn(op, *divided(sheet, command))
        case Move() | Lasso() | Brush() | Drag():
            cells, to = _reached(sheet, command)
            return Drawn(op, moved(sheet.state, cells, to, pieces=counting(sheet)))
        case Merge(keep, gone):
            return Drawn(op, merged(sheet.state, keep, gone, pieces=counting(sheet)))
        case Adopt(cells, marks, name):
            return Drawn(name, adopted(sheet.state, cells, marks))
    return Drawn(op, _said(sheet.state, command))


def _said(state: PlanMap, command: Lock | Unlock | Rename | SetBand | Charge) -> Change:
    """Give the change of a command that draws nothing."""
    match command:
        case Lock(key):
            return locked(state, key)
        case Unlock(key):
            return unlocked(state, key)
        case Rename(label, name):
            return renamed(state, label, name)
        case SetBand(low, high):
            return banded(state, low, high)
        case Charge(chiefs):
            return charged(state, chiefs)


def _reached(sheet: Sheet, command: Move | Lasso | Brush | Drag) -> tuple[tuple[int, ...], str]:
    """Give the cells that a command takes hold of, and where they go."""
    match command:
        case Move(cells, to):
            return cells, to
        case Lasso(ring, to):
            return _inside(sheet, ring), to
        case Brush(path, metres, to):
            return _under(sheet, path, metres), to
        case Drag(path, giver, taker):
            return _across(sheet, path, giver, taker), taker


def _inside(sheet: Sheet, ring: Points) -> tuple[int, ...]:
    """Cells whose building, or middle where none stands, a ring holds."""
    if len(ring) < 3:
        return ()
    held = within(sheet.anchors, shapely.Polygon(sheet.metres(ring)))
    return tuple(sheet.numbers[held].tolist())


def _under(sheet: Sheet, path: Points, metres: float) -> tuple[int, ...]:
    """Cells that a path crosses, or whose building or middle lies within ``metres`` of it."""
    if not path:
        return ()
    line = _stroke(sheet, path)
    near = shapely.dwithin(np.asarray(shapely.points(sheet.anchors), object), line, metres)
    near[under(sheet.shapes, line, 0.0)] = True
    return tuple(sheet.numbers[near].tolist())


def _across(sheet: Sheet, path: Points, giver: str, taker: str) -> tuple[int, ...]:
    """Cells of one grid that a drag from the border to the other takes along."""
    for label in (giver, taker):
        if label not in sheet.state.marks:
            raise UnknownGrid(label)
    if not path:
        return ()
    one, other = sheet.order.index(giver), sheet.order.index(taker)
    found = across(sheet.shapes, sheet.graph, sheet.part, one, other, _stroke(sheet, path))
    return tuple(sheet.numbers[found].tolist())


def _stroke(sheet: Sheet, path: Points) -> shapely.Geometry:
    xy = sheet.metres(path)
    return shapely.Point(xy[0]) if len(xy) == 1 else shapely.LineString(xy)


def counting(sheet: Sheet) -> Callable[[Collection[int]], int]:
    """Give a function that counts the connected pieces of live cells."""
    at = {n: i for i, n in enumerate(sheet.state.cells)}

    def pieces(cells: Collection[int]) -> int:
        return pieces_of(sheet.graph, [at[n] for n in cells])

    return pieces
