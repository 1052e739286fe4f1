"""A plan on the table: its land, cell by cell, with who lives there, and the state drawn on it.

What edits do not change (cells ever made, buildings, roads, outline) is the :class:`Ground`; what
they do is the :class:`Sheet`, which is made anew from the state in a few milliseconds. Lengths
and areas are metres in the district's Gauss-Krueger zone.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from data.plan_rows import Entry, Plan
from geo.cell_graph import CellGraph, cell_graph
from geo.crs import STORE_CRS, transform
from geo.locate import owners
from geo.noding import noded
from rules.plan_commands import Points
from rules.plan_log import Record
from rules.plan_state import PlanMap

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Home:
    """One building of the community; ``x`` and ``y`` in metres, ``load`` minutes a week.

    ``open`` counts its open items; ``load`` is the mean effort of a week over the last year.
    """

    id: int
    code: str
    label: str
    estate: str
    households: int
    chief_id: int | None
    x: float
    y: float
    open: int
    load: float


@dataclass(frozen=True)
class Cell:
    """One cell ever made: its shape in metres and in degrees, the buildings in it.

    ``open`` and ``load`` are those of its buildings and of its land without a building.
    """

    number: int
    parent: int | None
    shape: shapely.Geometry
    degrees: shapely.Geometry
    buildings: tuple[int, ...]
    households: int
    open: int
    load: float


@dataclass(frozen=True, eq=False)
class Loose:
    """Items that lie at no building: place in metres, 1 where open, share of a week in minutes."""

    xy: Floats
    open: Ints
    load: Floats

    def on(self, shapes: Shapes) -> tuple[Ints, Floats]:
        """Open items and load on each of several shapes that do not overlap."""
        at = owners(self.xy, shapes)
        held = at >= 0
        opened = np.bincount(at[held], self.open[held], minlength=len(shapes))
        load = np.bincount(at[held], self.load[held], minlength=len(shapes))
        return opened.astype(np.int64), np.asarray(load, float)


@dataclass(frozen=True, eq=False)
class Ground:
    """The land of one plan. ``whole`` is the community; barriers are main roads and rivers.

    ``homes`` are its buildings, also those registered since the cells were made. ``chief_names``
    are by person id, for the buildings' present chiefs.
    """

    plan_id: int
    crs: str
    whole: shapely.Geometry
    cells: dict[int, Cell]
    homes: dict[int, Home]
    barriers: Shapes
    chief_names: dict[int, str]
    loose: Loose


@dataclass(frozen=True, eq=False)
class Sheet:
    """A plan as it stands: ``log`` is its whole history, ``start`` what it was made with."""

    plan: Plan
    ground: Ground
    start: PlanMap
    state: PlanMap
    log: tuple[Entry, ...]

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """The log without who and when."""
        return tuple(entry.record for entry in self.log)

    @cached_property
    def numbers(self) -> Ints:
        """Numbers of the live cells, ascending; every array below is in this order."""
        return np.array(list(self.state.cells), np.int64)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The live cells."""
        return tuple(self.ground.cells[n] for n in self.state.cells)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Labels of the grids; ``part`` counts in this order."""
        return tuple(self.state.marks)

    @cached_property
    def part(self) -> Ints:
        """Grid of each live cell, as an index into ``order``."""
        at = {label: i for i, label in enumerate(self.order)}
        return np.array([at[label] for label in self.state.cells.values()], np.int64)

    @cached_property
    def base(self) -> Ints:
        """Grid of each live cell at the start, as an index into ``order``; -1 where it is gone."""
        at = {label: i for i, label in enumerate(self.order)}
        return np.array([at.get(self.origin(n), -1) for n in self.state.cells], np.int64)

    def origin(self, number: int) -> str:
        """Label at the start of the land of a cell; that of the cell it was cut from."""
        cell = self.ground.cells[number]
        while cell.number not in self.start.cells and cell.parent is not None:
            cell = self.ground.cells[cell.parent]
        return self.start.cells[cell.number]

    @cached_property
    def shapes(self) -> Shapes:
        """Shapes of the live cells in metres: a coverage, also where cells were cut."""
        found = np.empty(len(self.cells), object)
        found[:] = [cell.shape for cell in self.cells]
        return noded(found)

    @cached_property
    def degrees(self) -> Shapes:
        """The same shapes in CGCS2000 degrees."""
        return transform(self.shapes, self.ground.crs, STORE_CRS)

    @cached_property
    def anchors(self) -> Floats:
        """Where each live cell is taken to lie: at its buildings, else in its middle; metres."""
        xy = shapely.get_coordinates(shapely.point_on_surface(self.shapes))
        homes = self.ground.homes
        for at, cell in enumerate(self.cells):
            if cell.buildings:
                spots = [(homes[i].x, homes[i].y) for i in cell.buildings]
                xy[at] = np.mean(spots, axis=0)
        return np.asarray(xy, float)

    def metres(self, points: Points) -> Floats:
        """Points in degrees, (n, 2) metres."""
        lonlat = np.array(points, float).reshape(-1, 2)
        spots = np.asarray(shapely.points(lonlat), object)
        return np.asarray(shapely.get_coordinates(transform(spots, STORE_CRS, self.ground.crs)))

    @cached_property
    def households(self) -> Ints:
        """Households of each live cell."""
        return np.array([cell.households for cell in self.cells], np.int64)

    @cached_property
    def load(self) -> Floats:
        """Effort of each live cell: minutes a week."""
        return np.array([cell.load for cell in self.cells], float)

    @cached_property
    def graph(self) -> CellGraph:
        """Which live cells touch."""
        return cell_graph(self.shapes)
