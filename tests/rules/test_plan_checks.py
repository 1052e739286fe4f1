import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.plan_checks import (
    CAUSES,
    RULES,
    Finding,
    chiefs_wanted,
    deviation,
    grids_wanted,
    over_budget,
    verdict,
)

BAND = (300, 500)


@pytest.mark.parametrize(
    ("households", "kind", "said"),
    [(299, "general", "below"), (300, "general", "within"), (500, "general", "within"),
     (501, "general", "above"), (0, "dedicated", "dedicated"), (900, "dedicated", "dedicated")],
)  # fmt: skip
def test_both_ends_of_the_band_are_within_and_dedicated_grids_have_none(households, kind, said):
    assert verdict(households, kind, BAND) == said


@pytest.mark.parametrize(("households", "share"), [(150, 0.5), (300, 0), (500, 0), (600, 0.2)])
def test_a_deviation_is_a_share_of_the_end_that_is_missed(households, share):
    assert deviation(households, BAND) == pytest.approx(share)


@given(st.integers(0, 3000))
def test_nothing_deviates_exactly_where_it_is_within(households):
    within = verdict(households, "general", BAND) == "within"
    assert (deviation(households, BAND) == 0) == within


@pytest.mark.parametrize(("households", "chiefs"), [(0, 0), (49, 0), (50, 1), (149, 1), (150, 2)])
def test_a_chief_is_wanted_for_every_hundred_households(households, chiefs):
    assert chiefs_wanted(households) == chiefs


@pytest.mark.parametrize(
    ("households", "now", "wanted"),
    [(800, 2, 2), (800, 1, 2), (800, 9, 2), (1600, 4, 4), (1600, 3, 4), (1600, 9, 5),
     (100, 3, 1), (0, 4, 1), (550, 1, 2), (550, 5, 2)],
)  # fmt: skip
def test_as_many_grids_are_wanted_as_the_band_allows_next_to_the_present_number(
    households, now, wanted
):
    assert grids_wanted(households, BAND, now=now) == wanted


@given(st.integers(0, 20_000), st.integers(0, 60))
def test_the_number_that_fits_and_is_nearest_is_wanted(households, now):
    fits = [n for n in range(1, 80) if BAND[0] * n <= households <= BAND[1] * n]
    wanted = grids_wanted(households, BAND, now=now)
    assert wanted >= 1
    if fits:
        assert wanted in fits
        assert abs(wanted - now) == min(abs(n - now) for n in fits)


def test_a_plan_may_move_three_times_what_must_move():
    assert not over_budget(300, 100)
    assert over_budget(301, 100)
    assert not over_budget(0, 0)
    assert over_budget(1, 0)


def test_rules_and_causes_are_named_in_both_languages_and_findings_know_which_are_hard():
    assert all(rule.zh and rule.en and key == rule.key for key, rule in RULES.items())
    assert all(zh and en for zh, en in CAUSES.values())
    assert {key for key in RULES if Finding(key).hard} == {
        "building_missing", "building_twice", "pieces", "empty_grid", "outside", "coverage",
        "lock", "code",
    }  # fmt: skip
