from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.figures import FIGURES
from rules.filters import (
    DAYS,
    FIRST_YEAR,
    LAST_YEAR,
    MAX_TEXT,
    QUERY_NAMES,
    STATUSES,
    SUBKINDS,
    IncidentFilter,
    View,
)
from rules.kinds import KINDS, SERVICES, SEVERITIES, SOURCES
from rules.levels import Level
from rules.lifecycle import State


def some(words):
    """Some of the words, in the order of the catalogue."""
    return st.sets(st.sampled_from(list(words))).map(
        lambda chosen: tuple(w for w in words if w in chosen)
    )


filters = st.builds(
    IncidentFilter,
    status=st.sampled_from(STATUSES),
    kinds=some(KINDS),
    states=some(State),
    sources=some(SOURCES),
    severities=some(SEVERITIES),
    days=st.sampled_from([None, *DAYS]),
    overdue=st.booleans(),
    unassigned=st.booleans(),
    text=st.text(max_size=MAX_TEXT).map(str.strip),
    services=some(SERVICES),
    subkinds=some(SUBKINDS),
    year=st.none() | st.integers(FIRST_YEAR, LAST_YEAR),
)
views = st.builds(
    View,
    area_id=st.integers(1, 10**9),
    level=st.sampled_from([None, *Level]),
    figure=st.sampled_from(list(FIGURES)),
    classing=st.sampled_from(["quantiles", "equal"]),
    filter=filters,
)


@given(filters)
def test_a_filter_survives_the_url(chosen):
    assert IncidentFilter.from_query(chosen.to_query()) == chosen


@given(filters)
def test_the_url_holds_only_known_names_and_no_empty_value(chosen):
    query = chosen.to_query()
    assert set(query) <= set(QUERY_NAMES)
    assert all(query.values())


def test_the_default_needs_no_url():
    assert IncidentFilter().to_query() == {}


@given(st.dictionaries(st.sampled_from([*QUERY_NAMES, "other"]), st.text(max_size=80)))
def test_any_url_gives_some_filter(query):
    chosen = IncidentFilter.from_query(query)
    assert chosen.status in STATUSES
    assert set(chosen.kinds) <= set(KINDS)
    assert chosen.days is None or chosen.days in DAYS
    assert len(chosen.text) <= MAX_TEXT


@pytest.mark.parametrize("days", ["8", "-7", "٧", "7.0", "²", ""])
def test_windows_that_are_not_offered_are_ignored(days):
    assert IncidentFilter.from_query({"days": days}).days is None


@pytest.mark.parametrize("year", ["1999", "20230", "-2023", "２０２３", "2023.0", ""])
def test_years_that_nobody_can_mean_are_ignored(year):
    assert IncidentFilter.from_query({"year": year}).year is None


def test_unknown_words_are_ignored_and_the_known_kept():
    chosen = IncidentFilter.from_query({"kind": "ufo,hazard,,hazard", "severity": "9,4"})
    assert chosen.kinds == ("hazard",)
    assert [int(s) for s in chosen.severities] == [4]


@given(views)
def test_a_view_survives_the_store(view):
    assert View.from_json(view.to_json()) == view


@given(views, views)
def test_equal_views_and_only_those_have_equal_keys(one, other):
    assert (one.key == other.key) == (one == other)


@given(views)
def test_a_key_is_hexadecimal_and_says_nothing(view):
    assert len(view.key) == 24
    assert set(view.key) <= set("0123456789abcdef")


def test_a_stored_view_of_another_release_still_opens():
    body = View(area_id=3).to_json().replace('"figure":"open"', '"figure":"gone"')
    body = body.replace('"overdue":false', '"overdue":false,"novel":1')
    assert View.from_json(body) == View(area_id=3)


def test_order_of_words_in_the_url_makes_no_other_view():
    one = IncidentFilter.from_query({"kind": "hazard,dispute"})
    other = IncidentFilter.from_query({"kind": "dispute,hazard"})
    view = View(area_id=1)
    assert replace(view, filter=one).key == replace(view, filter=other).key
