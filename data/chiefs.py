"""Building chiefs: the homes each looks after, their duties and results, and posts not filled."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
from sqlalchemy import bindparam, func, select

from data import schema
from data.areas import Ints
from data.columns import select as select_rows
from data.people import staff_of
from data.picture import Picture
from data.store import Store
from rules.access import Scope
from rules.figures import HOUSEHOLDS_PER_CHIEF
from rules.filters import IncidentFilter
from rules.rulebook import Rulebook

DUTIES: Final = ("publicity", "opinions", "mediation", "safety")
"""The four duties of a building chief, as kinds of calls."""
SOLVED: Final = IncidentFilter("closed", services=("chief",))
"""What the building chiefs have solved."""


@dataclass(frozen=True)
class Chief:
    """One chief: homes looked after, calls of the window by duty, open items, problems solved."""

    person_id: int
    name: str
    area_id: int
    area_name: str
    buildings: int
    households: int
    calls: Mapping[str, int]
    open: int
    overdue: int
    solved: int


@dataclass(frozen=True)
class Vacancy:
    """Inhabited buildings of one area that have no chief."""

    area_id: int
    area_code: str
    area_name: str
    buildings: int
    households: int


@dataclass(frozen=True)
class Service:
    """The service of the building chiefs in an area; ``first`` is the first report solved."""

    chiefs: tuple[Chief, ...]
    vacancies: tuple[Vacancy, ...]
    solved: int
    first: datetime | None

    @property
    def calls(self) -> Counter[str]:
        """Calls of all chiefs by duty."""
        return sum((Counter(chief.calls) for chief in self.chiefs), Counter())

    @property
    def households(self) -> int:
        """Households that have a chief."""
        return sum(chief.households for chief in self.chiefs)


_V = schema.visit.c
_CALLS = (
    select(_V.person_id, _V.kind, func.count())
    .where(_V.at >= bindparam("since"), _V.at < bindparam("until"))
    .group_by(_V.person_id, _V.kind)
)


def service(  # noqa: PLR0913 - where, from when to when, and now
    store: Store, picture: Picture, *, scope: Scope, area_id: int, since: datetime,
    until: datetime, now: datetime,
) -> Service:  # fmt: skip
    """Give the chiefs of an area with the calls of a window, the most burdened first.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    staff = picture.staff
    people = staff_of(picture, scope, area_id)
    people = people[staff.is_chief[people]]
    ids = staff.id[people]
    register, homes = picture.buildings, _homes(picture, scope, area_id)
    mine = homes[np.isin(register.chief[homes], ids)]
    owner = np.searchsorted(ids, register.chief[mine])
    counts = _items(picture, register.id[mine], owner, len(ids), now)
    solved = select_rows(
        picture.columns, picture.tree, scope=scope, area_id=area_id, filter=SOLVED, now=now
    )
    calls = _calls(store, since, until)
    buildings = np.bincount(owner, minlength=len(ids)).tolist()
    households = np.bincount(owner, register.households[mine], len(ids)).astype(int).tolist()
    results = _by_owner(picture, solved, ids)
    chiefs = [
        Chief(
            person, staff.name[p], picture.tree.areas[int(staff.area[p])].id,
            picture.tree.areas[int(staff.area[p])].name, buildings[i], households[i],
            calls.get(person, {}), counts[0][i], counts[1][i], results[i],
        )
        for i, (p, person) in enumerate(zip(people.tolist(), ids.tolist(), strict=True))
    ]  # fmt: skip
    chiefs.sort(key=lambda chief: (-chief.households, chief.person_id))
    reported = picture.columns.reported[solved[:1]].tolist()
    first = datetime.fromtimestamp(reported[0], UTC) if reported else None
    return Service(tuple(chiefs), tuple(_vacancies(picture, homes)), len(solved), first)


def vacancies(picture: Picture, *, scope: Scope, area_id: int) -> list[Vacancy]:
    """Give the posts of an area that are not filled, most households first.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    return _vacancies(picture, _homes(picture, scope, area_id))


def is_overloaded(chief: Chief, rulebook: Rulebook) -> bool:
    """Whether a chief looks after too many households: above the mark of any load."""
    return chief.households > rulebook.overloaded * HOUSEHOLDS_PER_CHIEF


def _homes(picture: Picture, scope: Scope, area_id: int) -> Ints:
    """Positions of the inhabited buildings of an area that the scope holds."""
    register = picture.buildings
    first, last = picture.tree.admit(scope, area_id)
    within = (register.area >= first) & (register.area < last) & (register.households > 0)
    if scope.buildings is not None:
        within &= np.isin(register.id, list(scope.buildings))
    return np.flatnonzero(within)


def _items(
    picture: Picture, buildings: Ints, owner: Ints, many: int, now: datetime
) -> tuple[list[int], list[int]]:
    """Open and overdue incidents in each chief's buildings."""
    columns = picture.columns
    rows = columns.open_rows
    rows = rows[np.isin(columns.building[rows], buildings)]
    order = np.argsort(buildings)
    if not len(rows):
        return [0] * many, [0] * many
    whose = owner[order][np.searchsorted(buildings[order], columns.building[rows])]
    late = columns.due[rows] < int(now.timestamp())
    return (
        np.bincount(whose, minlength=many).tolist(),
        np.bincount(whose[late], minlength=many).tolist(),
    )


def _by_owner(picture: Picture, rows: Ints, ids: Ints) -> list[int]:
    """How many of these incidents each person handled."""
    assignee = picture.columns.assignee[rows]
    assignee = assignee[np.isin(assignee, ids)]
    counts: list[int] = np.bincount(np.searchsorted(ids, assignee), minlength=len(ids)).tolist()
    return counts


def _calls(store: Store, since: datetime, until: datetime) -> dict[int, dict[str, int]]:
    asked = {"since": int(since.timestamp()), "until": int(until.timestamp())}
    found: dict[int, dict[str, int]] = {}
    with store.read() as conn:
        for person, kind, calls in conn.execute(_CALLS, asked):
            if kind in DUTIES:
                found.setdefault(person, {})[kind] = calls
    return found


def _vacancies(picture: Picture, homes: Ints) -> list[Vacancy]:
    """Areas with inhabited buildings that have no chief, most households first."""
    register, tree = picture.buildings, picture.tree
    empty = homes[register.chief[homes] == 0]
    places, at = np.unique(register.area[empty], return_inverse=True)
    buildings = np.bincount(at, minlength=len(places)).tolist()
    households = np.bincount(at, register.households[empty], len(places)).astype(int).tolist()
    found = [
        Vacancy(tree.areas[place].id, tree.areas[place].code, tree.areas[place].name, b, h)
        for place, b, h in zip(places.tolist(), buildings, households, strict=True)
    ]
    return sorted(found, key=lambda v: (-v.households, v.area_code))
