from datetime import UTC, datetime, timedelta

import pytest

from data.lockout import LOCK_SECONDS, MAX_FAILURES, LockedOut, claim, forget, take_back
from data.store import Store

AT = datetime(2026, 6, 17, 4, tzinfo=UTC)


def fail(store: Store, *keys: str, at: datetime = AT) -> datetime | None:
    with store.write() as conn:
        return claim(conn, keys, now=at)


def test_fifth_failure_locks_for_ten_minutes(store: Store) -> None:
    found = [fail(store, "a") for _ in range(MAX_FAILURES)]
    until = AT + timedelta(seconds=LOCK_SECONDS)
    assert found == [None] * (MAX_FAILURES - 1) + [until]
    with pytest.raises(LockedOut) as caught:
        fail(store, "a", at=until - timedelta(seconds=1))
    assert caught.value.until == until
    assert fail(store, "a", at=until) is None


def test_lock_of_one_key_refuses_the_attempt_for_all_its_keys(store: Store) -> None:
    for n in range(MAX_FAILURES):
        fail(store, f"login {n}", "address")
    with pytest.raises(LockedOut):
        fail(store, "another login", "address")
    assert fail(store, "another login", "another address") is None


def test_old_failures_are_forgotten(store: Store) -> None:
    for n in range(3 * MAX_FAILURES):
        assert fail(store, "a", at=AT + timedelta(seconds=n * LOCK_SECONDS)) is None


def test_right_password_takes_back_one_attempt_only(store: Store) -> None:
    for _ in range(MAX_FAILURES - 1):
        fail(store, "a")
    fail(store, "a")
    with store.write() as conn:
        take_back(conn, "a")
    assert fail(store, "a") is not None


def test_forgetting_opens_a_lock(store: Store) -> None:
    for _ in range(MAX_FAILURES):
        fail(store, "a")
    with store.write() as conn:
        forget(conn, "a")
    assert fail(store, "a") is None
