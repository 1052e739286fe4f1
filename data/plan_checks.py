"""Checks of a boundary plan: what forbids submitting it, and what a reviewer should look at.

Each finding names its rule (:mod:`rules.plan_checks`), the grids and cells concerned, and the
place on the map where there is one.
"""

from collections.abc import Iterator

import shapely

from data.plan_figures import PlanFigures, figures, to_degrees
from data.plan_moves import homes_of, split_estates
from data.plan_reasons import reasons
from data.plan_sheet import Sheet
from data.plan_soundness import faults, middle_of
from data.plan_stability import stability
from geo.barriers import longest_inside
from rules.figures import HOUSEHOLDS_PER_CHIEF
from rules.plan_checks import (
    CHIEF_LEEWAY,
    LEAST_CROSSING,
    LOAD_LEEWAY,
    LONGEST_WALK,
    TOWN_DENSITY,
    Finding,
    over_budget,
)


def checks(sheet: Sheet) -> tuple[Finding, ...]:
    """Check the plan as it stands; hard findings come first."""
    now = figures(sheet)
    soft = (_band(sheet, now), _estates(sheet), _barriers(sheet, now), _walks(now),
            _chiefs(now), _loads(now), _moved(sheet, now))  # fmt: skip
    found = [*faults(sheet, now), *(one for some in soft for one in some)]
    return tuple(sorted(found, key=lambda finding: not finding.hard))


def _band(sheet: Sheet, now: PlanFigures) -> Iterator[Finding]:
    missed = [grid for grid in now.grids if grid.verdict in ("below", "above")]
    causes = reasons(sheet) if missed else {}
    for grid in missed:
        cause = causes.get(grid.label)
        yield Finding(
            "households", labels=(grid.label,), value=grid.households, place=grid.centre,
            cells=cause.cells if cause else (), cause=cause.kind if cause else None,
        )  # fmt: skip


def _estates(sheet: Sheet) -> Iterator[Finding]:
    """Value: buildings outside the grid that has most of the estate.

    An estate with more households than the band allows has to be divided, and is no finding.
    """
    homes = sheet.ground.homes.values()
    for name, labels in split_estates(sheet).items():
        if sum(h.households for h in homes if h.estate == name) > sheet.state.band[1]:
            continue
        parts = {
            label: [(n, h) for n in sheet.state.members[label] for h in homes_of(sheet, [n])
                    if h.estate == name]
            for label in sheet.order if label in labels
        }  # fmt: skip
        main = max(parts, key=lambda label: len(parts[label]))
        out = [pair for label, pairs in parts.items() if label != main for pair in pairs]
        yield Finding(
            "estate", labels=tuple(parts), cells=tuple(sorted({n for n, _ in out})),
            value=len(out), place=middle_of(sheet, [home for _, home in out]), subject=name,
        )  # fmt: skip


def _barriers(sheet: Sheet, now: PlanFigures) -> Iterator[Finding]:
    """Value: metres; a community of one grid has no border to lay along a road."""
    for grid in now.grids if len(now.grids) > 1 else ():
        if grid.barriers_crossed >= LEAST_CROSSING:
            cells = sheet.state.members[grid.label]
            land = shapely.coverage_union_all([sheet.ground.cells[n].shape for n in cells])
            point = longest_inside(land, sheet.ground.barriers)
            yield Finding(
                "barrier", labels=(grid.label,), value=grid.barriers_crossed,
                place=to_degrees([point], sheet)[0],
            )  # fmt: skip


def _walks(now: PlanFigures) -> Iterator[Finding]:
    for grid in now.grids:
        town = grid.households >= TOWN_DENSITY * grid.hectares
        if town and grid.walk_max > LONGEST_WALK:
            yield Finding("walk", labels=(grid.label,), value=grid.walk_max, place=grid.farthest)


def _chiefs(now: PlanFigures) -> Iterator[Finding]:
    """Value: households per chief; none where nobody looks after any."""
    for grid in now.grids:
        if grid.verdict == "dedicated" or not grid.households:
            continue
        each = grid.households / grid.chiefs if grid.chiefs else None
        if each is None or abs(each - HOUSEHOLDS_PER_CHIEF) > CHIEF_LEEWAY:
            yield Finding("chiefs", labels=(grid.label,), value=each, place=grid.centre)


def _loads(now: PlanFigures) -> Iterator[Finding]:
    """Value: percent of the mean of the grids that are not dedicated."""
    banded = [grid for grid in now.grids if grid.verdict != "dedicated"]
    mean = sum(grid.load for grid in banded) / max(len(banded), 1)
    for grid in banded:
        if mean > 0 and abs(grid.load / mean - 1) > LOAD_LEEWAY:
            share = 100 * grid.load / mean
            yield Finding("load", labels=(grid.label,), value=share, place=grid.centre)


def _moved(sheet: Sheet, now: PlanFigures) -> Iterator[Finding]:
    if over_budget(now.moved, stability(sheet).bound):
        yield Finding("stability", value=now.moved)
