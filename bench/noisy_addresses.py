"""Addresses as people type them, made from the demo's register, each with what it means.

The register's texts are taken apart here by their known form, so that neither the grammar nor
the ranking of the geocoder decides what is right.
"""

import random
import re
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA
from sqlalchemy import select

from data import schema
from data.store import Store

_B = schema.building.c
_ADDRESS = re.compile(r"大安区(?P<street>.+?(?:街道|镇))(?P<rest>.+)")
_ROAD = re.compile(r"(?P<road>\D+?)(?P<door>\d+)号")
_VILLAGE = re.compile(r"(?P<village>.+?村|.+?社区)(?P<group>\d+)组(?P<yard>.+)")

HOMOPHONES = {
    "苑": "院园", "园": "院圆", "佳": "家嘉", "家": "佳加", "嘉": "佳家", "锦": "金景", "景": "锦井",
    "盐": "言燕", "桂": "贵", "杏": "幸", "薇": "微", "棠": "堂", "翠": "萃", "燊": "深申", "釜": "府",
    "溪": "西", "鸿": "红洪", "鹤": "贺", "紫": "子", "滨": "宾", "怡": "宜", "馨": "新心", "瑞": "睿",
    "鑫": "新", "源": "园元", "恒": "横", "御": "玉", "翰": "汉", "泰": "太", "尚": "上", "檀": "谭",
    "晓": "小", "凤": "奉", "腾": "藤", "雅": "亚", "康": "糠", "福": "富", "祥": "详", "巷": "项",
    "堰": "燕", "坝": "霸", "湾": "弯", "沟": "钩", "岩": "崖", "寨": "塞", "塘": "糖", "坪": "平",
}  # fmt: skip
"""Characters typed for one that sounds (or nearly sounds) the same; written out, not learnt."""

_STRAY = "山水天地人大小中东南西北上下新老平安长明文化春秋河江湖海石木林田禾日月星云风"
_TAIL = re.compile(r"(花园|小区|苑|佳园|公寓|家属院|新村|名居|华府|雅苑)$")


@dataclass(frozen=True)
class Place:
    """One building by its parts; empty where it has none. ``number`` is 栋, 附号 or 号."""

    id: int
    address: str
    street: str
    road: str
    door: str
    village: str
    group: str
    name: str
    number: str
    form: str


@dataclass(frozen=True)
class Query:
    """A text with the buildings that it fits equally well by what it says.

    ``kind`` is building, estate or none (no such place); ``noise`` says what was done to it.
    """

    text: str
    kind: str
    noise: str
    truth: Place | None
    fits: frozenset[int]

    @property
    def ambiguous(self) -> bool:
        """Whether what is said fits another building as well as the one meant, or better."""
        return self.kind == "building" and self.truth is not None and self.fits != {self.truth.id}


def places(store: Store) -> list[Place]:
    """All buildings of the demo by their parts."""
    with store.read() as conn:
        rows = conn.execute(select(_B.id, _B.estate, _B.name, _B.address).order_by(_B.id)).all()
    return [_place(*row) for row in rows]


def _place(row_id: int, estate: str, name: str, address: str) -> Place:
    parts = _ADDRESS.match(address)
    road = _ROAD.match(parts["rest"])
    base = Place(row_id, address, parts["street"], "", "", "", "", "", "", "")
    if farm := _VILLAGE.match(estate):
        return replace(
            base, village=farm["village"], group=farm["group"], name=farm["yard"],
            number=name.removesuffix("号"), form="farm",
        )  # fmt: skip
    if road and "村" not in road["road"]:
        base = replace(base, road=road["road"], door=road["door"])
    if estate:
        return replace(base, name=estate, number=name.removesuffix("栋"), form="estate")
    if "附" in name:
        return replace(base, number=name.split("附")[1].removesuffix("号"), form="old")
    return replace(base, name=name, form="own")


@dataclass(frozen=True)
class Said:
    """What a query says of a place; ``None`` where nothing is said."""

    name: str | None = None
    road: str | None = None
    village: str | None = None
    door: str | None = None
    group: str | None = None
    number: str | None = None


def fitting(said: Said, known: list[Place], form: str) -> frozenset[int]:
    """Buildings that come nearest to what is said: equal numbers, names by edit distance.

    A name of which only the beginning is said fits every name that begins so.
    """
    best, found = 99, set[int]()
    for place in known:
        if any(
            value is not None and value != getattr(place, field)
            for field in ("door", "group", "number")
            if (value := getattr(said, field)) is not None
        ):
            continue
        if said.number is not None and place.form != form:
            continue
        cost = sum(
            0 if name.startswith(value) else OSA.distance(value, name)
            for field in ("name", "road", "village")
            if (value := getattr(said, field)) is not None
            and (name := getattr(place, field)) is not None
        )
        if cost < best:
            best, found = cost, set()
        if cost == best:
            found.add(place.id)
    return frozenset(found)


def _chinese(number: str) -> str:
    value, digits = int(number), "零一二三四五六七八九"
    if value >= 100:
        return "".join(digits[int(d)] for d in number)
    tens, ones = divmod(value, 10)
    ten = "" if not tens else ("十" if tens == 1 else digits[tens] + "十")
    return ten + (digits[ones] if ones or not tens else "")


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)


