"""The limits of very many incidents at once, as the default rulebook sets them.

The rules compute one due time at a time (:meth:`rules.rulebook.Rulebook.due`); here the same
limits are laid out as a table, so that a million take a second. A test compares both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.working_time import WorkingClock
from rules.kinds import KINDS, Severity
from rules.rulebook import DEFAULT

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Span:
    """One limit of each incident: seconds, and whether they run on the clock."""

    seconds: Floats
    clock: Flags

    def end(self, clock: WorkingClock, start: Floats | Ints, share: Floats | float = 1.0) -> Floats:
        """Moment at which a share of each limit is used up."""
        run = self.seconds * share
        return np.where(self.clock, start + run, clock.after(start, run))


@dataclass(frozen=True)
class Terms:
    """Limits of incidents: to respond and to resolve from the report, to feed back from then."""

    respond: Span
    resolve: Span
    feedback: Span


@cache
def _rows() -> tuple[dict[tuple[str, str], int], Floats]:
    """Row of each kind and sub-kind, and its limits by severity: seconds, 1 if on the clock."""
    pairs = [(kind.key, sub) for kind in KINDS.values() for sub in ("", *kind.subkinds)]
    table = np.zeros((len(pairs), len(Severity) + 1, 3, 2))
    for row, (kind, sub) in enumerate(pairs):
        for severity in Severity:
            found = DEFAULT.limits(kind, sub, severity)
            table[row, severity] = [
                (limit.minutes * 60, limit.clock)
                for limit in (found.respond, found.resolve, found.feedback)
            ]
    return {pair: row for row, pair in enumerate(pairs)}, table


def terms_of(kind: Ints, subkind: Sequence[str], severity: Ints) -> Terms:
    """Give the limits of incidents; kinds are rows of KINDS."""
    rows, table = _rows()
    keys = tuple(KINDS)
    at = np.array([rows[keys[k], s] for k, s in zip(kind.tolist(), subkind, strict=True)], np.int64)
    found = table[at, severity]
    return Terms(*(Span(found[:, i, 0], found[:, i, 1] > 0) for i in range(3)))


def whole(times: NDArray[np.floating[Any]]) -> Ints:
    """Moments as whole seconds."""
    return np.asarray(np.round(times), np.int64)
