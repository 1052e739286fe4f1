"""A plan as a problem for the solver: what is held, what stays together, where borders are welcome.

A lock on a border holds the cells on both sides of it. Dedicated and locked grids are closed.
"""

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from data.plan_moves import homes_of, origins
from data.plan_sheet import Sheet
from geo.barriers import sides_along
from geo.partition.problem import Band, Problem
from rules.plan_checks import DEDICATED
from rules.plan_state import PlanMap

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Estates = Literal["whole", "as_drawn", "free"]
"""Keep estates together, only those that the plan does not divide, or none."""
Barriers = Literal["heeded", "free"]

WELCOME: Final = 3.0
"""Worth of a border along a main road or river against an ordinary one [planning study, 3.8]."""


def problem_of(sheet: Sheet, *, estates: Estates, barriers: Barriers) -> Problem:
    """Give the plan as it stands: the parts are the grids in the sheet's order.

    An estate with more households than the band allows cannot be one grid and is left free.
    """
    low, high = sheet.state.band
    along = np.zeros(len(sheet.graph.neighbour), bool)
    if barriers == "heeded" and len(sheet.ground.barriers):
        along = sides_along(sheet.shapes, sheet.graph, sheet.ground.barriers)
    return Problem(
        graph=sheet.graph,
        households=sheet.households,
        load=sheet.load,
        base=sheet.part,
        unit=_units(sheet, estates),
        fixed=_fixed(sheet),
        closed=closed_of(sheet, sheet.state),
        barrier=np.where(along, WELCOME, 1.0),
        band=Band(low, high),
    )


def start_problem(sheet: Sheet) -> Problem:
    """Give the grids of the start, in their order, with today's band and locks and nothing else."""
    at = {label: i for i, label in enumerate(sheet.start.marks)}
    n = len(sheet.cells)
    return Problem(
        graph=sheet.graph,
        households=sheet.households,
        load=sheet.load,
        base=np.array([at[label] for label in origins(sheet)], np.int64),
        unit=np.arange(n),
        fixed=np.zeros(n, bool),
        closed=closed_of(sheet, sheet.start),
        barrier=np.ones(len(sheet.graph.neighbour)),
        band=Band(*sheet.state.band),
    )


def closed_of(sheet: Sheet, grids: PlanMap) -> Bools:
    """Tell of each grid of a state whether it takes and gives nothing."""
    shut = sheet.state.locked_grids
    return np.array(
        [label in shut or mark.kind == DEDICATED for label, mark in grids.marks.items()], bool
    )


def _units(sheet: Sheet, estates: Estates) -> Ints:
    """Give each cell a number; those of an estate that shall stay together share one."""
    units = np.arange(len(sheet.cells))
    if estates == "free":
        return units
    mine = [_estate(sheet, number) for number in sheet.state.cells]
    keys = list(zip(mine, sheet.part.tolist() if estates == "as_drawn" else mine, strict=True))
    sums: dict[str, int] = {}
    for name, households in zip(mine, sheet.households.tolist(), strict=True):
        sums[name] = sums.get(name, 0) + households
    first = {key: at for at, key in reversed(list(enumerate(keys)))}
    small = [bool(name) and sums[name] <= sheet.state.band[1] for name in mine]
    return np.where(small, [first[key] for key in keys], units)


def _estate(sheet: Sheet, number: int) -> str:
    """Estate with most buildings in a cell; the first by name of equals, empty for none."""
    names = [home.estate for home in homes_of(sheet, [number]) if home.estate]
    return min(names, key=lambda name: (-names.count(name), name), default="")


def _fixed(sheet: Sheet) -> Bools:
    """Tell which cells stay in their grid: locked ones, and those along locked borders."""
    fixed = np.isin(sheet.numbers, list(sheet.state.locked_cells))
    at = {label: i for i, label in enumerate(sheet.order)}
    near, far = sheet.part[sheet.graph.source], sheet.part[sheet.graph.neighbour]
    for one, other in sheet.state.locked_borders:
        a, b = at[one], at[other]
        sides = ((near == a) & (far == b)) | ((near == b) & (far == a))
        fixed[sheet.graph.source[sides]] = True
    return fixed
