"""Languages are chosen in a fixed order, and every word of the screen has its Chinese."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from pages import _text

ROOT = Path(__file__).parents[2]
KEYWORDS = {"t": None, "later": None, "N_": None}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("de-DE,de;q=0.9,en;q=0.5,zh;q=0.6", "zh"),
        ("fr", None),
        ("", None),
        ("en;q=x", "en"),
    ],
)
def test_the_browsers_best_known_language_wins(header: str, expected: str | None) -> None:
    assert _text.accepted_locale(header) == expected


@given(st.text(max_size=200))
def test_any_language_header_is_survived(header: str) -> None:
    assert _text.choose_locale(_text.accepted_locale(header)) in _text.LOCALES


def test_the_switch_comes_before_the_account_before_the_browser() -> None:
    assert _text.choose_locale(None, "en", "zh") == "en"
    assert _text.choose_locale("zh", "en") == "zh"
    assert _text.choose_locale(None, None) == "zh"


def used_messages() -> set[str]:
    """Every message that pages and layers put through a translator."""
    found: set[str] = set()
    for folder in ("pages", "layers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            found |= {
                message
                for _, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS)
                if isinstance(message, str)
            }
    for template in sorted((ROOT / "pages").glob("*.html")):
        found |= set(re.findall(r't\("([^"]+)"\)', template.read_text("utf-8")))
    return found


def catalogue() -> dict[str, str]:
    with (_text.FOLDER / "zh_CN" / "LC_MESSAGES" / "gridmap.po").open("rb") as stream:
        messages = read_po(stream, locale="zh_CN")
    return {str(m.id): str(m.string) for m in messages if m.id}


def test_every_message_of_the_screen_is_translated() -> None:
    known = catalogue()
    assert sorted(m for m in used_messages() if not known.get(m)) == []


def test_translations_keep_the_placeholders() -> None:
    for message, translated in catalogue().items():
        assert set(re.findall(r"{\w*}", message)) == set(re.findall(r"{\w*}", translated)), message


def test_chinese_and_english_come_from_the_same_message() -> None:
    assert _text.texts("en")("Sign in") == "Sign in"
    assert _text.texts("zh")("Sign in") == "登录"


def test_no_message_is_kept_that_nobody_shows() -> None:
    assert sorted(set(catalogue()) - used_messages()) == []
