"""What a password must be: long, mixed, not everybody's, not the login."""

import unicodedata
from typing import Final

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 200
"""Longer ones only cost time to hash."""

MIN_CLASSES: Final = 3
"""Of four: lower case, upper case, digits, everything else."""

COMMON: Final = frozenset(
    {
        "admin123456", "administrator", "aa123456789", "abc1234567", "abcd123456", "abcdef123456",
        "changeme123", "gridmap2026", "iloveyou123", "letmein123", "p@ssw0rd12", "p@ssw0rd123",
        "passw0rd123", "password12", "password123", "password1234", "password123456", "qwer123456",
        "qwerty1234", "qwerty12345", "qwerty123456", "qwertyuiop", "root123456", "test123456",
        "user123456", "wangge123", "wangge123456", "welcome123", "woaini1314", "woaini520",
        "zhongxin123", "zzzx123456", "1q2w3e4r5t", "1qaz2wsx3edc", "1qazxsw23edc", "5201314521",
    }
)  # fmt: skip
"""Passwords that meet the rules once a sign is added or a letter capitalised; compared by
:func:`_core`."""


class WeakPassword(ValueError):
    """A password breaks rules; ``reasons`` names all: length, classes, common, login."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


def normalised(password: str) -> str:
    """Give the form that is hashed: full-width and composed signs count as their plain form."""
    return unicodedata.normalize("NFKC", password)


def _core(password: str) -> str:
    return "".join(c for c in password.lower() if c.isalnum())


def _classes(password: str) -> int:
    return len({
        "lower" if c.islower() else "upper" if c.isupper() else "digit" if c.isdigit() else "other"
        for c in password
    })  # fmt: skip


def weaknesses(password: str, *, login: str = "") -> tuple[str, ...]:
    """Name the rules that ``password`` breaks; empty for a good one."""
    plain = normalised(password)
    core = _core(plain)
    name = _core(login)
    broken = {
        "length": not MIN_LENGTH <= len(plain) <= MAX_LENGTH,
        "classes": _classes(plain) < MIN_CLASSES,
        "common": core in {_core(common) for common in COMMON},
        "login": len(name) >= 3 and name in core,
    }
    return tuple(reason for reason, breaks in broken.items() if breaks)


def require_strong(password: str, *, login: str = "") -> str:
    """Give the normalised password.

    Raises
    ------
    WeakPassword
        If it breaks a rule; carries all of them.
    """
    if found := weaknesses(password, login=login):
        raise WeakPassword(found)
    return normalised(password)
