"""Where every building of a community goes when a plan comes into force, and who keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from sqlalchemy import Connection, bindparam, select

from data import schema
from data.picture import chunks
from data.plan_land import Land
from data.plan_sheet import Sheet
from geo.locate import owners
from rules.succession import charged, seat

CHIEF: Final = "building_chief"


@dataclass(frozen=True)
class Homestead:
    """One building: its area of today and its grid in the plan, its chief before and after.

    ``torn`` marks one that loses its chief because the two come to lie in different grids.
    """

    id: int
    code: str
    before: int
    after: str
    households: int
    chief: int | None
    next_chief: int | None
    torn: bool = False


@dataclass(frozen=True)
class Post:
    """One person: the area of today and the grid in the plan, ``None`` for who stays out of it."""

    id: int
    duty: str
    before: int
    after: str | None


_B, _P = schema.building.c, schema.person.c
_FACTS = (_B.id, _B.code, _B.area_id, _B.chief_id, _B.households, _B.lon, _B.lat)
_BY_AREA = select(*_FACTS).where(_B.area_id.in_(bindparam("ids", expanding=True)))
_BY_ID = select(*_FACTS).where(_B.id.in_(bindparam("ids", expanding=True)))
_STAFF = select(_P.id, _P.duty, _P.area_id)
_STAFF_IN = _STAFF.where(_P.area_id.in_(bindparam("ids", expanding=True)))
_STAFF_BY_ID = _STAFF.where(_P.id.in_(bindparam("ids", expanding=True)))


def read_by(conn: Connection, query: Any, ids: Sequence[int]) -> list[Any]:
    """Rows of a statement with a list of ``ids``, by their own id."""
    rows = [row for part in chunks(sorted(set(ids))) for row in conn.execute(query, {"ids": part})]
    return sorted(rows, key=lambda row: int(row.id))


def homesteads(conn: Connection, sheet: Sheet, land: Land) -> list[Homestead]:
    """Give every building of the community with its grid; chiefs are those of the record.

    The cell that lists a building decides. One that came to the record since the plan was drawn
    goes to the grid around its point, or the nearest one.
    """
    of_cell = {
        building: label
        for number, label in sheet.state.cells.items()
        for building in sheet.ground.cells[number].buildings
    }
    rows = {row.id: row for row in read_by(conn, _BY_ID, list(of_cell))}
    rows |= {row.id: row for row in read_by(conn, _BY_AREA, [land.community, *land.before])}
    fresh = [row for row in rows.values() if row.id not in of_cell]
    of_point = dict(zip((row.id for row in fresh), grids_at(land, fresh), strict=True))
    return [
        Homestead(
            row.id, row.code, row.area_id, of_cell.get(row.id) or of_point[row.id],
            row.households, row.chief_id, row.chief_id,
        )
        for _, row in sorted(rows.items())
    ]  # fmt: skip


def grids_at(land: Land, rows: Sequence[Any]) -> list[str]:
    """Label of the grid around the point of each row, of the nearest one where there is none."""
    labels, shapes = list(land.shapes), np.array(list(land.shapes.values()), object)
    xy = np.array([(row.lon, row.lat) for row in rows], float).reshape(-1, 2)
    found = owners(xy, shapes)
    for at in np.flatnonzero(found < 0).tolist():
        found[at] = int(np.argmin(shapely.distance(shapes, shapely.Point(xy[at]))))
    return [labels[i] for i in found.tolist()]


def posts(
    conn: Connection, sheet: Sheet, land: Land, homes: Sequence[Homestead], heir: Mapping[int, str],
    homeward: Mapping[tuple[int, int], str],
) -> tuple[list[Homestead], list[Post]]:  # fmt: skip
    """Give the buildings with the chiefs that they will have, and where all staff goes.

    Leads and workers follow the heir of their grid. A chief goes where most households of the own
    buildings are. A building whose chief thereby sits in another grid loses the chief, unless the
    plan itself names who keeps it; where both were apart before, the plan tears nothing.
    ``homeward`` names the grid of who goes back to one, by person and area of today.
    """
    entries = {home: charged(entry) for home, entry in sheet.state.chiefs.items()}
    wanted = {i for i in (*(h.chief for h in homes), *entries.values()) if i is not None}
    staff = {row.id: row for row in read_by(conn, _STAFF_IN, list(land.before))}
    staff |= {row.id: row for row in read_by(conn, _STAFF_BY_ID, sorted(wanted))}
    named = {home: person if person in staff else None for home, person in entries.items()}
    homes = [_kept(home, named.get(home.id, home.chief)) for home in homes]
    found = {
        person: _post(row, land, homes, {**heir, **_way(row, homeward)})
        for person, row in sorted(staff.items())
    }
    return [
        home if home.id in named else _torn(home, found, land) for home in homes
    ], list(found.values())  # fmt: skip


def _way(row: Any, homeward: Mapping[tuple[int, int], str]) -> dict[int, str]:
    label = homeward.get((row.id, row.area_id))
    return {} if label is None else {row.area_id: label}


def _kept(home: Homestead, chief: int | None) -> Homestead:
    return Homestead(
        home.id, home.code, home.before, home.after, home.households, home.chief, chief
    )


def _post(row: Any, land: Land, homes: Sequence[Homestead], heir: Mapping[int, str]) -> Post:
    """Place one person; who belongs to no grid of the community stays."""
    own = heir.get(row.area_id)
    if own is None:
        return Post(row.id, row.duty, row.area_id, None)
    mine = [home for home in homes if row.id == home.next_chief]
    stirred = row.area_id in land.closed.values() or any(
        land.before.get(home.before) != home.after or home.chief != home.next_chief for home in mine
    )
    if row.duty != CHIEF or not stirred:
        return Post(row.id, row.duty, row.area_id, own)
    count: dict[str, int] = {}
    for home in mine:
        count[home.after] = count.get(home.after, 0) + home.households
    return Post(row.id, row.duty, row.area_id, seat(count, own))


def _torn(home: Homestead, found: Mapping[int, Post], land: Land) -> Homestead:
    post = found.get(home.next_chief or 0)
    together = post is not None and post.before == home.before and home.before in land.before
    if post is None or not together or post.after == home.after:
        return home
    return Homestead(
        home.id, home.code, home.before, home.after, home.households, home.chief, None, torn=True
    )
