"""Kinds, severities, states, roles and levels: catalogues that the rest relies on."""

import pytest

from rules import access, levels, lifecycle
from rules.access import OutsideScope, Role, Scope
from rules.kinds import KINDS, SEVERITIES, SEVERITY_WEIGHT, SOURCES, Severity, default_severity
from rules.levels import Level
from rules.lifecycle import OPEN_STATES, UNASSIGNED_STATES, State, is_open
from rules.workload import weighted_effort


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_every_kind_is_whole(kind):
    assert KINDS[kind.key] is kind
    assert kind.zh
    assert kind.en
    assert kind.effort_minutes > 0
    assert min(kind.respond.minutes, kind.resolve.minutes, kind.feedback.minutes) > 0
    assert kind.urgent_subkinds <= set(kind.subkinds)
    assert all(zh and en for zh, en in kind.subkinds.values())
    if kind.urgent_resolve is not None:
        assert kind.urgent_resolve.minutes <= kind.resolve.minutes


def test_subkinds_have_one_meaning():
    keys = [key for kind in KINDS.values() for key in kind.subkinds]
    assert len(keys) == len(set(keys))


def test_gas_and_structure_start_urgent():
    assert default_severity("hazard", "gas") == Severity.URGENT
    assert default_severity("hazard", "wiring") == Severity.SERIOUS
    assert default_severity("hazard", None) == Severity.SERIOUS
    assert default_severity("opinion", "words of an import") == Severity.MINOR


def test_every_severity_has_words_and_a_weight_and_graver_weighs_more():
    assert set(SEVERITIES) == set(SEVERITY_WEIGHT) == set(Severity)
    weights = [SEVERITY_WEIGHT[severity] for severity in sorted(Severity)]
    assert weights == [1.0, 1.2, 1.5, 2.0]


@pytest.mark.parametrize(
    ("severity", "minutes"),
    [(Severity.MINOR, 60), (Severity.GENERAL, 72), (Severity.SERIOUS, 90), (Severity.URGENT, 120)],
)
def test_effort_is_weighted_by_severity(severity, minutes):
    assert weighted_effort(60, severity) == pytest.approx(minutes)


def test_every_state_has_words_and_is_open_or_not():
    assert set(lifecycle.LABELS) == set(State)
    assert {s for s in State if is_open(s)} == OPEN_STATES
    assert UNASSIGNED_STATES <= OPEN_STATES
    for state in (State.RESOLVED, State.CLOSED, State.MERGED, State.REJECTED):
        assert not is_open(state)


def test_every_role_and_level_and_source_has_words():
    assert set(access.LABELS) == set(Role)
    assert set(levels.LABELS) == set(Level)
    assert all(zh and en for zh, en in SOURCES.values())


def test_smaller_areas_have_larger_numbers():
    assert sorted(Level) == [
        Level.PROVINCE, Level.CITY, Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.GRID,
    ]  # fmt: skip


def test_a_refusal_does_not_say_whether_the_thing_exists():
    refused = OutsideScope("incident")
    assert refused.what == "incident"
    assert isinstance(refused, LookupError)
    assert str(refused) == "incident"


def test_a_scope_is_a_value():
    assert Scope(1, frozenset({2})) == Scope(1, frozenset({2}))
    assert len({Scope(1), Scope(1), Scope(1, frozenset())}) == 2
