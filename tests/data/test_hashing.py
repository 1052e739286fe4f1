from typing import Any

import pytest
from argon2 import PasswordHasher

from data.hashing import digest, needs_rehash, new_token, password_fits, password_hash


def test_password_fits_its_own_hash_only() -> None:
    stored = password_hash("Calm-River-2026")
    assert password_fits(stored, "Calm-River-2026")
    assert password_fits(stored, "Ｃalm-River-２０２６")
    assert not password_fits(stored, "calm-river-2026")


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$broken"])
def test_nothing_fits_a_missing_or_broken_hash(stored: str | None) -> None:
    assert not password_fits(stored, "")


def test_missing_hash_costs_as_much_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []

    class Watched(PasswordHasher):
        def verify(self, *args: Any) -> Any:
            looked_at.append(args)
            return super().verify(*args)

    monkeypatch.setattr("data.hashing._HASHER", Watched(time_cost=1, memory_cost=8, parallelism=1))
    password_fits(None, "x")
    assert len(looked_at) == 1


def test_same_password_never_hashes_alike() -> None:
    assert password_hash("x") != password_hash("x")


def test_hash_with_other_parameters_is_renewed() -> None:
    assert not needs_rehash(password_hash("x"))
    assert needs_rehash(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash("x"))


def test_tokens_differ_and_fit_a_cookie() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(t.replace("-", "").replace("_", "").isalnum() and t.isascii() for t in tokens)


def test_any_text_has_a_digest() -> None:
    assert len({digest(""), digest("网格"), digest("\udcff")}) == 3
