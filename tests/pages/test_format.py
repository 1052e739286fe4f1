"""Numbers, times and text on the screen."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from pages import _format, _html
from pages._text import texts

NOW = datetime(2026, 6, 17, 4, 0, tzinfo=UTC)
ZH, EN = texts("zh"), texts("en")


@pytest.mark.parametrize(
    ("left", "zh", "en"),
    [
        (timedelta(minutes=40), "剩40分钟", "40 min left"),
        (timedelta(hours=-3), "超期3小时", "overdue by 3 h"),
        (timedelta(days=-5), "超期5天", "overdue by 5 d"),
        (timedelta(hours=30), "剩30小时", "30 h left"),
    ],
)
def test_a_deadline_is_said_in_words(left: timedelta, zh: str, en: str) -> None:
    assert _format.due_words(NOW + left, NOW, ZH) == zh
    assert _format.due_words(NOW + left, NOW, EN) == en


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW - timedelta(hours=1), "11:00"),
        (NOW - timedelta(days=3), "06-14 12:00"),
        (NOW - timedelta(days=365), "2025-06-17"),
    ],
)
def test_times_are_as_short_as_is_clear_and_in_chinese_time(moment: datetime, words: str) -> None:
    assert _format.date_time(moment, NOW) == words


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("open", 1234, "1,234"),
        ("load", 1.234, "123%"),
        ("satisfaction", 0.9211, "92.1%"),
        ("per_100", 12.94, "12.9"),
        ("satisfaction", None, "–"),
    ],
)
def test_each_figure_is_printed_in_its_form(key: str, value: float | None, words: str) -> None:
    assert _format.figure_text(key, value) == words


PAYLOADS = st.sampled_from(
    ["{{7*7}}", "${alert(1)}", "`x`", "</script>", "<img src=x onerror=alert(1)>", "![a](b)",
     "[a](javascript:x)", "**b**", ":red[x]", "\u202eabc", "😀", "a\nb", "<!--", "&lt;"]
)  # fmt: skip


@given(st.lists(PAYLOADS | st.text(max_size=20), min_size=1, max_size=4).map("".join))
def test_no_text_becomes_markup(text: str) -> None:
    for made in (
        _html.note(text, text, "/"), _html.facts([(text, text)]), _html.heading(text, text),
        _html.badge(text), _html.empty(text),
    ):  # fmt: skip
        inside = str(made).replace(str(Markup.escape(text)), "")
        assert "<img" not in inside
        assert "<script" not in inside
        assert isinstance(made, Markup)


@given(st.text(alphabet="*_`[]()#<>!|~:$&\\-+.x ", max_size=30))
def test_no_mark_of_markdown_is_left_bare_in_a_label(text: str) -> None:
    label = _html.plain(text)
    bare = [
        c for i, c in enumerate(label)
        if c in "*_`[]()#<>!|~:$&" and (len(label[:i]) - len(label[:i].rstrip("\\"))) % 2 == 0
    ]  # fmt: skip
    assert bare == []
