"""Whom to give an incident to: capable people of the scope, best first, with the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select

from data import schema
from data.admission import INCIDENT, admit_place
from data.areas import Area, AreaTree
from data.people import PersonLoad, workload
from data.picture import Picture
from data.store import Store
from geo.crs import STORE_CRS, metric_crs, transform
from rules.access import OutsideScope, Scope
from rules.filters import IncidentFilter
from rules.levels import Level
from rules.rulebook import DEFAULT, Rulebook
from rules.suggestion import Nearness, Standing, capable, order


@dataclass(frozen=True)
class Suggestion:
    """One capable person, with what speaks for and against.

    ``reasons`` are keys, strongest first: the nearness (``rules.suggestion.NEARNESS``), then
    ``spare``, ``balanced``, ``overloaded`` or ``no_capacity``. ``distance`` is in metres, from
    the incident to where the person's area has its label.
    """

    person_id: int
    name: str
    duty: str
    area_name: str
    distance: float
    ratio: float | None
    open: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Spot:
    """What the ranking needs to know of the incident."""

    kind: str
    building_id: int | None
    chief_id: int | None
    holder: int | None
    lon: float
    lat: float
    path: tuple[int, ...]


_I, _B = schema.incident.c, schema.building.c
_FIND = (
    select(
        _I.number, _I.kind, _I.area_id, _I.building_id, _I.assignee_id, _I.lon, _I.lat, _B.chief_id
    )
    .select_from(schema.incident.outerjoin(schema.building, _B.id == _I.building_id))
    .where(_I.number.in_(bindparam("numbers", expanding=True)))
)


def suggest(  # noqa: PLR0913 - for which incident, to whom, when, by which rules
    store: Store, picture: Picture, *, scope: Scope, number: str, now: datetime,
    rulebook: Rulebook = DEFAULT, limit: int = 5,
) -> list[Suggestion]:  # fmt: skip
    """Give the people an incident could be given to, best first; not who holds it already.

    Raises
    ------
    OutsideScope
        If there is no such incident, or the scope does not hold it.
    """
    found = suggest_all(
        store, picture, scope=scope, numbers=[number], now=now, rulebook=rulebook, limit=limit
    )
    return found[number]


def suggest_all(  # noqa: PLR0913 - as suggest, for many
    store: Store, picture: Picture, *, scope: Scope, numbers: Sequence[str], now: datetime,
    rulebook: Rulebook = DEFAULT, limit: int = 5,
) -> dict[str, list[Suggestion]]:  # fmt: skip
    """Give :func:`suggest` for several incidents; the loads are summed up once."""
    with store.read() as conn:
        spots = {number: _spot(conn, picture, scope, number) for number in numbers}
    loads = {
        load.person_id: load
        for load in workload(
            picture, scope=scope, area_id=scope.area_id, filter=IncidentFilter(), now=now
        )
    }
    people = _People(picture, scope)
    return {
        number: _ranked(picture, people, spot, loads, rulebook)[:limit]
        for number, spot in spots.items()
    }


def _spot(conn: Connection, picture: Picture, scope: Scope, number: str) -> _Spot:
    row = conn.execute(_FIND, {"numbers": [number]}).one_or_none()
    if row is None:
        raise OutsideScope(INCIDENT)
    admit_place(picture, scope, row.area_id, row.building_id)
    tree = picture.tree
    own = tree.areas[max(tree.places.get(row.area_id, 0), 0)].id
    return _Spot(
        row.kind, row.building_id, row.chief_id, row.assignee_id, row.lon, row.lat,
        tuple(tree.ancestors(own)),
    )  # fmt: skip


class _People:
    """The staff under the scope's area and where they belong, in metres."""

    def __init__(self, picture: Picture, scope: Scope) -> None:
        staff, tree = picture.staff, picture.tree
        first, last = tree.admit(scope, scope.area_id)
        self.at = np.flatnonzero((staff.area >= first) & (staff.area < last))
        self.areas = [tree.areas[int(n)] for n in staff.area[self.at]]
        lonlat = np.array([(a.lon, a.lat) for a in self.areas]).reshape(-1, 2)
        self.crs = metric_crs(float(lonlat[:, 0].mean())) if len(lonlat) else ""
        self._metric = _metres(lonlat, self.crs) if len(lonlat) else lonlat

    def distances(self, lon: float, lat: float) -> NDArray[np.float64]:
        """Metres from a place to each one's area."""
        if not len(self.at):
            return np.empty(0)
        found: NDArray[np.float64] = np.hypot(
            *(self._metric - _metres(np.array([[lon, lat]]), self.crs)).T
        )
        return found


def _metres(lonlat: NDArray[np.float64], crs: str) -> NDArray[np.float64]:
    metric: NDArray[np.float64] = shapely.get_coordinates(
        transform(np.asarray(shapely.points(lonlat), object), STORE_CRS, crs)
    )
    return metric


def _ranked(
    picture: Picture, people: _People, spot: _Spot, loads: dict[int, PersonLoad], rulebook: Rulebook
) -> list[Suggestion]:
    staff = picture.staff
    ranked = []
    for index, distance in enumerate(people.distances(spot.lon, spot.lat).tolist()):
        at, area = int(people.at[index]), people.areas[index]
        person_id, duty = int(staff.id[at]), staff.duty[at]
        keeps = person_id == spot.chief_id
        if person_id == spot.holder or not capable(duty, spot.kind, keeps_building=keeps):
            continue
        load = loads.get(person_id)
        standing = Standing(
            "own_building" if keeps else nearness(picture.tree, spot.path, area),
            0.0 if area.id in spot.path else distance,
            load.ratio if load else None,
            load.open if load else 0,
        )
        ranked.append((order(standing, overloaded=rulebook.overloaded), at, standing, area, duty))
    ranked.sort(key=lambda entry: entry[:2])
    return [
        Suggestion(
            int(staff.id[at]), staff.name[at], duty, area.name, standing.distance,
            standing.ratio, standing.open, reasons(standing, rulebook),
        )
        for _, at, standing, area, duty in ranked
    ]  # fmt: skip


def nearness(tree: AreaTree, path: Sequence[int], area: Area) -> Nearness:
    """How an area stands to a path of areas, from the root down to an incident's own."""
    if area.id == path[-1]:
        return "own_grid"
    shared = [tree.get(i).level for i in tree.ancestors(area.id) if i in path]
    deepest = max(shared, default=Level.PROVINCE)
    if deepest >= Level.COMMUNITY:
        return "same_community"
    return "same_street" if deepest >= Level.STREET else "farther"


def reasons(standing: Standing, rulebook: Rulebook) -> tuple[str, ...]:
    """Give the reasons as keys."""
    if standing.ratio is None:
        load = "no_capacity"
    elif standing.ratio > rulebook.overloaded:
        load = "overloaded"
    else:
        load = "spare" if standing.ratio < rulebook.spare else "balanced"
    return (standing.nearness, load)
