"""Polygons of grids, read as what a community shall become: repaired, fitted, told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from data.importers.hierarchy import clean_code
from data.importers.plan_edges import HAIR, filled, trimmed
from data.importers.plan_matching import Living, Row, mark_of, matched
from data.importers.plan_strips import without_crumbs, without_strips
from data.importers.report import Note, Refusal
from data.importers.values import text_of
from data.plan_making import Target
from geo.coverage import Repair, clean, polygonal
from geo.crs import STORE_CRS, Shapes, transform
from rules.plan_edits import LONGEST_NAME


@dataclass(frozen=True)
class Fitted:
    """Grids that fill the community without overlaps, and what was done to get there."""

    targets: tuple[Target, ...]
    repair: Repair
    refused: tuple[Refusal, ...]
    notes: tuple[Note, ...]


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
    metres, cut = trimmed(metres, outline)
    metres, filled_up = filled(metres, outline)
    ground = transform(np.array([one.shape for one in living] or [whole], object), STORE_CRS, crs)
    if repair.needed or filled_up > 0:
        metres = without_crumbs(without_strips(metres, ground))
    labels, notes = matched(found, metres, living, crs)
    notes += _torn(found, metres)
    notes += [Note("cut_off", {"area": cut})] if cut >= 1 else []
    notes += [Note("filled", {"area": filled_up})] if filled_up >= 1 else []
    degrees = transform(metres, crs, STORE_CRS)
    marks = {one.label: one.mark for one in living}
    targets = tuple(
        Target(shape, mark_of(row, marks.get(label or "")), label)
        for row, shape, label in zip(found, degrees, labels, strict=True)
    )
    return Fitted(targets, repair, tuple(refused), tuple(notes))


def _torn(rows: Sequence[Row], metres: Shapes) -> list[Note]:
    """Say which grids lie in several pieces; hairs count for nothing."""
    notes = []
    for row, shape in zip(rows, metres, strict=True):
        parts = shapely.get_parts(shape)
        pieces = int((shapely.area(parts) > HAIR * shapely.length(parts) / 2).sum())
        if pieces > 1:
            notes.append(Note("in_pieces", {"name": row.name, "n": pieces}))
    return notes


def _rows(
    shapes: Shapes, columns: Mapping[str, Sequence[Any]], rows: Sequence[int],
    broken: frozenset[int],
) -> tuple[list[Row], list[Refusal]]:  # fmt: skip
    """Rows with a polygon; those of one code and name are one grid."""
    fixed, _ = polygonal(shapes)
    blank = [None] * len(rows)
    found: dict[str, Row] = {}
    refused = []
    for at, (row, raw, shape) in enumerate(zip(rows, shapes, fixed, strict=True)):
        code, name, kind = (text_of(columns.get(n, blank)[at]) for n in ("code", "name", "kind"))
        code = clean_code(code)[0]
        reason = "broken_shape" if at in broken else _fault(raw, shape, code, name)
        made = Row(row, code, name or code or str(row), kind, shape)
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
    rows: list[Row], outline: shapely.Geometry, crs: str
) -> tuple[list[Row], Shapes, list[Row]]:
    """Rows that reach into the community with their shapes in metres, and those that do not."""
    metres = transform(np.array([r.shape for r in rows], object), STORE_CRS, crs)
    shared = shapely.intersection(metres, outline)
    reaches = shapely.area(shared) > HAIR * shapely.length(shared) / 2
    inside = [row for row, is_in in zip(rows, reaches.tolist(), strict=True) if is_in]
    outside = [row for row, is_in in zip(rows, reaches.tolist(), strict=True) if not is_in]
    return inside, metres[reaches], outside
