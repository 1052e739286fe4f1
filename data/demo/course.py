"""How incidents run: their milestones, and the state these give at a moment."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.demo.moments import limits
from data.working_time import WorkingClock
from rules.kinds import KINDS
from rules.lifecycle import State

Ints = NDArray[np.int64]

STATES: Final = tuple(State)
STATE_ROWS: Final = {state: row for row, state in enumerate(STATES)}


def milestones(
    rng: np.random.Generator, clock: WorkingClock, kind: Ints, severity: Ints, reported: Ints,
    *, quick: NDArray[np.bool_],
) -> tuple[Ints, Ints, Ints, Ints]:  # fmt: skip
    """Responded, dispatched, resolved and closed, each not before the one it follows.

    Resolving takes a log-normal share of the limit (median 0.74, about one in eight too late), in
    the limit's own time; a few drag on. Some of the ``quick`` ones are settled on the spot.
    """
    n = len(kind)
    limit, by_clock = limits(kind, severity)
    respond = np.array([k.respond.minutes * 60.0 for k in KINDS.values()])[kind]
    wait = respond * rng.lognormal(np.log(0.35), 0.6, n)
    on_clock = np.array([k.respond.clock for k in KINDS.values()])[kind]
    responded = np.where(on_clock, reported + wait, clock.after(reported, wait))
    pause = rng.lognormal(np.log(1_500), 0.7, n)
    dispatched = np.where(by_clock, responded + pause, clock.after(responded, pause))
    share = rng.lognormal(np.log(0.74), 0.27, n)
    share = np.where(rng.random(n) < 0.015, rng.uniform(1.2, 4.0, n), share)
    work = limit * share
    resolved = np.where(by_clock, reported + work, clock.after(reported, work))
    spot = quick & (rng.random(n) < 0.25)
    responded = np.where(spot, reported + rng.integers(30, 240, n), responded)
    dispatched = np.where(spot, responded + 30, dispatched)
    resolved = np.where(spot, dispatched + rng.integers(600, 3_600, n), resolved)
    resolved = np.maximum(resolved, dispatched + 600)
    closed = clock.after(resolved, rng.uniform(1_800, 40_000, n))
    whole = [np.round(t).astype(np.int64) for t in (responded, dispatched, resolved, closed)]
    return whole[0], whole[1], whole[2], np.maximum(whole[3], whole[2] + 60)


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


def states_at(
    rng: np.random.Generator, now: int, responded: Ints, dispatched: Ints, resolved: Ints,
    closed: Ints,
) -> Ints:  # fmt: skip
    """State at ``now`` from the milestones that are over."""
    n = len(responded)
    draw = rng.random(n)
    started = dispatched + 3_600 < now
    work = np.select(
        [~started, draw < 0.05, draw < 0.10, draw < 0.13, draw < 0.16],
        [STATE_ROWS[s] for s in (State.DISPATCHED, State.SUSPENDED, State.ESCALATED, State.RETURNED,
                             State.REOPENED)],
        default=STATE_ROWS[State.IN_PROGRESS],
    )  # fmt: skip
    done = np.select(
        [draw < 0.45, draw < 0.8],
        [STATE_ROWS[State.RESOLVED], STATE_ROWS[State.FED_BACK]],
        default=STATE_ROWS[State.EVALUATED],
    )
    return np.select(
        [closed <= now, resolved <= now, dispatched <= now, responded <= now],
        [np.full(n, STATE_ROWS[State.CLOSED]), done, work, np.full(n, STATE_ROWS[State.ACCEPTED])],
        default=STATE_ROWS[State.REPORTED],
    )
