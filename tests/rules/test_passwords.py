import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.passwords import WeakPassword, normalised, require_strong, weaknesses


@pytest.mark.parametrize(
    ("password", "login", "broken"),
    [
        ("Calm-River-2026", "", ()),
        ("Grid-Map-2026", "", ("common",)),
        ("网格一张图-Da'an2023", "", ()),
        ("aB3$", "", ("length",)),
        ("aB3$" * 60, "", ("length",)),
        ("abcdefghijkl", "", ("classes",)),
        ("abcdefghijk1", "", ("classes",)),
        ("P@ssw0rd123", "", ("common",)),
        ("Password123!", "", ("common",)),
        ("Wang.Wei-2026", "wangwei", ("login",)),
        ("aaa", "aaa", ("length", "classes", "login")),
    ],
)
def test_all_broken_rules_are_named(password: str, login: str, broken: tuple[str, ...]) -> None:
    assert weaknesses(password, login=login) == broken


def test_weak_password_carries_its_reasons() -> None:
    with pytest.raises(WeakPassword) as caught:
        require_strong("short")
    assert caught.value.reasons == ("length", "classes")


def test_full_width_typing_gives_the_same_password() -> None:
    assert normalised("Ｇｒｉｄ－２０２６") == normalised("Grid-2026")


@given(st.text())
def test_any_text_gets_an_answer(password: str) -> None:
    assert set(weaknesses(password, login=password)) <= {"length", "classes", "common", "login"}
