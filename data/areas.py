"""The hierarchy of areas as arrays: preorder numbers make every subtree one range."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, func, select

from data import schema
from rules.access import OutsideScope, Scope
from rules.levels import Level

Ints = NDArray[np.int64]
AREA: Final = "area"


@dataclass(frozen=True)
class Area:
    """One area. ``households`` counts its subtree; ``bounds`` is west, south, east, north."""

    id: int
    parent_id: int | None
    level: Level
    code: str
    name: str
    kind: str
    households: int
    lon: float
    lat: float
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class AreaTree:
    """All areas valid at one moment, in preorder (children by code).

    ``ids``, ``level``, ``parent`` and ``end`` are indexed by preorder number: ``parent`` is the
    number of the parent (-1 for a root) and the subtree of ``i`` is ``i <= n < end[i]``.
    ``places`` maps every area id, closed ones too, to the number of the area that stands for it
    today: of a closed one its heir, or the heir's heir, and without one its nearest living
    ancestor. ``until`` is the moment (seconds since 1970) at which another area opens or closes,
    ``None`` if never.
    """

    areas: tuple[Area, ...]
    ids: Ints
    level: Ints
    parent: Ints
    end: Ints
    households: Ints
    places: dict[int, int]
    until: int | None = None
    _codes: dict[str, int] = field(default_factory=dict, repr=False)
    _heirs: dict[str, int] = field(default_factory=dict, repr=False)

    @property
    def root_id(self) -> int:
        """Id of the first root: the whole record, for a store with one root.

        Raises
        ------
        OutsideScope
            If the store holds no area yet.
        """
        if not self.areas:
            raise OutsideScope(AREA)
        return self.areas[0].id

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return {area.id: number for number, area in enumerate(self.areas)}

    @cached_property
    def _place_table(self) -> Ints:
        table = np.full(max(self.places, default=0) + 1, -1, np.int64)
        table[list(self.places.keys())] = list(self.places.values())
        return table

    def __contains__(self, area_id: object) -> bool:
        return area_id in self._numbers

    def number(self, area_id: int) -> int:
        """Preorder number of a living area; raises ``OutsideScope`` for any other id."""
        number = self._numbers.get(area_id)
        if number is None:
            raise OutsideScope(AREA)
        return number

    def numbers(self, area_ids: Iterable[int]) -> Ints:
        """Preorder numbers of living areas; raises ``OutsideScope`` for any other id."""
        return np.array([self.number(area_id) for area_id in area_ids], np.int64)

    def placed(self, area_ids: NDArray[Any]) -> Ints:
        """Preorder number that stands for each area id; -1 where there is none."""
        table = self._place_table
        known = (area_ids >= 0) & (area_ids < len(table))
        return np.where(known, table[np.where(known, area_ids, 0)], -1)

    def get(self, area_id: int) -> Area:
        """Give a living area; raises ``OutsideScope`` for any other id."""
        return self.areas[self.number(area_id)]

    def by_code(self, code: str) -> Area | None:
        """Give the living area with this code, if there is one."""
        number = self._codes.get(code)
        return None if number is None else self.areas[number]

    def standing(self, code: str) -> Area | None:
        """Give the living area with this code, else the heir of the one that last had it."""
        number = self._codes.get(code, self._heirs.get(code))
        return None if number is None else self.areas[number]

    def range(self, area_id: int) -> tuple[int, int]:
        """Preorder numbers of a subtree: first, and one past the last."""
        number = self.number(area_id)
        return number, int(self.end[number])

    def covers(self, scope_area_id: int, area_id: int) -> bool:
        """Whether ``area_id`` is a living area in the subtree of ``scope_area_id``."""
        if area_id not in self._numbers or scope_area_id not in self._numbers:
            return False
        first, last = self.range(scope_area_id)
        return first <= self._numbers[area_id] < last

    def children(self, area_id: int) -> list[int]:
        """Ids of the children, by code."""
        first, last = self.range(area_id)
        return [int(i) for i in self.ids[first:last][self.parent[first:last] == first]]

    def at_level(self, area_id: int, level: Level) -> list[int]:
        """Ids that draw an area at one level, without gaps or overlaps.

        Descendants of that level; a branch that ends above it is drawn by its last area, and a
        branch that skips it by the first area below it.
        """
        first, last = self.range(area_id)
        levels = self.level[first:last]
        above = np.where(self.parent[first:last] >= 0, self.level[self.parent[first:last]], 0)
        above[0] = 0
        leaf = self.end[first:last] == np.arange(first, last) + 1
        drawn = ((levels >= level) & (above < level)) | (leaf & (levels < level))
        return [int(i) for i in self.ids[first:last][drawn]]

    def child_level(self, area_id: int) -> Level | None:
        """Level of the children (the largest, should they differ); ``None`` for a leaf."""
        first, last = self.range(area_id)
        below = self.level[first:last][self.parent[first:last] == first]
        return Level(int(below.min())) if len(below) else None

    def ancestors(self, area_id: int) -> list[int]:
        """Ids from the root down to ``area_id`` itself."""
        number, path = self.number(area_id), []
        while number >= 0:
            path.append(int(self.ids[number]))
            number = int(self.parent[number])
        return path[::-1]

    def path(self, scope: Scope, area_id: int) -> tuple[int, ...]:
        """Ids from the scope's own area down to ``area_id`` itself."""
        return tuple(i for i in self.ancestors(area_id) if self.covers(scope.area_id, i))

    @property
    def deepest_level(self) -> Level:
        """Level of the smallest areas that the store holds."""
        return Level(int(self.level.max())) if len(self.areas) else Level.DISTRICT

    def admit(self, scope: Scope, area_id: int) -> tuple[int, int]:
        """Range of an area that the scope holds; raises ``OutsideScope`` otherwise."""
        if not self.covers(scope.area_id, area_id):
            raise OutsideScope(AREA)
        return self.range(area_id)


