"""How well a site fits an address: what it explains of the names, and whether numbers agree."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from data.geocoder.address import Address
from data.geocoder.gazetteer import Gazetteer, Visible
from data.geocoder.names import Heard, heard
from data.geocoder.numbers import Numbers
from data.geocoder.sites import Site
from data.geocoder.tally import Tally

_NAMES, _AREA = 4.0, 1.0
"""Weights, beside those of the numbers; the score is the mean over what the address says."""

CAP: Final = 0.85
"""Most that a site scores which something contradicts, or which a name misheard alone carries."""

_ABOVE: Final = re.compile(r"(中国)?(.{2,5}(省|自治区))?(.{2,5}(市|州|盟|地区))?")
"""What may stand before the district: 四川省自贡市."""
_MOST_LOST: Final = 1.0
"""With more than one character misheard or unexplained, not even a number makes a site sure."""
_MOST_WEIGHED: Final = 64
_SURE_IN: Final = {"estate": "estate", "own": "name", "alias": "alias", "area": "area"}


@dataclass(frozen=True)
class Fit:
    """One site with its score; ``place`` is its position in the gazetteer.

    ``rows`` are those of its rows that agree with the numbers said, and ``single`` says whether
    each of them is a building that the address names; ``numbered`` whether it gives a building
    number at all.
    """

    place: int
    site: Site
    score: float
    reasons: tuple[str, ...]
    rows: tuple[int, ...]
    single: bool
    numbered: bool


class Question:
    """An address put to a gazetteer."""

    def __init__(self, address: Address, gazetteer: Gazetteer, visible: Visible) -> None:
        self.address = address
        self.gazetteer = gazetteer
        self.visible = visible
        self.mentions = [
            (word, start, end, areas)
            for word, text in enumerate(address.names)
            for start, end, areas in gazetteer.words.mentions(text)
        ]

    @cached_property
    def heard(self) -> dict[int, Heard]:
        """Names of the gazetteer that are heard in the address."""
        index, words = self.gazetteer.names, self.address.names
        likely: dict[int, None] = {}
        for word in words:
            likely.update((n, None) for n in index.within(word) if self.visible.names[n])
            bare = self.gazetteer.words.bare(word)
            for text in {word, bare}:
                likely.update(dict.fromkeys(index.near(text, self.visible.names)))
        found = ((n, heard(index.texts[n], words)) for n in likely)
        return {n: at for n, at in found if at is not None}

    def fits(self) -> list[Fit]:
        """Sites that fit, best first."""
        fits = (self.fit(place) for place in self._likely())
        return sorted((fit for fit in fits if fit), key=lambda fit: (-fit.score, fit.place))

    def _likely(self) -> list[int]:
        """Sites worth weighing: those with most of what is said, by a glance."""
        seen: dict[int, float] = {}
        for name, at in self.heard.items():
            worth = at.matched * at.matched / at.said
            for place in self.gazetteer.of_name[name]:
                if self.visible.sites[place]:
                    seen[place] = seen.get(place, 0.0) + worth
        said = {number.value for number in self.address.numbers}
        group = self.address.first("group")

        def worth_of(place: int) -> float:
            site = self.gazetteer.sites[place]
            agree = (
                (bool(group) and site.group == group)
                + (not said.isdisjoint(site.doors))
                + (not said.isdisjoint(site.own))
            )
            return seen[place] + 1.5 * agree

        return sorted(seen, key=worth_of, reverse=True)[:_MOST_WEIGHED]

    def fit(self, place: int) -> Fit | None:
        """Weigh one site; ``None`` if none of its names is heard."""
        site = self.gazetteer.sites[place]
        placed = self._placed(site)
        if not placed:
            return None
        areas, agree, differ = self._areas(site, placed)
        matched, said = self._explained(site, placed, areas)
        tally = Tally()
        tally.add(_NAMES, matched / said)
        tally.add(_AREA * len(agree), 1.0, "area")
        tally.add(_AREA * len(differ), 0.0, "area_differs")
        unexplained = said - sum(at.said for at in placed.values())
        if unexplained > 0:
            tally.reasons.append("unexplained")
        said_of = Numbers(self.address, site, placed, self.visible)
        rows, single = said_of.weighed(tally)
        names = self._name_reasons(site, placed)
        near = said - matched <= _MOST_LOST
        sure = near and self._sure(site, placed, tally, whole=unexplained <= 0)
        score = tally.score if sure and not tally.contradicted else min(tally.score, CAP)
        return Fit(place, site, score, (*names, *tally.reasons), rows, single, bool(said_of.own))

    def _placed(self, site: Site) -> dict[int, Heard]:
        """Names of a site with the words each takes; none takes what another has."""
        found = [(n, self.heard[n]) for n in site.names if n in self.heard]
        found.sort(key=lambda f: (-f[1].matched * f[1].matched / f[1].said, f[0]))
        placed: dict[int, Heard] = {}
        for name, at in found:
            if at.matched > at.said / 3 and not any(_overlap(at, o) for o in placed.values()):
                placed[name] = at
        return placed

    def _areas(
        self, site: Site, placed: dict[int, Heard]
    ) -> tuple[list[tuple[int, int, int]], list[int], list[int]]:
        """Areas said beside the site's own names: where, those that hold it, those that do not."""
        around: set[int] = set()
        for row in self.visible.of(site.rows)[:1]:
            around.update(self.gazetteer.words.around(int(self.gazetteer.area[row])))
        where: list[tuple[int, int, int]] = []
        agree: list[int] = []
        differ: list[int] = []
        for word, start, end, areas in self.mentions:
            if any(o.word == word and start < o.end and o.start < end for o in placed.values()):
                continue
            where.append((word, start, end))
            holds = not around.isdisjoint(areas)
            (agree if holds else differ).append(areas[0])
        return where, agree, differ

    def _explained(
        self, site: Site, placed: dict[int, Heard], areas: list[tuple[int, int, int]]
    ) -> tuple[float, float]:
        """Characters of the names that agree, and all that are said; areas do not count."""
        matched = sum(at.matched for at in placed.values())
        said = sum(at.said for at in placed.values())
        left = [bytearray(len(word)) for word in self.address.names]
        for word, start, end in (*((a.word, a.start, a.end) for a in placed.values()), *areas):
            left[word][start:end] = b"\1" * (end - start)
        for word, start, _, _ in self.mentions[:1]:
            if _ABOVE.fullmatch(self.address.names[word][:start]):
                left[word][:start] = b"\1" * start
        for text, taken in zip(self.address.names, left, strict=True):
            rest = "".join(" " if is_taken else c for c, is_taken in zip(text, taken, strict=True))
            said += len(self._without_stems(site, rest).replace(" ", ""))
        return matched, said

    def _without_stems(self, site: Site, rest: str) -> str:
        """Take away areas named short: 龙井 of 龙井南苑路53号, for what lies in 龙井街道."""
        if len(rest.replace(" ", "")) < 2:
            return rest
        words = self.gazetteer.words
        for number in words.around(int(self.gazetteer.area[self.visible.of(site.rows)[0]])):
            rest = rest.replace(words.spelt[number], " ").replace(words.stems[number], " ")
        return rest

    def _name_reasons(self, site: Site, placed: dict[int, Heard]) -> list[str]:
        found: list[str] = []
        for names, key in (
            (site.main, _SURE_IN.get(site.kind, "name")),
            (site.villages, "village"),
            (site.roads, "road"),
            (site.side, "name"),
        ):
            if any(name in placed for name in names):
                found.append(key)
        found += sorted({at.how for at in placed.values() if at.how != "exact"})
        return found

    def _sure(self, site: Site, placed: dict[int, Heard], tally: Tally, *, whole: bool) -> bool:
        """Whether a name heard exactly carries the site; a name misheard needs a number with it."""

        def exact(names: Iterable[int]) -> bool:
            return any(n in placed and placed[n].how == "exact" for n in names)

        if exact(site.roads) and "road_number" in tally.reasons:
            return whole or not site.main.isdisjoint(placed)
        if not whole:
            return False
        if site.kind == "road":
            return exact(site.roads)
        return exact(site.main) or (exact(site.villages) and "group" in tally.reasons)


def _overlap(a: Heard, b: Heard) -> bool:
    return a.word == b.word and a.start < b.end and b.start < a.end
