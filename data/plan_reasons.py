"""Why grids of a plan miss the band of households."""

from dataclasses import dataclass

from data.plan_problem import problem_of
from data.plan_sheet import Sheet
from geo.partition.causes import Kind, causes
from rules.plan_checks import DEDICATED


@dataclass(frozen=True)
class Reason:
    """A cause by its key in :data:`rules.plan_checks.CAUSES`, and the cells that it lies in."""

    kind: Kind
    cells: tuple[int, ...]


def reasons(sheet: Sheet) -> dict[str, Reason]:
    """Give the cause of every grid outside the band, by label; dedicated grids have no band.

    Estates that the plan keeps whole, locks and closed grids count as what cannot be changed.
    """
    problem = problem_of(sheet, estates="as_drawn", barriers="free")
    marks, numbers = sheet.state.marks, sheet.numbers
    return {
        sheet.order[cause.part]: Reason(cause.kind, tuple(numbers[list(cause.cells)].tolist()))
        for cause in causes(problem, sheet.part)
        if marks[sheet.order[cause.part]].kind != DEDICATED
    }
