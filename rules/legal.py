"""The loop of the legal affairs centre [source]: six stages, and the states that stand in each."""

from dataclasses import dataclass
from typing import Final

from rules.lifecycle import State

KIND: Final = "legal_service"
"""Kind of the centre's own cases."""


@dataclass(frozen=True)
class Stage:
    """One stage: names, and the states of the cases that stand in it; none for the assessment."""

    key: str
    zh: str
    en: str
    states: tuple[State, ...] = ()


STAGES: Final = (
    Stage("collect", "问题收集", "Collection", (State.REPORTED,)),
    Stage(
        "sort", "分类办理", "Classified handling",
        (State.ACCEPTED, State.DISPATCHED, State.RETURNED, State.REOPENED),
    ),
    Stage(
        "track", "跟踪调度", "Tracking",
        (State.IN_PROGRESS, State.SUSPENDED, State.ESCALATED),
    ),
    Stage("close", "办结销号", "Closing", (State.RESOLVED,)),
    Stage("feedback", "反馈评价", "Feedback and evaluation", (State.FED_BACK, State.EVALUATED)),
    Stage("assess", "人员考核", "Staff assessment"),
)  # fmt: skip
"""Every state that a case can stay in while its loop runs belongs to exactly one stage."""
