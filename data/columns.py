"""A mirror of all incidents as arrays: what figures, points and lists are computed from.

Rows stand in the order of report, so a window of time is one slice, and the rows that are still
open (some 2 %) are known by position: the usual question touches only those.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data.areas import AreaTree, Ints
from data.periods import Period, period_of, window_start
from data.words import Words
from rules.access import Scope
from rules.filters import SUBKINDS, IncidentFilter
from rules.kinds import KINDS, SERVICES, SOURCES
from rules.lifecycle import State, is_open

KIND_CODES: Final = {key: code for code, key in enumerate(KINDS)}
STATE_CODES: Final = {state: code for code, state in enumerate(State)}
SOURCE_CODES: Final = {key: code for code, key in enumerate(SOURCES)}
SERVICE_CODES: Final = {key: code for code, key in enumerate(SERVICES)}
SUBKIND_CODES: Final = {key: code for code, key in enumerate(SUBKINDS, 1)}
KIND_KEYS: Final = tuple(KIND_CODES)
STATE_KEYS: Final = tuple(STATE_CODES)
SUBKIND_KEYS: Final = ("", *SUBKIND_CODES)
OPEN: Final = np.array([is_open(state) for state in State])

DAY: Final = 86_400

Codes = NDArray[np.int8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class IncidentColumns:
    """All incidents, one array per fact, ordered by time of report, then id.

    ``area`` is the preorder number of the incident's area (-1 if it has none today);
    ``building`` and ``assignee`` are 0 for none. Times are seconds since 1970 UTC; ``done`` is
    when the incident was resolved, else closed, and 0 if neither is known. ``satisfaction`` is
    0 when not evaluated; ``subkind`` is 0 for words that the catalogue does not have. ``title``
    and ``address`` are held in lower case, for searching only.
    """

    id: Ints
    area_id: Ints
    area: Ints
    building: Ints
    assignee: Ints
    kind: Codes
    subkind: Codes
    state: Codes
    source: Codes
    service: Codes
    severity: Codes
    satisfaction: Codes
    effort: Ints
    reported: Ints
    due: Ints
    done: Ints
    lon: Floats
    lat: Floats
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    number: Words
    title: Words
    address: Words

    def __len__(self) -> int:
        return len(self.id)

    @cached_property
    def open_rows(self) -> Ints:
        """Positions of the incidents that still have to be resolved."""
        return np.flatnonzero(self.is_open)

    @cached_property
    def is_open(self) -> NDArray[np.bool_]:
        """Whether each incident still has to be resolved."""
        return OPEN[self.state]

    @cached_property
    def done_by(self) -> Ints:
        """Latest ``done`` up to each row: ascending, so it bounds the rows done since a time."""
        return np.maximum.accumulate(self.done)

    @cached_property
    def _by_id(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.id, kind="stable")
        return order, self.id[order]

    def positions(self, ids: Sequence[int] | Ints) -> Ints:
        """Row position of each id; -1 where there is no such incident."""
        order, known = self._by_id
        wanted = np.asarray(ids, np.int64)
        if not len(known):
            return np.full(len(wanted), -1, np.int64)
        at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return np.where(known[at] == wanted, order[at], -1)

    @cached_property
    def matching(self) -> Callable[[str], NDArray[np.bool_]]:
        """Which rows hold a text in number, title or address, whatever the case (kept)."""
        numbers = self.number.lowered()

        @lru_cache(maxsize=16)
        def look_up(text: str) -> NDArray[np.bool_]:
            needle = text.lower().replace("\0", "").encode("utf-8", "replace")
            found = numbers.matching(needle)
            found |= self.title.matching(needle)
            found |= self.address.matching(needle)
            return found

        return look_up

    def placed(self, tree: AreaTree) -> "IncidentColumns":
        """Give the same incidents numbered by another tree."""
        return replace(self, area=tree.placed(self.area_id))

    def in_order(self) -> "IncidentColumns":
        """Give the same incidents ordered by time of report, then id."""
        if (self.reported[1:] >= self.reported[:-1]).all():
            return self
        order = np.lexsort((self.id, self.reported))
        ordered: dict[str, Any] = {}
        for field in fields(self):
            values = getattr(self, field.name)
            ordered[field.name] = values.take(order) if isinstance(values, Words) else values[order]
        return IncidentColumns(**ordered)


def select(
    columns: IncidentColumns, tree: AreaTree, *, scope: Scope, area_id: int,
    filter: IncidentFilter, now: datetime,
) -> Ints:  # fmt: skip
    """Positions, ascending, of the incidents of an area that a filter keeps.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    first, last = tree.admit(scope, area_id)
    rows = candidates(columns, filter, now)
    area = columns.area[rows]
    rows = rows[(area >= first) & (area < last)]
    return narrowed(columns, rows, filter, now, buildings=scope.buildings)


def candidates(
    columns: IncidentColumns,
    filter: IncidentFilter,
    now: datetime,
) -> Ints:
    """Fewest rows that are sure to hold all that a filter keeps, found without a scan."""
    if filter.status == "open" or filter.overdue or filter.unassigned:
        return columns.open_rows
    return reported_within(columns, period_of(filter, now))


def reported_within(columns: IncidentColumns, period: Period) -> Ints:
    """Rows of the incidents reported in a period: one slice."""
    first, last = np.searchsorted(columns.reported, [period.since, period.until])
    return np.arange(first, last)


def first_since(ascending: Ints, days: int | None, now: datetime) -> int:
    """Position of the first time that lies in the window of ``days`` before now."""
    return 0 if days is None else int(np.searchsorted(ascending, window_start(days, now)))


def narrowed(
    columns: IncidentColumns,
    rows: Ints,
    filter: IncidentFilter,
    now: datetime,
    *,
    buildings: frozenset[int] | None = None,
    status: bool = True,
) -> Ints:
    """Rows that a filter keeps, in the same order; ``status=False`` leaves that part out."""
    moment = int(now.timestamp())
    if status and filter.status != "all":
        rows = rows[columns.is_open[rows] == (filter.status == "open")]
    if filter.overdue or filter.unassigned:
        rows = rows[columns.is_open[rows]]
    if filter.overdue:
        rows = rows[columns.due[rows] < moment]
    if filter.unassigned:
        rows = rows[columns.assignee[rows] == 0]
    if filter.days is not None or filter.year is not None:
        rows = rows[period_of(filter, now).holds(columns.reported[rows])]
    for codes, wanted in (
        (columns.kind, [KIND_CODES[kind] for kind in filter.kinds]),
        (columns.state, [STATE_CODES[state] for state in filter.states]),
        (columns.source, [SOURCE_CODES[source] for source in filter.sources]),
        (columns.severity, [int(severity) for severity in filter.severities]),
        (columns.service, [SERVICE_CODES[service] for service in filter.services]),
        (columns.subkind, [SUBKIND_CODES[subkind] for subkind in filter.subkinds]),
    ):
        if wanted:
            rows = rows[np.isin(codes[rows], wanted)]
    if buildings is not None:
        rows = rows[np.isin(columns.building[rows], list(buildings))]
    return rows[columns.matching(filter.text)[rows]] if filter.text else rows
