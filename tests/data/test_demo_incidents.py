"""The incidents of the demo: published totals, plausible courses, open items whatever the time."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.demo.course import STATE_ROWS, STATES, milestones
from data.demo.incidents import (
    KIND_KEYS,
    LEGAL,
    YEAR_KINDS,
    YEAR_TOTAL,
    Incidents,
    Places,
    make_chief_problems,
    make_history,
    make_legal,
    make_legal_history,
    make_year,
    merged_into,
)
from data.demo.moments import china
from data.demo.standing import UNHELD
from data.demo.terms import terms_of, whole
from data.working_time import working_clock
from rules.kinds import KINDS, Severity
from rules.lifecycle import State, is_open
from rules.rulebook import DEFAULT

CLOCK = working_clock(DEFAULT.calendar, china(2022, 2, 1), china(2028, 1, 1))


def places(grids: int = 20) -> Places:
    building_grid = np.repeat(np.arange(grids), 10)
    return Places(
        building_grid,
        np.full(len(building_grid), 40.0),
        np.full(grids, 400.0),
        np.arange(grids) % 3 == 0,
    )


def test_the_year_2023_equals_the_published_figures() -> None:
    made = make_year(np.random.default_rng(1), places(), CLOCK, YEAR_TOTAL)
    kinds = Counter(KIND_KEYS[k] for k in made.kind)
    assert len(made) == 14_804
    assert (kinds["hazard"], kinds["dispute"], kinds["public_service"]) == (3_127, 793, 8_709)
    assert sum(kinds.values()) - 3_127 - 793 - 8_709 == 2_175
    assert sum(YEAR_KINDS.values()) == YEAR_TOTAL
    assert {STATES[s].value for s in made.state} == {"closed"}
    assert made.reported.min() >= china(2023, 1, 1).timestamp()
    assert made.reported.max() < china(2024, 1, 1).timestamp()
    hazards = [s for s, k in zip(made.subkind, made.kind, strict=True) if KIND_KEYS[k] == "hazard"]
    assert Counter(hazards)["public_security"] > len(hazards) / 2


def test_chief_and_legal_services_are_kept_apart() -> None:
    chief = make_chief_problems(np.random.default_rng(1), places(), CLOCK)
    legal = make_legal(np.random.default_rng(2), places(), CLOCK)
    assert (len(chief), set(chief.service), set(chief.source)) == (
        1_014,
        {"chief"},
        {"building_chief"},
    )
    assert Counter(legal.subkind) == LEGAL
    assert set(legal.service) == {"legal"}


def ordered(made: Incidents) -> bool:
    steps = [made.reported, made.responded, made.dispatched, made.resolved, made.closed]
    return all(((later == 0) | (later >= earlier)).all() for earlier, later in pairwise(steps))


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 23, 9, tzinfo=UTC),  # Monday afternoon
        datetime(2026, 11, 22, 20, tzinfo=UTC),  # Monday, four in the morning
        datetime(2026, 2, 15, 3, tzinfo=UTC),  # Sunday
        datetime(2025, 7, 5, 15, tzinfo=UTC),  # Saturday night
    ],
)
def test_open_overdue_due_and_new_items_exist_whatever_the_time(now: datetime) -> None:
    total = round(YEAR_TOTAL * ((now - china(2024, 1, 1)) / timedelta(days=365.25)))
    made = make_history(np.random.default_rng(3), places(), CLOCK, total, now)
    second = now.timestamp()
    opened = np.array([is_open(STATES[s]) for s in made.state])
    assert 180 <= opened.sum() <= 410
    assert 3 <= (opened & (made.due < second)).sum() < opened.sum() / 2
    assert (opened & (made.due >= second) & (made.due < second + 86_400)).any()
    assert (made.reported > second - 86_400).any()
    assert (made.reported <= second).all()
    for moment in (made.responded, made.dispatched, made.resolved, made.closed):
        assert (moment <= second).all()
    assert ordered(made)
    assert (made.resolved[opened] == 0).all()
    assert (made.assigned[made.dispatched == 0] == 0).all()


def test_about_nine_in_ten_answers_are_satisfied() -> None:
    made = make_year(np.random.default_rng(4), places(), CLOCK, YEAR_TOTAL)
    answered = made.satisfaction[made.satisfaction > 0]
    assert 0.2 < len(answered) / len(made) < 0.8
    assert (answered >= 4).mean() == pytest.approx(0.92, abs=0.02)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from([(k, s) for k, kind in KINDS.items() for s in ("", *kind.subkinds)]),
    st.sampled_from(list(Severity)),
    st.datetimes(datetime(2022, 3, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
)
def test_due_times_agree_with_the_rulebook(
    what: tuple[str, str], severity: Severity, at: datetime
) -> None:
    kind, subkind = what
    reported = at.replace(microsecond=0, tzinfo=UTC)
    terms = terms_of(np.array([KIND_KEYS.index(kind)]), [subkind], np.array([int(severity)]))
    found = whole(terms.resolve.end(CLOCK, np.array([int(reported.timestamp())])))
    assert int(found[0]) == int(DEFAULT.due(kind, subkind, severity, reported).timestamp())


def test_milestones_never_run_backwards() -> None:
    rng = np.random.default_rng(5)
    n = 2_000
    kind = rng.integers(0, len(KIND_KEYS), n)
    terms = terms_of(kind, [""] * n, rng.integers(1, 5, n))
    reported = np.sort(rng.integers(1_700_000_000, 1_760_000_000, n))
    found = milestones(rng, CLOCK, terms, reported, quick=rng.random(n) < 0.5)
    previous = reported
    for step in (found.responded, found.dispatched, found.resolved, found.fed_back, found.closed):
        assert (step >= previous).all()
        previous = step
    answered = found.score > 0
    assert ((found.evaluated > 0) == answered).all()
    assert ((found.heard > 0) == answered).all()
    early = found.evaluated < found.fed_back
    assert (found.unhappy == (early & answered)).all()
    assert (found.evaluated[found.unhappy] >= found.dispatched[found.unhappy]).all()


NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def history(seed: int = 6) -> Incidents:
    total = round(YEAR_TOTAL * ((NOW - china(2024, 1, 1)) / timedelta(days=365.25)))
    made = make_history(np.random.default_rng(seed), places(), CLOCK, total, NOW)
    return Incidents.joined([made]).settled()


def test_a_merged_incident_went_into_an_earlier_one_of_its_kind_and_grid() -> None:
    made = history()
    into = merged_into(made)
    merged = made.state == STATE_ROWS[State.MERGED]
    assert merged.any()
    assert ((into >= 0) == merged).all()
    rows = np.flatnonzero(merged)
    assert (into[rows] < rows).all()
    assert (made.kind[into[rows]] == made.kind[rows]).all()
    assert (made.grid[into[rows]] == made.grid[rows]).all()
    assert not np.isin(made.state[into[rows]], made.state[rows[:1]]).any()
    assert (made.resolved[merged] == 0).all()


def test_who_waits_on_a_desk_has_no_holder_and_the_rest_have_one() -> None:
    made = history()
    unheld = np.isin(made.state, [STATE_ROWS[s] for s in UNHELD])
    assert ((made.assigned == 0) == unheld).all()


def test_the_legal_centre_goes_on_after_the_year_that_was_published() -> None:
    made = make_legal_history(np.random.default_rng(7), places(), CLOCK, 5_000, NOW)
    assert set(made.service) == {"legal"}
    assert made.reported.min() >= china(2024, 1, 1).timestamp()
    assert any(is_open(STATES[s]) for s in made.state)
    assert STATE_ROWS[State.ESCALATED] not in made.state
