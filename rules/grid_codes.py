"""Codes of new grids: the community's code and a sequence number, and none is ever used twice.

A grid that lives on keeps its code, whatever happened to its borders; numbers are not put in
order from west to east anew, for a code stands on door plates, in phones and in old reports
(planning study, chapter 2: codes stay with the heir).
"""

import re
from collections import Counter
from collections.abc import Collection
from itertools import count, islice
from typing import Final

DIGITS: Final = 3
"""Digits of the sequence number in a community (CJ/T 349: 6 + 3 + 3 + 3 digits)."""

_NUMBERED: Final = re.compile(r"^(.*?)(\d+)$")


def next_codes(
    community: str, *, siblings: Collection[str], taken: Collection[str], many: int
) -> list[str]:
    """Give the codes of so many new grids.

    Parameters
    ----------
    community
        Code of the community.
    siblings
        Codes of its grids, closed ones too. Where none is made of the community's code and a
        number, new codes follow the form that most of them have.
    taken
        Codes that any area has or had.
    many
        How many are asked for.
    """
    stem, digits = _form(community, siblings)
    used = [int(code[len(stem) :]) for code in {*siblings, *taken} if _is_of(code, stem, digits)]
    known, first = {*siblings, *taken}, 1 + max(used, default=0)
    last = 10**digits - 1
    # Past the last number the gaps are filled, and then the numbers grow longer.
    numbers = (n for some in (range(first, last + 1), range(1, first), count(last + 1))
               for n in some)  # fmt: skip
    codes = (f"{stem}{n:0{digits}d}" for n in numbers)
    return list(islice((code for code in codes if code not in known), many))


def _form(community: str, siblings: Collection[str]) -> tuple[str, int]:
    """Stem and digits that new codes are made with."""
    if not siblings or any(_is_of(code, community, DIGITS) for code in siblings):
        return community, DIGITS
    forms = Counter(
        (found[1], len(found[2])) for code in siblings if (found := _NUMBERED.match(code))
    )
    if not forms:
        return f"{community}-", DIGITS
    return min(forms, key=lambda form: (-forms[form], form))


def _is_of(code: str, stem: str, digits: int) -> bool:
    rest = code[len(stem) :]
    return code.startswith(stem) and len(rest) == digits and rest.isdecimal() and rest.isascii()
