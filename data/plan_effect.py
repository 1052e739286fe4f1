"""What publishing a plan does, known before it is done: reviews show it, the store writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from sqlalchemy import Connection, bindparam, select

from data import schema
from data.plan_homes import Homestead, Post, homesteads, posts
from data.plan_items import Follow, Item, accounts, aliases, items
from data.plan_land import Land, land_of
from data.plan_record import homeward
from data.plan_sheet import Sheet
from data.store import Store
from geo.vertices import with_vertices
from rules.grid_codes import next_codes
from rules.succession import Lineage, Share, heirs, lineage_of


@dataclass(frozen=True)
class NewGrid:
    """One row that is to be made."""

    label: str
    code: str
    name: str
    kind: str
    households: int
    shape: shapely.Geometry


@dataclass(frozen=True, eq=False)
class Effect:
    """All that changes when a plan comes into force; grids by label.

    ``heir`` gives the grid that stands for each one of today, by area id; ``mended`` are other
    areas that get vertices where new borders meet theirs. ``staff``, ``accounts`` and ``aliases``
    hold only rows that change.
    """

    land: Land
    grids: tuple[NewGrid, ...]
    heir: Mapping[int, str]
    shares: tuple[Share, ...]
    homes: tuple[Homestead, ...]
    items: tuple[Item, ...]
    staff: tuple[Post, ...]
    accounts: tuple[Follow, ...]
    aliases: tuple[Follow, ...]
    mended: Mapping[int, shapely.Geometry]

    @property
    def lineage(self) -> list[tuple[Share, Lineage]]:
        """What went from which grid to which, and what that is."""
        heir = {self.land.before[area_id]: label for area_id, label in self.heir.items()}
        return [(share, lineage_of(share, heir[share.before])) for share in self.shares]

    @cached_property
    def moved_homes(self) -> tuple[Homestead, ...]:
        """Buildings that come to lie in another grid than today's, or the first one they have."""
        return tuple(h for h in self.homes if self.land.before.get(h.before) != h.after)

    @cached_property
    def moved_items(self) -> tuple[Item, ...]:
        """Open items that come to lie in another grid."""
        return tuple(i for i in self.items if self.land.before.get(i.before) != i.after)

    @cached_property
    def chiefs(self) -> tuple[Homestead, ...]:
        """Buildings that get another chief, or lose theirs."""
        return tuple(home for home in self.homes if home.chief != home.next_chief)

    @property
    def torn(self) -> tuple[Homestead, ...]:
        """Buildings that lose their chief only because the two lie in different grids."""
        return tuple(home for home in self.homes if home.torn)


_A = schema.area.c
_CODES = select(_A.code, _A.parent_id)
_CODE = select(_A.code).where(_A.id == bindparam("of_id"))
_SHAPES = select(_A.id, _A.geom).where(_A.valid_to.is_(None))


def preview(store: Store, sheet: Sheet) -> Effect:
    """Give what publishing a plan would do now, without doing it.

    Raises
    ------
    data.plan_land.BaseReplaced
        If the grids that the plan starts from are no longer those of the record.
    """
    with store.read() as conn:
        return effect_of(conn, sheet)


def effect_of(conn: Connection, sheet: Sheet) -> Effect:
    """As :func:`preview`, inside the caller's transaction."""
    land = land_of(conn, sheet)
    homes = homesteads(conn, sheet, land)
    shares = _shares(land, homes)
    by_label = heirs(shares, land.shapes)
    heir = {i: by_label.get(label, label) for i, label in land.before.items()}
    back = homeward(conn, sheet)
    homes, staff = posts(conn, sheet, land, homes, heir, back.people)
    return Effect(
        land=land,
        grids=_grids(conn, sheet, land, homes),
        heir=heir,
        shares=tuple(share for share in shares if share.before in land.closed),
        homes=tuple(homes),
        items=tuple(items(conn, land, homes, heir, back.items)),
        staff=tuple(p for p in staff if p.after and land.kept.get(p.after) != p.before),
        accounts=tuple(accounts(conn, land, staff, heir, back.accounts)),
        aliases=tuple(aliases(conn, land, homes)),
        mended=_mended(conn, land),
    )


def _shares(land: Land, homes: list[Homestead]) -> list[Share]:
    """Give what goes from where to where; households as the register of buildings has them."""
    count = dict.fromkeys(land.square_metres, 0)
    for home in homes:
        way = land.before.get(home.before, ""), home.after
        count[way] = count.get(way, 0) + home.households
    return [
        Share(before, after, households, land.square_metres.get((before, after), 0.0))
        for (before, after), households in sorted(count.items())
        if before in land.kept or before in land.closed
    ]


def _grids(
    conn: Connection, sheet: Sheet, land: Land, homes: list[Homestead]
) -> tuple[NewGrid, ...]:
    """Give the rows to be made: who lives on keeps the code, a revived one takes its old one."""
    rows = conn.execute(_CODES).all()
    alive = set(conn.execute(_CODES.where(_A.valid_to.is_(None))).scalars())
    marks = {label: sheet.state.marks[label] for label in land.made}
    code = {
        label: mark.code
        for label, mark in marks.items()
        if label in land.closed or (mark.code and mark.code not in alive)
    }
    fresh = [label for label in marks if label not in code]
    code |= zip(
        fresh,
        next_codes(
            str(conn.execute(_CODE, {"of_id": land.community}).scalar_one()),
            siblings={row.code for row in rows if row.parent_id == land.community},
            taken={row.code for row in rows} | set(code.values()),
            many=len(fresh),
        ),
        strict=True,
    )  # fmt: skip
    lived = dict.fromkeys(land.shapes, 0)
    for home in homes:
        lived[home.after] += home.households
    return tuple(
        NewGrid(label, code[label], mark.name, mark.kind, lived[label], land.shapes[label])
        for label, mark in marks.items()
    )


def _mended(conn: Connection, land: Land) -> dict[int, shapely.Geometry]:
    """Give other living areas on whose edges new borders end, with the vertices they lack."""
    if not len(land.added):
        return {}
    closed = set(land.closed.values())
    rows = [row for row in conn.execute(_SHAPES) if row.id not in closed]
    shapes = np.array([row.geom for row in rows], object)
    points = np.asarray(shapely.points(land.added), object)
    near = np.unique(shapely.STRtree(shapes).query(points)[1]).tolist()
    found = with_vertices(shapes[near], land.added)
    grown = shapely.get_num_coordinates(found) > shapely.get_num_coordinates(shapes[near])
    return {rows[i].id: found[n] for n, i in enumerate(near) if grown[n]}