_A = schema.area.c
_ROWS = select(
    _A.id, _A.parent_id, _A.level, _A.code, _A.name, _A.kind, _A.households,
    _A.valid_from, _A.valid_to, _A.heir_id, _A.lon, _A.lat, _A.geom,
)  # fmt: skip
_HOMES = select(
    schema.building.c.area_id, func.sum(schema.building.c.households)
).group_by(schema.building.c.area_id)  # fmt: skip
_SHAPES = select(_A.id, _A.geom).where(_A.id.in_(bindparam("ids", expanding=True)))


def load_tree(conn: Connection, *, at: datetime) -> AreaTree:
    """Read the areas that are valid at ``at``."""
    moment = int(at.timestamp())
    rows = conn.execute(_ROWS).all()
    living = {r.id: r for r in rows if r.valid_from <= moment < (r.valid_to or moment + 1)}
    below: dict[int | None, list[int]] = {}
    for row in sorted(living.values(), key=lambda r: (r.level, r.code)):
        below.setdefault(row.parent_id if row.parent_id in living else None, []).append(row.id)
    order, parent, end = _preorder(below)
    number = {area_id: i for i, area_id in enumerate(order)}
    households = _households(conn, [living[i] for i in order], parent)
    bounds = shapely.bounds(np.array([living[i].geom for i in order], object)).reshape(-1, 4)
    areas = tuple(
        Area(
            r.id, int(r.parent_id) if r.parent_id in living else None, Level(r.level), r.code,
            r.name, r.kind, int(homes), r.lon, r.lat, (box[0], box[1], box[2], box[3]),
        )
        for r, homes, box in zip(
            (living[i] for i in order), households, bounds.tolist(), strict=True
        )
    )  # fmt: skip
    places = _places({r.id: (r.heir_id, r.parent_id) for r in rows}, number)
    changes = [t for r in rows for t in (r.valid_from, r.valid_to) if t and t > moment]
    return AreaTree(
        areas=areas,
        ids=np.array(order, np.int64),
        level=np.array([a.level for a in areas], np.int64),
        parent=parent,
        end=end,
        households=households,
        places=places,
        until=min(changes, default=None),
        _codes={a.code: i for i, a in enumerate(areas)},
        _heirs={
            r.code: places[r.id] for r in sorted(rows, key=lambda r: int(r.id))
            if r.heir_id is not None and r.id in places
        },
    )  # fmt: skip


def _preorder(below: dict[int | None, list[int]]) -> tuple[list[int], Ints, Ints]:
    order: list[int] = []
    parent: list[int] = []
    stack = [(root, -1) for root in reversed(below.get(None, []))]
    while stack:
        area_id, above = stack.pop()
        number = len(order)
        order.append(area_id)
        parent.append(above)
        stack.extend((child, number) for child in reversed(below.get(area_id, [])))
    end = list(range(1, len(order) + 1))
    for number in range(len(order) - 1, -1, -1):
        if parent[number] >= 0:
            end[parent[number]] = max(end[parent[number]], end[number])
    return order, np.array(parent, np.int64), np.array(end, np.int64)


def _households(conn: Connection, rows: Sequence[Any], parent: Ints) -> Ints:
    """Households of each subtree: of the leaves, else of the buildings, else as registered."""
    own = np.array([r.households for r in rows], np.int64)
    leaf = np.ones(len(rows), bool)
    leaf[parent[parent >= 0]] = False
    if (own[leaf] == 0).any():
        homes: dict[int, int] = dict(conn.execute(_HOMES).all())
        counted = np.array([homes.get(r.id, 0) for r in rows], np.int64)
        own = np.where(leaf & (own == 0), counted, own)
    below = np.zeros(len(rows), np.int64)
    total = own.copy()
    for number in range(len(rows) - 1, -1, -1):
        if not leaf[number] and below[number]:
            total[number] = below[number]
        if parent[number] >= 0:
            below[parent[number]] += total[number]
    return total


def _places(
    above: dict[int, tuple[int | None, int | None]], number: dict[int, int]
) -> dict[int, int]:
    """Give the number that stands for each area, out of the heir and the parent of each."""
    places = {}
    for area_id in above:
        place: int | None = area_id
        # An heir is made after the area it stands for, so this ends.
        while place is not None and place not in number:
            heir, parent = above.get(place, (None, None))
            place = heir or parent
        if place is not None:
            places[area_id] = number[place]
    return places


def shapes(conn: Connection, ids: Iterable[int]) -> dict[int, shapely.Geometry]:
    """Shapes of areas by id, in CGCS2000 degrees; unknown ids are left out.

    The caller asks for ids that the scope admits (see :meth:`AreaTree.admit`).
    """
    wanted = list(ids)
    found: dict[int, shapely.Geometry] = {}
    for start in range(0, len(wanted), 500):
        found.update(conn.execute(_SHAPES, {"ids": wanted[start : start + 500]}).all())
    return found
