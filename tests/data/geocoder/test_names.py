import numpy as np
import pytest

from data.geocoder.names import NameIndex, heard, stem


def test_a_name_that_stands_in_the_words_is_heard_exactly():
    found = heard("文昌巷", ("回龙镇文昌巷秋实雅苑",))
    assert (found.start, found.end, found.how) == (3, 6, "exact")


@pytest.mark.parametrize("word", ["秋石雅苑", "秋雅苑", "秋实实雅苑", "实秋雅苑"])
def test_one_slip_of_the_pen_is_a_typo(word):
    found = heard("秋实雅苑", (word,))
    assert found.how == "typo"
    assert found.said - found.matched == 1


def test_leaving_out_the_word_for_the_kind_is_partial():
    assert heard("秋实雅苑", ("秋实",)).how == "partial"
    assert heard("秋实雅苑", ("文昌巷秋实",)).how == "partial"


def test_digits_in_a_name_never_differ():
    assert heard("盐都花园2期", ("盐都花园3期",)) is None
    assert heard("盐都花园2期", ("盐者花园2期",)).how == "typo"


def test_names_with_little_in_common_are_not_heard():
    assert heard("秋实雅苑", ("文昌巷",)) is None
    assert heard("院子", ("院长",)) is None


def test_a_stem_keeps_two_characters():
    assert stem("盐马雅苑") == "盐马"
    assert stem("金桂苑") == "金桂"
    assert stem("小区") == "小区"
    assert stem("大道") == "大道"


def test_only_allowed_names_come_near():
    index = NameIndex.of(["金桂苑", "金桂园", "文昌巷"])
    assert set(index.near("金桂", np.array([True, True, True]))) == {0, 1}
    assert index.near("金桂", np.array([False, True, True])) == [1]
    assert index.near("", np.array([True, True, True])) == []


def test_names_within_a_word_are_found_letter_for_letter():
    index = NameIndex.of(["金桂苑", "桂苑", "文昌巷"])
    assert index.within("文昌巷金桂苑") == {0, 1, 2}
    assert index.within("文") == set()
