"""How incidents run: their milestones, and the state these give at a moment."""

from dataclasses import dataclass, fields, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from data.demo.terms import Terms, whole
from data.working_time import WorkingClock
from rules.lifecycle import State
from rules.rulebook import DEFAULT

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

STATES: Final = tuple(State)
STATE_ROWS: Final = {state: row for row, state in enumerate(STATES)}
SPOKEN, LINK = 1, 2
HEARD: Final = ("", "spoken", "link")
"""How an evaluation came about, by code."""


@dataclass(frozen=True)
class Course:
    """Milestones in seconds since 1970, 0 where there is none; ``score`` is 0 without answer.

    Who was not satisfied evaluated before the end: the incident was reopened and resolved again.
    """

    responded: Ints
    dispatched: Ints
    resolved: Ints
    fed_back: Ints
    evaluated: Ints
    closed: Ints
    score: Ints
    heard: Ints

    @property
    def unhappy(self) -> Flags:
        """Whether the answer reopened the incident."""
        return (self.score > 0) & (self.score <= DEFAULT.dissatisfied_at)

    def until(self, now: int) -> Self:
        """Give the course as far as it has come."""
        times = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _ANSWER}
        past = {name: np.where(at <= now, at, 0) for name, at in times.items()}
        known = past["evaluated"] > 0
        return replace(
            self, **past, score=np.where(known, self.score, 0),
            heard=np.where(known, self.heard, 0),
        )  # fmt: skip


_ANSWER: Final = frozenset({"score", "heard"})


def milestones(
    rng: np.random.Generator, clock: WorkingClock, terms: Terms, reported: Ints, *, quick: Flags
) -> Course:
    """Make a course for each incident, no milestone before the one it follows.

    Resolving takes a log-normal share of the limit (median 0.68, about one in twelve too late), in
    the limit's own time; a few drag on. Some of the ``quick`` ones are settled on the spot.
    """
    n = len(reported)
    responded = terms.respond.end(clock, reported, rng.lognormal(np.log(0.35), 0.6, n))
    pause = rng.lognormal(np.log(1_500), 0.7, n)
    by_clock = terms.resolve.clock
    dispatched = np.where(by_clock, responded + pause, clock.after(responded, pause))
    share = rng.lognormal(np.log(0.68), 0.27, n)
    share = np.where(rng.random(n) < 0.015, rng.uniform(1.2, 4.0, n), share)
    resolved = terms.resolve.end(clock, reported, share)
    spot = quick & (rng.random(n) < 0.25)
    responded = np.where(spot, reported + rng.integers(30, 240, n), responded)
    dispatched = np.where(spot, responded + 30, dispatched)
    resolved = np.where(spot, dispatched + rng.integers(600, 3_600, n), resolved)
    first, second, third = whole(responded), whole(dispatched), whole(resolved)
    return _ended(rng, clock, first, second, np.maximum(third, second + 600), quick)


def _ended(
    rng: np.random.Generator, clock: WorkingClock, responded: Ints, dispatched: Ints,
    resolved: Ints, quick: Flags,
) -> Course:  # fmt: skip
    """Go on from the resolution: what residents are told, what they say, when it is filed."""
    n = len(resolved)
    fed_back = whole(clock.after(resolved, rng.uniform(1_200, 27_000, n)))
    answered = rng.random(n) < np.where(quick, 0.28, 0.62)
    score = np.where(answered, rng.choice([5, 4, 3, 2, 1], n, p=[0.59, 0.33, 0.05, 0.02, 0.01]), 0)
    pause = np.minimum(rng.lognormal(np.log(20_000), 0.9, n), 13 * 86_400)
    evaluated = np.where(answered, fed_back + whole(pause), 0)
    unhappy = (score > 0) & (score <= DEFAULT.dissatisfied_at)
    before = dispatched + whole(0.7 * (resolved - dispatched))
    filed = clock.after(np.maximum(evaluated, fed_back), rng.uniform(600, 14_000, n))
    unheard = fed_back + rng.uniform(1.0, 10.0, n) * 86_400
    closed = np.where(answered & ~unhappy, filed, np.maximum(unheard, fed_back + 60))
    spoken = rng.random(n) < np.where(quick, 0.8, 0.35)
    return Course(
        responded, dispatched, resolved, fed_back, np.where(unhappy, before, evaluated),
        whole(closed), score, np.where(answered, np.where(spoken, SPOKEN, LINK), 0),
    )  # fmt: skip


