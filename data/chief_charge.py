"""What one building chief looks after: the buildings, and what is open in them."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import bindparam, select

from data import schema
from data.admission import PERSON
from data.incidents import IncidentRow, read_rows
from data.people import staff_of
from data.picture import Picture
from data.store import Store
from rules.access import OutsideScope, Scope


@dataclass(frozen=True)
class Home:
    """One building of a chief."""

    code: str
    label: str
    households: int


@dataclass(frozen=True)
class Charge:
    """What one chief looks after: the buildings, and what is open in them."""

    homes: tuple[Home, ...]
    items: tuple[IncidentRow, ...]


_B = schema.building.c
_HOMES = (
    select(_B.code, _B.estate, _B.name, _B.address, _B.households)
    .where(_B.chief_id == bindparam("of_chief"))
    .order_by(_B.code)
)


def charge(
    store: Store, picture: Picture, *, scope: Scope, person_id: int, now: datetime
) -> Charge:  # fmt: skip
    """Give what a chief looks after.

    Raises
    ------
    OutsideScope
        If the scope does not hold the chief.
    """
    staff = picture.staff
    if person_id not in staff.id[staff_of(picture, scope, scope.area_id)]:
        raise OutsideScope(PERSON)
    register, columns = picture.buildings, picture.columns
    mine = register.id[register.chief == person_id]
    rows = columns.open_rows
    rows = rows[np.isin(columns.building[rows], mine)]
    rows = rows[np.argsort(columns.due[rows], kind="stable")]
    with store.read() as conn:
        homes = tuple(
            Home(r.code, f"{r.estate}{r.name}" or r.address, r.households)
            for r in conn.execute(_HOMES, {"of_chief": person_id})
        )
        items = tuple(read_rows(conn, picture, columns.id[rows].tolist(), now))
    return Charge(homes, items)
