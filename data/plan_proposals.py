"""Proposals for a plan: a choice of divisions, one grid mended, and the areas of building chiefs.

What is locked or dedicated stays. A proposal that would part a grid, or pass a locked border, is
not offered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from data.plan_moves import origins
from data.plan_problem import Barriers, Estates, problem_of
from data.plan_reasons import Reason, reasons
from data.plan_sheet import Sheet
from geo.compactness import border_length, part_figures
from geo.partition.alternatives import alternatives, efficient
from geo.partition.local import fix_part
from geo.partition.pieces import pieces
from geo.partition.problem import Problem
from geo.partition.stability import renamed
from rules.plan_checks import DEDICATED, RAGGED, deviation, grids_wanted
from rules.plan_commands import Adopt
from rules.plan_edits import next_names
from rules.plan_state import Mark, PlanMap, label_order, new_label

Ints = NDArray[np.int64]

Source = Literal["present", "afresh"]
"""Draw on from the grids as they are drawn now, or without regard to them."""

HELD: Final = 10**9
"""Households that a held cell counts as, when parts are named: its part keeps its name."""


@dataclass(frozen=True)
class Ask:
    """What proposals are asked for; ``grids`` counts those that are not dedicated."""

    grids: int | None = None
    source: Source = "present"
    estates: Estates = "whole"
    barriers: Barriers = "heeded"


class NothingBetter(RuntimeError):
    """No redrawing with the neighbours brings a grid nearer to the band.

    ``reason`` says why, and ``households`` are those of its cells; a grid that fits has none.
    """

    def __init__(self, label: str, reason: Reason | None, households: int) -> None:
        super().__init__(label)
        self.label = label
        self.reason = reason
        self.households = households


@dataclass(frozen=True)
class Proposal:
    """A division of the live cells, with what planners choose by.

    ``in_band`` of ``grids`` grids (those that are not dedicated) have households within the band.
    ``balance`` is the largest share by which one of them is off their mean, ``border`` metres,
    ``moved`` the households that change grid against the start. An ``efficient`` proposal is one
    that no other beats in all three.
    """

    index: int
    cells: Mapping[int, str]
    marks: Mapping[str, Mark]
    in_band: int
    grids: int
    balance: float
    border: float
    moved: int
    efficient: bool


def suggested_grids(sheet: Sheet) -> int:
    """Say how many grids that are not dedicated the band asks for: as near to now as may be.

    Locked grids stay as they are and count as one each.
    """
    banded = {k for k, mark in sheet.state.marks.items() if mark.kind != DEDICATED}
    held = banded & sheet.state.locked_grids
    free = [n for k in banded - held for n in sheet.state.members[k]]
    households = sum(sheet.ground.cells[n].households for n in free)
    if not free:
        return len(held)
    return len(held) + grids_wanted(households, sheet.state.band, now=len(banded - held))


def propose(sheet: Sheet, ask: Ask, *, count: int = 100, seed: int) -> tuple[Proposal, ...]:
    """Draw ``count`` divisions and give the different ones, the efficient first.

    Returns
    -------
    tuple of Proposal
        Ordered by efficiency, grids out of the band, households moved and border; none where
        locks leave no other way, or no way is found that is not the present one. The same seed
        gives the same proposals.

    Raises
    ------
    geo.partition.problem.TooManyParts
        If there are not so many pieces of land to make grids of.
    """
    wanted = suggested_grids(sheet) if ask.grids is None else ask.grids
    dedicated = sum(mark.kind == DEDICATED for mark in sheet.state.marks.values())
    if wanted + dedicated == len(sheet.order) == 1:
        return ()
    problem = problem_of(sheet, estates=ask.estates, barriers=ask.barriers)
    known = np.where(problem.held, problem.base, -1) if ask.source == "afresh" else problem.base
    drawn = alternatives(
        replace(problem, base=known), parts=[wanted + dedicated], count=count, seed=seed
    )
    weights = problem.households + HELD * problem.held
    named = (renamed(weights, problem.base, one.labels, problem.closed) for one in drawn)
    different = {labels.tobytes(): labels for labels in named if _allowed(sheet, problem, labels)}
    return _ordered(_well_formed(sheet, problem, different.values()))


def _well_formed(sheet: Sheet, problem: Problem, found: Iterable[Ints]) -> list[Proposal]:
    """Leave out divisions with a ragged grid, unless today's are as ragged or the band needs it.

    Where land without buildings lies along an edge, a grid can reach around its neighbour through
    it and still be one piece: short borders on paper, and two places a worker has to walk between.
    Of those alike in all that planners choose by, which differ in empty land, one is kept.
    """
    least = min(RAGGED, _worst_form(problem, problem.base))
    every: dict[tuple[float, ...], tuple[Proposal, float]] = {}
    for labels in found:
        one = _proposal(sheet, labels)
        every.setdefault(_aims(one), (one, _worst_form(problem, labels)))
    kept = [one for one, form in every.values() if form >= least]
    missed = min((one.grids - one.in_band for one, _ in every.values()), default=0)
    if any(one.grids - one.in_band == missed for one in kept):
        return kept
    return [one for one, _ in every.values()]


def _aims(one: Proposal) -> tuple[float, ...]:
    """Give what planners choose by: all of it is better when less."""
    return one.grids - one.in_band, one.balance, one.border, one.moved


def _worst_form(problem: Problem, labels: Ints) -> float:
    """Least compactness (Polsby-Popper) of the grids in which people live."""
    count = int(labels.max()) + 1
    form = part_figures(problem.graph, labels, parts=count).polsby_popper
    lived = np.bincount(labels, problem.households, minlength=count) > 0
    return float(form[lived].min(initial=1.0))


def _allowed(sheet: Sheet, problem: Problem, labels: Ints) -> bool:
    """Whether something moves, nothing held does, and no grid has more pieces than before."""
    went = labels != problem.base
    if not went.any() or (went & problem.held).any():
        return False
    now = _pieces(problem, problem.base, len(sheet.order))
    after = _pieces(problem, labels, int(labels.max()) + 1)
    most = np.ones(max(len(after), len(now)), np.int64)
    most[: len(now)] = np.maximum(now, 1)
    passed = {(sheet.order[a], b) for a, b in zip(problem.base[went].tolist(),
              _labels(sheet, labels[went]), strict=True)}  # fmt: skip
    ways = {pair for a, b in sheet.state.locked_borders for pair in ((a, b), (b, a))}
    return bool((after <= most[: len(after)]).all()) and not passed & ways


def _pieces(problem: Problem, labels: Ints, count: int) -> Ints:
    piece = pieces(problem.graph.source, problem.graph.neighbour, labels)
    _, first = np.unique(piece, return_index=True)
    return np.bincount(labels[first], minlength=count)


def _labels(sheet: Sheet, parts: Ints) -> list[str]:
    """Labels of parts: those of the sheet's grids, and new ones for the numbers above."""
    names = list(sheet.order)
    for _ in range(int(parts.max(initial=-1)) + 1 - len(names)):
        names.append(new_label(names))
    return [names[part] for part in parts.tolist()]


