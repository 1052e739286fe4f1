"""What an address says: one spelling for all ways of writing it, then names and numbers.

The grammar knows the words that follow a number (号, 栋, 单元, 组 …), no places: which of the names
is a road and which an estate is for the gazetteer to say.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

NumberKind = Literal["door", "sub", "building", "unit", "floor", "room", "group"]
"""号, 附号, 栋, 单元, 层, 室 and 组, in this order."""

_LONGEST: Final = 120
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−─~"), "-")
_VALUES: Final = {
    **{digit: value for value, digit in enumerate("零一二三四五六七八九")},
    **{digit: value for value, digit in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
}
_TENS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100}
_NUMERALS: Final = "".join({**_VALUES, **_TENS})
_COUNTED: Final = r"号|#|栋|幢|座|棟|单元|室|层|楼|村民小组|小组|组|社(?!区)|队|期|弄|段|区|网格"
_CHINESE_NUMBER: Final = re.compile(
    # 三多寨三组, 十字村: only what counts something is a number; the rest is part of a name.
    rf"(?<![0-9{_NUMERALS}])[{_NUMERALS}]+(?={_COUNTED})|(?<=附)[{_NUMERALS}]+"
)
_ONE_SPELLING: Final = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"[^\w#-]|_", ""),
        (r"(?<![0-9])([0-9]+)-([0-9]+)号", r"\1号附\2号"),
        (r"第(?=[0-9]+(栋|号|#|幢|座|单元|组))", ""),
        (r"(?<=[0-9a-z])(号楼|号幢|号栋|#楼|栋楼|幢楼|#|幢|座|棟)", "栋"),
        (r"(?<=[0-9])(号院|号大院)", "号"),
        (r"(?<=[0-9])(社(?!区)|队|村民小组|小组)", "组"),
        (r"(?<=[0-9])(房(?!子)|号房|号室)", "室"),
        (r"(?<=[0-9])楼", "层"),
        (r"(?<=[0-9]栋)([0-9]{1,2})门", r"\1单元"),
        (r"(?<=附)([0-9]+)(?![0-9号])", r"\1号"),
        # 3-2-501 at the end; on a road a dash joins door numbers instead.
        (r"(?<![0-9a-z路街巷道-])([0-9]{1,3}|[a-z])-([0-9]{1,2})-([0-9]{3,4})$", r"\1栋\2单元\3室"),
        (r"(?<![0-9a-z路街巷道-])([0-9]{1,3}|[a-z])-([0-9]{3,4})$", r"\1栋\2室"),
        (r"(?<![0-9a-z路街巷道-])([0-9]{1,3}|[a-z])-([0-9]{1,2})$", r"\1栋\2单元"),
        (r"#|(?<![0-9])-|-(?![0-9])", ""),
        (r"(?<![0-9a-z])0+(?=[0-9])", ""),
    )
)
_ODD: Final = re.compile(
    rf"[^\u4e00-\u9fff0-9a-z]|[{_NUMERALS}](?={_COUNTED})|[第附楼幢座棟]|号[院房室栋大]|栋[0-9]"
    r"|[0-9][社队村小房]|0[0-9]"
)
"""What may have to be rewritten. Most of a register has none of it, and a city has very many."""
_NUMBER: Final = re.compile(
    r"附(?P<sub>[0-9]+)号?"
    r"|(?<![0-9a-z])(?P<value>[0-9]+[a-z]?|[a-z][0-9]*)(?P<of>号|弄|栋|单元|层|室|组)"
    r"|(?<=[栋元层])(?P<room>[0-9]{3,4})$"
)
_BARE: Final = re.compile(r"(?<=[^0-9a-z号栋元层室组附])([0-9]{1,3})$")
_KIND_OF: Final[dict[str, NumberKind]] = {
    "号": "door", "弄": "door", "栋": "building", "单元": "unit", "层": "floor", "室": "room",
    "组": "group",
}  # fmt: skip
_INDOORS: Final = ("building", "unit", "floor")
"""A 号 right behind one of these is a door inside: 3栋12号, 2单元12号."""
_NEAR: Final = re.compile(
    r"(附近|旁边|旁|对面|门口|大门|楼下|楼上|里面|院内|内|那边|这边|一带|的|处)+$"
)


@dataclass(frozen=True)
class Number:
    """A number and what it counts; ``after`` is the place of the name before it, -1 for none."""

    kind: NumberKind
    value: str
    after: int


@dataclass(frozen=True)
class Address:
    """The names and numbers of an address, in the order in which they stand."""

    text: str
    names: tuple[str, ...]
    numbers: tuple[Number, ...]

    def first(self, kind: NumberKind) -> str:
        """Value of the first number of a kind; empty where none is said."""
        return next((number.value for number in self.numbers if number.kind == kind), "")


def normalise(text: str) -> str:
    """Give the one spelling of an address: ３幢, 三号楼 and 3# are 3栋.

    Full-width and compatibility characters, Chinese digits that count something, spaces and
    punctuation are evened out. Doing it twice changes nothing.
    """
    text = text[:_LONGEST]
    if not _ODD.search(plain := "".join(text.split())):
        return plain
    while (step := _once(text)) != text:
        text = step
    return text


def _once(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower().translate(_DASHES)
    for pattern, new in _ONE_SPELLING[:1]:
        text = pattern.sub(new, text)
    text = _CHINESE_NUMBER.sub(lambda found: _arabic(found[0]), text)
    for pattern, new in _ONE_SPELLING[1:]:
        text = pattern.sub(new, text)
    return text


def _arabic(numeral: str) -> str:
    """Value of a Chinese number of either style: 一百二十 and 一二〇 are 120."""
    if not any(digit in _TENS for digit in numeral):
        return "".join(str(_VALUES[digit]) for digit in numeral)
    total, last = 0, -1
    for digit in numeral:
        if digit in _TENS:
            total += (1 if last < 0 else last) * _TENS[digit]
            last = -1
        else:
            last = _VALUES[digit]
    return str(total + max(last, 0))


def read_address(text: str) -> Address:
    """Take an address apart; what is not a number is a name."""
    whole = normalise(text)
    return _taken_apart(whole, _BARE.sub(r"\1栋", _NEAR.sub("", whole)))


def read_name(text: str) -> Address:
    """Take a registered name apart; digits at its end belong to it: 阳光100 is not house 100."""
    whole = normalise(text)
    return _taken_apart(whole, whole)


def _taken_apart(whole: str, text: str) -> Address:
    names: list[str] = []
    numbers: list[Number] = []
    end = 0
    for found in _NUMBER.finditer(text):
        _name(names, text[end : found.start()])
        inside = found.start() == end and bool(numbers) and numbers[-1].kind in _INDOORS
        end = found.end()
        numbers.append(_number(found, len(names) - 1, inside=inside))
    _name(names, text[end:])
    return Address(whole, tuple(names), tuple(numbers))


def _name(names: list[str], text: str) -> None:
    if text := _NEAR.sub("", text):
        names.append(text)


def _number(found: re.Match[str], after: int, *, inside: bool) -> Number:
    if found["sub"]:
        return Number("sub", found["sub"], after)
    if found["room"] or (inside and found["of"] == "号"):
        return Number("room", found["room"] or found["value"], after)
    return Number(_KIND_OF[found["of"]], found["value"], after)
