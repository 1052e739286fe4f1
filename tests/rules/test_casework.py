"""From any sequence of allowed steps: an owner, a next step, and clocks that never run back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rules.access import Role
from rules.casework import (
    DESK_ROLES,
    Case,
    IllegalStep,
    Missing,
    NoDesk,
    NotYours,
    Request,
    filed,
    needs_of,
    parts_of,
    possible,
    take,
)
from rules.kinds import KINDS, Severity
from rules.levels import Level
from rules.lifecycle import State, is_open
from rules.rulebook import DEFAULT
from rules.steps import STEPS, TABLE, Action, Need, Part, next_step, offered

START = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)
ENDED = {State.CLOSED, State.MERGED, State.REJECTED}
ALL_PARTS = frozenset(Part)
DESK_ONLY = {step.action for step in TABLE if step.by == {Part.DESK}}
SUBKINDS = [(kind.key, sub) for kind in KINDS.values() for sub in (*kind.subkinds, "")]


def new_case(kind="dispute", subkind="noise", severity=Severity.GENERAL, **changes):
    case = Case(
        kind=kind, subkind=subkind, severity=severity, service="grid", state=State.REPORTED,
        desk=Level.GRID, highest=Level.DISTRICT, lowest=Level.GRID, holder=None,
        reported_at=START, due_at=START, step_due_at=None,
    )  # fmt: skip
    return replace(filed(case, DEFAULT), **changes)


def enough(action, now, **other):
    """A request that brings whatever any step may ask for."""
    return replace(
        Request(
            action, note="说明", person=7, until=now + timedelta(days=3), score=5, other="2",
            bodies=("fire",), photos=1, consent=True,
        ),
        **other,
    )  # fmt: skip


def states_reached():
    found, waiting = {State.REPORTED}, [State.REPORTED]
    while waiting:
        state = waiting.pop()
        for step in TABLE:
            if state not in step.sources:
                continue
            ends = {step.to} if step.to else set()
            if step.action == Action.EVALUATE:
                ends = {State.EVALUATED, State.REOPENED}
            for end in ends - found:
                found.add(end)
                waiting.append(end)
    return found


def test_every_state_can_be_reached():
    assert states_reached() == set(State)


@pytest.mark.parametrize("state", sorted(set(State) - ENDED))
def test_the_table_has_no_dead_end(state):
    step = next_step(state)
    assert step is not None
    assert step.by & {Part.DESK, Part.HOLDER}


@pytest.mark.parametrize("state", sorted(set(State) - ENDED))
def test_the_way_ahead_ends_in_closing(state):
    case, now = new_case(state=state, holder=3, resumes_to=State.IN_PROGRESS), START
    for _ in range(10):
        if case.state == State.CLOSED:
            return
        step = next_step(case.state)
        case = take(
            case, enough(step.action, now), parts=ALL_PARTS, now=now, rulebook=DEFAULT
        )  # fmt: skip
    pytest.fail(f"{state} does not lead to the end")


@given(st.sampled_from(sorted(set(Role) - DESK_ROLES - {Role.LEGAL})), st.sampled_from(Level),
       st.sampled_from(Level), st.sampled_from(State))  # fmt: skip
def test_roles_without_a_desk_can_never_take_desk_steps(role, level, desk, state):
    case = new_case(state=state, desk=desk, holder=9)
    parts = parts_of(case, role=role, level=level, person=9)
    assert not parts & {Part.DESK, Part.ABOVE}
    for action in DESK_ONLY | {Action.URGE}:
        with pytest.raises((NotYours, IllegalStep)):
            take(case, enough(action, START), parts=parts, now=START, rulebook=DEFAULT)


@given(st.sampled_from(sorted(DESK_ROLES)), st.sampled_from(Level), st.sampled_from(Level))
def test_a_desk_is_kept_from_its_own_level_up(role, level, desk):
    parts = parts_of(new_case(desk=desk), role=role, level=level, person=None)
    assert (Part.DESK in parts) == (level <= desk)
    assert (Part.ABOVE in parts) == (level < desk)


@pytest.mark.parametrize("role", [Role.PLANNER, Role.ADMINISTRATOR])
def test_onlookers_take_no_part(role):
    assert parts_of(new_case(holder=9), role=role, level=Level.DISTRICT, person=9) == frozenset()


def test_the_legal_centre_keeps_the_desk_of_its_own_cases_only():
    own, other = new_case(service="legal"), new_case()
    of = {"role": Role.LEGAL, "level": Level.DISTRICT, "person": None}
    assert Part.DESK in parts_of(own, **of)
    assert parts_of(other, **of) == {Part.READER}


@given(st.sampled_from(State), st.sampled_from(Action), st.sets(st.sampled_from(Part)),
       st.sampled_from([None, 3]))  # fmt: skip
def test_what_is_possible_is_exactly_what_is_taken(state, action, parts, holder):
    case = new_case(state=state, desk=Level.COMMUNITY, holder=holder, resumes_to=State.ACCEPTED)
    parts = frozenset(parts)
    can = STEPS[action] in possible(case, parts)
    assert not can or STEPS[action] in offered(state, parts)
    try:
        take(case, enough(action, START), parts=parts, now=START, rulebook=DEFAULT)
    except (IllegalStep, NotYours, NoDesk):
        assert not can
    else:
        assert can


@given(st.sampled_from(TABLE), st.sampled_from(sorted(KINDS)), st.data())
def test_each_need_is_asked_for(step, kind, data):
    needs = sorted(needs_of(step, kind, DEFAULT))
    if not needs:
        return
    missing = data.draw(st.sampled_from(needs))
    nothing = {
        Need.NOTE: {"note": "  "}, Need.PERSON: {"person": None}, Need.UNTIL: {"until": START},
        Need.SCORE: {"score": 6}, Need.OTHER: {"other": ""}, Need.BODIES: {"bodies": ("?",)},
        Need.PHOTO: {"photos": 0}, Need.CONSENT: {"consent": False},
    }[missing]  # fmt: skip
    case = new_case(
        kind=kind, subkind="", state=min(step.sources), desk=Level.COMMUNITY, holder=3
    )  # fmt: skip
    with pytest.raises(Missing) as caught:
        take(
            case, enough(step.action, START, **nothing), parts=ALL_PARTS, now=START,
            rulebook=DEFAULT,
        )  # fmt: skip
    assert caught.value.need == missing


class Course(RuleBasedStateMachine):
    """One incident through any sequence of steps by anybody at any time."""

    def __init__(self):
        super().__init__()
        self.case = new_case()
        self.now = START
        self.stopped = None

    @initialize(of=st.sampled_from(SUBKINDS), severity=st.sampled_from(Severity),
                service=st.sampled_from(["grid", "chief", "legal"]))  # fmt: skip
    def report(self, of, severity, service):
        self.case = new_case(*of, severity, service=service)

    @rule(minutes=st.integers(1, 60 * 24 * 9))
    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(data=st.data(), score=st.integers(1, 5), days=st.integers(1, 40),
          parts=st.sampled_from([ALL_PARTS, frozenset({Part.HOLDER}), frozenset({Part.DESK}),
                                 frozenset({Part.RESIDENT})]))  # fmt: skip
    def step(self, data, score, days, parts):
        steps = possible(self.case, parts)
        if not steps:
            return
        chosen = data.draw(st.sampled_from(steps))
        before = self.case
        request = enough(
            chosen.action, self.now, score=score, until=self.now + timedelta(days=days)
        )  # fmt: skip
        self.case = take(before, request, parts=parts, now=self.now, rulebook=DEFAULT)
        self.compare(before, chosen.action)

    def compare(self, before, action):
        after = self.case
        if action == Action.SUSPEND:
            self.stopped = before.due_at
        if action == Action.RESUME:
            # Back from a suspension the rest of the time runs on, at no loss to what it was.
            assert after.due_at >= self.stopped
            assert after.due_at <= before.due_at or before.left_minutes is not None
        else:
            assert after.due_at >= before.due_at
        assert after.highest <= after.desk <= after.lowest

    @invariant()
    def somebody_owns_it(self):
        if self.case.state not in ENDED:
            assert self.case.holder is not None or self.case.desk in Level
        if self.case.state in {State.DISPATCHED, State.IN_PROGRESS}:
            assert self.case.holder is not None

    @invariant()
    def something_comes_next(self):
        if self.case.state in ENDED:
            return
        ahead = next_step(self.case.state)
        assert ahead is not None
        # Whoever keeps the desk can always go on, so nothing falls between two chairs.
        assert any(step.ahead for step in possible(self.case, frozenset({Part.DESK})))

    @invariant()
    def a_clock_is_set_while_it_runs(self):
        if self.case.state not in ENDED:
            assert self.case.step_due_at is not None
        if is_open(self.case.state):
            assert self.case.due_at >= self.case.reported_at

    @invariant()
    def a_suspension_knows_its_way_back(self):
        asleep = self.case.state == State.SUSPENDED
        assert (self.case.resumes_to is not None) == asleep
        assert (self.case.until is not None) == asleep


Course.TestCase.settings = settings(
    max_examples=300, stateful_step_count=40, suppress_health_check=[HealthCheck.too_slow]
)
TestCourse = Course.TestCase
