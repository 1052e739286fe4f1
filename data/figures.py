"""The figures of areas, for any number of areas at once.

Every figure is summed once per area number; the sum of a subtree is then the difference of two
running totals, so drilling anywhere costs no further look at the incidents.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.areas import Ints
from data.columns import (
    DAY,
    KIND_KEYS,
    STATE_KEYS,
    candidates,
    narrowed,
    reported_within,
    select,
)
from data.periods import Period, period_before, period_of, window_start
from data.picture import Picture
from data.registers import Buildings
from rules.access import Scope
from rules.deadlines import CHINA
from rules.figures import PERIOD_DAYS, Sums, load_ratio
from rules.filters import IncidentFilter
from rules.kinds import Severity
from rules.lifecycle import State
from rules.rulebook import Rulebook
from rules.workload import Standing, standing, tenths

TREND_DAYS: Final = 30


@dataclass(frozen=True)
class Trend:
    """Incidents reported and closed on one local day."""

    day: date
    reported: int
    closed: int


@dataclass(frozen=True)
class Previous:
    """What :class:`~rules.figures.Sums` counts over the period, for the period before it."""

    reported: int
    closed: int
    closed_on_time: int


@dataclass(frozen=True)
class Summary:
    """Figures of one area.

    ``by_kind`` and ``by_state`` count the incidents of the whole filter; ``trend`` has the last
    thirty local days, today included; the period is the filter's window or calendar year, else
    the last 365 days.
    ``standing`` names the load ratio by the marks of the district.
    """

    sums: Sums
    by_kind: dict[str, int]
    by_state: dict[State, int]
    trend: tuple[Trend, ...]
    previous: Previous
    period_days: int
    standing: Standing


def area_sums(
    picture: Picture, *, scope: Scope, area_ids: Iterable[int], filter: IncidentFilter,
    now: datetime,
) -> dict[int, Sums]:  # fmt: skip
    """Sum up the subtree of each area.

    Raises
    ------
    OutsideScope
        If the scope does not hold one of the areas.
    """
    ids = list(area_ids)
    ranges = np.array([picture.tree.admit(scope, area_id) for area_id in ids], np.int64)
    first, last = ranges.reshape(-1, 2).T
    totals = _running_totals(picture, filter, now, scope.buildings)
    sums = {name: total[last] - total[first] for name, total in totals.items()}
    lists = {name: values.tolist() for name, values in sums.items()}
    lists["effort"] = (sums["effort"] / 10).tolist()
    made = map(Sums, *(lists[field.name] for field in fields(Sums)))
    return dict(zip(ids, made, strict=True))


def _running_totals(
    picture: Picture, filter: IncidentFilter, now: datetime, buildings: frozenset[int] | None
) -> dict[str, Ints]:
    """Totals up to each preorder number by name of the sum; effort is in tenths.

    What happens now is kept for a second, what happened over the period for a minute.
    """
    moment = int(now.timestamp())
    past_filter = replace(filter, status="all")
    return picture.memo.get(
        ("now", filter, moment, buildings), lambda: _totals_now(picture, filter, now, buildings)
    ) | picture.memo.get(
        ("past", past_filter, moment // 60, buildings),
        lambda: _totals_past(picture, past_filter, now, buildings),
    )


def _totals_now(
    picture: Picture, filter: IncidentFilter, now: datetime, buildings: frozenset[int] | None
) -> dict[str, Ints]:
    columns, moment = picture.columns, int(now.timestamp())
    items = narrowed(columns, candidates(columns, filter, now), filter, now, buildings=buildings)
    open_rows = narrowed(columns, columns.open_rows, filter, now, buildings=buildings, status=False)
    recent = np.arange(np.searchsorted(columns.reported, moment - DAY), len(columns))
    recent = narrowed(columns, recent, filter, now, buildings=buildings, status=False)
    due = columns.due[open_rows]
    factors = severity_tenths(picture.rulebook)
    weighted = columns.effort[open_rows] * factors[columns.severity[open_rows]]
    return _totalled(
        picture,
        {
            "items": items,
            "open": open_rows,
            "overdue": open_rows[due < moment],
            "due_soon": open_rows[(due >= moment) & (due < moment + DAY)],
            "new": recent,
            "unassigned": open_rows[columns.assignee[open_rows] == 0],
        },
        {"effort": _by_area(columns.area[open_rows], len(picture.tree.areas), weighted)},
    )


def severity_tenths(rulebook: Rulebook) -> Ints:
    """Severity factors in tenths by severity, so that weighted minutes sum up exactly."""
    return np.array([0, *(tenths(rulebook.severity_weight[s]) for s in sorted(Severity))], np.int64)


def _totals_past(
    picture: Picture, filter: IncidentFilter, now: datetime, buildings: frozenset[int] | None
) -> dict[str, Ints]:
    columns, period = picture.columns, period_of(filter, now, days=PERIOD_DAYS)
    reported = reported_within(columns, period)
    reported = narrowed(columns, reported, filter, now, buildings=buildings, status=False)
    closed = _closed_within(picture, period)
    closed = narrowed(columns, closed, _timeless(filter), now, buildings=buildings, status=False)
    answer = columns.satisfaction[closed]
    return _totalled(
        picture,
        {
            "reported": reported,
            "closed": closed,
            "closed_on_time": closed[columns.done[closed] <= columns.due[closed]],
            "evaluated": closed[answer > 0],
            "satisfied": closed[answer >= 4],
        },
        _standing(picture, buildings),
    )


def _totalled(picture: Picture, rows: dict[str, Ints], sums: dict[str, Ints]) -> dict[str, Ints]:
    size = len(picture.tree.areas)
    counts = {name: _by_area(picture.columns.area[of], size) for name, of in rows.items()}
    return {
        name: np.concatenate([[0], np.cumsum(values)]) for name, values in (counts | sums).items()
    }


def _timeless(filter: IncidentFilter) -> IncidentFilter:
    """Give the filter without its window on the time of report: closing has its own."""
    return replace(filter, days=None, year=None)


def _closed_within(picture: Picture, period: Period) -> Ints:
    """Rows that were closed in a period; found by bisection, then a slice."""
    columns, since = picture.columns, max(1, period.since)
    rows = np.arange(np.searchsorted(columns.done_by, since), len(columns))
    done = columns.done[rows]
    return rows[(done >= since) & (done < period.until) & ~columns.is_open[rows]]


def _standing(picture: Picture, buildings: frozenset[int] | None) -> dict[str, Ints]:
    """Give what does not depend on incidents, by area number: households and staff."""
    tree, staff = picture.tree, picture.staff
    size = len(tree.areas)
    if buildings is None:
        below = np.bincount(
            tree.parent[tree.parent >= 0],
            weights=tree.households[tree.parent >= 0],
            minlength=size,
        ).astype(np.int64)
        # A total is its own share plus its children's, so running totals give it back.
        return {
            "households": tree.households - below,
            "duty": _by_area(staff.area, size, staff.duty_minutes),
            "capacity": _by_area(staff.area, size, staff.capacity),
            "chiefs": _by_area(staff.area[staff.is_chief], size),
            "chiefless": _by_area(staff.chiefless_area, size, staff.chiefless),
        }
    register = picture.buildings
    at = register.positions(buildings)
    chiefs = np.isin(staff.id, register.chief[at])
    return {
        "households": _by_area(register.area[at], size, register.households[at]),
        "duty": _by_area(staff.area[chiefs], size, staff.duty_minutes[chiefs]),
        "capacity": _by_area(staff.area[chiefs], size, staff.capacity[chiefs]),
        "chiefs": _by_area(staff.area[chiefs], size),
        "chiefless": _by_area(register.area[_chiefless(register, at)], size),
    }


def _chiefless(register: Buildings, at: Ints) -> Ints:
    """Those positions of buildings that are inhabited and have no chief."""
    empty: Ints = at[(register.chief[at] == 0) & (register.households[at] > 0)]
    return empty


def _by_area(areas: Ints, size: int, weights: Ints | None = None) -> Ints:
    """Count, or sum of whole weights, by area number; rows without an area are left out."""
    # Double precision holds whole numbers up to 2**53 exactly.
    return np.bincount(areas + 1, weights=weights, minlength=size + 1)[1:].astype(np.int64)


def summary(
    picture: Picture, *, scope: Scope, area_id: int, filter: IncidentFilter, now: datetime
) -> Summary:
    """Figures, trend and comparison with the period before, for one area.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    columns = picture.columns
    sums = area_sums(picture, scope=scope, area_ids=[area_id], filter=filter, now=now)[area_id]
    rows = select(columns, picture.tree, scope=scope, area_id=area_id, filter=filter, now=now)
    kinds = np.bincount(columns.kind[rows], minlength=len(KIND_KEYS)).tolist()
    states = np.bincount(columns.state[rows], minlength=len(STATE_KEYS)).tolist()
    minute = int(now.timestamp()) // 60
    past = replace(filter, status="all")
    trend, previous = picture.memo.get(
        ("history", area_id, past, minute, scope.buildings),
        lambda: _history(picture, scope, area_id, past, now),
    )
    return Summary(
        sums=sums,
        by_kind={key: n for key, n in zip(KIND_KEYS, kinds, strict=True) if n},
        by_state={key: n for key, n in zip(STATE_KEYS, states, strict=True) if n},
        trend=trend,
        previous=previous,
        period_days=filter.days or PERIOD_DAYS,
        standing=standing(
            load_ratio(sums.effort, sums.duty, sums.capacity),
            overloaded=picture.rulebook.overloaded,
            spare=picture.rulebook.spare,
        ),
    )


