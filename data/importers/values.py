"""Single values of tables: numbers, times, words for kinds and states."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from data.importers.columns import plain
from rules.kinds import KINDS, SEVERITIES, SOURCES, Kind, Severity
from rules.lifecycle import LABELS, State

_EXCEL_START: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a local time, like the cell
_ANGLE = re.compile(
    r"^(\d+)[°度]\s*(?:(\d+)['′分]\s*)?(?:([\d.]+)(?:\"|″|′′|''|秒)\s*)?([NSEW])?$", re.IGNORECASE
)
_CHINESE = re.compile(
    r"^(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})日?[T\s]*"
    r"(?:(上午|下午)?\s*(\d{1,2})[时点:](?:(\d{1,2})(?:[分:](?:(\d{1,2})(?:\.\d+)?秒?)?)?)?)?$"
)
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?$")


class BadValue(ValueError):
    """A cell cannot be meant; ``reason`` is a key of the report's texts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def text_of(value: Any) -> str:
    """Cell as trimmed text; empty for a missing one, codes kept as numbers without a fraction."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else unicodedata.normalize("NFC", str(value)).strip()


def number_of(value: Any) -> float:
    """Cell as a number: full-width digits, thousands commas and degrees-minutes-seconds too.

    Raises
    ------
    BadValue
        If it is empty, no number, or not finite.
    """
    text = unicodedata.normalize("NFKC", text_of(value)).replace(",", "")
    try:
        number = float(text)
    except ValueError:
        angle = _ANGLE.match(text)
        if angle is None:
            raise BadValue("missing" if not text else "not_a_number") from None
        degrees, minutes, seconds, side = angle.groups()
        number = int(degrees) + int(minutes or 0) / 60 + float(seconds or 0) / 3600
        number = -number if (side or "").upper() in {"S", "W"} else number
    if not math.isfinite(number):
        raise BadValue("not_a_number")
    return number


def count_of(value: Any, *, most: int = 100_000) -> int | None:
    """Cell as a whole number from 0 to ``most``; ``None`` when it is empty or no such number."""
    try:
        number = number_of(value)
    except BadValue:
        return None
    return round(number) if 0 <= number <= most else None


def time_of(value: Any, *, zone: tzinfo, form: str | None = None) -> int | None:
    """Cell as seconds since 1970 UTC; ``None`` when empty. A time without offset is of ``zone``.

    Reads ISO 8601, Chinese dates (2024年1月5日 下午3时), 2024/1/5, 20240105083000, Excel day
    numbers, and ``form`` (of ``strptime``) when given. Orders like 01/05/2024 are not guessed.

    Raises
    ------
    BadValue
        If the text is none of these.
    """
    text = unicodedata.normalize("NFKC", text_of(value))
    if not text:
        return None
    try:
        moment = _moment(text, form)
    except (ValueError, OverflowError) as error:
        raise BadValue("not_a_time") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return int(moment.astimezone(UTC).timestamp())


def _moment(text: str, form: str | None) -> datetime:
    if form:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the caller's zone is set after
    chinese = _CHINESE.match(text)
    if chinese:
        year, month, day, half, hour, minute, second = chinese.groups()
        hours = int(hour or 0)
        if half == "下午" and hours < 12:
            hours += 12
        return datetime(  # noqa: DTZ001
            int(year), int(month), int(day), hours, int(minute or 0), int(second or 0)
        )
    compact = _COMPACT.match(text)
    if compact:
        return datetime(*(int(part) for part in compact.groups() if part))  # type: ignore[arg-type]  # noqa: DTZ001
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        days = float(text)
        if 20_000 <= days < 80_000:
            return _EXCEL_START + timedelta(seconds=round(days * 86400))
    return datetime.fromisoformat(text)


@dataclass(frozen=True)
class KnownWords:
    """Kind by plain name, and kind and sub-kind by plain name of the sub-kind."""

    kinds: Mapping[str, str]
    subkinds: Mapping[str, tuple[str, str]]


def known_words(kinds: Mapping[str, Kind]) -> KnownWords:
    """Gather keys and names, the default ones and those of ``kinds``, which come first."""
    entries = [*KINDS.values(), *kinds.values()]
    return KnownWords(
        {plain(w): kind.key for kind in entries for w in (kind.key, kind.zh, kind.en)},
        {
            plain(word): (kind.key, key)
            for kind in entries
            for key, names in kind.subkinds.items()
            for word in (key, *names)
        },
    )


_KNOWN: Final = known_words(KINDS)
_SOURCE_WORDS: Final = {plain(w): key for key, names in SOURCES.items() for w in (key, *names)}
_SEVERITY_WORDS: Final = {plain(w): s for s, names in SEVERITIES.items() for w in (s.name, *names)}
_STATE_WORDS: Final = {
    **{plain(w): state for state, names in LABELS.items() for w in (state.value, *names)},
    **dict.fromkeys(("办结", "已办结", "结案", "已结案", "归档", "已归档", "完成", "已完成"),
                    State.CLOSED),
    "completed": State.CLOSED,
    **dict.fromkeys(("待处理", "待受理", "未处理", "open", "new", "新建"), State.REPORTED),
    **dict.fromkeys(("处理中", "办理中", "inprogress"), State.IN_PROGRESS),
    **dict.fromkeys(("已派遣", "已派发", "assigned"), State.DISPATCHED),
    **dict.fromkeys(("作废", "不受理", "cancelled", "canceled"), State.REJECTED),
}  # fmt: skip


def kind_of(
    value: Any, subkind: Any, words: Mapping[str, str], known: KnownWords = _KNOWN
) -> tuple[str, str]:
    """Kind and sub-kind for the words of a file.

    ``words`` (of :func:`kind_words`) comes first, then the keys and names of ``known``. Words that
    nothing knows give kind ``other``; the words themselves stay as sub-kind.
    """
    text, below = text_of(value), text_of(subkind)
    if plain(text) in words:
        return words[plain(text)], below or text
    own = known.kinds.get(plain(text))
    for word in (below, text):
        kind, key = known.subkinds.get(plain(word), ("", ""))
        if key and own in (None, kind):
            return kind, key
    return own or "other", below or ("" if own else text)


def kind_words(mapping: Mapping[str, str]) -> dict[str, str]:
    """Check a mapping of a file's words to kinds and make its words plain.

    Raises
    ------
    BadKind
        If a value is none of our kinds.
    """
    for word, kind in mapping.items():
        if kind not in KINDS:
            raise BadKind(word, kind)
    return {plain(word): kind for word, kind in mapping.items()}


class BadKind(ValueError):
    """A mapping names a kind that does not exist."""

    def __init__(self, word: str, kind: str) -> None:
        super().__init__(f"{word}={kind}")
        self.word = word
        self.kind = kind


def source_of(value: Any) -> str:
    """Source for the words of a file; ``import`` when nothing knows them."""
    return _SOURCE_WORDS.get(plain(text_of(value)), "import")


def severity_of(value: Any) -> Severity | None:
    """Severity for a word of ours; bare numbers are not read, since levels run both ways."""
    return _SEVERITY_WORDS.get(plain(text_of(value)))


def state_of(value: Any) -> State | None:
    """State for the words of a file; ``None`` when nothing knows them."""
    return _STATE_WORDS.get(plain(text_of(value)))


def satisfaction_of(value: Any) -> int | None:
    """Satisfaction from 1 to 5, from the number or the usual words."""
    words = {
        "非常满意": 5,
        "很满意": 5,
        "满意": 4,
        "基本满意": 3,
        "一般": 3,
        "不满意": 2,
        "非常不满意": 1,
    }
    found = words.get(text_of(value)) or count_of(value, most=5)
    return found or None
