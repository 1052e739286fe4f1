"""The base map: roads, rails, water, green and built land, as drawn under everything else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import shapely

from data.importers.buildings import Rows
from data.importers.report import Note, Refusal
from data.importers.values import text_of
from geo.crs import Shapes

LAYERS: Final = ("road", "rail", "water", "green", "land")
_ROAD_RANKS: Final = {
    **dict.fromkeys(("motorway", "trunk", "primary", "高速公路", "国道", "主干路"), 1),
    **dict.fromkeys(("secondary", "tertiary", "省道", "县道", "次干路"), 2),
}
_NO_ROAD: Final = {"proposed", "construction", "razed", "abandoned", "elevator", "platform"}
_GREEN: Final = {
    "park", "garden", "grass", "forest", "wood", "meadow", "recreation_ground", "cemetery",
    "village_green", "scrub", "allotments", "pitch", "playground", "farmland", "orchard",
}  # fmt: skip
_WATER: Final = {"water", "bay", "riverbank", "reservoir", "basin", "wetland"}
_LAND: Final = {"residential", "commercial", "industrial", "retail", "railway", "education"}
_RAILS: Final = {"rail", "light_rail", "tram", "subway", "narrow_gauge"}


def layer_of(tags: Mapping[str, str], dimension: int) -> tuple[str, int] | None:
    """Layer and rank for the tags of OpenStreetMap; ``None`` for what the base map leaves out."""
    if dimension == 1:
        return _line(tags)
    kinds = {tags.get(key, "") for key in ("natural", "landuse", "leisure", "waterway")}
    if kinds & _WATER:
        return "water", 1
    if kinds & _GREEN:
        return "green", 2
    return ("land", 3) if kinds & _LAND else None


def _line(tags: Mapping[str, str]) -> tuple[str, int] | None:
    road = tags.get("highway", "")
    if road and road not in _NO_ROAD:
        return "road", _ROAD_RANKS.get(road.removesuffix("_link"), 3)
    if tags.get("railway", "") in _RAILS:
        return "rail", 2
    return ("water", 2) if tags.get("waterway") else None


_TAGS: Final = ("highway", "railway", "waterway", "natural", "landuse", "leisure")


def plan_base(
    shapes: Shapes, columns: Mapping[str, Sequence[Any]], rows: Sequence[int], *,
    layer: str | None = None, broken: frozenset[int] = frozenset(),
) -> Rows:  # fmt: skip
    """Turn rows with shapes in CGCS2000 degrees into base features; refuses row by row.

    ``layer`` puts every row into one layer. Without it the tags of OpenStreetMap decide, and what
    they give no layer for is left out without being refused; lines without any tags are roads.
    """
    blank = [None] * len(rows)
    tagged = layer is None and any(name in columns for name in _TAGS)
    out: list[dict[str, Any]] = []
    refused: list[Refusal] = []
    for at, row in enumerate(rows):
        shape = shapes[at]
        name = text_of(columns.get("name", blank)[at])
        if at in broken or shape is None or shapely.is_empty(shape):
            reason = "broken_shape" if at in broken else "empty_shape"
            refused.append(Refusal(row, "geometry", name, reason))
            continue
        dimension = int(shapely.get_dimensions(shape))
        tags = {key: text_of(columns.get(key, blank)[at]) for key in _TAGS}
        found = _chosen(layer, text_of(columns.get("class", blank)[at]), dimension)
        found = layer_of(tags, dimension) if tagged else found
        if dimension == 0 or (found is None and not tagged):
            reason = "not_drawable" if dimension == 0 else "unknown_layer"
            refused.append(Refusal(row, "geometry", name, reason))
        elif found is not None:
            out.append({"layer": found[0], "rank": found[1], "name": name, "geom": _sound(shape)})
    counts = Counter(str(r["layer"]) for r in out)
    left_out = len(rows) - len(out) - len(refused)
    notes = (Note("left_out", {"n": left_out}),) if left_out else ()
    return Rows(tuple(out), tuple(refused), notes, {"features": len(out), **counts})


def _chosen(layer: str | None, road_class: str, dimension: int) -> tuple[str, int] | None:
    if layer is None and dimension != 1:
        return None
    if layer in (None, "road"):
        return "road", _ROAD_RANKS.get(road_class, 2)
    return (layer or "road"), (2 if layer in ("rail", "green") else 1)


def _sound(shape: shapely.Geometry) -> shapely.Geometry:
    return shape if shapely.is_valid(shape) else shapely.make_valid(shape, method="structure")
