import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.kinds import KINDS
from rules.suggestion import CHIEFS_KINDS, NEARNESS, Standing, capable, order

standings = st.builds(
    Standing, st.sampled_from(NEARNESS), st.floats(0, 1e5), st.none() | st.floats(0, 5),
    st.integers(0, 50),
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_leads_and_workers_are_capable_of_every_kind(kind):
    assert capable("grid_lead", kind, keeps_building=False)
    assert capable("grid_worker", kind, keeps_building=False)


@pytest.mark.parametrize("kind", KINDS)
def test_a_chief_is_capable_of_some_kinds_in_the_own_buildings_only(kind):
    assert capable("building_chief", kind, keeps_building=True) == (kind in CHIEFS_KINDS)
    assert not capable("building_chief", kind, keeps_building=False)


def first(*people):
    return min(people, key=lambda one: order(one, overloaded=1.2))


def test_whoever_is_overloaded_comes_after_all_who_are_not():
    near, far = Standing("own_grid", 0, 1.3, 9), Standing("farther", 9000, 1.1, 8)
    assert first(near, far) == far


def test_of_two_who_can_the_nearer_place_comes_first_then_the_lower_load():
    own, other = Standing("own_grid", 0, 0.9, 4), Standing("same_community", 200, 0.1, 0)
    assert first(own, other) == own
    assert first(own, Standing("own_grid", 0, 0.5, 9)).ratio == 0.5


@given(st.lists(standings, max_size=8))
def test_the_order_is_total(people):
    assert sorted(people, key=lambda one: order(one, overloaded=1.2)) is not None
