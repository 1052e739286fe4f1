"""Linework on a lattice of whole centimetres: what makes cells share their borders exactly.

Lines are noded by snap rounding: every crossing becomes a point of the lattice, and a line that
passes through the square of a lattice point (half a centimetre around it) is led through it. No
line moves by more than 7.1 mm. Faces between noded lines share all vertices of their borders, so
they are a coverage by construction and nothing has to be cleaned afterwards.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

STEP: Final = 0.01
"""Metres between points of the lattice."""
_PER_METRE: Final = 100.0
"""GEOS divides by this; multiplying by 0.01 would differ in the last bit."""


def on_lattice(xy: Floats) -> Floats:
    """Coordinates in metres, each moved to the nearest whole centimetre."""
    return np.asarray(np.rint(xy * _PER_METRE) / _PER_METRE, float)


def rounded(shapes: Shapes) -> Shapes:
    """Shapes with every vertex on the lattice.

    Shapes that were made on the lattice and stored in degrees come back bit by bit: projecting
    there and back strays by far less than half a centimetre.
    """
    return np.asarray(shapely.transform(shapes, on_lattice), object)


def linework(shapes: Shapes) -> Shapes:
    """Lines of any shapes: polygons give their rings; points and what is empty give nothing."""
    if not len(shapes):
        return np.empty(0, object)
    single = shapely.get_parts(shapely.get_parts(np.asarray(shapes, object)))
    single = single[~shapely.is_empty(single)]
    kind = shapely.get_type_id(single)
    rings = shapely.get_rings(single[kind == 3])
    lines = np.concatenate([rings, single[(kind == 1) | (kind == 2)]])
    finite = np.isfinite(shapely.bounds(lines)).all(axis=1) if len(lines) else np.empty(0, bool)
    return np.asarray(lines[finite & (shapely.length(lines) > 0)], object)


def faces(lines: Shapes) -> Shapes:
    """Polygons that the lines enclose, on the lattice; ends that enclose nothing are dropped."""
    if not len(lines):
        return np.empty(0, object)
    # Rounded beforehand, because GEOS divides by zero where coordinates differ by 1e-182.
    network = shapely.union_all(rounded(lines), grid_size=STEP)
    found = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    return np.asarray(found[shapely.area(found) > 0], object)
