import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.assessment import FEW, MEASURES, TARGETS, Count, Overall, Target, judge, overall

counts = st.integers(0, 200).flatmap(
    lambda out_of: st.builds(Count, st.integers(0, out_of), st.just(out_of))
)
tables = st.dictionaries(st.sampled_from(sorted(MEASURES)), counts)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda measure: measure.key)
def test_every_measure_has_words_a_formula_and_marks(measure):
    assert MEASURES[measure.key] is measure
    assert all((measure.zh, measure.en, *measure.counted, *measure.out_of))
    assert [" ÷ " in text for text in measure.formula] == [True, True]
    good, bad = TARGETS[measure.key].good, TARGETS[measure.key].bad
    assert good > bad if measure.better == "high" else good < bad


def test_measures_and_marks_are_of_the_same_things():
    assert set(MEASURES) == set(TARGETS)
    assert {m.key for m in MEASURES.values() if m.items == "building"} == {"coverage"}


@pytest.mark.parametrize(
    ("measure", "counted", "out_of", "verdict"),
    [
        ("on_time", 0, 0, "none"),
        ("on_time", 4, 4, "few"),
        ("on_time", 19, 20, "good"),
        ("on_time", 18, 20, "fair"),
        ("on_time", 16, 20, "bad"),
        ("returns", 1, 20, "good"),
        ("returns", 2, 20, "fair"),
        ("returns", 4, 20, "bad"),
    ],
)
def test_a_share_is_held_against_its_marks(measure, counted, out_of, verdict):
    found = judge(MEASURES[measure], Count(counted, out_of), TARGETS[measure])
    assert found == verdict


@given(counts)
def test_a_share_lies_between_nothing_and_all(count):
    assert (count.rate is None) == (count.out_of == 0)
    assert count.rate is None or 0 <= count.rate <= 1


@given(tables)
def test_the_overall_view_counts_marks_only(table):
    found = overall(table, TARGETS)
    assert 0 <= found.reached <= found.judged <= len(table)
    assert found.reached + len(found.missed) <= found.judged


@given(tables, st.integers(2, 50))
def test_how_much_was_reported_plays_no_part(table, times):
    table = {key: count for key, count in table.items() if count.out_of >= FEW}
    more = {key: Count(c.counted * times, c.out_of * times) for key, c in table.items()}
    assert overall(table, TARGETS) == overall(more, TARGETS)


def test_a_district_sets_its_own_marks():
    table = {"on_time": Count(1, 2)}
    assert overall(table, TARGETS) == Overall(0, 0, ())
    marks = {**TARGETS, "on_time": Target(0.5, 0.2)}
    assert overall(table, marks, few=1) == Overall(1, 1, ())
