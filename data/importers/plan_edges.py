"""Polygons fitted into an outline: what lies outside is cut off, what none covers is shared out."""

from typing import Final

import numpy as np
import shapely

from data.importers.plan_strips import STRIP, wide_part
from geo.coverage import polygonal
from geo.crs import Shapes

HAIR: Final = 0.05
"""Mean width in metres of what is only rounding between two borders that are the same."""


def trimmed(metres: Shapes, outline: shapely.Geometry) -> tuple[Shapes, float]:
    """Cut off what lies outside, and tell how much; hairs are left to the cells."""
    over = shapely.difference(metres, outline)
    wide = shapely.area(over) > HAIR * shapely.length(over) / 2
    out = metres.copy()
    out[wide], _ = polygonal(shapely.intersection(metres[wide], outline))
    return out, float(shapely.area(over[wide]).sum())


def filled(metres: Shapes, outline: shapely.Geometry) -> tuple[Shapes, float]:
    """Give away the land that no polygon covers, and tell how much.

    A narrow rim is shared out among the polygons along it; wider land goes whole to the polygon
    that it shares the longest border with.
    """
    rest = shapely.get_parts(shapely.difference(outline, shapely.union_all(metres)))
    rest = rest[shapely.area(rest) > HAIR * shapely.length(rest) / 2]
    out, missing = metres.copy(), float(shapely.area(rest).sum())
    if not len(rest):
        return out, missing
    left = _land(shapely.union_all(rest))
    thin = _land(shapely.difference(left, shapely.union_all(wide_part(rest))))
    for at, near in enumerate(shapely.buffer(metres, STRIP, quad_segs=1)):
        taken = _land(shapely.intersection(thin, near))
        thin, left = (_land(shapely.difference(land, taken)) for land in (thin, left))
        out[at] = _land(shapely.union(out[at], taken))
    for part in shapely.get_parts(left).tolist():
        best = _longest_border(part, out)
        out[best] = _land(shapely.union(out[best], part))
    return polygonal(out)[0], missing


def _land(shape: shapely.Geometry) -> shapely.Geometry:
    """Polygons of a shape without the lines and points that overlays leave behind."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    land: shapely.Geometry = shapely.multipolygons(parts[shapely.get_type_id(parts) == 3])
    return land


def _longest_border(part: shapely.Geometry, polygons: Shapes) -> int:
    """Position of the polygon that a part of the land goes to."""
    # Borders that were drawn apart meet within a hair, not in every corner.
    rim = shapely.length(shapely.intersection(polygons, shapely.buffer(part, HAIR)))
    if rim.max() > 0:
        return int(np.argmax(rim))
    return int(np.argmin(shapely.distance(polygons, part)))
