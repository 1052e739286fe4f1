"""What the log keeps of plans that came into force, read again when one is to be taken back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from data import schema
from data.plan_rows import PLAN
from data.plan_sheet import Sheet

ENACT: Final = "enact"
"""Action of the event of a plan that comes into force."""
ROLLBACK: Final = "rollback"
"""Origin of plans that take a publication back."""

Ways = Mapping[int, tuple[int, int]]
"""Area before and after, by the id of what went."""


@dataclass(frozen=True)
class Enactment:
    """One publication: the grid that followed each one, ids by id; what each row had.

    ``chiefs`` are pairs of the chief before and after by building id; ``people``, ``accounts``
    and ``items`` of the area before and after by their own ids.
    """

    plan_id: int
    grids: Mapping[int, int]
    chiefs: Mapping[int, tuple[int | None, int | None]]
    people: Ways
    accounts: Ways
    items: Ways


@dataclass(frozen=True)
class Homeward:
    """Labels of the grids that rows go back to, by their id and area of today."""

    people: Mapping[tuple[int, int], str] = field(default_factory=dict)
    accounts: Mapping[tuple[int, int], str] = field(default_factory=dict)
    items: Mapping[tuple[int, int], str] = field(default_factory=dict)


_P, _E, _A = schema.plan.c, schema.event.c, schema.area.c
_OF_AREA = (
    select(_E.subject_id, _E.after)
    .join_from(schema.event, schema.plan, _P.id == _E.subject_id)
    .where(_E.subject == PLAN, _E.action == ENACT, _P.area_id == bindparam("of_area"))
    .order_by(_E.id)
)
_CODES = select(_A.id, _A.code).where(_A.parent_id == bindparam("of_area"))


def enacted_since(conn: Connection, area_id: int, plan_id: int) -> tuple[Enactment, ...]:
    """Give a publication and all later ones of a community, oldest first; none if it never was."""
    rows = conn.execute(_OF_AREA, {"of_area": area_id}).all()
    at = next((n for n, row in enumerate(rows) if row.subject_id == plan_id), len(rows))
    return tuple(_read(row.subject_id, json.loads(row.after)) for row in rows[at:])


def _read(plan_id: int, said: Mapping[str, Any]) -> Enactment:
    return Enactment(
        plan_id,
        grids={int(old): new for old, new in said["grids"].items()},
        chiefs={int(i): (old, new) for i, (old, new) in said["chiefs"].items()},
        people=_ways(said, "people"),
        accounts=_ways(said, "accounts"),
        items=_ways(said, "items"),
    )


def _ways(said: Mapping[str, Any], what: str) -> Ways:
    return {int(i): (old, new) for i, (old, new) in said.get(what, {}).items()}


def chiefs_before(done: Sequence[Enactment]) -> dict[int, int | None]:
    """Chief of each building before the first of some publications, where one changed it."""
    found: dict[int, int | None] = {}
    for one in done:
        for building, (old, _) in one.chiefs.items():
            found.setdefault(building, old)
    return found


def there_and_here(ways: Iterable[Ways]) -> dict[int, tuple[int, int]]:
    """Area of each row before the first of some publications, and after the last."""
    found: dict[int, tuple[int, int]] = {}
    for one in ways:
        for row_id, (old, new) in one.items():
            found[row_id] = found.get(row_id, (old, new))[0], new
    return found


def homeward(conn: Connection, sheet: Sheet) -> Homeward:
    """Grids that people, accounts and items go back to when a publication is taken back.

    Only of those that are where the plans since have left them.
    """
    plan = sheet.plan
    if plan.origin != ROLLBACK or plan.origin_id is None:
        return Homeward()
    done = enacted_since(conn, plan.area_id, plan.origin_id)
    code = {row.id: row.code for row in conn.execute(_CODES, {"of_area": plan.area_id})}
    label = {mark.code: label for label, mark in sheet.state.marks.items() if mark.code}

    def back(ways: Iterable[Ways]) -> dict[tuple[int, int], str]:
        return {
            (row_id, today): label[code[old]]
            for row_id, (old, today) in there_and_here(ways).items()
            if code.get(old) in label
        }

    return Homeward(
        back(one.people for one in done),
        back(one.accounts for one in done),
        back(one.items for one in done),
    )
