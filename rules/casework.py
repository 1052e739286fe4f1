"""Taking a step with an incident: from one case to the next, or a broken rule with its reason.

Pure functions over frozen values: who acts, what is asked for and the time are arguments. The
store calls :func:`take` inside its transaction, so what is refused here is never written.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from rules.access import Role
from rules.deadlines import add_limit
from rules.kinds import Limit, Severity
from rules.levels import Level
from rules.lifecycle import State, is_open
from rules.rulebook import Rulebook
from rules.steps import STEPS, Action, Need, Part, Step, offered

DESK_ROLES: Final = frozenset({Role.COMMAND, Role.STREET, Role.COMMUNITY, Role.GRID_LEAD})
"""Roles that keep the desk of their own area."""
READ_ONLY: Final = frozenset({Role.PLANNER, Role.ADMINISTRATOR})
"""Roles that see incidents and take no part in handling them."""
LEGAL: Final = "legal"
MAX_SCORE: Final = 5


class IllegalStep(ValueError):
    """The table has no such step from this state."""

    def __init__(self, action: Action, state: State) -> None:
        super().__init__(f"{action} from {state}")
        self.action = action
        self.state = state


class NotYours(PermissionError):
    """The step exists, but not for who asks for it."""

    def __init__(self, action: Action) -> None:
        super().__init__(action)
        self.action = action


class Missing(ValueError):
    """The step asks for something that was not given or has no meaning."""

    def __init__(self, need: Need) -> None:
        super().__init__(need)
        self.need = need


class NoDesk(ValueError):
    """There is no desk above the highest and none below the lowest."""

    def __init__(self, action: Action) -> None:
        super().__init__(action)
        self.action = action


@dataclass(frozen=True)
class Case:
    """What the rules need to know of an incident.

    ``desk`` is the level of the area whose desk it lies on, between ``highest`` (the record's
    root) and ``lowest`` (the incident's own area). ``step_due_at`` is until when the present step
    has to be done, ``due_at`` until when it has to be resolved. While suspended, ``resumes_to``
    is the state it goes back to and ``left_minutes`` the time that was left, in the unit of its
    limit (working minutes or minutes by the clock).
    """

    kind: str
    subkind: str
    severity: Severity
    service: str
    state: State
    desk: Level
    highest: Level
    lowest: Level
    holder: int | None
    reported_at: datetime
    due_at: datetime
    step_due_at: datetime | None
    resumes_to: State | None = None
    left_minutes: int | None = None
    until: datetime | None = None
    score: int | None = None


@dataclass(frozen=True)
class Request:
    """What is asked for: the step and what it needs.

    ``photos`` counts those that are attached to the incident; ``other`` is the number of the
    incident to merge into; ``consent`` says that the parties agreed.
    """

    action: Action
    note: str = ""
    person: int | None = None
    until: datetime | None = None
    score: int | None = None
    other: str = ""
    bodies: tuple[str, ...] = ()
    photos: int = 0
    consent: bool = False


def parts_of(case: Case, *, role: Role, level: Level | None, person: int | None) -> frozenset[Part]:
    """Give what an account is to a case that its scope holds.

    ``level`` is that of the account's own area. The legal centre keeps the desk of its own cases
    whatever their place.
    """
    if role in READ_ONLY:
        return frozenset()
    parts = {Part.READER}
    if person is not None and person == case.holder:
        parts.add(Part.HOLDER)
    if role == Role.LEGAL and case.service == LEGAL:
        parts.add(Part.DESK)
    if role in DESK_ROLES and level is not None and level <= case.desk:
        parts.add(Part.DESK)
        if level < case.desk:
            parts.add(Part.ABOVE)
    return frozenset(parts)


def needs_of(step: Step, kind: str, rulebook: Rulebook) -> frozenset[Need]:
    """Give what a step asks for with this kind; resolving may ask for more by the rulebook."""
    if step.action not in {Action.RESOLVE, Action.SETTLE}:
        return step.needs
    return step.needs | {Need(word) for word in rulebook.resolve_needs.get(kind, frozenset())}


def possible(case: Case, parts: frozenset[Part]) -> tuple[Step, ...]:
    """Give the steps that can really be taken: those offered, less those without a desk."""
    barred = set()
    if case.desk <= case.highest:
        barred.add(Action.ESCALATE)
    if case.desk >= case.lowest:
        barred.add(Action.HAND_DOWN)
    if case.holder is None:
        barred |= {Action.START, Action.RESOLVE, Action.JOIN}
    return tuple(step for step in offered(case.state, parts) if step.action not in barred)


def take(
    case: Case, request: Request, *, parts: frozenset[Part], now: datetime, rulebook: Rulebook
) -> Case:
    """Give the case after the step.

    Raises
    ------
    IllegalStep
        If the table has no such step from the case's state.
    NotYours
        If these parts may not take it.
    NoDesk
        If there is no desk to hand it to.
    Missing
        If the step needs something that the request does not bring.
    """
    step = STEPS[request.action]
    if case.state not in step.sources:
        raise IllegalStep(step.action, case.state)
    if not step.by & parts:
        raise NotYours(step.action)
    if step not in possible(case, parts):
        raise NoDesk(step.action)
    _require(step, case, request, now, rulebook)
    moved = replace(case, **_changes(case, request, step, now, rulebook))
    return moved if moved.state == case.state else _clocked(moved, now, rulebook)


def _require(step: Step, case: Case, request: Request, now: datetime, rulebook: Rulebook) -> None:
    brought = {
        Need.NOTE: bool(request.note.strip()),
        Need.PERSON: request.person is not None,
        Need.UNTIL: request.until is not None and request.until > now,
        Need.SCORE: request.score is not None and 1 <= request.score <= MAX_SCORE,
        Need.OTHER: bool(request.other),
        Need.BODIES: bool(request.bodies) and all(b in rulebook.bodies for b in request.bodies),
        Need.PHOTO: request.photos > 0,
        Need.CONSENT: request.consent,
    }
    for need in sorted(needs_of(step, case.kind, rulebook)):
        if not brought[need]:
            raise Missing(need)


def _changes(
    case: Case, request: Request, step: Step, now: datetime, rulebook: Rulebook
) -> dict[str, Any]:
    """Give the fields that a step sets, the clocks aside."""
    found: dict[str, Any] = {} if step.to is None else {"state": step.to}
    match step.action:
        case Action.DISPATCH | Action.TRANSFER:
            found["holder"] = request.person
        case Action.SEND_BACK:
            found["holder"] = None
        case Action.REOPEN:
            found |= _reopened(case, now, rulebook)
        case Action.ESCALATE:
            found |= {"holder": None, "desk": Level(case.desk - 1)}
        case Action.HAND_DOWN:
            found |= {"holder": None, "desk": Level(case.desk + 1)}
        case Action.SUSPEND:
            found |= _suspended(case, request, now, rulebook)
        case Action.RESUME:
            found |= _resumed(case, now, rulebook)
        case Action.MERGE:
            found |= {"resumes_to": None, "left_minutes": None, "until": None}
        case Action.EVALUATE:
            found |= _evaluated(case, request, now, rulebook)
        case _:
            pass
    return found


def _resolve_limit(case: Case, rulebook: Rulebook) -> Limit:
    return rulebook.limits(case.kind, case.subkind, case.severity).resolve


def _reopened(case: Case, now: datetime, rulebook: Rulebook) -> dict[str, Any]:
    """Give it back to the desk with its whole time again; the holder of before has had his."""
    fresh = add_limit(now, _resolve_limit(case, rulebook), rulebook.calendar)
    return {"state": State.REOPENED, "holder": None, "due_at": max(case.due_at, fresh)}


def _evaluated(case: Case, request: Request, now: datetime, rulebook: Rulebook) -> dict[str, Any]:
    score = request.score or MAX_SCORE
    if score <= rulebook.dissatisfied_at:
        return {"score": score, **_reopened(case, now, rulebook)}
    return {"score": score, "state": State.EVALUATED}


def _suspended(case: Case, request: Request, now: datetime, rulebook: Rulebook) -> dict[str, Any]:
    """Stop the clock until a moment. What was overdue stays so: waiting heals no lateness."""
    until = request.until or now
    found: dict[str, Any] = {"resumes_to": case.state, "until": until}
    if case.due_at <= now:
        return found | {"left_minutes": None}
    limit = _resolve_limit(case, rulebook)
    left = (
        round((case.due_at - now) / timedelta(minutes=1))
        if limit.clock
        else rulebook.calendar.minutes_between(now, case.due_at)
    )
    due = add_limit(until, Limit(left, clock=limit.clock), rulebook.calendar)
    return found | {"left_minutes": left, "due_at": max(case.due_at, due)}


def _resumed(case: Case, now: datetime, rulebook: Rulebook) -> dict[str, Any]:
    """Let the clock run on with the time that was left when it was stopped."""
    found: dict[str, Any] = {
        "state": case.resumes_to or State.ACCEPTED,
        "resumes_to": None, "left_minutes": None, "until": None,
    }  # fmt: skip
    if case.left_minutes is None or (case.until is not None and now >= case.until):
        return found  # it has been running again since the day that was named
    limit = replace(_resolve_limit(case, rulebook), minutes=case.left_minutes)
    return found | {"due_at": add_limit(now, limit, rulebook.calendar)}


def _clocked(case: Case, now: datetime, rulebook: Rulebook) -> Case:
    """Set until when the new state has to be left again."""
    due: datetime | None
    if case.state == State.SUSPENDED:
        due = case.until
    elif is_open(case.state):
        due = case.due_at
    elif case.state in {State.RESOLVED, State.EVALUATED}:
        limit = rulebook.limits(case.kind, case.subkind, case.severity).feedback
        due = add_limit(now, limit, rulebook.calendar)
    elif case.state == State.FED_BACK:
        due = now + timedelta(days=rulebook.evaluation_days)
    else:
        due = None
    return replace(case, step_due_at=due)


def filed(case: Case, rulebook: Rulebook) -> Case:
    """Give a new case its clocks: until when to respond, and until when to resolve."""
    limits = rulebook.limits(case.kind, case.subkind, case.severity)
    respond = add_limit(case.reported_at, limits.respond, rulebook.calendar)
    due = add_limit(case.reported_at, limits.resolve, rulebook.calendar)
    return replace(case, state=State.REPORTED, due_at=due, step_due_at=respond)
