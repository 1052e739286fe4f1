"""Who carries how much: the workload of each person against capacity."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from data.areas import Ints
from data.columns import narrowed
from data.figures import SEVERITY_TENTHS
from data.picture import Picture
from rules.access import Scope
from rules.figures import load_ratio
from rules.filters import IncidentFilter


@dataclass(frozen=True)
class PersonLoad:
    """Workload of one person; minutes of a week.

    ``open``, ``overdue`` and ``effort`` count the person's open incidents in the scope that the
    filter keeps, ``effort`` weighted by severity. ``ratio`` is
    :func:`rules.figures.load_ratio`, ``None`` without capacity.
    """

    person_id: int
    name: str
    duty: str
    area_id: int
    area_name: str
    open: int
    overdue: int
    effort: float
    duty_minutes: int
    capacity: int
    ratio: float | None


def workload(
    picture: Picture, *, scope: Scope, area_id: int, filter: IncidentFilter, now: datetime
) -> list[PersonLoad]:
    """Workload of the staff of an area, heaviest first, those without capacity last.

    Who has neither capacity nor open incidents carries nothing and is left out. A building chief
    sees only the chiefs of the own buildings.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    staff, columns = picture.staff, picture.columns
    people = _staff_of(picture, scope, area_id)
    first, last = picture.tree.admit(scope, scope.area_id)
    rows = columns.open_rows
    area = columns.area[rows]
    rows = rows[(area >= first) & (area < last)]
    rows = rows[np.isin(columns.assignee[rows], staff.id[people])]
    rows = narrowed(columns, rows, filter, now, buildings=scope.buildings, status=False)
    who = np.searchsorted(staff.id[people], columns.assignee[rows])
    late = columns.due[rows] < int(now.timestamp())
    minutes = columns.effort[rows] * SEVERITY_TENTHS[columns.severity[rows]]
    total = np.bincount(who, minlength=len(people)).tolist()
    overdue = np.bincount(who[late], minlength=len(people)).tolist()
    tenths = np.bincount(who, weights=minutes, minlength=len(people)).tolist()
    found = [
        _load(picture, int(person), total[i], overdue[i], tenths[i] / 10)
        for i, person in enumerate(people.tolist())
        if total[i] or staff.capacity[person] > 0
    ]
    return sorted(found, key=lambda p: (p.ratio is None, -(p.ratio or 0), -p.open, p.person_id))


def _staff_of(picture: Picture, scope: Scope, area_id: int) -> Ints:
    """Positions of the staff of an area that the scope shows, by id."""
    staff = picture.staff
    first, last = picture.tree.admit(scope, area_id)
    within = (staff.area >= first) & (staff.area < last)
    if scope.buildings is not None:
        register = picture.buildings
        within &= np.isin(staff.id, register.chief[register.positions(scope.buildings)])
    return np.flatnonzero(within)


def _load(picture: Picture, person: int, total: int, overdue: int, effort: float) -> PersonLoad:
    staff = picture.staff
    area = picture.tree.areas[int(staff.area[person])]
    duty, capacity = int(staff.duty_minutes[person]), int(staff.capacity[person])
    return PersonLoad(
        person_id=int(staff.id[person]),
        name=staff.name[person],
        duty=staff.duty[person],
        area_id=area.id,
        area_name=area.name,
        open=total,
        overdue=overdue,
        effort=effort,
        duty_minutes=duty,
        capacity=capacity,
        ratio=load_ratio(effort, duty, capacity),
    )
