"""A drawn map kept up to date edit by edit, looking only at what an edit touches.

It is what a server keeps of one plan: cells as stored, as noded, their labels, the grids' polygons,
and a stack of inverse changes.
"""

from dataclasses import dataclass, field

import numpy as np
import shapely

from geo.coverage import check
from geo.grids import Redraw
from geo.noding import renoded


class Breach(AssertionError):
    """An edit was let through that breaks the invariant."""


class Refused(RuntimeError):
    """The edit would leave a grid in pieces or around another one."""


@dataclass
class Board:
    stored: list = field(default_factory=list)  # every cell ever made
    ids: np.ndarray = None  # live cells
    base: np.ndarray = None  # shapes of the live cells as stored
    shapes: np.ndarray = None  # and noded
    labels: np.ndarray = None
    parts: dict = field(default_factory=dict)
    undo: list = field(default_factory=list)

    @classmethod
    def start(cls, shapes, labels):
        board = cls(list(shapes), np.arange(len(shapes)), shapes, shapes, labels.astype(np.int64))
        for label in np.unique(labels).tolist():
            board.parts[label] = shapely.coverage_union_all(shapes[labels == label])
        return board

    @property
    def fresh(self):
        return int(self.labels.max()) + 1

    def redraw(self, edit: Redraw):
        """Apply an edit that geo.grids worked out; keep its inverse."""
        gone = {int(self.ids[c.parent]): int(self.labels[c.parent]) for c in edit.cuts}
        born = {}
        for cut, labels in zip(edit.cuts, edit.labels, strict=True):
            for child, label in zip(cut.children, labels.tolist(), strict=True):
                born[len(self.stored)] = label
                self.stored.append(child)
        moves = {int(self.ids[c]): (int(self.labels[c]), new) for c, new in edit.moves.items()}
        self.apply(gone, born, moves)
        self.undo.append((born, gone, {c: (b, a) for c, (a, b) in moves.items()}))

    def step_back(self):
        self.apply(*self.undo.pop())

    def apply(self, gone, born, moves):
        """Cells that go, cells that come, cells that change label; all or nothing."""
        ids, base, shapes, labels = self.ids, self.base, self.shapes, self.labels.copy()
        touched = {*gone.values(), *born.values(), *(x for m in moves.values() for x in m)}
        if born:
            new = np.array(sorted(born), np.int64)
            children = np.empty(len(new), object)
            children[:] = [self.stored[i] for i in new.tolist()]
            keep = np.ones(len(ids), bool)
            keep[np.searchsorted(ids, list(gone))] = False
            order = np.argsort(np.concatenate([ids[keep], new]), kind="stable")
            ids = np.concatenate([ids[keep], new])[order]
            base = np.concatenate([base[keep], children])[order]
            shapes = np.concatenate([shapes[keep], children])[order]
            labels = np.concatenate([labels[keep], [born[i] for i in new.tolist()]])[order]
            at, now = renoded(base, np.searchsorted(ids, new))
            other = [a is not b for a, b in zip(shapes[at], now, strict=True)]
            shapes[at] = now
            touched |= set(labels[at[other]].tolist())
        if moves:
            labels[np.searchsorted(ids, list(moves))] = [after for _, after in moves.values()]
        self._refresh(ids, base, shapes, labels, touched)

    def _refresh(self, ids, base, shapes, labels, touched):
        new_parts = {}
        for label in touched:
            own = shapes[labels == label]
            if len(own):
                new_parts[label] = shapely.coverage_union_all(own)
        for part in new_parts.values():
            if part.geom_type != "Polygon" or len(part.interiors):
                raise Refused
        names = list(self.parts)
        old = np.array(list(self.parts.values()), object)
        land = shapely.coverage_union_all([self.parts[t] for t in touched if t in self.parts])
        shapely.prepare(land)
        near = [names[i] for i in np.flatnonzero(shapely.intersects(land, old)).tolist()]
        before = shapely.coverage_union_all([self.parts[n] for n in near])
        kept = [self.parts[n] for n in near if n not in touched]
        after = np.array([*kept, *new_parts.values()], object)
        found = check(after, whole=before)
        if not found.holds:
            raise Breach(found, touched)
        self.ids, self.base, self.shapes, self.labels = ids, base, shapes, labels
        for label in touched:
            self.parts.pop(label, None)
        self.parts.update(new_parts)
