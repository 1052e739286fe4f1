"""Where something is, as far as the person at the screen has picked it."""

from dataclasses import dataclass
from typing import Final

from data.buildings import building_spot
from data.geocoder.candidate import Candidate
from data.placing import Spot, area_at
from pages import _session
from pages._desk import Desk
from rules.access import OutsideScope

CHOICE: Final = "where_choice"
TROUBLE: Final = "where_trouble"
ASKED: Final = "where_asked"
ADDRESS: Final = "where_address"
SUBJECT: Final = "where_subject"


@dataclass(frozen=True)
class Choice:
    """What was picked: a building or a point, what it is called, how sure the device was."""

    spot: Spot
    words: str = ""
    accuracy: int | None = None


@dataclass(frozen=True)
class Picked:
    """A choice that the scope holds, with the point to show and the area around it."""

    choice: Choice
    lon: float
    lat: float
    area_name: str

    @property
    def name(self) -> str:
        """What the place is called: its own words, else its area's name."""
        return self.choice.words or self.area_name


def choose(choice: Choice | None) -> None:
    """Remember what was picked, in place of what was picked or failed before."""
    _session.taken(TROUBLE)
    _session.keep(CHOICE, choice)


def forget() -> None:
    """Start from nothing."""
    for name in (CHOICE, TROUBLE, ASKED, ADDRESS):
        _session.taken(name)


def begin(subject: str) -> None:
    """Start from nothing where the place of something else was picked before."""
    if _session.kept(SUBJECT) != subject:
        forget()
        _session.keep(SUBJECT, subject)


def address() -> str:
    """Give the words of the address that was asked for."""
    return str(_session.kept(ADDRESS) or "")


def of_candidate(candidate: Candidate) -> Choice:
    """Give the choice that a candidate of the geocoder stands for."""
    if candidate.building_id is not None:
        return Choice(Spot(building_id=candidate.building_id), candidate.text)
    exact = candidate.quality == "exact"
    spot = Spot(lon=candidate.lon, lat=candidate.lat, nearness="exact" if exact else "grid")
    return Choice(spot, candidate.text)


def picked(desk: Desk) -> Picked | None:
    """Give what was picked; of a place outside the scope, nothing, and the trouble is kept."""
    choice: Choice | None = _session.kept(CHOICE)
    if choice is None:
        return None
    spot, lon, lat = choice.spot, choice.spot.lon, choice.spot.lat
    try:
        if spot.building_id is not None:
            lon, lat = building_spot(
                desk.store, desk.picture, scope=desk.scope, building_id=spot.building_id
            )
            at = desk.picture.atlas.deepest(lon, lat)
            name = "" if at is None else desk.picture.tree.areas[at].name
            return Picked(choice, lon, lat, name)
        if lon is None or lat is None:
            return None
        area = area_at(desk.picture, scope=desk.scope, lon=lon, lat=lat)
    except OutsideScope:
        _session.taken(CHOICE)
        _session.keep(TROUBLE, "outside")
        return None
    return Picked(choice, lon, lat, area.name)
