"""What a command means on a sheet: the change of the plan's map, and the cells that cuts make."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import shapely

from data.plan_cut import NewCell, divided, pieces_of
from data.plan_sheet import Floats, Sheet
from geo.crs import STORE_CRS, transform
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
            touched = _under(sheet, path, 0.0)
            return tuple(n for n in touched if sheet.state.cells[n] == giver), taker


def counting(sheet: Sheet) -> Callable[[Collection[int]], int]:
    """Give a function that counts the connected pieces of live cells."""
    at = {n: i for i, n in enumerate(sheet.state.cells)}

    def pieces(cells: Collection[int]) -> int:
        return pieces_of(sheet.graph, [at[n] for n in cells])

    return pieces


def in_metres(sheet: Sheet, points: Points) -> Floats:
    """Points in degrees, (n, 2) metres of the sheet."""
    spots = np.asarray(shapely.points(np.array(points, float).reshape(-1, 2)), object)
    return np.asarray(shapely.get_coordinates(transform(spots, STORE_CRS, sheet.ground.crs)))


def _inside(sheet: Sheet, ring: Points) -> tuple[int, ...]:
    """Cells whose building, or middle where none stands, a ring holds."""
    if len(ring) < 3:
        return ()
    area = shapely.make_valid(shapely.Polygon(in_metres(sheet, ring)))
    held = shapely.contains_xy(area, *sheet.anchors.T)
    return tuple(int(n) for n in sheet.numbers[held])


def _under(sheet: Sheet, path: Points, metres: float) -> tuple[int, ...]:
    """Cells that a path crosses, or whose building or middle lies within ``metres`` of it."""
    if not path:
        return ()
    xy = in_metres(sheet, path)
    line = shapely.Point(xy[0]) if len(xy) == 1 else shapely.LineString(xy)
    crossed = shapely.intersects(sheet.shapes, line)
    near = shapely.dwithin(np.asarray(shapely.points(sheet.anchors), object), line, metres)
    return tuple(int(n) for n in sheet.numbers[crossed | near])
