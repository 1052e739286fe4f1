"""Buildings: footprints with addresses, each in the deepest area that holds it."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from data.importers.known import Known
from data.importers.report import Note, Refusal
from data.importers.values import count_of, text_of
from geo.coverage import polygonal
from geo.crs import Shapes
from geo.tiles import tile_key

_TEXTS = ("code", "name", "estate", "address")


@dataclass(frozen=True)
class Rows:
    """Rows ready to be written, by column of the table, and what there is to say about them."""

    rows: tuple[dict[str, Any], ...]
    refused: tuple[Refusal, ...] = ()
    notes: tuple[Note, ...] = ()
    counts: Mapping[str, int] | None = None


def generated_code(shape: shapely.Geometry) -> str:
    """Code for a building that has none; the same footprint gets the same code again."""
    raw = shapely.to_wkb(shapely.set_precision(shapely.normalize(shape), 1e-7, mode="pointwise"))
    return "b-" + hashlib.sha256(raw).hexdigest()[:12]


def plan_buildings(
    shapes: Shapes, columns: Mapping[str, Sequence[Any]], rows: Sequence[int], *,
    known: Known, taken: frozenset[str], broken: frozenset[int] = frozenset(),
) -> Rows:  # fmt: skip
    """Turn rows with shapes in CGCS2000 degrees into rows of the table; refuses row by row.

    ``taken`` are the codes that exist. A building belongs where its inner point lies; outside of
    every area it is refused.
    """
    fixed, repaired = polygonal(shapes)
    there = np.flatnonzero(~shapely.is_missing(fixed))
    inner = shapely.point_on_surface(fixed[there])
    lon, lat = shapely.get_x(inner), shapely.get_y(inner)
    owners = dict(zip(there.tolist(), known.owners(lon, lat).tolist(), strict=True))
    spots = dict(zip(there.tolist(), zip(lon.tolist(), lat.tolist(), strict=True), strict=True))
    tiles = dict(zip(there.tolist(), tile_key(lon, lat).tolist(), strict=True))
    out: list[dict[str, Any]] = []
    refused: list[Refusal] = []
    tally: dict[str, int] = defaultdict(int)
    seen = set(taken)
    blank = [None] * len(rows)
    for at, row in enumerate(rows):
        cells = {name: text_of(columns.get(name, blank)[at]) for name in _TEXTS}
        why = _fault(shapes[at], at, owners, broken=at in broken)
        if why:
            refused.append(Refusal(row, "geometry", cells["name"] or cells["code"], why))
            continue
        code = cells["code"] or generated_code(fixed[at])
        if code in seen or len(code) > 40:
            reason = "duplicate_code" if code in seen else "too_long"
            refused.append(Refusal(row, "code", code, reason))
            continue
        seen.add(code)
        tally["generated_codes"] += not cells["code"]
        tally["repaired_shapes"] += bool(repaired[at])
        out.append({
            **cells, "code": code, "area_id": owners[at], "geom": fixed[at],
            "floors": count_of(columns.get("floors", blank)[at], most=200),
            "units": count_of(columns.get("units", blank)[at], most=100),
            "households": count_of(columns.get("households", blank)[at]) or 0,
            "lon": spots[at][0], "lat": spots[at][1], "tile": tiles[at],
        })  # fmt: skip
    notes = tuple(Note(key, {"n": n}) for key, n in tally.items() if n)
    return Rows(tuple(out), tuple(refused), notes, {"buildings": len(out)})


def _fault(
    raw: shapely.Geometry | None, at: int, owners: Mapping[int, int], *, broken: bool
) -> str | None:
    if broken:
        return "broken_shape"
    if raw is None or shapely.is_empty(raw):
        return "empty_shape"
    if at not in owners:
        return "no_area_left" if shapely.get_dimensions(raw) == 2 else "not_a_polygon"
    return "outside_district" if owners[at] < 0 else None
