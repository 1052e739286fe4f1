"""Who may see what: roles, the signed-in actor, and the scope that every query obeys."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an account is for."""

    COMMAND = "command"
    STREET = "street"
    COMMUNITY = "community"
    GRID_LEAD = "grid_lead"
    GRID_WORKER = "grid_worker"
    BUILDING_CHIEF = "building_chief"
    LEGAL = "legal"
    PLANNER = "planner"
    ADMINISTRATOR = "administrator"


LABELS: Final[dict[Role, tuple[str, str]]] = {
    Role.COMMAND: ("区综治中心", "District command"),
    Role.STREET: ("街道/镇", "Street/town"),
    Role.COMMUNITY: ("社区/村", "Community/village"),
    Role.GRID_LEAD: ("网格长", "Grid lead"),
    Role.GRID_WORKER: ("网格员", "Grid worker"),
    Role.BUILDING_CHIEF: ("栋长", "Building chief"),
    Role.LEGAL: ("文旅法务中心", "Legal affairs centre"),
    Role.PLANNER: ("规划员", "Planner"),
    Role.ADMINISTRATOR: ("管理员", "Administrator"),
}

ASSESSMENT: Final = frozenset(
    {Role.COMMAND, Role.STREET, Role.COMMUNITY, Role.GRID_LEAD, Role.LEGAL}
)
"""Roles that there is an assessment for."""
OWN_FIGURES: Final = frozenset({Role.GRID_LEAD, Role.GRID_WORKER, Role.BUILDING_CHIEF})
"""Roles that see nobody's assessment but their own."""


@dataclass(frozen=True)
class Actor:
    """The signed-in person, as every layer above the store knows them."""

    account_id: int
    login: str
    name: str
    role: Role
    area_id: int
    person_id: int | None = None
    locale: str | None = None


@dataclass(frozen=True)
class Scope:
    """The part of the record an actor may see.

    ``area_id`` is the root of the visible subtree. ``buildings`` narrows it to single buildings
    (a building chief); ``None`` means every building of the subtree.
    """

    area_id: int
    buildings: frozenset[int] | None = None


class OutsideScope(LookupError):
    """Something was asked for that the scope does not hold; never says whether it exists."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