def _typo(rng: random.Random, name: str) -> str:
    """One character changed, left out, put in, or two swapped; never the first of a number."""
    at = rng.randrange(len(name))
    how = rng.choice(("change", "change", "drop", "add", "swap")) if len(name) > 3 else "change"
    if how == "drop":
        return name[:at] + name[at + 1 :]
    if how == "add":
        return name[:at] + rng.choice(_STRAY) + name[at:]
    if how == "swap":
        at = min(at, len(name) - 2)
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + rng.choice([c for c in _STRAY if c != name[at]]) + name[at + 1 :]


def _homophone(rng: random.Random, name: str) -> str:
    able = [i for i, c in enumerate(name) if c in HOMOPHONES]
    if not able:
        return _typo(rng, name)
    at = rng.choice(able)
    return name[:at] + rng.choice(HOMOPHONES[name[at]]) + name[at + 1 :]


_BUILDING_WORDS = ("栋", "幢", "号楼", "#", "座", "栋楼")
_ROOMS = ("2单元", "二单元501", "1单元302室", " 501室", "3单元6楼", "-2-501")


class Typist:
    """Writes what a place is called with one or two faults, from a seed."""

    def __init__(self, known: list[Place], seed: int) -> None:
        self.known = known
        self.rng = random.Random(seed)

    def query(self, place: Place) -> Query:
        """One noisy query for a building."""
        write = {"estate": self._estate, "farm": self._farm, "old": self._old, "own": self._own}
        return write[place.form](place)

    def _fault(self, name: str) -> tuple[str, str]:
        kind = self.rng.choice(("exact", "exact", "typo", "homophone"))
        if kind == "exact":
            return name, ""
        return (_typo if kind == "typo" else _homophone)(self.rng, name), kind

    def _written(self, text: str) -> tuple[str, str]:
        how = self.rng.choice(("plain", "plain", "plain", "full-width", "spaces"))
        if how == "full-width":
            return _wide(text), how
        if how == "spaces":
            return re.sub(r"(?<=号)|(?<=组)", self.rng.choice((" ", "，", "　")), text), how
        return text, how if how != "plain" else ""

    def _number(self, number: str) -> str:
        return _chinese(number) if self.rng.random() < 0.3 else number

    def _head(self, place: Place) -> str:
        return self.rng.choice(
            (
                "",
                "",
                "大安区",
                place.street,
                f"大安区{place.street}",
                f"四川省自贡市大安区{place.street}",
            )
        )

    def _finished(
        self, place: Place, text: str, said: Said, noise: list[str], kind: str = "building"
    ) -> Query:
        text, how = self._written(text)
        fits = fitting(said, self.known, place.form)
        return Query(
            text, kind, " + ".join(filter(None, [*noise, how])) or "as registered", place, fits
        )

    def _estate(self, place: Place) -> Query:
        form = self.rng.choice(
            ("short", "short", "door", "full", "tail", "tail", "room", "number as 号", "estate")
        )
        name, fault = self._fault(place.name)
        door, head = f"{place.road}{self._number(place.door)}号", self._head(place)
        said = Said(name=name, number=place.number)
        if form == "estate":
            name = place.name
            return self._finished(
                place, f"{head}{name}", Said(name=name), ["estate only"], "estate"
            )
        if form == "tail":
            name = _TAIL.sub("", place.name)
            noise = ["kind of estate left out"]
            with_door = self.rng.random() < 0.6
            text = f"{head if with_door else ''}{door if with_door else ''}{name}"
            said = Said(name=name, number=place.number)
            if with_door:
                said = replace(said, road=place.road, door=place.door)
            return self._finished(place, f"{text}{place.number}{self._word()}", said, noise)
        number = f"{self._number(place.number)}{self._word()}"
        if form in {"door", "full"}:
            said = replace(said, road=place.road, door=place.door)
            head = head if form == "full" else ""
            return self._finished(place, f"{head}{door}{name}{number}", said, [fault])
        if form == "number as 号":
            return self._finished(place, f"{head}{name}{place.number}号", said, [fault, form])
        room = self.rng.choice(_ROOMS) if form == "room" else ""
        if room.startswith("-"):
            number = place.number
        return self._finished(
            place, f"{head}{name}{number}{room}", said, [fault, room and "unit and room"]
        )

    def _word(self) -> str:
        return self.rng.choice(_BUILDING_WORDS)

    def _farm(self, place: Place) -> Query:
        village, fault = self._fault(place.village)
        yard, group = (
            place.name,
            f"{self._number(place.group)}{self.rng.choice(('组', '组', '社', '队'))}",
        )
        head, number = self._head(place), f"{self._number(place.number)}号"
        said = Said(village=village, group=place.group, number=place.number)
        form = self.rng.choice(("yard first", "yard last", "no yard"))
        if form == "no yard":
            return self._finished(
                place, f"{head}{village}{group}{number}", said, [fault, "courtyard left out"]
            )
        said = replace(said, name=yard)
        tail = f"{yard}{number}" if form == "yard first" else f"{number}{yard}"
        return self._finished(place, f"{head}{village}{group}{tail}", said, [fault])

    def _old(self, place: Place) -> Query:
        road, fault = self._fault(place.road)
        said = Said(road=road, door=place.door, number=place.number)
        door, sub = self._number(place.door), self._number(place.number)
        text = self.rng.choice(
            (
                f"{road}{door}号附{sub}号",
                f"{road}{door}号附{sub}",
                f"{road}{place.door}-{place.number}号",
            )
        )
        return self._finished(place, f"{self._head(place)}{text}", said, [fault])

    def _own(self, place: Place) -> Query:
        name, fault = self._fault(place.name)
        said = Said(name=name)
        text = self.rng.choice(
            (f"{name}", f"{name}门口", f"{place.street}{name}", f"{place.road}{place.door}号{name}")
        )
        if place.road in text:
            said = replace(said, road=place.road, door=place.door)
        return self._finished(place, text, said, [fault])


