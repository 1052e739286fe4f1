"""Password hashes (argon2id) and session tokens. Nothing here touches the store."""

import hashlib
import secrets
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rules.passwords import normalised

_HASHER: Final = PasswordHasher()
"""RFC 9106's second recommendation: 64 MiB, three passes (argon2-cffi's default)."""


def password_hash(password: str) -> str:
    """Hash a password with a fresh salt; takes about a tenth of a second."""
    return _HASHER.hash(_bytes(password))


def _bytes(password: str) -> bytes:
    # A lone surrogate is no text, but an attacker may send one: it has to fail like any other.
    return normalised(password).encode("utf-8", "surrogatepass")


@cache
def _nobodys_hash() -> str:
    return password_hash(secrets.token_urlsafe(32))


def password_fits(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; takes as long when there is no hash at all."""
    try:
        _HASHER.verify(stored or _nobodys_hash(), _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def new_token() -> str:
    """Give a session token of 256 random bits, fit for a cookie."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """SHA-256 of a text as hexadecimal; tokens and lock-out keys are stored only so."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
