"""Polygons of grids, read as what a community shall become: repaired, fitted, told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from data.importers.hierarchy import clean_code, kind_of
from data.importers.report import Note, Refusal
from data.importers.values import text_of
from data.plan_making import Target
from geo.coverage import Repair, clean, polygonal
from geo.crs import STORE_CRS, Shapes, transform
from rules.levels import Level
from rules.plan_edits import LONGEST_NAME
from rules.plan_state import Mark

Floats = NDArray[np.float64]

HAIR: Final = 0.05
"""Mean width in metres of what is only rounding between two borders that are the same."""
HALF: Final = 0.5
"""Share of the smaller one that a polygon without a known code has to have of a living grid."""


@dataclass(frozen=True)
class Living:
    """A grid of today: its label in plans, its mark, its shape in degrees."""

    label: str
    mark: Mark
    shape: shapely.Geometry


@dataclass(frozen=True)
class Fitted:
    """Grids that fill the community without overlaps, and what was done to get there."""

    targets: tuple[Target, ...]
    repair: Repair
    refused: tuple[Refusal, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class _Row:
    row: int
    code: str
    name: str
    kind: str
    shape: shapely.Geometry


def fit_grids(  # noqa: PLR0913 - shapes, columns, rows, and where they shall fit
    shapes: Shapes, columns: Mapping[str, Sequence[Any]], rows: Sequence[int], *,
    whole: shapely.Geometry, living: Sequence[Living], crs: str, gap_width: float,
    broken: frozenset[int] = frozenset(),
) -> Fitted:  # fmt: skip
    """Turn polygons into the grids of a community; refuses row by row.

    Parameters
    ----------
    shapes
        Shapes of the file in CGCS2000 degrees; missing ones are refused.
    columns
        Columns code, name and kind, as far as the file has them.
    rows
        Numbers of the rows, as a person sees them.
    whole
        The community in degrees. What lies outside is cut off; what no polygon covers joins the
        polygon that it shares the longest border with.
    living
        Grids of today. A polygon is one of them by its code, else by the largest overlap that is
        at least half of the smaller of the two; what is none of them is a new grid.
    crs
        System to measure in, metres.
    gap_width
        Metres; narrower gaps between polygons are closed.
    broken
        Positions of shapes that could not be read.
    """
    found, refused = _rows(shapes, columns, rows, broken)
    outline = transform(np.array([whole], object), STORE_CRS, crs)[0]
    found, metres, outside = _inside(found, outline, crs)
    refused += [Refusal(r.row, "geometry", r.name, "outside_community") for r in outside]
    if not found:
        return Fitted((), Repair(), tuple(refused), ())
    metres, repair = clean(metres, gap_width=gap_width)
    hidden = [found[i] for i in repair.emptied]
    refused += [Refusal(r.row, "geometry", r.name, "hidden") for r in hidden]
    kept = [i for i in range(len(found)) if i not in repair.emptied]
    found, metres = [found[i] for i in kept], metres[kept]
    metres, cut = _trimmed(metres, outline)
    metres, filled = _filled(metres, outline)
    labels, notes = _matched(found, metres, living, crs)
    notes += [Note("cut_off", {"area": cut})] if cut >= 1 else []
    notes += [Note("filled", {"area": filled})] if filled >= 1 else []
    degrees = transform(metres, crs, STORE_CRS)
    marks = {one.label: one.mark for one in living}
    targets = tuple(
        Target(shape, _mark(row, marks.get(label or "")), label)
        for row, shape, label in zip(found, degrees, labels, strict=True)
    )
    return Fitted(targets, repair, tuple(refused), tuple(notes))


def _rows(
    shapes: Shapes, columns: Mapping[str, Sequence[Any]], rows: Sequence[int],
    broken: frozenset[int],
) -> tuple[list[_Row], list[Refusal]]:  # fmt: skip
    """Rows with a polygon; those of one code and name are one grid."""
    fixed, _ = polygonal(shapes)
    blank = [None] * len(rows)
    found: dict[str, _Row] = {}
    refused = []
    for at, (row, raw, shape) in enumerate(zip(rows, shapes, fixed, strict=True)):
        code, name, kind = (text_of(columns.get(n, blank)[at]) for n in ("code", "name", "kind"))
        code = clean_code(code)[0]
        reason = "broken_shape" if at in broken else _fault(raw, shape, code, name)
        made = _Row(row, code, name or code, kind, shape)
        twin = found.get(code) if code else None
        if not reason and twin is not None and twin.name != made.name:
            reason = "duplicate_grid"
        if reason:
            refused.append(Refusal(row, "geometry", name or code, reason))
        elif twin is not None:
            found[code] = replace(twin, shape=shapely.union(twin.shape, shape))
        else:
            found[code or f"row {at}"] = made
    return list(found.values()), refused


def _fault(raw: shapely.Geometry | None, shape: shapely.Geometry | None, *texts: str) -> str:
    if shape is None:
        if raw is None or shapely.is_empty(raw):
            return "empty_shape"
        return "no_area_left" if shapely.get_dimensions(raw) == 2 else "not_a_polygon"
    if any(len(text) > LONGEST_NAME for text in texts):
        return "too_long"
    return "" if all(text.isprintable() for text in texts) else "not_a_name"


def _inside(
    rows: list[_Row], outline: shapely.Geometry, crs: str
) -> tuple[list[_Row], Shapes, list[_Row]]:
    """Rows that reach into the community with their shapes in metres, and those that do not."""
    metres = transform(np.array([r.shape for r in rows], object), STORE_CRS, crs)
    shared = shapely.intersection(metres, outline)
    reaches = shapely.area(shared) > HAIR * shapely.length(shared) / 2
    inside = [row for row, is_in in zip(rows, reaches.tolist(), strict=True) if is_in]
    outside = [row for row, is_in in zip(rows, reaches.tolist(), strict=True) if not is_in]
    return inside, metres[reaches], outside


def _trimmed(metres: Shapes, outline: shapely.Geometry) -> tuple[Shapes, float]:
    """Polygons without what lies outside, and how much that was; hairs are left to the cells."""
    over = shapely.difference(metres, outline)
    wide = shapely.area(over) > HAIR * shapely.length(over) / 2
    out = metres.copy()
    out[wide], _ = polygonal(shapely.intersection(metres[wide], outline))
    return out, float(shapely.area(over[wide]).sum())


def _filled(metres: Shapes, outline: shapely.Geometry) -> tuple[Shapes, float]:
    """Polygons with the land that none of them covers, and how much that was."""
    rest = shapely.get_parts(shapely.difference(outline, shapely.union_all(metres)))
    rest = rest[shapely.area(rest) > HAIR * shapely.length(rest) / 2]
    gained: dict[int, list[shapely.Geometry]] = {}
    for part in rest.tolist():
        # Borders that were drawn apart meet within a hair, not in every corner.
        rim = shapely.length(shapely.intersection(metres, shapely.buffer(part, HAIR)))
        best = int(np.argmax(rim)) if rim.max() > 0 else int(
            np.argmin(shapely.distance(metres, part))
        )  # fmt: skip
        gained.setdefault(best, []).append(part)
    out = metres.copy()
    for at, parts in gained.items():
        out[at] = shapely.union_all([metres[at], *parts])
    return out, float(shapely.area(rest).sum())


def _matched(
    rows: Sequence[_Row], metres: Shapes, living: Sequence[Living], crs: str
) -> tuple[list[str | None], list[Note]]:
    """Label of the living grid that each polygon goes on; ``None`` for new ones."""
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


def _mark(row: _Row, known: Mark | None) -> Mark:
    """Mark of a grid: a living one keeps its code, area and kind, and its name if none is given."""
    if known is None:
        name = row.name or str(row.row)
        return Mark(name, kind_of(row.kind, name, Level.GRID))
    return replace(known, name=row.name if row.name and row.name != row.code else known.name)