def answerable(known: list[Place], count: int, seed: int) -> list[Query]:
    """Noisy queries for buildings drawn at random, half of them in estates."""
    rng, typist = random.Random(seed), Typist(known, seed + 1)
    forms = {
        form: [p for p in known if p.form == form] for form in ("estate", "farm", "old", "own")
    }
    drawn = rng.choices(list(forms), weights=(5, 2, 1.5, 1.5), k=count)
    return [typist.query(rng.choice(forms[form])) for form in drawn]


class Stranger:
    """Writes addresses of places that do not exist, next to some that do."""

    def __init__(self, known: list[Place], seed: int) -> None:
        self.rng = random.Random(seed)
        self.farms = [p for p in known if p.form == "farm"]
        self.homes = list({p.name: p for p in known if p.form == "estate"}.values())
        self.names = {p.name for p in self.homes}
        self.stems = sorted({_TAIL.sub("", name) for name in self.names})
        self.tails = sorted({found[0] for name in self.names if (found := _TAIL.search(name))})
        self.last: dict[str, int] = {}
        for place in known:
            if place.form == "estate":
                self.last[place.name] = max(self.last.get(place.name, 0), int(place.number))

    def estate_of_a_known_stem(self, place: Place) -> str:
        while (name := self.rng.choice(self.stems) + self.rng.choice(self.tails)) in self.names:
            pass
        return f"{place.street}{name}{place.number}栋"

    def _unheard_of(self) -> str:
        return "".join(self.rng.sample(_STRAY, 2)) + self.rng.choice(self.tails)

    def estate_unheard_of(self, place: Place) -> str:
        return f"{self._unheard_of()}{place.number}幢"

    def building_beyond_the_last(self, place: Place) -> str:
        return f"{place.name}{self.last[place.name] + self.rng.randint(1, 30)}号楼"

    def door_beyond_the_last(self, place: Place) -> str:
        return f"{place.street}{place.road}{self.rng.randint(300, 999)}号"

    def estate_at_another_door(self, place: Place) -> str:
        other = self.rng.choice([p for p in self.homes if p.road != place.road])
        return f"{other.road}{other.door}号 {place.name}{place.number}栋"

    def new_estate_at_a_known_door(self, place: Place) -> str:
        # One character off the estate at that door is what a typo looks like.
        while OSA.distance(name := self._unheard_of(), place.name) < 2:
            pass
        return f"{place.road}{place.door}号{name}{place.number}栋"

    def name_with_a_word_before(self, place: Place) -> str:
        while (name := self.rng.choice("新老南北东西") + place.name) in self.names:
            pass
        return f"{name}{place.number}栋"

    def group_beyond_the_last(self, _: Place) -> str:
        return f"{self.rng.choice(self.farms).village}{self.rng.randint(40, 90)}组1号"

    def estate_in_another_street(self, place: Place) -> str:
        other = self.rng.choice([p for p in self.homes if p.street != place.street])
        return f"大安区{other.street}{place.name}{place.number}栋"

    def no_address(self, _: Place) -> str:
        return self.rng.choice(
            ("楼上漏水", "小区门口有人打架", "附近垃圾没人收", "3栋2单元", "501室", "路灯坏了三天")
        )


_ABSENT = (
    Stranger.estate_of_a_known_stem, Stranger.estate_unheard_of, Stranger.building_beyond_the_last,
    Stranger.door_beyond_the_last, Stranger.estate_at_another_door,
    Stranger.new_estate_at_a_known_door, Stranger.name_with_a_word_before,
    Stranger.group_beyond_the_last, Stranger.estate_in_another_street, Stranger.no_address,
)  # fmt: skip


def unanswerable(known: list[Place], count: int, seed: int) -> list[Query]:
    """Addresses that name no place of the register, or contradict themselves."""
    stranger = Stranger(known, seed)
    found = []
    for n in range(count):
        write = _ABSENT[n % len(_ABSENT)]
        text = write(stranger, stranger.rng.choice(stranger.homes))
        found.append(Query(text, "none", write.__name__.replace("_", " "), None, frozenset()))
    return found
