"""Reference systems: what coordinates of a file mean, and the way to CGCS2000 degrees.

Inside, coordinates are always (east, north). EPSG calls the north X, and so do surveyors' tables:
a file may therefore hold (north, east), which is found here by where the extent would lie.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj.exceptions import CRSError

from geo.datum import Datum, cgcs2000_from, in_offset_area

STORE_CRS: Final = "EPSG:4490"
Bounds = tuple[float, float, float, float]
"""West, south, east, north."""
Shapes = NDArray[np.object_]

_DEGREES: Final = frozenset({"EPSG:4326", "EPSG:4490", "OGC:CRS84"})
_CHINA: Final[Bounds] = (73.0, 3.0, 136.0, 54.0)


class UnknownCrs(ValueError):
    """No reference system fits the coordinates; ``bounds`` is their raw extent."""

    def __init__(self, bounds: Bounds) -> None:
        super().__init__(bounds)
        self.bounds = bounds


class AmbiguousCrs(ValueError):
    """Several reference systems fit equally well; one has to be named."""

    def __init__(self, candidates: tuple["Reading", ...]) -> None:
        super().__init__([c.crs for c in candidates])
        self.candidates = candidates


@dataclass(frozen=True)
class Reading:
    """How coordinates are to be read.

    ``swapped`` means that the file holds (north, east). ``reason`` is a key of the report's
    texts. ``extent`` is what results, in CGCS2000 degrees.
    """

    crs: str
    swapped: bool
    reason: str
    extent: Bounds
    datum: Datum = Datum.WGS84


def metric_crs(lon: float) -> str:
    """System to measure in around ``lon``: the 3-degree Gauss–Krüger zone, in metres.

    In China the CGCS2000 zone without prefix (EPSG:4534–4554), elsewhere a transverse Mercator
    on the same ellipsoid in the same spacing of meridians.
    """
    meridian = round(lon / 3) * 3
    if 75 <= meridian <= 135:
        return f"EPSG:{4534 + (meridian - 75) // 3}"
    return f"+proj=tmerc +lon_0={meridian} +x_0=500000 +ellps=GRS80 +units=m +no_defs +type=crs"


def gauss_kruger(easting: float) -> str | None:
    """CGCS2000 zone named by the prefix of an 8-digit easting; ``None`` without a known prefix.

    Prefixes 13–23 are 6-degree zones (EPSG:4491–4501), 25–45 are 3-degree (EPSG:4513–4533).
    """
    prefix = math.floor(easting / 1e6)
    if 13 <= prefix <= 23:
        return f"EPSG:{4491 + prefix - 13}"
    if 25 <= prefix <= 45:
        return f"EPSG:{4513 + prefix - 25}"
    return None


def crs_name(text: str) -> str:
    """Give the short name of a system, ``EPSG:4490`` where it has one, else the text itself.

    Raises
    ------
    UnknownCrsName
        If the text names no reference system.
    """
    try:
        crs = pyproj.CRS.from_user_input(text)
    except CRSError as error:
        raise UnknownCrsName(text) from error
    authority = crs.to_authority(min_confidence=70)
    return ":".join(authority) if authority else text


class UnknownCrsName(ValueError):
    """The text names no reference system."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@lru_cache(maxsize=64)
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def transform(shapes: ArrayLike, source: str, target: str) -> Shapes:
    """Shapes of ``source`` in ``target``; heights are dropped."""
    flat: Shapes = shapely.force_2d(np.asarray(shapes, object))
    if source == target or {source, target} <= _DEGREES:
        return flat
    change = _transformer(source, target)
    return np.asarray(
        shapely.transform(flat, lambda xy: np.column_stack(change.transform(*xy.T))), object
    )


def to_store(shapes: ArrayLike, reading: Reading) -> Shapes:
    """Shapes as they stand in a file, in CGCS2000 degrees."""
    flat: Shapes = shapely.force_2d(np.asarray(shapes, object))
    if reading.swapped:
        flat = np.asarray(shapely.transform(flat, lambda xy: xy[:, ::-1]), object)
    return shifted(transform(flat, reading.crs, STORE_CRS), reading.datum)


def shifted(shapes: Shapes, datum: Datum) -> Shapes:
    """Shapes in degrees of ``datum``, in CGCS2000 degrees."""
    if datum in (Datum.WGS84, Datum.CGCS2000):
        return shapes
    return np.asarray(
        shapely.transform(shapes, lambda xy: np.column_stack(cgcs2000_from(datum, *xy.T))), object
    )


def _flip(bounds: Bounds) -> Bounds:
    return bounds[1], bounds[0], bounds[3], bounds[2]


def _place(crs: str, bounds: Bounds) -> Bounds | None:
    """Where ``bounds`` of ``crs`` lie in degrees; ``None`` when outside the system's own area."""
    if crs in _DEGREES:
        x0, y0, x1, y1 = bounds
        return bounds if x0 >= -180 and x1 <= 180 and y0 >= -90 and y1 <= 90 else None
    source = pyproj.CRS.from_user_input(crs)
    try:
        placed = _transformer(crs, STORE_CRS).transform_bounds(*bounds)
    except pyproj.exceptions.ProjError:
        return None
    if not all(map(math.isfinite, placed)):
        return None
    use = source.area_of_use
    if use is not None and not touches(placed, (use.west, use.south, use.east, use.north), 3.0):
        return None
    return placed


