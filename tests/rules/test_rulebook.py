from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.bodies import BODIES
from rules.deadlines import CHINA, WorkingCalendar, due_at
from rules.kinds import KINDS, Limit, Severity, Special, default_severity
from rules.rulebook import DEFAULT, NEEDS, Rulebook

PLAIN = replace(DEFAULT, calendar=WorkingCalendar())
MONDAY = datetime(2026, 6, 15, 9, tzinfo=CHINA)
kinds = st.sampled_from(sorted(KINDS))
severities = st.sampled_from(Severity)


def with_special(kind: str, subkind: str, special: Special) -> Rulebook:
    changed = replace(KINDS[kind], special={**KINDS[kind].special, subkind: special})
    return replace(PLAIN, kinds={**KINDS, kind: changed})


@given(kinds, severities, st.sampled_from([None, "", "words of an import"]))
def test_without_a_special_sub_kind_the_kind_decides(kind, severity, subkind):
    assert PLAIN.due(kind, subkind, severity, MONDAY) == due_at(
        kind, severity, MONDAY, PLAIN.calendar
    )
    assert DEFAULT.effort(kind, subkind) == KINDS[kind].effort_minutes
    assert DEFAULT.severity(kind, subkind) == KINDS[kind].severity
    assert DEFAULT.body(kind, subkind) == KINDS[kind].body


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_every_kind_has_a_body_needs_and_an_order_of_limits(kind):
    assert set(kind.special) <= set(kind.subkinds)
    for subkind in ("", *kind.subkinds):
        assert DEFAULT.body(kind.key, subkind) in BODIES
        assert DEFAULT.severity(kind.key, subkind) == default_severity(kind.key, subkind)
        for severity in Severity:
            limits = DEFAULT.limits(kind.key, subkind, severity)
            assert 0 < limits.respond.minutes <= limits.resolve.minutes
    assert "note" in DEFAULT.resolve_needs[kind.key] <= set(NEEDS)


def test_legal_aid_has_thirty_working_days():
    june = datetime(2026, 6, 1, 9, tzinfo=CHINA)
    due = PLAIN.due("legal_service", "legal_aid", Severity.GENERAL, june)
    assert due == datetime(2026, 7, 10, 18, tzinfo=CHINA)


def test_disputes_need_the_consent_of_the_parties():
    assert DEFAULT.resolve_needs["dispute"] == {"note", "consent"}
    assert DEFAULT.resolve_needs["hazard"] == {"note"}


def test_a_sub_kind_decides_for_itself():
    respond, resolve, feedback = (Limit(n, clock=True) for n in (5, 10, 15))
    special = Special(Severity.MINOR, respond, resolve, feedback, 7, "fire")
    book = with_special("dispute", "noise", special)
    limits = book.limits("dispute", "noise", Severity.GENERAL)
    assert (limits.respond, limits.resolve, limits.feedback) == (respond, resolve, feedback)
    assert book.effort("dispute", "noise") == 7
    assert book.severity("dispute", "noise") == Severity.MINOR
    assert book.body("dispute", "noise") == "fire"


def test_urgency_goes_before_the_sub_kind_and_runs_around_the_clock():
    book = with_special("hazard", "gas", Special(resolve=Limit(9999, clock=False)))
    limits = book.limits("hazard", "gas", Severity.URGENT)
    assert (limits.respond, limits.resolve) == (Limit(15, clock=True), Limit(240, clock=True))
    assert book.limits("hazard", "gas", Severity.SERIOUS).resolve == Limit(9999, clock=False)
    friday_night = datetime(2026, 6, 19, 23, tzinfo=CHINA)
    due = DEFAULT.due("emergency", "fire", Severity.URGENT, friday_night)
    assert due == friday_night + timedelta(hours=4)


def test_an_unknown_kind_is_no_case_for_defaults():
    with pytest.raises(KeyError):
        DEFAULT.limits("dragon", None, Severity.MINOR)


def test_the_default_calendar_knows_the_holidays():
    wednesday = datetime(2026, 9, 30, 17, tzinfo=CHINA)
    due = DEFAULT.due("public_service", None, Severity.MINOR, wednesday)
    # 1 h on the eve, the 8th and 9th, 7 h on Saturday the 10th, which makes up
    assert due == datetime(2026, 10, 10, 17, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("hours", "lamp"),
    [(0, "green"), (7.4, "green"), (7.5, "yellow"), (10, "yellow"), (10.1, "red")],
)
def test_the_lamp_turns_yellow_before_due_and_red_after(hours, lamp):
    due, now = MONDAY + timedelta(hours=10), MONDAY + timedelta(hours=hours)
    assert DEFAULT.lamp(MONDAY, due, now, open=True) == lamp
    assert DEFAULT.lamp(MONDAY, due, now, open=False) == "none"


@given(st.integers(0, 10_000), st.integers(0, 20_000), st.integers(0, 20_000))
def test_a_lamp_never_goes_back(whole, one, other):
    order = ("green", "yellow", "red")
    due = MONDAY + timedelta(minutes=whole)
    early, late = (
        order.index(DEFAULT.lamp(MONDAY, due, MONDAY + timedelta(minutes=m), open=True))
        for m in sorted((one, other))
    )
    assert early <= late
