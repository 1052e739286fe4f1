"""Numbers of grids in Chinese numerals."""

import pytest

from rules.numerals import chinese_number, read_chinese


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (42, "四十二"), (99, "九十九")],
)
def test_number_is_written_as_people_write_it(number: int, text: str) -> None:
    assert chinese_number(number) == text


@pytest.mark.parametrize("number", range(1, 100))
def test_what_is_written_is_read_back(number: int) -> None:
    assert read_chinese(chinese_number(number)) == number


@pytest.mark.parametrize("text", ["", "零", "百", "一一", "十十", "7"])
def test_other_text_is_no_number(text: str) -> None:
    assert read_chinese(text) is None
