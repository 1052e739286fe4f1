"""Coordinates of a file to CGCS2000: what they are, why, and what that was told from."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyproj
import shapely

from data.importers.known import Known
from data.importers.report import Detection, Note
from geo.crs import (
    Bounds,
    Reading,
    Shapes,
    crs_name,
    detect,
    lay_on,
    may_be_shifted,
    read_as,
    to_store,
)
from geo.datum import Datum

_SAMPLE: Final = 2000
_EXACT: Final = (
    "China 2000", "World Geodetic System 1984", "International Terrestrial Reference Frame",
    "European Terrestrial Reference System 1989", "North American Datum 1983",
)  # fmt: skip
"""Datums that agree with the store's to a metre or two at worst."""


@dataclass(frozen=True)
class Placed:
    """Shapes in CGCS2000 degrees and how they got there."""

    shapes: Shapes
    detection: Detection
    notes: tuple[Note, ...] = ()


def place(
    shapes: Shapes, known: Known, *, declared: str | None, crs: str | None, datum: Datum | None
) -> Placed:
    """Bring shapes to CGCS2000 degrees; missing shapes stay missing.

    ``declared`` is what the file says about itself, ``crs`` and ``datum`` what a person said.

    Raises
    ------
    geo.crs.AmbiguousCrs, geo.crs.UnknownCrs, geo.crs.UnknownCrsName
        If the coordinates cannot be told; a person has to.
    """
    near = known.extent
    bounds = _typical_bounds(shapes)
    if crs is not None:
        reading = read_as(crs_name(crs), bounds, near=near)
    else:
        reading = detect(bounds, declared=_usable(declared), near=near)
    plain = to_store(shapes, replace(reading, datum=Datum.WGS84))
    chosen, why, shares = _datum(plain, reading, known, datum)
    placed = to_store(shapes, replace(reading, datum=chosen))
    detection = Detection(
        reading.crs, reading.swapped, str(chosen), reading.reason, why,
        _typical_bounds(placed), shares,
    )  # fmt: skip
    return Placed(placed, detection, _accuracy(reading))


def _usable(declared: str | None) -> str | None:
    """Name of the declared system; ``None`` for one that says only that it is unknown."""
    if declared is None:
        return None
    crs = pyproj.CRS.from_user_input(declared)
    return crs_name(declared) if crs.is_geographic or crs.is_projected else None


def _typical_bounds(shapes: Shapes) -> Bounds:
    """Extent without the wild points: a single (0, 0) must not decide the system."""
    there = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
    boxes = shapely.bounds(there)
    boxes = boxes[(np.abs(boxes) > 1e-9).any(axis=1)]
    if not len(boxes):
        return 0.0, 0.0, 0.0, 0.0
    if len(boxes) >= 20 and shapely.get_dimensions(there).max() == 0:
        middle = np.median(boxes, axis=0)
        spread = np.quantile(np.abs(boxes - middle), 0.98, axis=0)
        boxes = boxes[(np.abs(boxes - middle) <= 3 * spread + 1e-9).all(axis=1)]
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _datum(
    degrees: Shapes, reading: Reading, known: Known, named: Datum | None
) -> tuple[Datum, str, dict[str, float]]:
    if named is not None:
        return named, "datum_named", {}
    if reading.crs not in {"EPSG:4326", "EPSG:4490", "OGC:CRS84", "EPSG:3857"}:
        return Datum.CGCS2000, "datum_plain", {}
    if not may_be_shifted(reading.extent):
        return Datum.WGS84, "datum_abroad", {}
    outline = known.outline
    if outline is None:
        return Datum.WGS84, "datum_alone", {}
    there = degrees[~shapely.is_missing(degrees)]
    sample = there[:: max(1, len(there) // _SAMPLE)]
    best, shares = lay_on(sample, outline)
    why = "datum_laid" if best is not Datum.WGS84 else "datum_same"
    if (
        best is Datum.WGS84
        and shares[best] - max(v for k, v in shares.items() if k != best) > 0.005
    ):
        why = "datum_laid"
    return best, why, {str(k): v for k, v in shares.items()}


def _accuracy(reading: Reading) -> tuple[Note, ...]:
    """Say so when the way to CGCS2000 has no exact parameters (Xi'an 80, Beijing 54, foreign)."""
    geodetic = pyproj.CRS.from_user_input(reading.crs).geodetic_crs
    name = geodetic.datum.name if geodetic is not None and geodetic.datum is not None else ""
    if name.startswith(_EXACT):
        return ()
    return (Note("approximate_datum", {"crs": reading.crs}),)
