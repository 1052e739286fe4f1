"""Whether the numbers of an address agree with those of a site: digits never nearly fit."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from data.geocoder.address import Address, Number
from data.geocoder.gazetteer import Visible
from data.geocoder.names import Heard
from data.geocoder.sites import Site, own_number
from data.geocoder.tally import Tally

_OWN, _DOOR, _GROUP = 4.0, 3.0, 2.0
"""Weights of a building number, a door of a road and a villagers' group."""
_CARRIED: Final = frozenset({"road_number", "group"})
"""What tells the building numbers of one site from those of the next."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of an address beside a site; ``placed`` are the site's names with their words."""

    address: Address
    site: Site
    placed: dict[int, Heard]
    visible: Visible

    def weighed(self, tally: Tally) -> tuple[tuple[int, ...], bool]:
        """Count all numbers; give the rows that agree, and whether each is one that is named."""
        return self._of_number(self._at_the_door(tally), tally)

    def _at_the_door(self, tally: Tally) -> tuple[int, ...]:
        """Compare groups and doors; give the rows at the door, or all where none is said."""
        rows = self.visible.of(self.site.rows)
        for number in self.address.numbers:
            if number.kind == "group":
                if self.site.kind == "area":
                    tally.add(_GROUP, 0.0, "number_unknown")
                else:
                    tally.compare(_GROUP, "group", same=number.value == self.site.group)
            elif number.kind == "door" and self._is_door(number):
                there = self.visible.of(self.site.doors.get(number.value, ()))
                tally.compare(_DOOR, "road_number", same=bool(there))
                rows = there or rows
        return rows

    def _of_number(self, rows: tuple[int, ...], tally: Tally) -> tuple[tuple[int, ...], bool]:
        """Compare the building number; give the rows left, and whether each is one it names."""
        if not self.own:
            alone = len(rows) == 1 and "road_number" in tally.reasons
            nameless = tuple(row for row in self.site.own.get("", ()) if row in rows)
            return (rows, True) if alone else (nameless or rows, bool(nameless))
        known = self.visible.of(self.site.own.get(self.own, ()))
        if not known:
            tally.add(_OWN, 0.0, "number_unknown")
            return rows, False
        here = tuple(row for row in known if row in rows)
        if not here:
            # The estate has that door, but this building of it stands at another.
            tally.add(_DOOR, 0.0, "road_number_differs")
        # 江姐巷2栋 names the road alone: a building 2 is in each of its estates.
        named = not self.site.main.isdisjoint(self.placed) or not _CARRIED.isdisjoint(tally.reasons)
        tally.add(_OWN, 1.0 if named else 0.5, "building_number")
        return here or known, True

    @cached_property
    def own(self) -> str:
        """Building number that the address gives the site; empty for none."""
        numbers = tuple(
            number
            for number in self.address.numbers
            if number.kind != "door" or not self._is_door(number)
        )
        return own_number(Address("", (), numbers))

    def _is_door(self, number: Number) -> bool:
        """Whether a 号 is that of a road: 南苑路3号 is a door, 金桂苑3号 a building."""
        if self.site.doors and self.address.first("building"):
            return True
        behind = [(at.end, name) for name, at in self.placed.items() if at.word == number.after]
        return bool(behind) and max(behind)[1] in self.site.roads
