"""Incidents of a made-up district.

How the numbers are composed. Service ``grid``: the calendar year 2023 (China time) holds exactly
the published 14,804 incidents handled by grid workers: 3,127 hazards, 793 disputes, 8,709 public
services and 2,175 of other kinds; they are followed by a history at the same yearly rate (52 per
1,000 residents) up to the moment of making, whose last items are open, due, overdue and new.
Service ``chief`` (1,014 problems solved by Longjing's building chiefs since March 2022) and
service ``legal`` (the legal centre's 62 check-ups, 721 publicity events, 433 consultations, 143
notarisations and 654 legal-aid cases) stand beside them and are no part of the 14,804.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from data.demo.course import (
    STATE_ROWS,
    Course,
    delayed,
    forgiven,
    kept_open,
    milestones,
    reopened,
    states_at,
)
from data.demo.moments import china, report_times
from data.demo.standing import UNHELD, Standing, at_rest, standing_at
from data.demo.terms import Terms, terms_of, whole
from data.demo.titles import SUBKINDS
from data.working_time import WorkingClock
from rules.kinds import KINDS, Severity
from rules.lifecycle import State
from rules.rulebook import DEFAULT

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

YEAR_TOTAL: Final = 14_804
YEAR_KINDS: Final = {
    "hazard": 3_127, "dispute": 793, "public_service": 8_709,
    "environment": 1_150, "opinion": 620, "emergency": 45, "other": 360,
}  # fmt: skip
"""Published for 2023; the split of the last four (2,175 together) is made up."""

CHIEF_PROBLEMS: Final = 1_014
LEGAL: Final = {
    "checkup": 62, "publicity": 721, "consultation": 433, "notarisation": 143, "legal_aid": 654,
}  # fmt: skip
LEGAL_TOTAL: Final = sum(LEGAL.values())
DISTRICT_ABOVE_GRID: Final = 3
"""Levels from a grid up to its district."""

KIND_ROWS: Final = {key: row for row, key in enumerate(KINDS)}
KIND_KEYS: Final = tuple(KINDS)
_OPEN_SHARE: Final = 0.0145
"""Open at once, as a share of a year's incidents: 215 of 14,804 (studied range 180 to 410)."""

_REOPENED: Final = 0.03
"""Share of what is in hand that a resident was dissatisfied with."""
NOBODY, WORKER, LEAD, CHIEF, OFFICER = range(5)
"""Who has an incident: nobody, the grid's worker or lead, the building's chief, a legal officer."""

_SOURCES: Final = ("patrol", "resident", "hotline", "building_chief", "higher_level")
_SOURCE_ODDS: Final = (0.47, 0.27, 0.12, 0.10, 0.04)


@dataclass(frozen=True)
class Incidents:
    """Columns of incidents in order of report; codes are rows of KINDS, State and sources.

    Times are seconds since 1970; 0 where a milestone is not reached. ``grid`` and ``building``
    are rows (building -1: on a road). ``assigned`` is one of NOBODY to OFFICER, ``heard`` a code
    of HEARD; desk, step_due, resumes, left and until are those of
    :class:`data.demo.standing.Standing`.
    """

    service: list[str]
    kind: Ints
    subkind: list[str]
    severity: Ints
    state: Ints
    source: list[str]
    grid: Ints
    building: Ints
    assigned: Ints
    reported: Ints
    responded: Ints
    dispatched: Ints
    resolved: Ints
    fed_back: Ints
    evaluated: Ints
    closed: Ints
    due: Ints
    satisfaction: Ints
    heard: Ints
    desk: Ints
    step_due: Ints
    resumes: Ints
    left: Ints
    until: Ints

    def __len__(self) -> int:
        return len(self.kind)

    @classmethod
    def joined(cls, parts: list[Self]) -> Self:
        """All parts as one, in order of report."""
        order = np.argsort(np.concatenate([p.reported for p in parts]), kind="stable")
        values: dict[str, Any] = {}
        for f in fields(cls):
            columns = [getattr(p, f.name) for p in parts]
            if isinstance(columns[0], list):
                flat = [v for column in columns for v in column]
                values[f.name] = [flat[i] for i in order]
            else:
                values[f.name] = np.concatenate(columns)[order]
        return cls(**values)

    def settled(self) -> Self:
        """Give the same incidents; a merged one that nothing could take was rejected instead."""
        alone = (self.state == STATE_ROWS[State.MERGED]) & (merged_into(self) < 0)
        return replace(
            self,
            state=np.where(alone, STATE_ROWS[State.REJECTED], self.state),
            assigned=np.where(alone, NOBODY, self.assigned),
            dispatched=np.where(alone, 0, self.dispatched),
        )


