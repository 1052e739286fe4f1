"""What can be done with an incident: one table of steps, who may take each, what it asks for.

The table follows the project's domain reference, chapter 4. Nothing else decides about steps:
screens offer what :func:`offered` gives, and the store takes what :func:`rules.casework.take`
lets pass, so a step that is not offered cannot be taken by any other way either.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rules.lifecycle import OPEN_STATES, State


class Action(StrEnum):
    """One kind of step."""

    ACCEPT = "accept"
    REJECT = "reject"
    DISPATCH = "dispatch"
    START = "start"
    SETTLE = "settle"
    RESOLVE = "resolve"
    FEED_BACK = "feed_back"
    EVALUATE = "evaluate"
    CLOSE = "close"
    CLOSE_UNHEARD = "close_unheard"
    SEND_BACK = "send_back"
    SUSPEND = "suspend"
    RESUME = "resume"
    TRANSFER = "transfer"
    JOIN = "join"
    ESCALATE = "escalate"
    HAND_DOWN = "hand_down"
    MERGE = "merge"
    REOPEN = "reopen"
    URGE = "urge"
    NOTE = "note"


class Part(StrEnum):
    """What somebody is to an incident.

    The holder is the person it was given to. The desk is whoever keeps the desk it lies on, or
    one above. Above is who keeps a higher desk than that. The resident comes through a signed
    link. A reader sees the incident and may add words.
    """

    HOLDER = "holder"
    DESK = "desk"
    ABOVE = "above"
    RESIDENT = "resident"
    READER = "reader"


class Need(StrEnum):
    """Something that a step asks for before it can be taken."""

    NOTE = "note"
    PERSON = "person"
    UNTIL = "until"
    SCORE = "score"
    OTHER = "other"
    BODIES = "bodies"
    PHOTO = "photo"
    CONSENT = "consent"


@dataclass(frozen=True)
class Step:
    """One row of the table. ``to`` is ``None`` where the state stays or follows from the case.

    ``ahead`` marks the steps that lead on along the loop.
    """

    action: Action
    zh: str
    en: str
    sources: frozenset[State]
    to: State | None
    by: frozenset[Part]
    needs: frozenset[Need] = frozenset()
    ahead: bool = False


_S, _P, _N = State, Part, Need
_RUNNING: Final = OPEN_STATES - {State.SUSPENDED}
_ON_DESK: Final = frozenset({_S.REPORTED, _S.ACCEPTED, _S.RETURNED, _S.ESCALATED, _S.REOPENED})
_IN_HAND: Final = frozenset({_S.DISPATCHED, _S.IN_PROGRESS})
_DONE: Final = frozenset({_S.RESOLVED, _S.FED_BACK, _S.EVALUATED, _S.CLOSED})
_DESK: Final = frozenset({_P.DESK})
_BOTH: Final = frozenset({_P.HOLDER, _P.DESK})
_WORDS: Final = frozenset({_N.NOTE})

TABLE: Final[tuple[Step, ...]] = (
    Step(Action.ACCEPT, "受理", "Accept", frozenset({_S.REPORTED}), _S.ACCEPTED, _BOTH, ahead=True),
    Step(Action.DISPATCH, "派单", "Dispatch", _ON_DESK, _S.DISPATCHED, _DESK,
         frozenset({_N.PERSON}), ahead=True),
    Step(Action.START, "开始处置", "Start", frozenset({_S.DISPATCHED}), _S.IN_PROGRESS, _BOTH,
         ahead=True),
    Step(Action.RESOLVE, "处置完成", "Resolve", frozenset({_S.IN_PROGRESS}), _S.RESOLVED, _BOTH,
         _WORDS, ahead=True),
    Step(Action.SETTLE, "当场办结", "Settle on the spot", frozenset({*_ON_DESK, _S.DISPATCHED}),
         _S.RESOLVED, _BOTH, _WORDS),
    Step(Action.FEED_BACK, "反馈居民", "Feed back", frozenset({_S.RESOLVED}), _S.FED_BACK, _BOTH,
         _WORDS, ahead=True),
    Step(Action.EVALUATE, "登记评价", "Record the evaluation", frozenset({_S.FED_BACK}),
         None, frozenset({_P.HOLDER, _P.DESK, _P.RESIDENT}), frozenset({_N.SCORE}), ahead=True),
    Step(Action.CLOSE, "办结归档", "Close", frozenset({_S.EVALUATED}), _S.CLOSED, _DESK,
         ahead=True),
    Step(Action.CLOSE_UNHEARD, "未评价结案", "Close without evaluation", frozenset({_S.FED_BACK}),
         _S.CLOSED, _DESK, _WORDS),
    Step(Action.RESUME, "恢复办理", "Resume", frozenset({_S.SUSPENDED}), None, _BOTH, ahead=True),
    Step(Action.SEND_BACK, "退回", "Send back", _IN_HAND, _S.RETURNED,
         frozenset({_P.HOLDER}), _WORDS),
    Step(Action.TRANSFER, "转办", "Transfer", _IN_HAND, _S.DISPATCHED, _BOTH,
         frozenset({_N.NOTE, _N.PERSON})),
    Step(Action.JOIN, "联动处置", "Joint handling", _IN_HAND, _S.IN_PROGRESS, _BOTH,
         frozenset({_N.NOTE, _N.BODIES})),
    Step(Action.ESCALATE, "上报上级", "Escalate", _RUNNING, _S.ESCALATED, _BOTH, _WORDS),
    Step(Action.HAND_DOWN, "下派", "Hand down", _ON_DESK, _S.ACCEPTED, _DESK, _WORDS),
    Step(Action.SUSPEND, "挂起", "Suspend", _RUNNING - {_S.REPORTED}, _S.SUSPENDED, _DESK,
         frozenset({_N.NOTE, _N.UNTIL})),
    Step(Action.MERGE, "并案", "Merge", OPEN_STATES, _S.MERGED, _DESK, frozenset({_N.OTHER})),
    Step(Action.REJECT, "不予受理", "Reject", frozenset({_S.REPORTED, _S.ACCEPTED}), _S.REJECTED,
         _DESK, _WORDS),
    Step(Action.REOPEN, "重开", "Reopen", _DONE, _S.REOPENED, _DESK, _WORDS),
    Step(Action.URGE, "督办", "Urge", OPEN_STATES, None, frozenset({_P.ABOVE}), _WORDS),
    Step(Action.NOTE, "补充说明", "Add a note", frozenset(State) - {_S.MERGED, _S.REJECTED}, None,
         frozenset({_P.READER}), _WORDS),
)  # fmt: skip
"""Every step there is, in the order in which screens list them."""

STEPS: Final[dict[Action, Step]] = {step.action: step for step in TABLE}


def offered(state: State, parts: frozenset[Part]) -> tuple[Step, ...]:
    """Give the steps that somebody with these parts may take in this state, as the table goes."""
    return tuple(step for step in TABLE if state in step.sources and step.by & parts)


def next_step(state: State) -> Step | None:
    """Give the step that leads on from a state; ``None`` where the loop has ended."""
    return next((step for step in TABLE if step.ahead and state in step.sources), None)
