"""Staff: a lead and one or two workers per grid, a building chief per about 100 households."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.demo.buildings import Buildings, grid_households
from data.demo.land import Land
from data.demo.names import people_names

Ints = NDArray[np.int64]

WEEK_MINUTES = 40 * 60
HOUSEHOLDS_PER_CHIEF = 100
VACANT = 0.03
"""Share of the posts of building chiefs that are vacant."""


@dataclass(frozen=True)
class People:
    """Columns of all staff, and the chief (row, or -1) of each building.

    ``lead`` and ``worker`` give the row of each grid's lead and first worker, ``officers`` the
    rows of the legal centre's staff, whose ``grid`` is -1: they belong to the district.
    """

    duty: list[str]
    name: list[str]
    grid: Ints
    capacity: Ints
    patrol: Ints
    visit: Ints
    lead: Ints
    worker: Ints
    building_chief: Ints
    officers: Ints


def make_people(
    land: Land, buildings: Buildings, grids: Ints, rng: np.random.Generator, *, officers: int = 0
) -> People:
    """Staff the given grids (rows), whose buildings these are.

    Some chiefs have left and nobody has followed them yet, but none in a street whose number of
    chiefs is planned. A worker has 40 h x 60 x share of time for the grid; the patrol takes one to
    three hours a day, visits one to three minutes per household and week (more in villages, where
    ways are long).
    """
    households = np.zeros(len(land.grid_unit), np.int64)
    households[grids] = grid_households(land)[grids]
    n = len(grids)
    village = np.array([u.kind == "village" for u in land.units])[land.grid_unit]
    second = rng.random(len(households)) < 0.18
    second &= ~village & ~land.grid_dedicated
    workers = np.concatenate([grids, grids[second[grids]]])
    share = rng.choice([1.0, 0.9, 0.8, 0.65, 0.5], len(workers), p=[0.3, 0.25, 0.2, 0.15, 0.1])
    visit = households[workers] * rng.uniform(1.0, 3.4, len(workers))
    visit *= np.where(village, 1.6, 1.0)[workers] / (1 + second[workers])
    chiefs, chief_grid = _filled(land, *_chiefs(land, buildings, households), rng)
    k, c = len(workers), len(chief_grid)
    none, idle = np.zeros(c, np.int64), np.zeros(officers, np.int64)
    lead = np.full(len(households), -1, np.int64)
    lead[grids] = np.arange(n)
    return People(
        duty=["grid_lead"] * n
        + ["grid_worker"] * k
        + ["building_chief"] * c
        + ["legal_officer"] * officers,
        name=people_names(rng, n + k + c) + people_names(rng, officers),
        grid=np.concatenate([grids, workers, chief_grid, np.full(officers, -1)]),
        capacity=np.concatenate(
            [
                np.full(n, WEEK_MINUTES // 4),
                (WEEK_MINUTES * share).astype(np.int64),
                none,
                np.full(officers, WEEK_MINUTES),
            ]
        ),
        patrol=np.concatenate([rng.integers(40, 120, n), rng.integers(300, 900, k), none, idle]),
        visit=np.concatenate([rng.integers(30, 200, n), visit.astype(np.int64), none, idle]),
        lead=lead,
        worker=np.where(lead >= 0, lead + n, -1),
        building_chief=np.where(chiefs >= 0, chiefs + n + k, -1),
        officers=n + k + c + np.arange(officers),
    )


def _filled(land: Land, chiefs: Ints, owner: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Take out the posts that are vacant: chief of each building (-1 for none), grid of each."""
    planned = np.array([s.chiefs is not None for s in land.layout.streets])
    fixed = planned[land.unit_street[land.grid_unit]][owner]
    # A stream of its own: what is drawn after this does not depend on it.
    kept = fixed | (rng.spawn(1)[0].random(len(owner)) >= VACANT)
    row = np.where(kept, np.cumsum(kept) - 1, -1)
    return np.where(chiefs >= 0, row[np.maximum(chiefs, 0)], -1), owner[kept]


def chief_counts(land: Land, households: Ints, members: Ints) -> Ints:
    """Chiefs of each grid, at most one per inhabited building (``members``).

    Where the plan gives a street's number there are exactly so many in all.
    """
    counts = np.maximum(np.round(households / HOUSEHOLDS_PER_CHIEF).astype(np.int64), 1)
    counts = np.minimum(np.where(households > 0, counts, 0), members)
    street = land.unit_street[land.grid_unit]
    for i, planned in enumerate(s.chiefs for s in land.layout.streets):
        mine = np.flatnonzero((street == i) & (households > 0))
        if planned is None or not len(mine):
            continue
        counts[mine] = 1
        for _ in range(planned - len(mine)):
            free = mine[counts[mine] < members[mine]]
            counts[free[np.argmax(households[free] / counts[free])]] += 1
    return counts


def _chiefs(land: Land, buildings: Buildings, households: Ints) -> tuple[Ints, Ints]:
    """Chief of each building (-1 for none) and grid of each chief: neighbours share a chief."""
    members = np.bincount(buildings.grid[buildings.households > 0], minlength=len(households))
    counts = chief_counts(land, households, members)
    first = np.cumsum(counts) - counts
    homes = np.flatnonzero(buildings.households > 0)
    x = land.ground.mosaic.points[buildings.atom[homes], 0]
    order = homes[np.lexsort([np.arange(len(homes)), x, buildings.grid[homes]])]
    grid, size = buildings.grid[order], buildings.households[order]
    start = np.searchsorted(grid, np.arange(len(households)))
    before = np.concatenate([[0], np.cumsum(size)])
    middle = before[:-1] + size / 2 - before[start[grid]]
    part = np.minimum((middle / households[grid] * counts[grid]).astype(np.int64), counts[grid] - 1)
    # A tower may hold more homes than one chief looks after; then parts are cut by number.
    used = np.bincount(np.unique(first[grid] + part), minlength=int(counts.sum())) > 0
    short = np.zeros(len(households), bool)
    owner = np.repeat(np.arange(len(households)), counts)
    short[owner[~used]] = True
    turn = np.arange(len(order)) - start[grid]
    even = turn * counts[grid] // np.maximum(members[grid], 1)
    part = np.where(short[grid], even, part)
    out = np.full(len(buildings.grid), -1, np.int64)
    out[order] = first[grid] + part
    return out, owner
