"""Classes of a figure: ascending, never empty, and not wasted on a crowd of equal values."""

import math

from hypothesis import given
from hypothesis import strategies as st

from rules.figures import class_breaks

VALUES = st.lists(
    st.none() | st.integers(0, 40) | st.floats(0, 10) | st.just(math.nan), max_size=60
)


def filled(values: list[float], breaks: list[float]) -> list[int]:
    counts = [0] * len(breaks)
    for value in values:
        counts[next(i for i, bound in enumerate(breaks) if value <= bound)] += 1
    return counts


@given(VALUES, st.integers(1, 7))
def test_every_value_has_a_class_and_no_quantile_class_is_empty(
    values: list[float | None], classes: int
) -> None:
    known = [v for v in values if v is not None and math.isfinite(v)]
    breaks = class_breaks(values, classing="quantiles", classes=classes)
    assert len(breaks) <= classes
    assert breaks == sorted(set(breaks))
    assert set(breaks) <= set(known)
    assert all(filled(known, breaks))


@given(VALUES)
def test_equal_steps_reach_the_highest_value(values: list[float | None]) -> None:
    known = [v for v in values if v is not None and math.isfinite(v)]
    breaks = class_breaks(values, classing="equal")
    assert breaks == sorted(set(breaks))
    assert (breaks[-1] == max(known)) if known else breaks == []


def test_many_zeros_take_one_class() -> None:
    assert class_breaks([0] * 90 + [1, 2, 3, 4], classing="quantiles") == [0, 1, 2, 3, 4]


def test_two_values_are_two_classes() -> None:
    assert class_breaks([2, 5], classing="quantiles") == [2, 5]
