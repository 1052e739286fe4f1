"""Borders that were drawn again beside the ones they mean: the strips between are given back.

A file whose borders gape and overlap does not mean them to the decimetre. Where such a border runs
within a metre of one of today, the strip between the two is no land that should move.
"""

from typing import Final

import numpy as np
import shapely

from geo.crs import Shapes

STRIP: Final = 1.0
"""Metres; what is narrower and twice as long is a strip."""
CRUMB: Final = 50.0
"""Square metres; a smaller part that lies apart is none that was meant."""
TOUCH: Final = 0.05
"""Metres between borders that are the same."""
ALONG: Final = 0.3
"""Share of a strip's rim that has to run along the polygon it is given to."""
_STEP: Final = 0.001


def without_strips(polygons: Shapes, ground: Shapes) -> Shapes:
    """Give every strip of a polygon to the polygon that lies beside it on the same ground.

    Parameters
    ----------
    polygons
        A coverage in metres.
    ground
        Polygons in metres whose borders count (the grids of today); they cover the others.
    """
    pieces = shapely.intersection(polygons[:, None], ground[None, :])
    pieces[shapely.area(pieces) == 0] = shapely.Polygon()
    for at in range(len(ground)):
        column = pieces[:, at]
        for of, strip in _strips(column):
            to = _beside(strip, column, of)
            if to is not None:
                column[of] = shapely.difference(column[of], strip)
                column[to] = shapely.union(column[to], strip)
    found = np.empty(len(polygons), object)
    # Pieces were cut one by one: a millimetre closes what only rounding leaves between them.
    found[:] = [shapely.union_all(row, grid_size=_STEP) for row in pieces]
    return found


def without_crumbs(polygons: Shapes) -> Shapes:
    """Give every small part that lies apart from the rest of its polygon to the one around it."""
    found = polygons.copy()
    for of, shape in enumerate(polygons):
        parts = sorted(shapely.get_parts(shape).tolist(), key=shapely.area)
        for part in parts[:-1]:
            to = _beside(part, found, of) if shapely.area(part) < CRUMB else None
            if to is not None:
                found[of] = shapely.difference(found[of], part)
                found[to] = shapely.union(found[to], part)
    return found


def wide_part(shapes: Shapes) -> Shapes:
    """Give of each polygon the part that is nowhere narrower than a strip."""
    core = shapely.buffer(shapes, -STRIP / 2, join_style="mitre")
    return np.asarray(shapely.buffer(core, STRIP / 2 + _STEP, join_style="mitre"), object)


def _strips(pieces: Shapes) -> list[tuple[int, shapely.Geometry]]:
    """Give the strips of each piece: what is left of it when all that is wide is taken away."""
    found: list[tuple[int, shapely.Geometry]] = []
    for at, rest in enumerate(shapely.difference(pieces, wide_part(pieces))):
        found += [
            (at, part)
            for part in shapely.get_parts(rest)
            if shapely.area(part) > TOUCH**2 and shapely.length(part) / 2 > 2 * STRIP
        ]
    return found


def _beside(strip: shapely.Geometry, pieces: Shapes, of: int) -> int | None:
    """Piece that a strip runs along most; ``None`` where none does for long enough."""
    near = shapely.buffer(pieces, TOUCH)
    along = shapely.length(shapely.intersection(shapely.boundary(strip), near))
    along[of] = 0
    best = int(np.argmax(along))
    return best if along[best] >= ALONG * shapely.length(strip) else None
