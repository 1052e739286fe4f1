"""Who carries how much: the workload of each person, and of an area, against capacity."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from data.areas import Ints
from data.columns import narrowed
from data.picture import Picture
from rules.access import Scope
from rules.filters import IncidentFilter
from rules.kinds import Severity
from rules.workload import Workload, weigh

_SEVERITIES: Final = len(Severity) + 1
"""Columns of the counts by severity; the first, for no severity, stays empty."""


@dataclass(frozen=True)
class PersonLoad:
    """Workload of one person; minutes of a week.

    ``open``, ``overdue`` and ``effort`` count the person's open incidents in the scope that the
    filter keeps, ``effort`` weighted by severity. ``ratio`` is
    :func:`rules.figures.load_ratio`, ``None`` without capacity. ``load`` has the same numbers with
    all their parts.
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
    load: Workload


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
    people = staff_of(picture, scope, area_id)
    rows = _open_rows(picture, scope, scope.area_id, filter, now)
    rows = rows[np.isin(columns.assignee[rows], staff.id[people])]
    who = np.searchsorted(staff.id[people], columns.assignee[rows])
    late = columns.due[rows] < int(now.timestamp())
    total = np.bincount(who, minlength=len(people)).tolist()
    overdue = np.bincount(who[late], minlength=len(people)).tolist()
    minutes = _by_severity(picture, rows, who, len(people))
    found = [
        _load(picture, int(person), total[i], overdue[i], minutes[i])
        for i, person in enumerate(people.tolist())
        if total[i] or staff.capacity[person] > 0
    ]
    return sorted(found, key=lambda p: (p.ratio is None, -(p.ratio or 0), -p.open, p.person_id))


def staff_of(picture: Picture, scope: Scope, area_id: int) -> Ints:
    """Positions of the staff of an area that the scope shows, by id."""
    staff = picture.staff
    first, last = picture.tree.admit(scope, area_id)
    within = (staff.area >= first) & (staff.area < last)
    if scope.buildings is not None:
        register = picture.buildings
        within &= np.isin(staff.id, register.chief[register.positions(scope.buildings)])
    return np.flatnonzero(within)


def area_workload(
    picture: Picture, *, scope: Scope, area_id: int, filter: IncidentFilter, now: datetime
) -> Workload:
    """Workload of an area: all that is open in it against all the staff in it.

    The same numbers as :func:`data.figures.area_sums` gives, with their parts.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    staff = picture.staff
    people = staff_of(picture, scope, area_id)
    rows = _open_rows(picture, scope, area_id, filter, now)
    [minutes] = _by_severity(picture, rows, np.zeros(len(rows), np.int64), 1)
    return weigh(
        minutes,
        patrol=int(staff.patrol[people].sum()),
        visits=int(staff.visits[people].sum()),
        capacity=int(staff.capacity[people].sum()),
        weights=picture.rulebook.severity_weight,
    )


def _open_rows(
    picture: Picture, scope: Scope, area_id: int, filter: IncidentFilter, now: datetime
) -> Ints:
    columns = picture.columns
    first, last = picture.tree.admit(scope, area_id)
    rows = columns.open_rows
    area = columns.area[rows]
    rows = rows[(area >= first) & (area < last)]
    return narrowed(columns, rows, filter, now, buildings=scope.buildings, status=False)


def _by_severity(picture: Picture, rows: Ints, who: Ints, many: int) -> list[dict[Severity, int]]:
    """Sum up the standard minutes of incidents by severity, for each of so many owners."""
    columns = picture.columns
    sums = np.bincount(
        who * _SEVERITIES + columns.severity[rows],
        weights=columns.effort[rows],
        minlength=many * _SEVERITIES,
    ).reshape(many, _SEVERITIES)
    return [{s: int(row[s]) for s in Severity} for row in sums]


def _load(
    picture: Picture, person: int, total: int, overdue: int, minutes: dict[Severity, int]
) -> PersonLoad:
    staff = picture.staff
    area = picture.tree.areas[int(staff.area[person])]
    load = weigh(
        minutes,
        patrol=int(staff.patrol[person]),
        visits=int(staff.visits[person]),
        capacity=int(staff.capacity[person]),
        weights=picture.rulebook.severity_weight,
    )
    return PersonLoad(
        person_id=int(staff.id[person]),
        name=staff.name[person],
        duty=staff.duty[person],
        area_id=area.id,
        area_name=area.name,
        open=total,
        overdue=overdue,
        effort=load.effort,
        duty_minutes=load.duty,
        capacity=load.capacity,
        ratio=load.ratio,
        load=load,
    )