@dataclass(frozen=True)
class Places:
    """Where things happen: the buildings of one district with grid and weight, the grids."""

    building_grid: Ints
    building_weight: Floats
    grid_weight: Floats
    grid_village: NDArray[np.bool_]


def make_year(
    rng: np.random.Generator, places: Places, clock: WorkingClock, total: int
) -> Incidents:
    """Make the year 2023, all closed; ``total`` 14,804 gives exactly the published kinds."""
    reported = report_times(rng, total, china(2023, 1, 1), china(2024, 1, 1))
    rows = [
        KIND_ROWS[k] for k, n in YEAR_KINDS.items() for _ in range(round(n * total / YEAR_TOTAL))
    ]
    rows += [KIND_ROWS["public_service"]] * (total - len(rows))
    kind = rng.permutation(np.array(rows[:total], np.int64))
    return _handled(rng, places, clock, reported, kind)


def make_history(
    rng: np.random.Generator, places: Places, clock: WorkingClock, total: int, now: datetime
) -> Incidents:
    """``total`` incidents from 2024 up to ``now``; the last ones are still open."""
    reported = report_times(rng, total, china(2024, 1, 1), now)
    odds = np.array(list(YEAR_KINDS.values())) / YEAR_TOTAL
    kind = rng.choice([KIND_ROWS[k] for k in YEAR_KINDS], total, p=odds)
    return _handled(rng, places, clock, reported, kind, now=now)


def _subkinds(rng: np.random.Generator, kind: Ints, village: NDArray[np.bool_]) -> list[str]:
    out = np.empty(len(kind), object)
    for key, odds in SUBKINDS.items():
        for rural in (False, True):
            mine = np.flatnonzero((kind == KIND_ROWS[key]) & (village == rural))
            p = np.array([pair[int(rural)] for pair in odds.values()], float)
            out[mine] = rng.choice(np.array(list(odds), object), len(mine), p=p / p.sum())
    return list(out)


def _severities(rng: np.random.Generator, kind: Ints, subkind: list[str]) -> Ints:
    base = np.array(
        [DEFAULT.severity(KIND_KEYS[k], s) for k, s in zip(kind.tolist(), subkind, strict=True)]
    )
    draw = rng.random(len(kind))
    lowered = (kind == KIND_ROWS["hazard"]) & (base == Severity.SERIOUS) & (draw < 0.25)
    feared = (kind == KIND_ROWS["dispute"]) & (draw < 0.015)
    out = np.where(feared, int(Severity.URGENT), np.where(lowered, base - 1, base))
    return np.asarray(out, np.int64)


