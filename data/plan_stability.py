"""How few households could move: the bound beside what a plan moves."""

from dataclasses import dataclass
from functools import lru_cache

from data.plan_problem import start_problem
from data.plan_sheet import Sheet
from geo.partition.stability import moved_bound, moved_flow
from rules.plan_checks import DEDICATED
from rules.plan_state import PlanMap


@dataclass(frozen=True)
class Stability:
    """Households that must move at least, for the band and the number of grids that there are now.

    No plan in the band moves fewer than ``bound``. ``flow`` is what it takes if households pass
    one border at most and the number of grids stays: a reference that good plans come near to.
    """

    bound: int
    flow: int


@lru_cache(maxsize=16)
def stability(sheet: Sheet) -> Stability:
    """Work out both, once for each sheet."""
    problem = start_problem(sheet)
    more = _banded(sheet.state) - _banded(sheet.start)
    bound = moved_bound(problem, parts=len(problem.closed) + more)
    return Stability(bound, moved_flow(problem))


def _banded(state: PlanMap) -> int:
    return sum(mark.kind != DEDICATED for mark in state.marks.values())
