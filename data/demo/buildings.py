"""Buildings: households that add up to the grid's, floors, estates and addresses."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from data.demo.footprints import FARM, OLD, PUBLIC, SLAB, TOWER, Footprints, make_footprints
from data.demo.land import Land
from data.demo.names import (
    COURTYARDS,
    DEDICATED,
    PUBLIC_BUILDINGS,
    estate_names,
    road_names,
)
from rules.numerals import chinese_number

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FLATS = {SLAB: 2.0, TOWER: 5.0, OLD: 1.0, FARM: 1.0}
_TOP_FLOOR = {SLAB: 8, TOWER: 33, OLD: 4, FARM: 4, PUBLIC: 6}


@dataclass(frozen=True)
class Buildings:
    """Columns of all buildings (metres); ``grid`` is the row of the grid."""

    shapes: NDArray[np.object_]
    atom: Ints
    grid: Ints
    use: Ints
    floors: Ints
    units: Ints
    households: Ints
    estate: list[str]
    name: list[str]
    address: list[str]


def grid_households(land: Land) -> Ints:
    """Households of each grid; dedicated grids have none."""
    out: list[int] = []
    for unit in land.units:
        out += [*unit.households, *([0] * unit.dedicated)]
    return np.array(out, np.int64)


def farmhouses(land: Land, use: Ints, per_house: float, rng: np.random.Generator) -> Ints:
    """Houses per atom so that a village grid has one for every ``per_house`` households."""
    wanted = np.maximum(np.round(grid_households(land) / per_house), 1)
    lot = np.where(use == FARM, rng.gamma(1.6, 1.0, len(use)), 0.0)
    lot *= rng.random(len(use)) < 0.82
    empty = np.bincount(land.atom_grid, lot, len(wanted)) == 0
    lot = np.where(empty[land.atom_grid] & (use == FARM), 1.0, lot)
    total = np.bincount(land.atom_grid, lot, len(wanted))[land.atom_grid]
    return np.round(lot / np.maximum(total, 1e-9) * wanted[land.atom_grid]).astype(np.int64)


def make_buildings(
    land: Land, use: Ints, *, per_house: float, rng: np.random.Generator
) -> Buildings:
    """Build everything that stands on the land."""
    found = make_footprints(land, use, farmhouses(land, use, per_house, rng), rng)
    centre = shapely.get_coordinates(shapely.centroid(found.shapes))
    order = np.lexsort([centre[:, 0], -np.round(centre[:, 1] / 14), found.atom])
    found = Footprints(
        found.shapes[order], found.atom[order], found.use[order], found.length[order]
    )
    grid = land.atom_grid[found.atom]
    floors, units, households = _dwellings(found, grid, grid_households(land), rng)
    estate, name, address = _addresses(land, found, rng)
    return Buildings(
        found.shapes, found.atom, grid, found.use, floors, units, households, estate, name, address
    )


def _dwellings(
    found: Footprints, grid: Ints, wanted: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    use, n = found.use, len(found.use)
    base = np.select(
        [use == SLAB, use == TOWER, use == OLD, use == FARM],
        [rng.choice([5, 6, 6, 7], n), rng.integers(15, 27, n), rng.integers(2, 5, n),
         rng.integers(1, 4, n)],
        default=rng.integers(2, 6, n),
    )  # fmt: skip
    units = np.select(
        [use == SLAB, use == TOWER], [np.round(found.length / 14), rng.integers(1, 3, n)], default=1
    ).astype(np.int64)
    flats = np.array([_FLATS.get(u, 0.0) for u in range(7)])[use] * units
    fill = wanted / np.maximum(np.bincount(grid, flats * base, len(wanted)), 1)
    top = np.array([_TOP_FLOOR.get(u, 6) for u in range(7)])[use]
    scaled = np.clip(np.ceil(base * (fill / 0.9)[grid]), np.where(use == TOWER, 9, 3), top)
    tall = np.isin(use, (SLAB, TOWER))
    floors = np.where(tall, scaled, base).astype(np.int64)
    weight = flats * floors * rng.uniform(0.8, 1.15, n)
    return floors, units, shared(weight, grid, wanted)


def shared(weight: Floats, group: Ints, totals: Ints) -> Ints:
    """Whole numbers in proportion to ``weight`` that add up to ``totals`` in each group.

    Largest remainders get the ones left over; a group of zero weight gets nothing.
    """
    mass = np.bincount(group, weight, len(totals))
    exact = np.where(mass[group] > 0, weight / np.maximum(mass[group], 1e-12) * totals[group], 0)
    whole = np.floor(exact).astype(np.int64)
    left = np.where(mass > 0, totals - np.bincount(group, whole, len(totals)), 0)
    order = np.lexsort([-(exact - whole), group])
    first = np.searchsorted(group[order], np.arange(len(totals)))
    rank = np.arange(len(group)) - first[group[order]]
    whole[order] += rank < left[group[order]]
    return whole


def _runs(keys: Ints) -> Ints:
    """1, 2, 3 … within each run of equal keys."""
    start = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    length = np.diff(np.concatenate([start, [len(keys)]]))
    return (np.arange(len(keys)) - np.repeat(start, length) + 1).astype(np.int64)


def road_keys(land: Land) -> Ints:
    """Street (row of the block lattice of its settlement) on which each block stands, or -1."""
    key = land.ground.settlement * 1000 + land.ground.row
    _, inverse = np.unique(key[land.urban], return_inverse=True)
    out = np.full(len(key), -1, np.int64)
    out[land.urban] = inverse
    return out


def street_names(land: Land) -> list[str]:
    """Name of each street of :func:`road_keys`, the same at every call."""
    count = int(road_keys(land).max(initial=0)) + 1
    return road_names(np.random.default_rng(count), count)


def _addresses(
    land: Land, found: Footprints, rng: np.random.Generator
) -> tuple[list[str], list[str], list[str]]:
    layout = land.layout
    number = _runs(found.atom)
    atoms = np.unique(found.atom[np.isin(found.use, (SLAB, TOWER))])
    estates = dict(zip(atoms.tolist(), estate_names(rng, len(atoms)), strict=True))
    keys = road_keys(land)
    roads = street_names(land)
    yard = rng.integers(0, len(COURTYARDS), len(land.cells))
    family = rng.choice(list("张王李刘陈杨黄周吴徐罗曾邓何胡"), len(land.cells))
    group = _village_groups(land)
    estate, name, address = [], [], []
    for atom, use, nth in zip(
        found.atom.tolist(), found.use.tolist(), number.tolist(), strict=True
    ):
        unit = land.units[land.atom_unit[atom]]
        street = layout.streets[land.unit_street[land.atom_unit[atom]]]
        district = layout.districts[layout.street_district[land.unit_street[land.atom_unit[atom]]]]
        head = f"{district.name}{street.name}"
        if use == FARM:
            tail = COURTYARDS[yard[atom]]
            place = f"{family[atom]}家{tail}" if len(tail) == 2 else tail
            estate.append(f"{unit.name}{group[atom]}组{place}")
            name.append(f"{nth}号")
            address.append(f"{head}{unit.name}{group[atom]}组{nth}号 {place}")
            continue
        road = f"{2 * int(land.ground.column[atom]) + 1}号"
        road = f"{roads[keys[atom]]}{road}" if keys[atom] >= 0 else unit.name
        if use == OLD:
            estate.append("")
            name.append(f"{road}附{nth}号")
            address.append(f"{head}{road}附{nth}号")
        elif use == PUBLIC:
            what = PUBLIC_BUILDINGS[(atom + nth) % len(PUBLIC_BUILDINGS)]
            estate.append("")
            name.append(f"{unit.name.removesuffix('社区')}{what}")
            address.append(f"{head}{road} {name[-1]}")
        else:
            estate.append(estates[atom])
            name.append(f"{nth}栋")
            address.append(f"{head}{road} {estates[atom]}{nth}栋")
    return estate, name, address


def _village_groups(land: Land) -> Ints:
    """Villagers' group (组) of each atom: neighbouring fields of a unit, numbered from 1."""
    points = land.ground.mosaic.points
    order = np.lexsort([points[:, 0], np.round(points[:, 1] / 700), land.atom_unit])
    out = np.empty(len(points), np.int64)
    out[order] = (_runs(land.atom_unit[order]) - 1) // 4 + 1
    return out


def grid_name(unit: str, number: int, *, dedicated: bool = False) -> str:
    """Name of a grid: 广华社区第一网格; a dedicated one says for what: …（学校专属）."""
    purpose = f"（{DEDICATED[number % len(DEDICATED)]}专属）" if dedicated else ""
    return f"{unit}第{chinese_number(number)}网格{purpose}"
