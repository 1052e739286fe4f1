"""The states of an incident. Code asks for the state's type, never for its label."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where an incident stands in the closed loop (domain reference, chapter 4)."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    RETURNED = "returned"
    ESCALATED = "escalated"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    FED_BACK = "fed_back"
    EVALUATED = "evaluated"
    CLOSED = "closed"
    MERGED = "merged"
    REJECTED = "rejected"


LABELS: Final[dict[State, tuple[str, str]]] = {
    State.REPORTED: ("已上报", "Reported"),
    State.ACCEPTED: ("已受理", "Accepted"),
    State.DISPATCHED: ("已派单", "Dispatched"),
    State.IN_PROGRESS: ("处置中", "In progress"),
    State.SUSPENDED: ("挂起", "Suspended"),
    State.RETURNED: ("退回", "Returned"),
    State.ESCALATED: ("上报上级", "Escalated"),
    State.REOPENED: ("重开", "Reopened"),
    State.RESOLVED: ("已处置", "Resolved"),
    State.FED_BACK: ("已反馈", "Fed back"),
    State.EVALUATED: ("已评价", "Evaluated"),
    State.CLOSED: ("办结归档", "Closed"),
    State.MERGED: ("并案", "Merged"),
    State.REJECTED: ("不予受理", "Rejected"),
}

OPEN_STATES: Final[frozenset[State]] = frozenset(
    {
        State.REPORTED,
        State.ACCEPTED,
        State.DISPATCHED,
        State.IN_PROGRESS,
        State.SUSPENDED,
        State.RETURNED,
        State.ESCALATED,
        State.REOPENED,
    }
)
"""Still to be resolved: what the map calls open. Everything else is closed for the map."""

UNASSIGNED_STATES: Final[frozenset[State]] = frozenset({State.REPORTED, State.ACCEPTED})


def is_open(state: State) -> bool:
    """Whether an incident in ``state`` still has to be resolved."""
    return state in OPEN_STATES