def kept_open(resolved: Ints, due: Ints, now: int, wanted: int) -> Ints:
    """Let the items resolved last be not resolved yet until ``wanted`` are open at ``now``.

    Those not due yet come first, so that this does not make many overdue.
    """
    missing = wanted - int((resolved > now).sum())
    if missing <= 0:
        return resolved
    past = np.flatnonzero(resolved <= now)
    last = past[np.lexsort([resolved[past], due[past] > now])[-missing:]]
    out = resolved.copy()
    out[last] = now + 3_600
    return out


def delayed(course: Course, resolved: Ints) -> Course:
    """Give the courses with later resolutions; what follows comes later too."""
    late = resolved > course.resolved
    fed_back = np.where(late, resolved + 1_800, course.fed_back)
    heard_late = late & (course.score > 0) & ~course.unhappy
    evaluated = np.where(heard_late, fed_back + 3_600, course.evaluated)
    return replace(
        course, resolved=resolved, fed_back=fed_back, evaluated=evaluated,
        closed=np.where(late, fed_back + 7_200, course.closed),
    )  # fmt: skip


def reopened(rng: np.random.Generator, course: Course, now: int, share: float) -> Course:
    """Let the residents of some of what is in hand have been dissatisfied with a first attempt."""
    n = len(course.resolved)
    in_hand = (course.dispatched + 7_200 < now) & (course.resolved > now)
    chosen = in_hand & (rng.random(n) < share)
    return replace(
        course,
        evaluated=np.where(
            chosen, course.dispatched + whole(0.6 * (now - course.dispatched)), course.evaluated
        ),
        score=np.where(chosen, rng.integers(1, DEFAULT.dissatisfied_at + 1, n), course.score),
        heard=np.where(chosen, rng.integers(SPOKEN, LINK + 1, n), course.heard),
    )


def forgiven(course: Course, now: int) -> Course:
    """Let nobody have been dissatisfied with what is resolved but not filed yet."""
    waiting = course.unhappy & (course.resolved <= now) & (course.closed > now)
    gone = {name: np.where(waiting, 0, getattr(course, name)) for name in ("evaluated", *_ANSWER)}
    return replace(course, **gone)


def states_at(rng: np.random.Generator, now: int, course: Course) -> Ints:
    """State at ``now`` from the milestones that are over; some of what is in hand is held up."""
    n = len(course.resolved)
    draw = rng.random(n)
    told = course.unhappy & (course.evaluated <= now)
    work = np.select(
        [told, course.dispatched + 3_600 >= now, draw < 0.05, draw < 0.10, draw < 0.13],
        [STATE_ROWS[s] for s in (State.REOPENED, State.DISPATCHED, State.SUSPENDED,
                                 State.ESCALATED, State.RETURNED)],
        default=STATE_ROWS[State.IN_PROGRESS],
    )  # fmt: skip
    happy = (course.score > 0) & ~course.unhappy
    done = np.select(
        [course.fed_back > now, happy & (course.evaluated <= now)],
        [STATE_ROWS[State.RESOLVED], STATE_ROWS[State.EVALUATED]],
        default=STATE_ROWS[State.FED_BACK],
    )
    return np.select(
        [course.closed <= now, course.resolved <= now, course.dispatched <= now,
         course.responded <= now],
        [np.full(n, STATE_ROWS[State.CLOSED]), done, work, np.full(n, STATE_ROWS[State.ACCEPTED])],
        default=STATE_ROWS[State.REPORTED],
    )  # fmt: skip
