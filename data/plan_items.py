"""Which open items, accounts and taught names follow when a plan comes into force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from data import schema
from data.plan_homes import Homestead, Post, grids_at, read_by
from data.plan_land import Land
from rules.lifecycle import OPEN_STATES

BY_POINT: Final = frozenset({"exact", "building"})
"""Places that are near enough to say in which grid an item lies."""


@dataclass(frozen=True)
class Follow:
    """One row that goes from an area to a grid of the plan."""

    id: int
    name: str
    before: int
    after: str


@dataclass(frozen=True)
class Item(Follow):
    """An open incident that goes along; ``desk`` says whether the desk it lies on does too.

    ``placed`` says whether its building or its point tells where it goes.

    Whoever handles it goes on with it, though the person may now belong to another grid: they
    know the case.
    """

    version: int
    desk_id: int | None
    desk: bool
    placed: bool


_I, _U, _L = schema.incident.c, schema.account.c, schema.alias.c
_ITEM = select(
    _I.id, _I.number, _I.area_id, _I.building_id, _I.lon, _I.lat, _I.place, _I.version, _I.desk_id
).where(_I.state.in_(sorted(state.value for state in OPEN_STATES)))  # fmt: skip
_ITEMS_IN = _ITEM.where(_I.area_id.in_(bindparam("ids", expanding=True)))
_ITEMS_AT = _ITEM.where(_I.building_id.in_(bindparam("ids", expanding=True)))
_ACCOUNT = select(_U.id, _U.login, _U.area_id, _U.person_id)
_ACCOUNTS_IN = _ACCOUNT.where(_U.area_id.in_(bindparam("ids", expanding=True)))
_ALIASES = select(_L.id, _L.text, _L.area_id, _L.building_id, _L.lon, _L.lat).where(
    _L.area_id.in_(bindparam("ids", expanding=True))
)


def items(
    conn: Connection, land: Land, homes: Sequence[Homestead], heir: Mapping[int, str],
    homeward: Mapping[tuple[int, int], str],
) -> list[Item]:  # fmt: skip
    """Give the open items of closed grids, and of buildings that change their area.

    An item goes with its building, else to the grid around its point; one whose point says no
    more than the grid goes to the heir, or back where ``homeward`` says so by id and area. A first
    division of a community takes its items along as far as their points say where they are.
    """
    leaving = [*land.closed.values()] if land.before else [land.community]
    moved = [home.id for home in homes if land.kept.get(home.after) != home.before]
    rows = {row.id: row for row in read_by(conn, _ITEMS_IN, leaving)}
    rows |= {row.id: row for row in read_by(conn, _ITEMS_AT, moved)}
    at_home = {home.id: home.after for home in homes}
    ordered = [rows[i] for i in sorted(rows)]
    around = grids_at(land, ordered)
    found = []
    for row, here in zip(ordered, around, strict=True):
        placed = row.place in BY_POINT or row.building_id in at_home
        own = here if placed else homeward.get((row.id, row.area_id), heir.get(row.area_id))
        after = at_home.get(row.building_id) or own
        if after is not None and land.kept.get(after) != row.area_id:
            desk = row.desk_id in land.closed.values()
            found.append(
                Item(
                    row.id, row.number, row.area_id, after, row.version, row.desk_id, desk, placed
                )
            )  # fmt: skip
    return found


def accounts(
    conn: Connection, land: Land, staff: Sequence[Post], heir: Mapping[int, str],
    homeward: Mapping[tuple[int, int], str],
) -> list[Follow]:  # fmt: skip
    """Give the accounts of grids that close or whose holder goes to another one.

    ``homeward`` names the grid of those that go back to one, by id and area of today.
    """
    after = {post.id: post for post in staff}
    found = []
    for row in read_by(conn, _ACCOUNTS_IN, list(land.before)):
        post = after.get(row.person_id)
        with_post = post is not None and post.before == row.area_id
        own = homeward.get((row.id, row.area_id), heir[row.area_id])
        label = post.after if post is not None and with_post else own
        if label is not None and land.kept.get(label) != row.area_id:
            found.append(Follow(row.id, row.login, row.area_id, label))
    return found


def aliases(
    conn: Connection, land: Land, homes: Sequence[Homestead]
) -> list[Follow]:  # fmt: skip
    """Give the taught names of closed grids, with their building or by their point.

    Where the same words have a meaning in the new grid already, the later one stays with the
    closed grid, for which its heir stands.
    """
    at_home = {home.id: home.after for home in homes}
    rows = read_by(conn, _ALIASES, list(land.before))
    around = grids_at(land, rows)
    closed = set(land.closed.values())
    known = {(row.text, land.before[row.area_id]) for row in rows if row.area_id not in closed}
    found = []
    for row, here in zip(rows, around, strict=True):
        label = at_home.get(row.building_id) or here
        if row.area_id in closed and (row.text, label) not in known:
            known.add((row.text, label))
            found.append(Follow(row.id, row.text, row.area_id, label))
    return found
