"""The figures of a boundary plan, grid by grid and in all: balance, form, walks, stability.

All is computed from the sheet at hand, in milliseconds; nothing is kept. Lengths are metres in the
district's Gauss-Krueger zone.
"""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from data.plan_moves import (
    charge_of,
    chiefs_changed,
    difference,
    homes_of,
    moved_in,
    moved_out,
    split_estates,
)
from data.plan_sheet import Home, Sheet
from geo.barriers import metres_inside
from geo.compactness import PartFigures, part_figures, reock
from geo.coverage import dissolve
from geo.crs import STORE_CRS, transform
from geo.walk import Walk, walk
from rules.plan_checks import Verdict, chiefs_wanted, deviation, verdict
from rules.plan_state import BAND, Mark, plan_map

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class GridFigures:
    """Figures of one grid; ``moved_in`` and ``moved_out`` are households against the start.

    ``open`` counts items, ``load`` is minutes a week. ``chiefs`` are those who look after its
    buildings as the plan has it. ``border`` is the part of its outline that it shares with other
    grids. Walks are straight lines from inhabited buildings to ``centre`` (lon, lat), the point
    from which the households' mean walk is least; without buildings it is the middle of the land.
    ``farthest`` is the building with the longest walk.
    ``barriers_crossed`` are the metres of main roads and rivers inside. ``polsby_popper`` is
    4πA/P², ``reock`` the area's share of the smallest circle around it.
    """

    label: str
    mark: Mark
    households: int
    verdict: Verdict
    load: float
    open: int
    buildings: int
    chiefs: int
    chiefs_wanted: int
    hectares: float
    polsby_popper: float
    reock: float
    border: float
    walk_mean: float
    walk_max: float
    estates_split: int
    barriers_crossed: float
    moved_in: int
    moved_out: int
    pieces: int
    centre: tuple[float, float]
    farthest: tuple[float, float]


@dataclass(frozen=True)
class GoneGrid:
    """A grid of the start that the plan dissolves, with the households that it gives away."""

    label: str
    mark: Mark
    households: int


@dataclass(frozen=True)
class PlanFigures:
    """Figures of a plan.

    ``in_band`` of ``banded`` grids (those that are not dedicated) have households within the
    band; ``worst_deviation`` is the largest share by which one misses the nearer end, of that end.
    ``moved`` counts the households that change grid; it is the sum of all ``moved_in``, and of all
    ``moved_out`` and the households of the ``gone``. ``border`` counts each inner border once,
    ``polsby_popper`` is the mean of the grids. ``estates_split`` counts estates.
    """

    grids: tuple[GridFigures, ...]
    gone: tuple[GoneGrid, ...]
    households: int
    in_band: int
    banded: int
    worst_deviation: float
    moved: int
    grids_touched: int
    chiefs_changed: int
    border: float
    polsby_popper: float
    estates_split: int
    barriers_crossed: float

    def grid(self, label: str) -> GridFigures:
        """Give the figures of one grid; raises ``KeyError`` for a label that is not there."""
        return {grid.label: grid for grid in self.grids}[label]


@dataclass(frozen=True, eq=False)
class Form:
    """Shape and measures of each grid, in the sheet's order; metres and square metres."""

    shapes: Shapes
    measures: PartFigures
    reock: Floats
    crossed: Floats


def before(sheet: Sheet) -> PlanFigures:
    """Give the figures of the start, judged by the band that the plan has now."""
    start = plan_map({**sheet.start.entries, BAND: sheet.state.entries[BAND]})
    return figures(replace(sheet, state=start))


