"""Calls at buildings over the last weeks: patrols of the workers, the chiefs' four duties."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.demo.buildings import Buildings
from data.demo.people import People
from rules.deadlines import CHINA

Ints = NDArray[np.int64]

CALL: Final = ("building_id", "person_id", "kind", "at", "batch_id")
WEEKS: Final = {"district": 8, "city": 1, "province": 0}
"""Whole weeks before the present one that calls are made for, by scale."""
_PATROL: Final = (("patrol", 0.82), ("safety", 0.18))
_CHIEF: Final = (("publicity", 0.34), ("opinions", 0.34), ("safety", 0.22), ("mediation", 0.10))
_CHIEF_WEEKLY: Final = 0.35
"""Share of the inhabited buildings that their chief calls at in a week."""


def call_rows(  # noqa: PLR0913 - whose calls, at what, since when, and the first ids
    buildings: Buildings, people: People, rng: np.random.Generator, *, weeks: int, now: datetime,
    ids: tuple[int, int], batch_id: int,
) -> Iterator[tuple[int, int, str, int, int]]:  # fmt: skip
    """Rows of the calls of so many weeks and the present one; ids are of building and person."""
    if not weeks:
        return
    first_building, first_person = ids
    end = int(now.timestamp())
    local = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = int((local - timedelta(days=local.weekday() + 7 * weeks)).timestamp())
    lead, worker = people.lead[buildings.grid], people.worker[buildings.grid]
    chief = people.building_chief
    for week in range(weeks + 1):
        start = monday + week * 7 * 86_400
        covered = rng.uniform(0.6, 0.95, len(people.worker))[buildings.grid]
        parts = (
            (lead, rng.random(len(lead)) < 0.4 * covered, _PATROL),
            (worker, rng.random(len(worker)) < covered, _PATROL),
            (chief, (chief >= 0) & (rng.random(len(chief)) < _CHIEF_WEEKLY), _CHIEF),
        )
        for who, chosen, odds in parts:
            at = np.flatnonzero(chosen)
            times = _moments(rng, len(at), start)
            names, shares = zip(*odds, strict=True)
            kinds = rng.choice(np.array(names, object), len(at), p=shares)
            past = times <= end
            columns = (at[past], who[at][past], kinds[past], times[past])
            for house, person, kind, moment in zip(*(c.tolist() for c in columns), strict=True):
                yield first_building + house, first_person + person, kind, moment, batch_id


def _moments(rng: np.random.Generator, count: int, monday: int) -> Ints:
    """Daytime moments of a week, fewer at its end."""
    day = rng.choice(7, count, p=[0.18, 0.18, 0.18, 0.18, 0.16, 0.07, 0.05])
    return (monday + day * 86_400 + rng.uniform(8.5, 18.0, count) * 3_600).astype(np.int64)
