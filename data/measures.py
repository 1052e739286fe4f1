"""The measures of an assessment as lists of cases: an item, whose it is, whether it counts."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from data.areas import Ints
from data.casebook import Casebook, Flags, Period
from data.subjects import Subjects
from rules.assessment import SATISFIED


@dataclass(frozen=True, eq=False)
class Cases:
    """Items of one measure by ``whose`` (position of the subject, -1 for nobody's)."""

    item: Ints
    whose: Ints
    counts: Flags

    def distinct(self) -> "Cases":
        """Give each item once for each subject; it counts if any of its entries does."""
        kept = self.whose >= 0
        pairs = np.stack([self.whose[kept], self.item[kept]])
        unique, at = np.unique(pairs, axis=1, return_inverse=True)
        counts = np.bincount(at.ravel(), weights=self.counts[kept], minlength=unique.shape[1]) > 0
        return Cases(unique[1], unique[0], counts)


def cases_of(measure: str, subjects: Subjects, period: Period) -> Cases | None:
    """Cases of a measure; ``None`` where it is not defined for such subjects."""
    if measure == "coverage":
        return _coverage(subjects)
    if measure == "returns":
        return _returns(subjects, period)
    book = subjects.book
    out_of, counts = _INCIDENTS[measure](book, period.start, period.end)
    rows = np.flatnonzero(out_of & subjects.seen)
    return Cases(book.id[rows], subjects.whose[rows], counts[rows]).distinct()


def _within(times: Ints, start: int, end: int) -> Flags:
    return (times >= start) & (times < end)


def _response(book: Casebook, start: int, end: int) -> tuple[Flags, Flags]:
    """Take what was responded to or is late; left out is what is resolved without a response."""
    answered = (book.responded > 0) & (book.responded < end)
    at = np.where(answered, book.responded, end)
    by_work = np.round(book.clock.after(book.reported, book.respond.astype(np.float64)))
    over = at > np.where(book.by_clock, book.reported + book.respond, by_work)
    known = (book.responded > 0) | (book.done == 0)
    out_of = _within(book.reported, start, end) & ~book.merged & known & (answered | over)
    return out_of, answered & ~over


def _on_time(book: Casebook, start: int, end: int) -> tuple[Flags, Flags]:
    done = _within(book.done, start, end)
    still = (book.done == 0) | (book.done >= end)
    late = still & (book.reported < end) & (book.due < end)
    return (done | late) & ~book.gone, done & (book.done <= book.due)


def _satisfaction(book: Casebook, start: int, end: int) -> tuple[Flags, Flags]:
    return (book.score > 0) & _within(book.evaluated, start, end), book.score >= SATISFIED


def _reopens(book: Casebook, start: int, end: int) -> tuple[Flags, Flags]:
    again = np.isin(book.id, book.reopened)
    return again | (_within(book.done, start, end) & ~book.gone), again


_INCIDENTS: Final = {
    "response": _response,
    "on_time": _on_time,
    "satisfaction": _satisfaction,
    "reopens": _reopens,
}


def _returns(subjects: Subjects, period: Period) -> Cases:
    """Incidents dispatched in the period; one sent back stays with who sent it back."""
    book, whose = subjects.book, subjects.whose
    given = np.flatnonzero(_within(book.dispatched, period.start, period.end) & subjects.seen)
    back = book.rows(book.returned[:, 0])
    known = np.isin(book.returned[:, 0], book.id)
    sender = book.returned[known, 1]
    owner = whose[back]
    if subjects.of_person is not None:
        owner = np.where(sender > 0, subjects.of_person(sender), owner)
    kept = subjects.seen[back]
    return Cases(
        np.concatenate([book.id[given], book.id[back[kept]]]),
        np.concatenate([whose[given], owner[kept]]),
        np.concatenate([np.zeros(len(given), bool), np.ones(int(kept.sum()), bool)]),
    ).distinct()


def _coverage(subjects: Subjects) -> Cases | None:
    """Take the buildings in charge: visited by the person, or in an area by anybody."""
    if subjects.buildings is None:
        return None
    buildings, whose = subjects.buildings
    visits = subjects.book.visits
    if subjects.of_person is None:
        return Cases(buildings, whose, np.isin(buildings, visits[:, 0])).distinct()
    calls = set(zip(visits[:, 0].tolist(), subjects.of_person(visits[:, 1]).tolist(), strict=True))
    pairs = zip(buildings.tolist(), whose.tolist(), strict=True)
    visited = np.fromiter((pair in calls for pair in pairs), bool, len(buildings))
    return Cases(buildings, whose, visited).distinct()