def _where(rng: np.random.Generator, places: Places, kind: Ints) -> tuple[Ints, Ints]:
    """Grid and building of each incident; environment and emergencies are often on a road."""
    hot = places.grid_weight * rng.gamma(2.5, 1 / 2.5, len(places.grid_weight))
    hot /= hot.sum()
    grid = rng.choice(len(hot), len(kind), p=hot)
    order = np.argsort(places.building_grid, kind="stable")
    weight = places.building_weight * rng.gamma(0.9, 1.0, len(places.building_weight))
    steps = np.concatenate([[0.0], np.cumsum(weight[order])])
    low = np.searchsorted(places.building_grid[order], np.arange(len(hot)))
    high = np.searchsorted(places.building_grid[order], np.arange(len(hot)), side="right")
    draw = steps[low[grid]] + rng.random(len(kind)) * (steps[high[grid]] - steps[low[grid]])
    at = np.clip(np.searchsorted(steps, draw, side="right") - 1, 0, len(order) - 1)
    building = np.where(high[grid] > low[grid], order[at], -1)
    outdoors = np.isin(kind, [KIND_ROWS["environment"], KIND_ROWS["emergency"]])
    share = np.where(outdoors, 0.7, np.where(kind == KIND_ROWS["hazard"], 0.15, 0.0))
    return grid, np.where(rng.random(len(kind)) < share, -1, building)


def _handled(  # noqa: PLR0913 - what is given differs between the services
    rng: np.random.Generator, places: Places, clock: WorkingClock, reported: Ints, kind: Ints,
    *, now: datetime | None = None, named: list[str] | None = None,
) -> Incidents:  # fmt: skip
    n = len(kind)
    grid, building = _where(rng, places, kind)
    subkind = named or _subkinds(rng, kind, places.grid_village[grid])
    severity = _severities(rng, kind, subkind)
    terms = terms_of(kind, subkind, severity)
    due = whole(terms.resolve.end(clock, reported))
    source = rng.choice(np.array(_SOURCES, object), n, p=_SOURCE_ODDS)
    source = np.where((source == "building_chief") & (building < 0), "patrol", source)
    course = milestones(rng, clock, terms, reported, quick=source == "patrol")
    state, standing = np.full(n, STATE_ROWS[State.CLOSED]), at_rest(due)
    if now is not None:
        course, state, standing = _until(rng, clock, terms, reported, due, course, now)
    assigned = np.where(course.dispatched > 0, np.where(rng.random(n) < 0.86, WORKER, LEAD), NOBODY)
    unheld = np.isin(state, [STATE_ROWS[s] for s in UNHELD])
    return Incidents(
        ["grid"] * n, kind, subkind, severity, state, list(source), grid, building,
        np.where(unheld, NOBODY, assigned), reported, course.responded, course.dispatched,
        course.resolved, course.fed_back, course.evaluated, course.closed, standing.due,
        course.score, course.heard, standing.desk, standing.step_due, standing.resumes,
        standing.left, standing.until,
    )  # fmt: skip


def _until(  # noqa: PLR0913, PLR0917 - the parts of one answer
    rng: np.random.Generator, clock: WorkingClock, terms: Terms, reported: Ints, due: Ints,
    course: Course, now: datetime,
) -> tuple[Course, Ints, Standing]:  # fmt: skip
    """Give the courses as far as they have come, with state and standing at ``now``."""
    n, end = len(reported), int(now.timestamp())
    wanted = round(_OPEN_SHARE * n * 31_557_600 / _span(now))
    course = delayed(course, kept_open(course.resolved, due, end, wanted))
    course = forgiven(reopened(rng, course, end, _REOPENED), end)
    state = states_at(rng, end, course)
    odd = (state == STATE_ROWS[State.CLOSED]) & (rng.random(n) < 0.02)
    rejected = odd & (rng.random(n) < 0.4)
    state = np.where(rejected, STATE_ROWS[State.REJECTED], state)
    state = np.where(odd & ~rejected, STATE_ROWS[State.MERGED], state)
    standing = standing_at(
        rng, clock, terms, end, state=state, reported=reported, due=due, course=course
    )
    return _unfinished(course.until(end), odd, rejected), state, standing


def _unfinished(course: Course, odd: NDArray[np.bool_], rejected: NDArray[np.bool_]) -> Course:
    """Let merged and rejected incidents end where they were merged or rejected."""
    gone = {name: np.where(odd, 0, getattr(course, name)) for name in _NEVER}
    ended = np.where(rejected, course.dispatched, course.resolved)
    return replace(
        course, **gone, dispatched=np.where(rejected, 0, course.dispatched),
        closed=np.where(odd, ended, course.closed),
    )  # fmt: skip


