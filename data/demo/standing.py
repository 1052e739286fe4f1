"""How made-up incidents stand in the loop: whose desk, until when the present step, what pauses.

What the rules set step by step (:mod:`rules.casework`) is set here for very many at once; a test
asks the rules about each open incident.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.demo.course import STATE_ROWS, STATES, Course
from data.demo.terms import Span, Terms, whole
from data.working_time import WorkingClock
from rules.lifecycle import State, is_open
from rules.rulebook import DEFAULT

Ints = NDArray[np.int64]

UNHELD: Final = (
    State.REPORTED, State.ACCEPTED, State.RETURNED, State.ESCALATED, State.REOPENED, State.REJECTED,
)  # fmt: skip
"""States in which nobody has been given the incident, or nobody any more."""
PAUSED_AFTER: Final = 0.6
"""Share of the time since the dispatch after which a suspended incident was suspended."""
_OPEN: Final = np.array([is_open(state) for state in STATES])
_RUNNING: Final = np.array(
    [is_open(s) or s in {State.RESOLVED, State.FED_BACK, State.EVALUATED} for s in STATES]
)


@dataclass(frozen=True)
class Standing:
    """Columns of the loop; 0 where there is none, ``resumes`` and ``left`` -1.

    ``desk`` is how many levels above the grid the desk lies, -1 where it does not matter.
    """

    due: Ints
    desk: Ints
    step_due: Ints
    resumes: Ints
    left: Ints
    until: Ints


def at_rest(due: Ints) -> Standing:
    """Give the standing of incidents whose loop has ended."""
    none, nothing = np.zeros(len(due), np.int64), np.full(len(due), -1, np.int64)
    return Standing(due, nothing, none, nothing, nothing, none)


def standing_at(  # noqa: PLR0913 - what the rules look at
    rng: np.random.Generator, clock: WorkingClock, terms: Terms, now: int, *, state: Ints,
    reported: Ints, due: Ints, course: Course,
) -> Standing:  # fmt: skip
    """Give the standing of incidents at ``now``; ``course`` is the whole one."""
    n = len(state)

    def those(*states: State) -> NDArray[np.bool_]:
        return np.isin(state, [STATE_ROWS[s] for s in states])

    again = whole(terms.resolve.end(clock, np.maximum(course.evaluated, reported)))
    due = np.where(those(State.REOPENED), np.maximum(due, again), due)
    held = those(State.SUSPENDED)
    until = now + whole(rng.uniform(2.0, 12.0, n) * 86_400)
    left, later = _paused(clock, terms.resolve, now, until, due, course.dispatched)
    due = np.where(held, later, due)
    step = np.select(
        [those(State.REPORTED), held, _OPEN[state], those(State.RESOLVED), those(State.FED_BACK),
         those(State.EVALUATED)],
        [whole(terms.respond.end(clock, reported)), until, due,
         whole(terms.feedback.end(clock, course.resolved)),
         course.fed_back + DEFAULT.evaluation_days * 86_400,
         whole(terms.feedback.end(clock, np.maximum(course.evaluated, reported)))],
        default=0,
    )  # fmt: skip
    up = np.where(rng.random(n) < 0.7, 1, 2)
    desk = np.where(those(State.ESCALATED), up, np.where(_RUNNING[state], 0, -1))
    return Standing(
        due=due,
        desk=desk,
        step_due=step,
        resumes=np.where(held, STATE_ROWS[State.IN_PROGRESS], -1),
        left=np.where(held, left, -1),
        until=np.where(held, until, 0),
    )


def _paused(
    clock: WorkingClock, limit: Span, now: int, until: Ints, due: Ints, dispatched: Ints
) -> tuple[Ints, Ints]:
    """Minutes that were left when the clock was stopped (-1: none), and when it is due now."""
    stopped = paused_at(dispatched, now)
    worked = clock.read(due) - clock.read(stopped)
    left = np.floor(np.where(limit.clock, due - stopped, worked) / 60).astype(np.int64)
    left = np.where(due > stopped, left, -1)
    seconds = np.maximum(left, 0) * 60.0
    ends = whole(Span(seconds, limit.clock).end(clock, until))
    return left, np.where(left >= 0, np.maximum(due, ends), due)


def paused_at(dispatched: Ints, now: int) -> Ints:
    """Moment at which a suspended incident was suspended."""
    return dispatched + whole(PAUSED_AFTER * (now - dispatched))
