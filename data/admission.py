"""Whether a scope holds a place; every detail and every write asks here first."""

from typing import Final

from sqlalchemy import Connection, bindparam, select

from data import schema
from data.picture import Picture
from rules.access import OutsideScope, Scope

INCIDENT: Final = "incident"
BUILDING: Final = "building"
PERSON: Final = "person"

_PLACE = select(schema.building.c.area_id).where(schema.building.c.id == bindparam("of_id"))


def holds(picture: Picture, scope: Scope, area_id: int, building_id: int | None) -> bool:
    """Whether a scope holds what lies in this area and building."""
    if scope.buildings is not None and building_id not in scope.buildings:
        return False
    first, last = picture.tree.admit(scope, scope.area_id)
    return first <= picture.tree.places.get(area_id, -1) < last


def admit_place(
    picture: Picture, scope: Scope, area_id: int, building_id: int | None, what: str = INCIDENT
) -> None:
    """Refuse a place that the scope does not hold with ``OutsideScope``."""
    if not holds(picture, scope, area_id, building_id):
        raise OutsideScope(what)


def admit_building(conn: Connection, picture: Picture, scope: Scope, building_id: int) -> None:
    """Refuse a building that the scope does not hold, or that is none, with ``OutsideScope``."""
    area_id = conn.execute(_PLACE, {"of_id": building_id}).scalar_one_or_none()
    if area_id is None:
        raise OutsideScope(BUILDING)
    admit_place(picture, scope, area_id, building_id, BUILDING)
