"""Boundaries of any level: rows to areas, repaired to a coverage, hung under their parents."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import shapely

from data.importers.hierarchy import AreaPlan, Root, Row, clean_code, generated_code, hang, kind_of
from data.importers.known import Known
from data.importers.report import Note, Refusal
from data.importers.values import count_of, text_of
from geo.coverage import GAP_WIDTH, Repair, check, clean, polygonal
from geo.crs import STORE_CRS, Shapes, metric_crs, transform
from rules.levels import Level

MAX_CODE: Final = 40


@dataclass(frozen=True)
class Outcome:
    """A plan and what there is to say about it."""

    plan: AreaPlan
    accepted: int = 0
    refused: tuple[Refusal, ...] = ()
    repair: Repair = field(default_factory=Repair)
    counts: Mapping[str, int] | None = None
    notes: tuple[Note, ...] = ()


def plan_boundaries(  # noqa: PLR0913 - shapes, columns, rows, and how to hang them
    shapes: Shapes, columns: Mapping[str, Sequence[Any]], rows: Sequence[int], *,
    level: Level, known: Known, root: Root, gap_width: float = GAP_WIDTH,
    parent_level: Level | None = None, broken: frozenset[int] = frozenset(),
) -> Outcome:  # fmt: skip
    """Turn rows with shapes in CGCS2000 degrees into a plan; refuses row by row.

    ``columns`` holds our names (code, name, parent, households, kind). Gaps up to ``gap_width``
    metres are closed. Parents that are named but missing are made at ``parent_level``.
    """
    found, refused, notes = _rows(shapes, columns, rows, level, known, broken)
    found, clashing, trimmed = _beside(found, level, known)
    refused += [Refusal(r.row, "geometry", r.name, "overlaps_known") for r in clashing]
    notes += [Note("trimmed", {"n": trimmed})] if trimmed else []
    found, repair, hidden = _repaired(found, gap_width)
    refused += [Refusal(r.row, "geometry", r.name, "hidden") for r in hidden]
    if repair[1] is not None and not repair[1].holds:
        notes.append(Note("narrow_gaps" if repair[1].edges_match else "not_a_coverage"))
    plan, outside, more, counts = hang(found, level, known, root, parent_level)
    refused += [Refusal(r.row, "geometry", r.name, "outside_district") for r in outside]
    return Outcome(
        plan, len(found) - len(outside), tuple(refused), repair[0], counts, (*notes, *more)
    )


_CLASH: Final = 0.02
"""Share of the smaller area; below it an overlap with a known neighbour is a sloppy border."""


def _beside(rows: list[Row], level: Level, known: Known) -> tuple[list[Row], list[Row], int]:
    """Fit rows beside the areas of their level that exist; the record's borders stay.

    Gives the rows, those that lie on known areas, and how many were trimmed to a known border.
    """
    made = (known.stand_in, known.joined)
    there = [a.geom for a in known.areas if a.level == level and a.id not in made]
    if not there or not rows:
        return rows, [], 0
    old, new = np.array(there, object), np.array([r.geom for r in rows], object)
    at, by = shapely.STRtree(old).query(new, predicate="intersects")
    shared = shapely.area(shapely.intersection(new[at], old[by]))
    share = shared / np.minimum(shapely.area(new[at]), shapely.area(old[by]))
    clashing = set(at[share > _CLASH].tolist())
    sloppy = {int(i) for i in at[share > 1e-9] if int(i) not in clashing}
    for i in sloppy:
        new[i] = shapely.difference(new[i], shapely.union_all(old[by[at == i]]))
    fitted = [replace(r, geom=g) for r, g in zip(rows, new, strict=True)]
    kept = [r for i, r in enumerate(fitted) if i not in clashing]
    return kept, [rows[i] for i in sorted(clashing)], len(sloppy)


def _rows(
    shapes: Shapes, columns: Mapping[str, Sequence[Any]], rows: Sequence[int],
    level: Level, known: Known, broken: frozenset[int],
) -> tuple[list[Row], list[Refusal], list[Note]]:  # fmt: skip
    fixed, repaired = polygonal(shapes)
    blank = [None] * len(rows)
    found: dict[str, Row] = {}
    refused: list[Refusal] = []
    tally: dict[str, int] = defaultdict(int)
    tally["repaired_shapes"] = int(
        sum(r and f is not None for r, f in zip(repaired, fixed, strict=True))
    )
    for at, (row, raw, shape) in enumerate(zip(rows, shapes, fixed, strict=True)):
        cell = {n: text_of(columns.get(n, blank)[at]) for n in ("code", "name", "parent", "kind")}
        if shape is None:
            refused.append(
                Refusal(row, "geometry", cell["name"], _why_no_shape(raw, broken=at in broken))
            )
            continue
        code, cut = clean_code(cell["code"])
        if len(code) > MAX_CODE:
            refused.append(Refusal(row, "code", code, "too_long"))
            continue
        name = cell["name"] or code or f"{level.name.title()} {row}"
        tally["stripped_codes"] += cut
        tally["generated_codes"] += not code
        code = code or generated_code(level, cell["name"], shape)
        made = Row(
            row, code, name, cell["parent"], kind_of(cell["kind"], name, level),
            count_of(columns.get("households", blank)[at], most=10_000_000) or 0, shape,
        )  # fmt: skip
        twin = found.get(code)
        if twin is not None and twin.name == name:
            found[code] = replace(twin, geom=shapely.union(twin.geom, shape))
            tally["merged_parts"] += 1
        elif twin is not None or code in known.by_code:
            refused.append(Refusal(row, "code", code, "duplicate_code"))
        else:
            found[code] = made
    return list(found.values()), refused, [Note(k, {"n": v}) for k, v in tally.items() if v]


def _why_no_shape(raw: shapely.Geometry | None, *, broken: bool) -> str:
    if broken:
        return "broken_shape"
    if raw is None or shapely.is_empty(raw):
        return "empty_shape"
    return "no_area_left" if shapely.get_dimensions(raw) == 2 else "not_a_polygon"


def _repaired(rows: list[Row], gap_width: float) -> tuple[list[Row], tuple[Repair, Any], list[Row]]:
    """Rows as a coverage; also the repair with its check, and rows that vanished."""
    if not rows:
        return [], (Repair(), None), []
    degrees = np.array([r.geom for r in rows], object)
    west, _, east, _ = shapely.total_bounds(degrees)
    crs = metric_crs((west + east) / 2)
    metres = transform(degrees, STORE_CRS, crs)
    cleaned, repair = clean(metres, gap_width=gap_width)
    if cleaned is metres:
        return rows, (repair, None), []
    back = transform(cleaned, crs, STORE_CRS)
    lost = set(repair.emptied)
    kept = [
        replace(r, geom=g) for i, (r, g) in enumerate(zip(rows, back, strict=True)) if i not in lost
    ]
    return kept, (repair, check(cleaned)), [rows[i] for i in lost]