def figures(sheet: Sheet) -> PlanFigures:
    """Give the figures of the plan as it stands."""
    grids = _grids(sheet)
    banded = [grid for grid in grids if grid.verdict != "dedicated"]
    band = sheet.state.band
    shifts = difference(sheet)
    out = moved_out(sheet)
    gone = {k: m for k, m in sheet.start.marks.items() if k not in sheet.state.marks}
    return PlanFigures(
        grids=grids,
        gone=tuple(GoneGrid(label, mark, out.get(label, 0)) for label, mark in gone.items()),
        households=sum(grid.households for grid in grids),
        in_band=sum(grid.verdict == "within" for grid in banded),
        banded=len(banded),
        worst_deviation=max((deviation(g.households, band) for g in banded), default=0.0),
        moved=sum(out.values()),
        grids_touched=len({s.before for s in shifts} | {s.after for s in shifts}),
        chiefs_changed=len(chiefs_changed(sheet)),
        border=sum(grid.border for grid in grids) / 2,
        polsby_popper=sum(grid.polsby_popper for grid in grids) / max(len(grids), 1),
        estates_split=len(split_estates(sheet)),
        barriers_crossed=sum(grid.barriers_crossed for grid in grids),
    )


def _grids(sheet: Sheet) -> tuple[GridFigures, ...]:
    form = form_of(sheet)
    homes = {k: homes_of(sheet, cells) for k, cells in sheet.state.members.items()}
    walks = [_walk(homes[k], s, sheet) for k, s in zip(sheet.order, form.shapes, strict=True)]
    centres = to_degrees([way.middle for way in walks], sheet)
    farthest = to_degrees([way.farthest for way in walks], sheet)
    divided = split_estates(sheet)
    out, into = moved_out(sheet), moved_in(sheet)
    found = []
    for at, (label, mark) in enumerate(sheet.state.marks.items()):
        cells, own = sheet.state.members[label], homes[label]
        households = sum(sheet.ground.cells[n].households for n in cells)
        charges = {charge_of(home, sheet.state) for home in own} - {None}
        found.append(GridFigures(
            label=label,
            mark=mark,
            households=households,
            verdict=verdict(households, mark.kind, sheet.state.band),
            load=sum(sheet.ground.cells[n].load for n in cells),
            open=sum(sheet.ground.cells[n].open for n in cells),
            buildings=len(own),
            chiefs=len(charges),
            chiefs_wanted=chiefs_wanted(households),
            hectares=float(form.measures.area[at]) / 1e4,
            polsby_popper=float(form.measures.polsby_popper[at]),
            reock=float(form.reock[at]),
            border=float(form.measures.border[at]),
            walk_mean=walks[at].mean,
            walk_max=walks[at].longest,
            estates_split=sum(label in grids for grids in divided.values()),
            barriers_crossed=float(form.crossed[at]),
            moved_in=into.get(label, 0),
            moved_out=out.get(label, 0),
            pieces=len(shapely.get_parts(form.shapes[at])),
            centre=centres[at],
            farthest=farthest[at],
        ))  # fmt: skip
    return tuple(found)


def form_of(sheet: Sheet) -> Form:
    """Measure the grids' shapes."""
    shapes = np.empty(len(sheet.order), object)
    shapes[:] = [dissolve(sheet.shapes[sheet.part == k]) for k in range(len(shapes))]
    return Form(
        shapes=shapes,
        measures=part_figures(sheet.graph, sheet.part, parts=len(shapes)),
        reock=reock(shapes),
        crossed=metres_inside(shapes, sheet.ground.barriers),
    )


def _walk(homes: list[Home], shape: shapely.Geometry, sheet: Sheet) -> Walk:
    if homes:
        weights = np.array([home.households for home in homes], float)
        return walk(np.array([(home.x, home.y) for home in homes]), weights)
    land = sheet.ground.whole if shapely.is_empty(shape) else shape
    middle = shapely.point_on_surface(land)
    here = float(shapely.get_x(middle)), float(shapely.get_y(middle))
    return Walk(here, 0.0, here, 0.0)


def to_degrees(points: list[tuple[float, float]], sheet: Sheet) -> list[tuple[float, float]]:
    """Give places in metres as longitudes and latitudes."""
    placed = np.asarray(shapely.points(np.array(points).reshape(-1, 2)), object)
    placed = transform(placed, sheet.ground.crs, STORE_CRS)
    return [(lon, lat) for lon, lat in shapely.get_coordinates(placed).tolist()]
