"""Which grid of today each polygon of a file goes on: by code, else by the land they share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from data.importers.hierarchy import kind_of
from data.importers.report import Note
from geo.crs import STORE_CRS, Shapes, transform
from rules.levels import Level
from rules.plan_state import Mark

HALF: Final = 0.5
"""Share of the smaller one that a polygon without a known code has to have of a living grid."""


@dataclass(frozen=True)
class Living:
    """A grid of today: its label in plans, its mark, its shape in degrees."""

    label: str
    mark: Mark
    shape: shapely.Geometry


@dataclass(frozen=True)
class Row:
    """One grid of a file: number of its row, what it is called, its shape in degrees."""

    row: int
    code: str
    name: str
    kind: str
    shape: shapely.Geometry


def matched(
    rows: Sequence[Row], metres: Shapes, living: Sequence[Living], crs: str
) -> tuple[list[str | None], list[Note]]:
    """Give the label of the living grid that each polygon goes on; ``None`` for new ones."""
    by_code = {one.mark.code: one.label for one in living if one.mark.code}
    labels = [by_code.get(row.code) for row in rows]
    coded = sum(label is not None for label in labels)
    free = [one for one in living if one.label not in labels]
    old = transform(np.array([one.shape for one in free], object), STORE_CRS, crs)
    open_rows = [at for at, label in enumerate(labels) if label is None]
    shared = shapely.area(shapely.intersection(metres[open_rows][:, None], old[None, :]))
    smaller = np.minimum(
        shapely.area(metres[open_rows])[:, None], shapely.area(old)[None, :]
    ).reshape(shared.shape)
    for flat in np.argsort(-shared, axis=None).tolist():
        row, one = np.unravel_index(flat, shared.shape)
        at, label = open_rows[int(row)], free[int(one)].label
        if shared[row, one] >= HALF * smaller[row, one] and labels[at] is None:
            labels[at] = None if label in labels else label
    placed = sum(label is not None for label in labels) - coded
    fresh = [row.name for row, label in zip(rows, labels, strict=True) if label is None]
    notes = [
        Note(key, {"n": n})
        for key, n in (("matched_by_code", coded), ("matched_by_place", placed))
        if n
    ]
    if fresh:
        notes.append(Note("new_grids", {"n": len(fresh), "names": ", ".join(fresh)}))
    return labels, notes


def mark_of(row: Row, known: Mark | None) -> Mark:
    """Give a grid its mark: a living one keeps code, area and kind, and its name if none is new."""
    if known is None:
        return Mark(row.name, kind_of(row.kind, row.name, Level.GRID))
    is_named = row.name not in (row.code, str(row.row))
    return replace(known, name=row.name if is_named else known.name)
