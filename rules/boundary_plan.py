"""The course of a boundary plan: its states, its steps, and who may take each.

Drawing, review and publishing are different hands: whoever drew a plan does not approve it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rules.access import Role


class PlanState(StrEnum):
    """Where a boundary plan stands (design, chapter 5: draft, review, publish)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


LABELS: Final[dict[PlanState, tuple[str, str]]] = {
    PlanState.DRAFT: ("草案", "Draft"),
    PlanState.SUBMITTED: ("会审中", "In review"),
    PlanState.CHANGES_REQUESTED: ("退回修改", "Changes requested"),
    PlanState.APPROVED: ("已通过", "Approved"),
    PlanState.PUBLISHED: ("已发布", "Published"),
    PlanState.SUPERSEDED: ("已被取代", "Superseded"),
    PlanState.WITHDRAWN: ("已撤回", "Withdrawn"),
}

EDITABLE: Final = frozenset({PlanState.DRAFT, PlanState.CHANGES_REQUESTED})
"""States in which a plan can be redrawn."""
RUNNING: Final = EDITABLE | {PlanState.SUBMITTED, PlanState.APPROVED}
"""States of plans that may still come into force."""


class PlanAction(StrEnum):
    """One kind of step."""

    SUBMIT = "submit"
    REQUEST_CHANGES = "request_changes"
    APPROVE = "approve"
    PUBLISH = "publish"
    RETRACT = "retract"
    WITHDRAW = "withdraw"


PLANNERS: Final = frozenset({Role.PLANNER})
REVIEWERS: Final = frozenset({Role.COMMAND, Role.STREET})
READERS: Final = PLANNERS | REVIEWERS | {Role.COMMUNITY}
"""Roles that see plans and may comment on them."""


@dataclass(frozen=True)
class PlanStep:
    """One row of the table; ``noted`` steps need a word why, ``apart`` ones another hand."""

    action: PlanAction
    zh: str
    en: str
    sources: frozenset[PlanState]
    to: PlanState
    by: frozenset[Role]
    noted: bool = False
    apart: bool = False


_S, _A = PlanState, PlanAction
TABLE: Final[tuple[PlanStep, ...]] = (
    PlanStep(_A.SUBMIT, "提交会审", "Submit for review", EDITABLE, _S.SUBMITTED, PLANNERS),
    PlanStep(
        _A.APPROVE, "通过", "Approve", frozenset({_S.SUBMITTED}), _S.APPROVED, REVIEWERS,
        apart=True,
    ),
    PlanStep(
        _A.REQUEST_CHANGES, "退回修改", "Request changes",
        frozenset({_S.SUBMITTED, _S.APPROVED}), _S.CHANGES_REQUESTED, REVIEWERS,
        noted=True, apart=True,
    ),
    PlanStep(
        _A.PUBLISH, "发布", "Publish", frozenset({_S.APPROVED}), _S.PUBLISHED,
        PLANNERS | {Role.COMMAND},
    ),
    PlanStep(
        _A.RETRACT, "收回修改", "Take back", frozenset({_S.SUBMITTED, _S.APPROVED}), _S.DRAFT,
        PLANNERS,
    ),
    PlanStep(
        _A.WITHDRAW, "撤回方案", "Withdraw", RUNNING | {_S.PUBLISHED}, _S.WITHDRAWN,
        PLANNERS | {Role.COMMAND}, noted=True,
    ),
)  # fmt: skip
"""Every step. A published plan can be withdrawn only until it comes into force."""


@dataclass(frozen=True)
class Standing:
    """What of a plan decides about its steps: ``hands`` are the logins that drew it."""

    state: PlanState
    hands: frozenset[str]
    in_force: bool = False


class IllegalPlanStep(RuntimeError):
    """The step does not lead on from where the plan stands."""

    def __init__(self, action: PlanAction, state: PlanState) -> None:
        super().__init__(action, state)
        self.action = action
        self.state = state


class NotYourPlan(RuntimeError):
    """The role may not take the step."""

    def __init__(self, action: str, role: Role) -> None:
        super().__init__(action, role)
        self.action = action
        self.role = role


class OwnPlan(RuntimeError):
    """Whoever drew a plan may not also approve it."""

    def __init__(self, login: str) -> None:
        super().__init__(login)
        self.login = login


class NoReasonGiven(ValueError):
    """The step needs a word why."""

    def __init__(self, action: PlanAction) -> None:
        super().__init__(action)
        self.action = action


def step_of(action: PlanAction) -> PlanStep:
    """Give the row of an action."""
    return next(step for step in TABLE if step.action == action)


def offered(standing: Standing, *, role: Role, login: str) -> tuple[PlanStep, ...]:
    """Give the steps that somebody may take now, in the order of the table."""
    return tuple(s for s in TABLE if _refusal(s, standing, role, login) is None)


def taken(
    action: PlanAction, standing: Standing, *, role: Role, login: str, note: str = ""
) -> PlanState:
    """Give the state that a step leads to.

    Raises
    ------
    IllegalPlanStep, NotYourPlan, OwnPlan, NoReasonGiven
        If the step cannot be taken, by this hand, or without a word.
    """
    step = step_of(action)
    refusal = _refusal(step, standing, role, login)
    if refusal is not None:
        raise refusal
    if step.noted and not note.strip():
        raise NoReasonGiven(action)
    return step.to


def _refusal(
    step: PlanStep, standing: Standing, role: Role, login: str
) -> IllegalPlanStep | NotYourPlan | OwnPlan | None:
    if role not in step.by:
        return NotYourPlan(step.action, role)
    if standing.state not in step.sources or standing.in_force:
        return IllegalPlanStep(step.action, standing.state)
    if step.apart and login in standing.hands:
        return OwnPlan(login)
    return None
