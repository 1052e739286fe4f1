"""The areas of a view: their shapes, once per boundary version, and their figures, as they move."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import shapely

from data.areas import Area, AreaTree, shapes
from data.figures import area_sums
from data.picture import Picture
from data.store import Store
from geo.simplify import display_tolerance, joined, simplify_together, whole_steps
from layers.palette import class_colours
from layers.wire import Packed, pack_json
from rules.access import Scope
from rules.figures import FIGURES, class_breaks, load_ratio
from rules.filters import View
from rules.levels import Level

LIMIT: Final = 280_000
"""Compressed bytes that the shapes of one view may have."""

_UNIT: Final = 1e-6
"""Degrees of one step: 11 cm, less than half a pixel at the deepest zoom."""


def drawn_level(tree: AreaTree, view: View) -> Level:
    """Level of the areas that a view draws: the wish, else the children, else the area itself."""
    here = tree.get(view.area_id).level
    wish = view.level if view.level is not None and view.level > here else None
    return wish or tree.child_level(view.area_id) or here


def shapes_link(picture: Picture, area_id: int, level: Level) -> str:
    """Address of the shapes; it moves with the boundaries."""
    return f"/map/shapes/{area_id}/{int(level)}/{quote(picture.area_version or '0', safe='')}"


def view_body(picture: Picture, *, scope: Scope, view: View, now: datetime) -> dict[str, Any]:
    """Give what a view shows, without shapes and words: figures by area, classes, colours.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area of the view.
    """
    tree = picture.tree
    tree.admit(scope, view.area_id)
    place, level = tree.get(view.area_id), drawn_level(tree, view)
    ids = tree.at_level(view.area_id, level)
    sums = area_sums(picture, scope=scope, area_ids=ids, filter=view.filter, now=now)
    figure = FIGURES[view.figure]
    ordered = [sums[area_id] for area_id in ids]
    values = [figure.value(s) for s in ordered]
    breaks = class_breaks(values, classing=view.classing)
    above = place.parent_id
    parent = tree.get(above) if above and tree.covers(scope.area_id, above) else None
    return {
        "key": view.key,
        "watermark": picture.watermark,
        "area_version": quote(picture.area_version or "0", safe=""),
        "base_version": picture.bulk,
        "place": _place(place, parent),
        "level": int(level),
        "shapes": shapes_link(picture, place.id, level),
        "around": shapes_link(picture, parent.id, place.level) if parent else None,
        "figure": {"key": figure.key, "form": figure.form, "worse": figure.worse},
        "classing": view.classing,
        "filter": View(0, filter=view.filter).key,
        "kinds": view.filter.kinds,
        "breaks": breaks,
        "colours": [
            class_colours(figure.key, len(breaks), dark=dark, nothing=breaks == [0])
            for dark in (False, True)
        ],
        "areas": {
            "id": ids,
            "value": values,
            "open": [s.open for s in ordered],
            "overdue": [s.overdue for s in ordered],
            "new": [s.new for s in ordered],
            "load": [load_ratio(s.effort, s.duty, s.capacity) for s in ordered],
            "households": [s.households for s in ordered],
        },
    }


def _place(place: Area, parent: Area | None) -> dict[str, Any]:
    above = {"id": parent.id, "code": parent.code, "name": parent.name} if parent else None
    return {
        "id": place.id,
        "code": place.code,
        "name": place.name,
        "level": int(place.level),
        "bounds": place.bounds,
        "parent": above,
    }


def packed_shapes(store: Store, tree: AreaTree, *, area_id: int, level: Level) -> Packed:
    """Shapes that draw an area at one level, as fine as the byte limit allows.

    The caller has had the area admitted. Borders are simplified together, so that neighbours
    stay neighbours; the outline is the union of what is drawn.
    """
    place = tree.get(area_id)
    ids = tree.at_level(area_id, level)
    with store.read() as conn:
        found = shapes(conn, ids)
    areas = [tree.get(area_id) for area_id in ids if area_id in found]
    light = [found[area.id] for area in areas]
    tolerance = display_tolerance(place.bounds)
    while True:
        light = simplify_together(light, tolerance)
        packed = pack_json(_shapes(tree, place, areas, light))
        size = len(packed.zipped or packed.raw)
        if size <= LIMIT or tolerance > 1:
            return packed
        tolerance *= max(1.5, (size / LIMIT) ** 2)


def _shapes(
    tree: AreaTree, place: Area, areas: list[Area], light: list[shapely.Geometry]
) -> dict[str, Any]:
    origin = (round(place.bounds[0], 6), round(place.bounds[1], 6))
    outline, *rings = whole_steps([joined(light), *light], origin, _UNIT)
    return {
        "origin": origin,
        "unit": _UNIT,
        "outline": outline,
        "areas": [
            {
                "id": area.id,
                "code": area.code,
                "name": area.name,
                "level": int(area.level),
                "kind": area.kind,
                "point": (round(area.lon, 6), round(area.lat, 6)),
                "child": tree.child_level(area.id),
                "rings": own,
            }
            for area, own in zip(areas, rings, strict=True)
        ],
    }
