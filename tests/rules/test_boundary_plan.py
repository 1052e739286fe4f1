"""The course of a plan: drawn by one hand, approved by another."""

import pytest

from rules.access import Role
from rules.boundary_plan import (
    LABELS,
    TABLE,
    IllegalPlanStep,
    NoReasonGiven,
    NotYourPlan,
    OwnPlan,
    PlanAction,
    PlanState,
    Standing,
    offered,
    taken,
)

DRAWN = frozenset({"planner"})


def test_plan_goes_from_draft_to_published_through_another_hand() -> None:
    state = PlanState.DRAFT
    for action, role, login in (
        (PlanAction.SUBMIT, Role.PLANNER, "planner"),
        (PlanAction.APPROVE, Role.STREET, "street"),
        (PlanAction.PUBLISH, Role.COMMAND, "command"),
    ):
        state = taken(action, Standing(state, DRAWN), role=role, login=login)
    assert state == PlanState.PUBLISHED


def test_who_drew_a_plan_does_not_approve_it() -> None:
    hands = frozenset({"planner", "street"})
    with pytest.raises(OwnPlan):
        taken(
            PlanAction.APPROVE, Standing(PlanState.SUBMITTED, hands), role=Role.STREET,
            login="street",
        )  # fmt: skip


def test_changes_are_requested_with_a_word() -> None:
    standing = Standing(PlanState.SUBMITTED, DRAWN)
    asked = {"role": Role.COMMAND, "login": "command"}
    with pytest.raises(NoReasonGiven):
        taken(PlanAction.REQUEST_CHANGES, standing, role=Role.COMMAND, login="command", note=" ")
    assert (
        taken(PlanAction.REQUEST_CHANGES, standing, note="太大", **asked)  # type: ignore[arg-type]
        == PlanState.CHANGES_REQUESTED
    )


def test_plan_in_force_can_no_longer_be_withdrawn() -> None:
    waiting = Standing(PlanState.PUBLISHED, DRAWN)
    asked = {"role": Role.COMMAND, "login": "command", "note": "推迟"}
    assert taken(PlanAction.WITHDRAW, waiting, **asked) == PlanState.WITHDRAWN  # type: ignore[arg-type]
    with pytest.raises(IllegalPlanStep):
        taken(PlanAction.WITHDRAW, Standing(PlanState.PUBLISHED, DRAWN, in_force=True), **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", list(PlanState))
@pytest.mark.parametrize("role", list(Role))
def test_what_is_offered_can_be_taken_and_nothing_else(state: PlanState, role: Role) -> None:
    standing = Standing(state, DRAWN)
    can = {step.action for step in offered(standing, role=role, login="somebody")}
    for step in TABLE:
        try:
            taken(step.action, standing, role=role, login="somebody", note="w")
            assert step.action in can
        except (IllegalPlanStep, NotYourPlan):
            assert step.action not in can


def test_nobody_but_planners_submits() -> None:
    with pytest.raises(NotYourPlan):
        taken(
            PlanAction.SUBMIT, Standing(PlanState.DRAFT, DRAWN), role=Role.COMMAND, login="command"
        )


def test_every_state_has_its_words() -> None:
    assert LABELS.keys() == set(PlanState)
