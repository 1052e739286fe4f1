"""The map of a plan: changes fit or are refused, go back, and its hash tells plans apart.

Three cells in a row and two grids::

    +---+---+---+
    | 1 | 2 | 3 |     g1 has the cells 1 and 2, g2 has 3
    +---+---+---+
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.plan_state import (
    Conflict,
    Mark,
    PlanMap,
    applied,
    border_key,
    change_to,
    difference,
    inverse,
    label_order,
    mark_value,
    new_label,
    plan_map,
)

ROW = plan_map({
    "band": "300-500", "cell:1": "g1", "cell:2": "g1", "cell:3": "g2",
    "grid:g1": mark_value(Mark("一", code="c1", area=1)),
    "grid:g2": mark_value(Mark("二", "dedicated", "c2", 2)), "lock:grid:g2": "1",
})  # fmt: skip

KEYS = st.sampled_from(["cell:1", "cell:2", "band", "lock:cell:1", "chief:7"])
MAPS = st.dictionaries(KEYS, st.sampled_from(["1", "g1", "g2", "300-500"])).map(plan_map)


def test_state_tells_cells_grids_locks_and_band() -> None:
    assert ROW.cells == {1: "g1", 2: "g1", 3: "g2"}
    assert ROW.members == {"g1": (1, 2), "g2": (3,)}
    assert ROW.marks["g2"] == Mark("二", "dedicated", "c2", 2)
    assert ROW.locked_grids == {"g2"}
    assert ROW.band == (300, 500)


def test_change_from_another_value_is_refused() -> None:
    with pytest.raises(Conflict) as refused:
        applied(ROW, {"cell:1": ("g2", "g1"), "cell:2": ("g1", "g2")})
    assert refused.value.keys == ("cell:1",)


@given(MAPS, MAPS)
def test_difference_leads_there_and_its_inverse_back(one: PlanMap, other: PlanMap) -> None:
    change = difference(one, other)
    assert applied(one, change).digest == other.digest
    assert applied(other, inverse(change)).digest == one.digest


@given(MAPS, MAPS)
def test_digests_are_equal_exactly_for_equal_plans(one: PlanMap, other: PlanMap) -> None:
    assert (one.digest == other.digest) == (dict(one.entries) == dict(other.entries))


@given(MAPS, st.dictionaries(KEYS, st.none() | st.sampled_from(["1", "g9"])))
def test_change_to_values_sets_exactly_them(state: PlanMap, values: dict[str, str | None]) -> None:
    after = applied(state, change_to(state, values))
    expected = {**state.entries, **{k: v for k, v in values.items() if v is not None}}
    for key in [k for k, v in values.items() if v is None]:
        expected.pop(key, None)
    assert dict(after.entries) == expected


def test_living_grids_come_before_new_ones_each_by_number() -> None:
    assert sorted(["n2", "g10", "n1", "g9"], key=label_order) == ["g9", "g10", "n1", "n2"]
    assert new_label(["g9", "n2", "n1"]) == "n3"
    assert border_key("n1", "g2") == border_key("g2", "n1") == "lock:border:g2|n1"
