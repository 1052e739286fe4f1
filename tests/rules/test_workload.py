import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.figures import load_ratio
from rules.kinds import SEVERITY_WEIGHT, Severity
from rules.workload import Workload, standing, weigh, weighted_effort

items = st.lists(st.tuples(st.sampled_from(Severity), st.integers(1, 600)))
minutes = st.integers(0, 3000)


def by_severity(found):
    return {s: sum(m for of, m in found if of == s) for s in Severity}


@given(items, minutes, minutes, minutes)
def test_the_parts_make_up_the_ratio(found, patrol, visits, capacity):
    load = weigh(by_severity(found), patrol=patrol, visits=visits, capacity=capacity)
    assert load.effort == pytest.approx(sum(share.weighted for share in load.shares))
    assert load.effort == pytest.approx(sum(weighted_effort(m, s) for s, m in found))
    assert load.duty == patrol + visits
    assert load.ratio == load_ratio(load.effort, load.duty, capacity)
    assert all(share.minutes for share in load.shares)


@given(items, items)
def test_two_loads_weigh_as_much_as_both_together(one, other):
    def effort(found):
        return weigh(by_severity(found), patrol=0, visits=0, capacity=0).effort

    assert effort(one + other) == pytest.approx(effort(one) + effort(other))


def test_the_gravest_share_comes_first_with_its_factor():
    load = weigh({Severity.MINOR: 30, Severity.URGENT: 240}, patrol=60, visits=30, capacity=600)
    assert [(s.severity, s.factor, s.weighted) for s in load.shares] == [
        (Severity.URGENT, 2.0, 480.0), (Severity.MINOR, 1.0, 30.0),
    ]  # fmt: skip
    assert load.ratio == 1.0


def test_a_district_may_weigh_otherwise():
    weights = {**SEVERITY_WEIGHT, Severity.MINOR: 0.5}
    load = weigh({Severity.MINOR: 30}, patrol=0, visits=0, capacity=60, weights=weights)
    assert load.effort == 15.0


def test_without_capacity_there_is_no_ratio():
    assert Workload(patrol=10).ratio is None


@pytest.mark.parametrize(
    ("ratio", "name"),
    [(None, "unknown"), (1.21, "overloaded"), (1.2, "balanced"), (0.5, "balanced"), (0.4, "spare")],
)
def test_ratios_have_names(ratio, name):
    assert standing(ratio, overloaded=1.2, spare=0.5) == name
