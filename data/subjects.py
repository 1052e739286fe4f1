"""Whom an assessment is about: the people, areas or bodies, and what is theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from data.areas import Ints
from data.casebook import Casebook, Flags
from data.people import staff_of
from data.picture import Picture
from rules.access import Scope
from rules.levels import Level

By = Literal["person", "grid", "community", "street", "body"]
Key = int | str

NO_ROUND: Final = frozenset({"legal_officer"})
"""Duties without a patrol: nobody's buildings are theirs."""
_LEVELS: Final = {"grid": Level.GRID, "community": Level.COMMUNITY, "street": Level.STREET}


@dataclass(frozen=True, eq=False)
class Subjects:
    """Whom or what is assessed, and the incidents and buildings that may be looked at.

    ``of_rows`` and ``of_person`` give positions among ``keys``. ``seen`` marks the rows of the
    book that the scope holds.
    """

    book: Casebook
    keys: list[Key]
    names: list[tuple[str, str]]
    whose: Ints
    seen: Flags
    of_person: Callable[[Ints], Ints] | None
    buildings: tuple[Ints, Ints] | None


def subjects(
    picture: Picture, book: Casebook, *, scope: Scope, area_id: int, by: By,
    only: frozenset[Key] | None = None,
) -> Subjects:  # fmt: skip
    """Find the subjects of an area and what a scope shows of them; of people, ``only`` these.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    tree = picture.tree
    first, last = tree.admit(scope, area_id)
    if by == "person":
        first, last = tree.admit(scope, scope.area_id)
    seen = (book.area >= first) & (book.area < last)
    if scope.buildings is not None:
        seen &= np.isin(book.building, list(scope.buildings))
    if by == "person":
        people = staff_of(picture, scope, area_id)
        if only is not None:
            wanted = [key for key in only if isinstance(key, int)]
            people = people[np.isin(picture.staff.id[people], wanted)]
        return _people(picture, scope, people, book, seen)
    if by == "body":
        return _bodies(book, seen)
    return _areas(picture, scope, area_id, _LEVELS[by], book, seen)


def _people(
    picture: Picture, scope: Scope, people: Ints, book: Casebook, seen: Flags
) -> Subjects:  # fmt: skip
    staff = picture.staff
    ids = staff.id[people]

    def of_person(person: Ints) -> Ints:
        known = np.isin(person, ids)
        return np.where(known, np.searchsorted(ids, person), -1)

    return Subjects(
        book, ids.tolist(), [(staff.name[p], staff.name[p]) for p in people.tolist()],
        of_person(book.assignee), seen, of_person, _in_charge(picture, scope, people),
    )  # fmt: skip


def _in_charge(picture: Picture, scope: Scope, people: Ints) -> tuple[Ints, Ints]:
    """Pairs of building and person: a chief's own buildings, of others all of their area."""
    staff, register = picture.staff, picture.buildings
    shown = _shown(picture, scope)
    by_area = shown[np.argsort(register.area[shown], kind="stable")]
    areas = register.area[by_area]
    pairs: list[tuple[Ints, int]] = []
    for i, person in enumerate(people.tolist()):
        area = int(staff.area[person])
        if staff.duty[person] == "building_chief":
            pairs.append((shown[register.chief[shown] == staff.id[person]], i))
        elif area >= 0 and staff.duty[person] not in NO_ROUND:
            low, high = np.searchsorted(areas, [area, picture.tree.end[area]])
            pairs.append((by_area[low:high], i))
    if not pairs:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    buildings = np.concatenate([register.id[of] for of, _ in pairs])
    return buildings, np.repeat([i for _, i in pairs], [len(of) for of, _ in pairs])


def _shown(picture: Picture, scope: Scope) -> Ints:
    """Positions of the buildings that a scope holds."""
    register = picture.buildings
    first, last = picture.tree.admit(scope, scope.area_id)
    within = (register.area >= first) & (register.area < last)
    if scope.buildings is not None:
        within &= np.isin(register.id, list(scope.buildings))
    return np.flatnonzero(within)


def _areas(
    picture: Picture, scope: Scope, area_id: int, level: Level, book: Casebook, seen: Flags
) -> Subjects:
    tree, register = picture.tree, picture.buildings
    ids = tree.at_level(area_id, level)
    numbers = tree.numbers(ids)

    def of_area(area: Ints) -> Ints:
        at = np.searchsorted(numbers, area, side="right") - 1
        inside = (at >= 0) & (area < tree.end[numbers[np.maximum(at, 0)]])
        return np.where(inside, at, -1)

    shown = _shown(picture, scope)
    names = [(tree.get(i).name, tree.get(i).name) for i in ids]
    return Subjects(
        book, list(ids), names, of_area(book.area), seen, None,
        (register.id[shown], of_area(register.area[shown])),
    )  # fmt: skip


def _bodies(book: Casebook, seen: Flags) -> Subjects:
    """Bodies of the rulebook, and those of old cases that it does not know any more."""
    rulebook = book.rulebook
    used = {book.bodies[i] for i in np.unique(book.body[seen]).tolist()}
    keys = [*rulebook.bodies, *sorted(used - set(rulebook.bodies))]
    names = [
        (body.zh, body.en) if (body := rulebook.bodies.get(key)) else (key, key) for key in keys
    ]
    at = np.array([keys.index(body) if body in keys else -1 for body in book.bodies], np.int64)
    whose = at[book.body] if len(at) else book.body
    return Subjects(book, list(keys), names, whose, seen, None, None)
