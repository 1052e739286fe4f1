"""What the geocoder gives: candidates with reasons, and the one that it is sure of, if any."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """One place that an address may mean.

    ``kind`` is building, estate, road or area. ``id`` is that of the building, of the area, of
    the road's first piece in the base map, or of the building that stands for an estate or a
    road without one. ``quality`` says how near the point is: exact (laid by hand), building,
    estate, road or area. ``reasons`` are keys of what fits and of what does not: alias, estate,
    name, village, road, road_number, group, building_number, area; typo, partial,
    number_missing, number_unknown, road_number_differs, group_differs, area_differs, unexplained.
    """

    kind: str
    id: int
    text: str
    lon: float
    lat: float
    area_id: int
    building_id: int | None
    score: float
    reasons: tuple[str, ...]
    quality: str


@dataclass(frozen=True)
class Geocoded:
    """An address with its candidates, best first, and the one accepted without asking."""

    query: str
    candidates: tuple[Candidate, ...]
    accepted: Candidate | None
