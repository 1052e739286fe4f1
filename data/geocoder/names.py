"""Names of places and how they are heard: retrieval by characters, then distance by editing."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

Mask = NDArray[np.bool_]

_LEAST_SHARE: Final = 0.3
_MOST_NEAR: Final = 60
_DIGITS: Final = re.compile(r"[0-9a-z]+")
_TAILS: Final = (
    "家属院", "小区", "花园", "佳园", "公寓", "新村", "名居", "华府", "雅苑", "家园", "新城", "苑",
    "大厦", "广场", "庭院", "横街", "支路", "大道", "街道", "社区", "路", "街", "巷", "镇", "乡",
    "村", "里", "园", "城", "院", "区",
)  # fmt: skip


def stem(name: str) -> str:
    """Name without the word for its kind: 盐马 of 盐马雅苑; at least two characters stay."""
    for tail in _TAILS:
        if name.endswith(tail) and len(name) >= len(tail) + 2:
            return name[: -len(tail)]
    return name


@dataclass(frozen=True, slots=True)
class Heard:
    """Where a name is heard in the words of an address, and how well.

    ``matched`` of ``said`` characters agree; ``how`` is exact, typo or partial (the word for its
    kind was left out).
    """

    word: int
    start: int
    end: int
    matched: float
    said: float
    how: str


def heard(name: str, words: tuple[str, ...]) -> Heard | None:
    """Find the words that come nearest to a name; ``None`` if none comes near.

    Up to half the characters may differ, but no digit: 盐都花园2期 is never 盐都花园3期.
    """
    best: Heard | None = None
    for number, word in enumerate(words):
        at = word.rfind(name)
        if at >= 0:
            return Heard(number, at, at + len(name), len(name), len(name), "exact")
        short, near = _partial(name, number, word), _nearest(name, number, word)
        if short and near and short.end < len(word):
            short = None  # 怡心院 is 怡心苑 with a slip of the pen, not 怡心 and an 院
        for found in (short, near):
            if found and (best is None or _worth(found) > _worth(best)):
                best = found
    return best


def _worth(found: Heard) -> tuple[float, float]:
    return found.matched / found.said, found.matched


_UNSAID: Final = 0.5
"""What leaving out the word for the kind costs, in characters, however long that word is."""


def _partial(name: str, number: int, word: str) -> Heard | None:
    short = stem(name)
    at = word.rfind(short)
    if short == name or at < 0:
        return None
    return Heard(number, at, at + len(short), len(short), len(short) + _UNSAID, "partial")


def _nearest(name: str, number: int, word: str) -> Heard | None:
    most = max(1, len(name) // 2)
    if len(name) < 3 or len(word) < len(name) - most:
        return None
    digits = _DIGITS.findall(name)
    best: tuple[float, int, int, int] | None = None
    for length in range(max(2, len(name) - 1), len(name) + 2):
        for start in range(len(word) - length + 1):
            window = word[start : start + length]
            lost = OSA.distance(name, window, score_cutoff=most)
            if lost > most:
                continue
            key = (lost, abs(length - len(name)), -start, length)
            if (best is None or key < best) and _DIGITS.findall(window) == digits:
                best = key
    if best is None:
        return None
    lost, length, start = int(best[0]), best[3], -best[2]
    said = max(length, len(name))
    return Heard(number, start, start + length, said - lost, said, "typo")


@dataclass(frozen=True, eq=False)
class NameIndex:
    """Distinct names with an inverted index over their characters and pairs of characters."""

    texts: tuple[str, ...]
    ids: dict[str, int]
    postings: dict[str, NDArray[np.int32]]
    grams: NDArray[np.int32]
    longest: int

    @classmethod
    def of(cls, texts: list[str]) -> "NameIndex":
        """Index names that are all different."""
        lists: dict[str, list[int]] = {}
        for n, text in enumerate(texts):
            for gram in _grams(text):
                lists.setdefault(gram, []).append(n)
        return cls(
            texts=tuple(texts),
            ids={text: n for n, text in enumerate(texts)},
            postings={gram: np.array(held, np.int32) for gram, held in lists.items()},
            grams=np.array([len(_grams(text)) for text in texts], np.int32),
            longest=max(map(len, texts), default=0),
        )

    def within(self, word: str) -> set[int]:
        """Names that stand in a word, letter for letter."""
        return {
            self.ids[part]
            for start in range(len(word) - 1)
            for end in range(start + 2, min(len(word), start + self.longest) + 1)
            if (part := word[start:end]) in self.ids
        }

    def near(self, word: str, allowed: Mask) -> list[int]:
        """Names that share most characters with a word, best first, of those allowed."""
        said = _grams(word)
        lists = [held for gram in said if (held := self.postings.get(gram)) is not None]
        if not lists:
            return []
        shared = np.bincount(np.concatenate(lists), minlength=len(self.texts))
        share = shared / np.maximum(1, np.minimum(self.grams, len(said)))
        share[~allowed] = 0
        likely = np.flatnonzero(share >= _LEAST_SHARE)
        best = likely[np.lexsort((-shared[likely], -share[likely]))]
        return [int(n) for n in best[:_MOST_NEAR]]


def _grams(text: str) -> set[str]:
    return {*text, *(text[i : i + 2] for i in range(len(text) - 1))}
