"""Numbers from 1 to 99 in Chinese numerals, as grids are named (第一网格 … 第十二网格)."""

from typing import Final

_DIGITS: Final = "零一二三四五六七八九"
_TEN: Final = "十"
LARGEST: Final = 99


def chinese_number(number: int) -> str:
    """Write 1 to 99 with Chinese numerals."""
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else _TEN if tens == 1 else _DIGITS[tens] + _TEN
    return ten + (_DIGITS[ones] if ones else "")


_VALUES: Final = {chinese_number(number): number for number in range(1, LARGEST + 1)}


def read_chinese(text: str) -> int | None:
    """Read 1 to 99 in Chinese numerals; ``None`` for any other text."""
    return _VALUES.get(text)