_NEVER: Final = ("resolved", "fed_back", "evaluated", "score", "heard")


def _span(now: datetime) -> float:
    return max((now - china(2024, 1, 1)).total_seconds(), 1.0)


def make_chief_problems(
    rng: np.random.Generator, places: Places, clock: WorkingClock, total: int = CHIEF_PROBLEMS
) -> Incidents:
    """Problems that building chiefs solved from March 2022 to the end of 2023."""
    reported = report_times(rng, total, china(2022, 3, 1), china(2024, 1, 1))
    odds = {"hazard": 0.28, "dispute": 0.22, "public_service": 0.4, "opinion": 0.1}
    kind = rng.choice([KIND_ROWS[k] for k in odds], total, p=list(odds.values()))
    made = _handled(rng, places, clock, reported, kind)
    return replace(
        made, service=["chief"] * total, source=["building_chief"] * total,
        assigned=np.where(made.building >= 0, CHIEF, WORKER),
    )  # fmt: skip


def make_legal(rng: np.random.Generator, places: Places, clock: WorkingClock) -> Incidents:
    """Cases of the legal centre in 2023, by the published numbers."""
    named = [key for key, count in LEGAL.items() for _ in range(count)]
    named = [named[i] for i in rng.permutation(len(named))]
    reported = report_times(rng, len(named), china(2023, 1, 1), china(2024, 1, 1))
    return _legal(rng, places, clock, reported, named, now=None)


def make_legal_history(
    rng: np.random.Generator, places: Places, clock: WorkingClock, total: int, now: datetime
) -> Incidents:
    """``total`` cases of the legal centre from 2024 up to ``now``; the last ones are open."""
    reported = report_times(rng, total, china(2024, 1, 1), now)
    odds = np.array(list(LEGAL.values())) / LEGAL_TOTAL
    named = rng.choice(np.array(list(LEGAL), object), total, p=odds)
    return _legal(rng, places, clock, reported, list(named), now=now)


def _legal(
    rng: np.random.Generator, places: Places, clock: WorkingClock, reported: Ints,
    named: list[str], *, now: datetime | None,
) -> Incidents:  # fmt: skip
    """Make cases that lie on the desk of the district and are handled by the centre's officers."""
    n = len(named)
    kind = np.full(n, KIND_ROWS["legal_service"])
    made = _handled(rng, places, clock, reported, kind, named=named, now=now)
    return replace(
        made, service=["legal"] * n, source=["legal_centre"] * n,
        assigned=np.where(made.assigned != NOBODY, OFFICER, NOBODY),
        desk=np.full(n, DISTRICT_ABOVE_GRID), state=_unescalated(made.state),
    )  # fmt: skip


def _unescalated(state: Ints) -> Ints:
    """Nothing is escalated above the centre's own desk: it was sent back there instead."""
    return np.where(state == STATE_ROWS[State.ESCALATED], STATE_ROWS[State.RETURNED], state)


def merged_into(incidents: Incidents) -> Ints:
    """Row of the incident that each merged one went into: the last of its kind and grid before.

    -1 for all others, and for a merged one that has none before it.
    """
    n = len(incidents)
    states, merged = incidents.state, STATE_ROWS[State.MERGED]
    lone = (states == merged) | (states == STATE_ROWS[State.REJECTED])
    key = incidents.grid * len(KIND_KEYS) + incidents.kind
    order = np.lexsort([np.arange(n), key])
    at = np.where(lone[order], -1, np.arange(n))
    last = np.maximum.accumulate(at)
    same = (last >= 0) & (key[order][np.maximum(last, 0)] == key[order])
    out = np.full(n, -1, np.int64)
    out[order] = np.where(same & (states[order] == merged), order[np.maximum(last, 0)], -1)
    return out