def _proposal(sheet: Sheet, parts: Ints) -> Proposal:
    labels = _labels(sheet, parts)
    cells = dict(zip(sheet.state.cells, labels, strict=True))
    marks = _new_marks(sheet.state, {k for k in labels if k not in sheet.state.marks})
    every = {**sheet.state.marks, **marks}
    sums: dict[str, int] = {k: 0 for k in labels if every[k].kind != DEDICATED}
    moved = 0
    pairs = zip(labels, origins(sheet), sheet.households.tolist(), strict=True)
    for label, origin, households in pairs:
        moved += households if label != origin else 0
        if label in sums:
            sums[label] += households
    low, high = sheet.state.band
    mean = max(sum(sums.values()) / max(len(sums), 1), 1e-9)
    return Proposal(
        index=0,
        cells=cells,
        marks=marks,
        in_band=sum(low <= each <= high for each in sums.values()),
        grids=len(sums),
        balance=max((abs(each / mean - 1) for each in sums.values()), default=0.0),
        border=border_length(sheet.graph, parts),
        moved=moved,
        efficient=False,
    )


def _new_marks(state: PlanMap, labels: set[str]) -> dict[str, Mark]:
    """Give the marks of new grids, which are called as the last one, counted on."""
    names = next_names(state, len(labels))
    return dict(zip(sorted(labels, key=label_order), map(Mark, names), strict=True))


def _ordered(found: list[Proposal]) -> tuple[Proposal, ...]:
    best = efficient(np.array([_aims(p) for p in found], float).reshape(-1, 4))
    flagged = [replace(p, efficient=bool(e)) for p, e in zip(found, best, strict=True)]
    flagged.sort(key=lambda p: (not p.efficient, p.grids - p.in_band, p.moved, p.border))
    return tuple(replace(p, index=at) for at, p in enumerate(flagged))


def adopt(proposal: Proposal) -> Adopt:
    """Give the command that takes a proposal over."""
    return Adopt(proposal.cells, proposal.marks)


def fix(sheet: Sheet, label: str, *, seed: int) -> Adopt:
    """Bring one grid into the band with its neighbours, or as near to it as can be.

    Estates that the plan keeps whole stay whole.

    Raises
    ------
    NothingBetter
        If the grid fits already, or no way is found that brings it nearer.
    """
    problem = problem_of(sheet, estates="as_drawn", barriers="heeded")
    at = sheet.order.index(label)
    labels = fix_part(problem, sheet.part, at, seed=seed)
    now, then = (
        deviation(int(sheet.households[part == at].sum()), sheet.state.band)
        for part in (sheet.part, labels)
    )
    if then >= now or not _allowed(sheet, problem, labels):
        reason = reasons(sheet).get(label) if now else None
        cells = reason.cells if reason else ()
        raise NothingBetter(label, reason, sum(sheet.ground.cells[n].households for n in cells))
    return Adopt(dict(zip(sheet.state.cells, _labels(sheet, labels), strict=True)), op="fix")