def _history(
    picture: Picture, scope: Scope, area_id: int, filter: IncidentFilter, now: datetime
) -> tuple[tuple[Trend, ...], Previous]:
    """Trend, and the period before the period; the filter counts without its window."""
    columns, period = picture.columns, period_of(filter, now, days=PERIOD_DAYS)
    before = period_before(period, filter)
    trend = Period(window_start(TREND_DAYS + 1, now))
    first, last = picture.tree.admit(scope, area_id)

    def kept(rows: Ints) -> Ints:
        area = columns.area[rows]
        rows = rows[(area >= first) & (area < last)]
        return narrowed(
            columns, rows, _timeless(filter), now, buildings=scope.buildings, status=False
        )

    reported = columns.reported[kept(reported_within(columns, trend))]
    done = columns.done[kept(_closed_within(picture, trend))]
    earlier = kept(_closed_within(picture, before))
    return _trend(reported, done, now), Previous(
        reported=len(kept(reported_within(columns, before))),
        closed=len(earlier),
        closed_on_time=int((columns.done[earlier] <= columns.due[earlier]).sum()),
    )


def _trend(reported: Ints, done: Ints, now: datetime) -> tuple[Trend, ...]:
    today = now.astimezone(CHINA).date()
    start = today - timedelta(days=TREND_DAYS - 1)
    midnight = int(datetime.combine(start, datetime.min.time(), CHINA).timestamp())

    def per_day(times: NDArray[np.int64]) -> list[int]:
        day = (times - midnight) // DAY
        day = day[(day >= 0) & (day < TREND_DAYS)]
        return [int(n) for n in np.bincount(day, minlength=TREND_DAYS)]

    return tuple(
        Trend(start + timedelta(days=i), *counts)
        for i, counts in enumerate(zip(per_day(reported), per_day(done), strict=True))
    )
