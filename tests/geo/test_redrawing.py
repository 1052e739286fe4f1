"""Any sequence of edits on a small map keeps the whole invariant, and undo gives it back exactly.

Two grids of 200 m x 200 m with a dozen houses and two streets; the plan is a plain dict from cell
to label, cells are only ever added, and every edit that would break a grid is refused.
"""

import hashlib

import numpy as np
import shapely
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from geo.audit import audit
from geo.cells import make_cells
from geo.cutting import CutsNothing
from geo.grids import carve, merge, move_border, part_shapes, split_cells
from geo.noding import noded

PARTS = np.array([shapely.box(0, 0, 200, 200), shapely.box(200, 0, 400, 200)], object)
HOUSES = [(x + 7 * y / 50, y) for x in range(30, 390, 90) for y in (35, 100, 165)]
STREETS = [
    shapely.LineString([(-9, 60), (150, 75), (409, 66)]),
    shapely.LineString([(90, -9), (101, 209)]),
]
spot = st.tuples(st.integers(-20, 420), st.integers(-20, 220))
path = st.lists(spot, min_size=2, max_size=4, unique=True).map(shapely.LineString)
ring = st.lists(spot, min_size=3, max_size=6, unique=True).map(shapely.Polygon)
pick = st.integers(0, 10**6)


class Redrawing(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        cells = make_cells(PARTS, HOUSES, lines=np.array(STREETS, object))
        self.ever = list(cells.shapes)
        self.label = dict(enumerate(cells.part.tolist()))
        self.whole = shapely.coverage_union_all(cells.shapes)
        self.past = []
        self.look()

    def look(self):
        """Live cells in order of their ids, noded, with their labels."""
        self.ids = sorted(self.label)
        stored = np.empty(len(self.ids), object)
        stored[:] = [self.ever[i] for i in self.ids]
        self.shapes = noded(stored)
        self.labels = np.array([self.label[i] for i in self.ids])

    def digest(self):
        text = b"".join(shapely.to_wkb(self.shapes)) + self.labels.tobytes()
        return hashlib.sha256(text).hexdigest()

    def attempt(self, work, *args):
        before, digest = dict(self.label), self.digest()
        try:
            redraw = work(*args)
        except CutsNothing:
            return
        for cut, labels in zip(redraw.cuts, redraw.labels, strict=True):
            del self.label[self.ids[cut.parent]]
            for child, label in zip(cut.children, labels.tolist(), strict=True):
                self.label[len(self.ever)] = label
                self.ever.append(child)
        for cell, label in redraw.moves.items():
            self.label[self.ids[cell]] = label
        self.look()
        parts = part_shapes(self.shapes, self.labels, int(self.labels.max()) + 1)
        parts = parts[~shapely.is_empty(parts)]
        if (shapely.get_type_id(parts) != 3).any() or shapely.get_num_interior_rings(parts).any():
            self.label = before
            self.look()
            assert self.digest() == digest
        else:
            self.past.append((before, digest))

    def grid(self, number):
        return int(self.labels[number % len(self.labels)])

    @rule(cell=pick, grid=pick)
    def move(self, cell, grid):
        cells = shapely.box(*self.shapes[cell % len(self.shapes)].bounds)
        fresh = int(self.labels.max()) + 1
        self.attempt(carve, self.shapes, self.labels, cells, (self.grid(grid), fresh)[grid % 2])

    @rule(grid=pick, line=path)
    def split(self, grid, line):
        self.attempt(split_cells, self.shapes, self.labels, self.grid(grid), line)

    @rule(one=pick, other=pick)
    def merge(self, one, other):
        self.attempt(merge, self.labels, self.grid(one), self.grid(other))

    @rule(polygon=ring, grid=pick)
    def carve(self, polygon, grid):
        self.attempt(carve, self.shapes, self.labels, polygon, self.grid(grid))

    @rule(one=pick, other=pick, line=path)
    def border(self, one, other, line):
        args = (self.shapes, self.labels, self.grid(one), self.grid(other), line)
        self.attempt(move_border, *args)

    @precondition(lambda self: self.past)
    @rule(steps=st.integers(1, 4))
    def undo(self, steps):
        for _ in range(min(steps, len(self.past))):
            self.label, digest = self.past.pop()
            self.look()
            assert self.digest() == digest

    @invariant()
    def the_map_is_sound(self):
        assert audit(self.shapes, self.labels, self.whole) == []

    @invariant()
    def no_cell_is_a_sliver(self):
        assert set(shapely.get_type_id(self.shapes)) == {3}
        assert (shapely.area(self.shapes) > 49).all()


Redrawing.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestRedrawing = Redrawing.TestCase
