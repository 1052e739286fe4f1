import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from data.words import Words, _many, _positions

text = st.text(st.sampled_from("ab井盖%_ \0é"), max_size=6)
texts = st.lists(text, max_size=12)


def plain(value: str) -> str:
    return value.replace("\0", " ")


@given(texts, text)
def test_matching_rows_are_those_that_hold_the_text(rows, needle):
    needle = needle.replace("\0", "")
    column = Words.folded(rows)
    assert column.matching(needle.encode()).tolist() == [needle in plain(row) for row in rows]


@given(texts, text)
def test_equal_rows_are_those_of_exactly_this_text(rows, needle):
    needle = plain(needle)
    found = Words.folded(rows).equal(needle).tolist()
    assert found == [i for i, row in enumerate(rows) if plain(row) == needle]


@given(texts)
def test_texts_come_back(rows):
    column = Words.folded(rows)
    assert [column.at(i) for i in range(len(column))] == [plain(row) for row in rows]


@given(texts, st.lists(st.tuples(st.integers(0, 20), text), max_size=5))
def test_changed_rows_have_their_new_texts(rows, changes):
    latest = dict(changes)
    size = max([len(rows), *(at + 1 for at in latest)])
    added = dict.fromkeys(range(len(rows), size), "") | latest
    column = Words.folded(rows).changed(np.array(list(added), np.int64), list(added.values()), size)
    right = [plain(added.get(i, rows[i] if i < len(rows) else "")) for i in range(size)]
    assert [column.at(i) for i in range(size)] == right


@given(st.binary(max_size=60), st.binary(min_size=1, max_size=3))
def test_many_hits_are_found_like_few(blob, needle):
    right = [i for i in range(len(blob)) if blob.startswith(needle, i)]
    assert _positions(blob, needle).tolist() == right
    assert _many(blob, needle).tolist() == right


def test_more_hits_than_are_found_one_by_one():
    column = Words.of(["xx" * 15_000, "y", "x"], [0, 1, 2, 1])
    assert column.matching(b"x").tolist() == [True, False, True, False]


def test_letter_case_does_not_matter_after_lowering():
    assert Words.of(["AbC"], [0]).lowered().matching(b"bc").tolist() == [True]
