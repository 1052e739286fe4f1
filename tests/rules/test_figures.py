import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.figures import DEFAULT_FIGURE, FIGURES, Sums, class_breaks, load_ratio

numbers = st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=60)
ways = st.sampled_from(["quantiles", "equal"])
SUMS = Sums(
    households=200, items=9, open=5, overdue=2, due_soon=1, new=3, reported=40, closed=30,
    evaluated=8, satisfied=6, effort=300.0, duty=60.0, capacity=480.0, chiefs=2, chiefless=3,
)  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"),
    [("open", 5), ("overdue", 2), ("due_soon", 1), ("new", 3), ("load", 0.75), ("per_100", 20),
     ("satisfaction", 0.75), ("per_chief", 100), ("chiefless", 3), ("items", 9)],
)  # fmt: skip
def test_figures_follow_their_formulas(key, value):
    assert FIGURES[key].value(SUMS) == value


@pytest.mark.parametrize("key", FIGURES)
def test_nothing_to_divide_by_is_no_value_and_never_an_error(key):
    value = FIGURES[key].value(Sums())
    assert value is None or value == 0


def test_the_keys_name_their_figures_in_both_languages():
    assert DEFAULT_FIGURE in FIGURES
    for key, figure in FIGURES.items():
        assert figure.key == key
        assert figure.zh
        assert figure.en


def test_no_capacity_is_no_ratio():
    assert load_ratio(10, 10, 0) is None
    assert load_ratio(0, 0, 60) == 0


@given(numbers, ways, st.integers(1, 9))
def test_breaks_rise_end_at_the_largest_and_are_few(values, classing, classes):
    breaks = class_breaks(values, classing=classing, classes=classes)
    known = [v for v in values if v is not None]
    assert breaks == sorted(set(breaks))
    assert len(breaks) <= classes
    assert breaks[-1:] == ([max(known)] if known else [])


@given(numbers, st.integers(1, 9))
def test_no_class_of_quantiles_is_empty(values, classes):
    breaks = class_breaks(values, classing="quantiles", classes=classes)
    below = -math.inf
    for bound in breaks:
        assert any(v is not None and below < v <= bound for v in values)
        below = bound


@given(numbers, ways)
def test_values_that_are_none_do_not_count(values, classing):
    strange = [*values, None, math.nan, math.inf, -math.inf]
    assert class_breaks(strange, classing=classing) == class_breaks(values, classing=classing)


def test_equal_steps_are_equal():
    assert class_breaks([0, 10], classing="equal") == [2, 4, 6, 8, 10]


def test_quantiles_hold_about_as_many_each():
    assert class_breaks(list(range(101)), classing="quantiles") == [20, 40, 60, 80, 100]
