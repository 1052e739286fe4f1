"""Sites: what an address can name, and the drafting of all of them from the records."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from data.geocoder.address import Address, normalise, read_name
from data.geocoder.area_words import AreaWords

SiteKind = Literal["estate", "door", "own", "alias", "road", "area"]
"""An estate or farmyard, a door of a road, a building with a name of its own, what was taught,
a road, an area."""

_ROAD_ENDS: Final = ("路", "街", "巷", "道", "段", "弄", "里", "胡同")

_ROAD_AND_DOOR: Final = re.compile(r"[路街巷道段弄里同]\s*[0-9０-９一二三四五六七八九十百]")
"""Where a farmyard is told in full by its estate, only a road in the address adds to it."""
_NOTHING: Final = Address("", (), ())


@dataclass(slots=True)
class Site:
    """One place with the rows (points of the gazetteer) that lie in it.

    ``main`` are the names that identify it by themselves, ``roads`` and ``villages`` those that
    need a number to do so, ``side`` the rest. ``own`` gives the rows of each building number,
    ``doors`` those of each number of the road.
    """

    kind: SiteKind
    label: str
    main: frozenset[int] = frozenset()
    roads: set[int] = field(default_factory=set)
    villages: set[int] = field(default_factory=set)
    side: set[int] = field(default_factory=set)
    doors: dict[str, list[int]] = field(default_factory=dict)
    group: str = ""
    own: dict[str, list[int]] = field(default_factory=dict)

    @property
    def names(self) -> set[int]:
        """All its names."""
        return {*self.main, *self.roads, *self.villages, *self.side}

    @property
    def rows(self) -> list[int]:
        """All its rows, in the order in which they were drafted."""
        return [row for rows in self.own.values() for row in rows]


@dataclass
class Draft:
    """Names, sites and rows while they are collected."""

    words: AreaWords
    texts: dict[str, int] = field(default_factory=dict)
    sites: dict[tuple[object, ...], Site] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    building: list[int] = field(default_factory=list)
    area: list[int] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    _read: dict[str, Address] = field(default_factory=dict)
    _bared: dict[str, str] = field(default_factory=dict)

    def _name(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))

    def _names(self, texts: Iterable[str]) -> frozenset[int]:
        return frozenset(self._name(text) for text in texts if len(text) > 1)

    def _row(self, row_id: int, building: int, area: int, point: tuple[float, float]) -> int:
        self.ids.append(row_id)
        self.building.append(building)
        self.area.append(area)
        self.lon.append(point[0])
        self.lat.append(point[1])
        return len(self.ids) - 1

    def _kept(self, text: str) -> Address:
        """Address of a text that many buildings share."""
        found = self._read.get(text)
        if found is None:
            found = self._read[text] = read_name(text)
        return found

    def _bare(self, word: str) -> str:
        """Word without areas, of a word that many buildings share."""
        found = self._bared.get(word)
        if found is None:
            found = self._bared[word] = self.words.bare(word)
        return found

    def add_area(self, number: int) -> None:
        """Add an area of the tree."""
        area = self.words.tree.areas[number]
        row = self._row(area.id, 0, number, (area.lon, area.lat))
        self.sites["area", number] = Site(
            "area", area.name, main=self._names([self.words.spelt[number]]), own={"": [row]}
        )

    def add_road(
        self, feature_id: int, name: str, spots: Iterable[tuple[int, float, float]]
    ) -> None:
        """Add a piece of a road with points (area number, longitude, latitude) along it."""
        names = self._names([normalise(name)])
        if not names:
            return
        site = self.sites.setdefault(("road", *names), Site("road", name, roads=set(names)))
        for area, lon, lat in spots:
            site.own.setdefault("", []).append(self._row(feature_id, 0, area, (lon, lat)))

    def add_building(
        self, row_id: int, area: int, texts: tuple[str, str, str], point: tuple[float, float]
    ) -> None:
        """Add a building with its estate, name and address."""
        estate, name = self._kept(texts[0]), self._kept(texts[1])
        # What the address says beyond estate and name is the same for all of an estate.
        tail = texts[0] + texts[1] if texts[0] else ""
        told = len(estate.names) > 1 and not _ROAD_AND_DOOR.search(texts[2])
        address = _NOTHING if told else self._kept(texts[2].removesuffix(tail))
        row = self._row(row_id, row_id, area, point)
        road, door, rest = self._road(address)
        own = _own_number(estate, name)
        group = estate.first("group") or name.first("group")
        spelt = [bare for n in estate.names if (bare := self._bare(n))]
        own_names = [n for n in name.names if self._bare(n) != road]
        street = self.words.street_of[area]
        if spelt and group:
            site = self._site("estate", texts[0], ("estate", estate.text, group, street), [])
            site.villages |= self._names(spelt[:1])
            rest = [*rest, *spelt[1:], *own_names]
        elif spelt:
            site = self._site("estate", texts[0], ("estate", estate.text, street), spelt)
            rest = [*rest, *own_names]
        elif own_names:
            site = self._site("own", texts[1], ("own", name.text, road, door, street), own_names)
        else:
            label = f"{road}{door}号" if road and door else texts[2] or texts[1]
            site = self._site("door", label, ("door", road, door, street, label), [])
            number = own_number(address)
            own = own or ("" if number == door else number)
        site.group = group
        if road:
            site.roads |= self._names([road])
            site.doors.setdefault(door, []).append(row)
        site.side |= self._names(rest) - site.main - site.villages
        site.own.setdefault(own, []).append(row)

    def _site(
        self, kind: SiteKind, label: str, key: tuple[object, ...], main: Iterable[str]
    ) -> Site:
        site = self.sites.get(key)
        if site is None:
            site = self.sites[key] = Site(kind, label, main=self._names(main))
        return site

    def _road(self, address: Address) -> tuple[str, str, list[str]]:
        """Road and door number of a registered address, and its other names."""
        bare = [self._bare(name) for name in address.names]
        for number in address.numbers:
            if number.kind == "door" and number.after >= 0:
                road = bare[number.after]
                if road.endswith(_ROAD_ENDS):
                    return road, number.value, [n for i, n in enumerate(bare) if i != number.after]
        return "", "", [n for n in bare if n not in self.words.numbers]

    def add_alias(self, alias_id: int, label: str, place: tuple[int, int, float, float]) -> None:
        """Add what was taught; ``place`` is building id or 0, area number and point."""
        taught = read_name(label)
        row = self._row(place[0] or alias_id, place[0], place[1], place[2:])
        names = list(map(self._bare, taught.names))
        site = self._site("alias", label, ("alias", alias_id), names)
        site.group = taught.first("group")
        site.own[own_number(taught)] = [row]


def _own_number(estate: Address, name: Address) -> str:
    """Give the number of a building inside its estate or at its door."""
    if number := own_number(name):
        return number
    bare = name.names[0] if name.names and not name.numbers else ""
    return bare if estate.names and bare.isascii() else ""


def own_number(address: Address) -> str:
    """Most particular number that an address gives a building by; 附3号 is never 3栋."""
    if building := address.first("building"):
        return building
    sub = address.first("sub")
    return f"附{sub}" if sub else address.first("door")