def touches(a: Bounds, b: Bounds, margin: float = 0.0) -> bool:
    """Whether two extents meet, ``b`` widened by ``margin`` on each side."""
    return (
        a[0] <= b[2] + margin
        and a[2] >= b[0] - margin
        and a[1] <= b[3] + margin
        and a[3] >= b[1] - margin
    )


def _readings(names: Iterable[str], bounds: Bounds, reason: str) -> list[Reading]:
    found = []
    for crs in names:
        for swapped in (False, True):
            extent = _place(crs, _flip(bounds) if swapped else bounds)
            if extent is not None:
                found.append(Reading(crs, swapped, reason + "_swapped" * swapped, extent))
    return found


def _guesses(bounds: Bounds, near: Bounds | None) -> list[Reading]:
    """List the readings that the numbers alone allow, surest first."""
    if max(map(abs, bounds)) <= 180:
        return _readings(["EPSG:4326"], bounds, "degrees")
    found: list[Reading] = []
    for swapped in (False, True):
        x0, y0, x1, y1 = _flip(bounds) if swapped else bounds
        if not 1.5e6 <= y0 <= y1 <= 6.5e6:
            continue
        zone = gauss_kruger(x0)
        if zone and zone == gauss_kruger(x1) and 1e5 <= x0 % 1e6 <= x1 % 1e6 <= 9e5:
            found += [r for r in _readings([zone], bounds, "prefix") if r.swapped == swapped]
        elif 1e5 <= x0 <= x1 <= 9e5:
            zones = [metric_crs(m) for m in range(75, 136, 3)]
            if near is not None:
                zones = [metric_crs((near[0] + near[2]) / 2)]
            found += [r for r in _readings(zones, bounds, "zone") if r.swapped == swapped]
    return found + _readings(["EPSG:3857"], bounds, "mercator")[:1]


def detect(bounds: Bounds, *, declared: str | None = None, near: Bounds | None = None) -> Reading:
    """Tell how coordinates with the raw extent ``bounds`` are to be read.

    Parameters
    ----------
    bounds
        Smallest and largest first coordinate and second coordinate, as they stand in the file.
    declared
        The system the file names, if any; it counts unless the numbers contradict it.
    near
        Extent of what is known already, in degrees; readings that miss it lose.

    Raises
    ------
    AmbiguousCrs
        If several readings fit equally well.
    UnknownCrs
        If none fits.
    """

    def fits(reading: Reading) -> bool:
        return near is None or touches(reading.extent, near, 0.3)

    if declared is not None:
        found = _readings([declared], bounds, "declared")
        for reading in found:
            if fits(reading):
                return reading
        if found and not any(fits(r) for r in _guesses(bounds, near)):
            return found[0]
    guesses = _guesses(bounds, near)
    best = [r for r in guesses if fits(r) and (near is not None or touches(r.extent, _CHINA))]
    best = best or [r for r in guesses if near is None]
    straight = [r for r in best if not r.swapped] or best
    if not straight:
        raise UnknownCrs(bounds)
    if len(straight) > 1:
        raise AmbiguousCrs(tuple(straight))
    return straight[0]


def read_as(crs: str, bounds: Bounds, *, near: Bounds | None = None) -> Reading:
    """Read coordinates in a system that a person named; only the order is still told.

    Raises
    ------
    UnknownCrs
        If the coordinates cannot be of that system in either order.
    """
    found = _readings([crs], bounds, "named")
    fitting = [r for r in found if near is None or touches(r.extent, near, 0.3)] or found
    if not fitting:
        raise UnknownCrs(bounds)
    return fitting[0]


def may_be_shifted(extent: Bounds) -> bool:
    """Whether the extent lies where map services shift coordinates, so the datum matters."""
    return bool(in_offset_area(*extent[:2]) and in_offset_area(*extent[2:]))


def share_inside(shapes: Shapes, outline: shapely.Geometry, datum: Datum) -> float:
    """Share of ``shapes`` (by area, length or number) in ``outline``, read as ``datum``."""
    moved = shifted(shapes, datum)
    if shapely.get_dimensions(moved).max(initial=0) == 0:
        return float(shapely.intersects(outline, moved).mean())
    measure = shapely.area if shapely.get_dimensions(moved).max() == 2 else shapely.length
    cut = shapely.intersection(shapely.make_valid(moved), outline)
    whole = float(measure(moved).sum())
    return float(measure(cut).sum()) / whole if whole else 0.0


def lay_on(shapes: Shapes, outline: shapely.Geometry) -> tuple[Datum, dict[Datum, float]]:
    """Datum under which ``shapes`` (in degrees) lie best in ``outline``, and all shares.

    WGS 84 stays unless another datum puts four fifths inside and brings half a percent of area
    or length, or two percent of at least fifty points, more inside.
    """
    shares = {d: share_inside(shapes, outline, d) for d in (Datum.WGS84, Datum.GCJ02, Datum.BD09)}
    best = max(shares, key=lambda d: shares[d])
    points = shapely.get_dimensions(shapes).max(initial=0) == 0
    margin = 0.02 if points else 0.005
    # Shapes that lie mostly outside in any case say nothing: a shift moves some in by chance.
    weak = shares[best] < 0.8 or (points and len(shapes) < 50)
    if weak or shares[best] - shares[Datum.WGS84] < margin:
        best = Datum.WGS84
    return best, shares
