"""Text columns held in memory so that a search over a million rows takes milliseconds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_END = "\0"
"""Ends each text, so that no match runs over two of them; PostgreSQL refuses it in a text."""


class Interner(dict[str, int]):
    """Gives each distinct text the next whole number."""

    def __missing__(self, text: str) -> int:
        code = self[text] = len(self)
        return code


@dataclass(frozen=True, eq=False)
class Words:
    """One text per row, each distinct text stored once, in UTF-8.

    ``codes`` gives the text of each row, ``starts`` where each text begins in ``blob`` (with one
    more entry for the end). Substring search is on bytes: titles repeat, so few are looked at.
    """

    codes: NDArray[np.int32]
    blob: bytes
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Iterable[str], codes: Sequence[int] | NDArray[np.int32]) -> "Words":
        """Make a column from its distinct texts and the number of each row's text."""
        known = list(texts)
        blob = _blob(known)
        ends = np.flatnonzero(np.frombuffer(blob, np.uint8) == 0)
        if len(ends) != len(known):
            blob = _blob([text.replace(_END, " ") for text in known])
            ends = np.flatnonzero(np.frombuffer(blob, np.uint8) == 0)
        return cls(np.asarray(codes, np.int32), blob, np.concatenate([[0], ends + 1]))

    @classmethod
    def folded(cls, texts: Iterable[str]) -> "Words":
        """Make a column of texts in lower case, storing each distinct one once."""
        known = Interner()
        codes = list(map(known.__getitem__, map(str.lower, texts)))
        return cls.of(known, codes)

    def __len__(self) -> int:
        return len(self.codes)

    def at(self, row: int) -> str:
        """Text of one row."""
        code = self.codes[row]
        return self.blob[self.starts[code] : self.starts[code + 1] - 1].decode()

    def lowered(self) -> "Words":
        """Give the column with the letters A to Z in lower case."""
        return Words(self.codes, self.blob.lower(), self.starts)

    def take(self, rows: NDArray[np.int64]) -> "Words":
        """Give the column of these rows; the texts are shared."""
        return Words(self.codes[rows], self.blob, self.starts)

    def changed(self, rows: NDArray[np.int64], texts: Sequence[str], size: int) -> "Words":
        """Give a column of ``size`` rows in which ``rows`` have new texts."""
        added = Words.of(texts, range(len(texts)))
        codes = np.zeros(size, np.int32)
        codes[: len(self.codes)] = self.codes
        codes[rows] = added.codes + (len(self.starts) - 1)
        starts = np.concatenate([self.starts[:-1], added.starts + len(self.blob)])
        return Words(codes, self.blob + added.blob, starts)

    def equal(self, text: str) -> NDArray[np.int64]:
        """Rows that hold exactly this text."""
        whole = f"{text}{_END}".encode("utf-8", "replace")
        starts = _positions(self.blob, whole)
        code = np.searchsorted(self.starts, starts)
        return np.flatnonzero(np.isin(self.codes, code[self.starts[code] == starts]))

    def matching(self, needle: bytes) -> NDArray[np.bool_]:
        """Which rows hold ``needle``, byte for byte; an empty needle is in every row."""
        if not needle:
            return np.ones(len(self.codes), bool)
        hit = np.zeros(len(self.starts) - 1, bool)
        hit[np.searchsorted(self.starts, _positions(self.blob, needle), side="right") - 1] = True
        return hit[self.codes]


def _blob(texts: list[str]) -> bytes:
    return _END.join([*texts, ""]).encode("utf-8", "replace")


_FEW = 20_000
"""So many hits are found one by one with ``bytes.find``; beyond that numpy is faster."""


def _positions(blob: bytes, needle: bytes) -> NDArray[np.int64]:
    found: list[int] = []
    at = blob.find(needle)
    while at >= 0:
        found.append(at)
        if len(found) == _FEW:
            rest = at + 1
            return np.concatenate([np.array(found), rest + _many(blob[rest:], needle)])
        at = blob.find(needle, at + 1)
    return np.array(found, np.int64)


def _many(blob: bytes, needle: bytes) -> NDArray[np.int64]:
    data = np.frombuffer(blob, np.uint8)
    last = len(data) - len(needle) + 1
    if last <= 0:
        return np.zeros(0, np.int64)
    mask = data[:last] == needle[0]
    for i, byte in enumerate(needle[1:], 1):
        mask &= data[i : last + i] == byte
    return np.flatnonzero(mask)
