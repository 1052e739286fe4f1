"""The base map drawn under the areas: roads, rail, rivers and ponds, green, built-up land."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from data.demo.buildings import road_keys, street_names
from data.demo.footprints import EMPTY, FARM, PARK
from data.demo.land import Land
from data.demo.names import PARKS, road_names
from geo.mosaic import merged

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Feature:
    """One line or area of the base map, in metres."""

    layer: str
    rank: int
    name: str
    shape: shapely.Geometry


def make_basemap(
    land: Land, use: Ints, farm_atoms: Ints, rng: np.random.Generator
) -> list[Feature]:
    """Everything of the base map; roads run along the atoms' sides and so meet no building."""
    return [
        *_land(land), *_green(land, use, rng), *_water(land, rng, farm_atoms),
        *_main_roads(land), *_streets(land, rng), *_village_roads(land, farm_atoms),
        *(Feature("rail", 1, "铁路", _inside(land, line)) for line in land.layout.rails),
    ]  # fmt: skip


def smooth(line: shapely.LineString, rounds: int = 3) -> shapely.LineString:
    """Cut the corners of a line (Chaikin), keeping its ends."""
    points = shapely.get_coordinates(shapely.simplify(line, 12))
    for _ in range(rounds):
        a, b = points[:-1], points[1:]
        cut = np.stack([0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b], axis=1).reshape(-1, 2)
        points = np.concatenate([points[:1], cut, points[-1:]])
    return shapely.LineString(points)


def river_shape(land: Land, river: int) -> shapely.Geometry:
    """Water surface of a river of the layout."""
    width = land.layout.rivers[river][1]
    line = shapely.line_merge(shapely.union_all(land.drawn.lines(land.rivers[river])))
    parts = [smooth(part).buffer(width / 2, quad_segs=4) for part in shapely.get_parts(line)]
    return shapely.union_all(parts).simplify(2).intersection(land.layout.outline.buffer(200))


def _inside(land: Land, line: shapely.LineString) -> shapely.Geometry:
    return line.intersection(land.layout.outline.buffer(150))


def _joined(land: Land, sides: Ints) -> shapely.Geometry:
    return shapely.line_merge(shapely.MultiLineString(list(land.drawn.lines(sides))))


def _land(land: Land) -> list[Feature]:
    urban = np.flatnonzero(land.urban)
    site = land.ground.settlement[urban]
    shapes = merged(land.cells[urban], site, len(land.layout.sites))
    names = [land.layout.streets[s.streets[0]].name for s in land.layout.sites]
    return [Feature("land", 1, n, s) for n, s in zip(names, shapes, strict=True) if not s.is_empty]


def _green(land: Land, use: Ints, rng: np.random.Generator) -> list[Feature]:
    parks = np.flatnonzero((use == PARK) | ((use == EMPTY) & ~land.urban))
    shapes = shapely.buffer(shapely.buffer(land.cells[parks], -32), 20, quad_segs=3)
    kinds = rng.integers(0, len(PARKS), len(parks))
    names = [land.units[land.atom_unit[a]].name.removesuffix("社区") for a in parks]
    out = [
        Feature("green", 2, f"{n}{PARKS[k]}", s)
        for n, k, s in zip(names, kinds, shapes, strict=True)
        if s.area > 1500
    ]
    points = land.ground.mosaic.points
    hills = sum(np.sin(points @ rng.normal(0, 1 / 700, 2) + rng.uniform(0, 6.3)) for _ in range(6))
    wooded = np.flatnonzero((hills > 1.9) & (use == FARM) & ~land.urban)
    if len(wooded):
        forest = shapely.coverage_union_all(land.cells[wooded]).buffer(-70).buffer(45, quad_segs=3)
        out += [Feature("green", 1, "", s) for s in shapely.get_parts(forest.simplify(6)) if s.area]
    return out


def _water(land: Land, rng: np.random.Generator, farm_atoms: Ints) -> list[Feature]:
    out = [
        Feature("water", 1 if width > 40 else 2, name, river_shape(land, i))
        for i, (name, width, _) in enumerate(land.layout.rivers)
    ]
    free = np.setdiff1d(np.flatnonzero(~land.urban), farm_atoms)
    for atom in free[rng.random(len(free)) < 0.5]:
        reach = np.sqrt(land.cells[atom].area) * rng.uniform(0.06, 0.14)
        angle = np.linspace(0, 2 * np.pi, 14, endpoint=False)
        ring = reach * np.column_stack([np.cos(angle), rng.uniform(0.5, 1) * np.sin(angle)])
        ring *= rng.uniform(0.8, 1.2, 14)[:, None]
        pond = shapely.Polygon(ring + land.ground.mosaic.points[atom])
        if land.cells[atom].contains(pond):
            out.append(Feature("water", 3, "", pond))
    return out


def _main_roads(land: Land) -> list[Feature]:
    out = []
    rivers = np.concatenate([*land.rivers, np.zeros(0, np.int64)]).astype(np.int64)
    sides = np.setdiff1d(land.main_roads, rivers)
    pair = land.ground.mosaic.pairs[sides]
    street = np.sort(land.atom_street[pair], axis=1)
    for district in range(len(land.layout.districts)):
        mine = sides[land.layout.street_district[street[:, 0]] == district]
        if len(mine):
            name = land.layout.districts[district].name.removesuffix("区").removesuffix("县")
            out.append(Feature("road", 1, f"{name}干线", _joined(land, mine)))
    return out


def _streets(land: Land, rng: np.random.Generator) -> list[Feature]:
    """Streets of the towns: a row of blocks gives a street, a column a cross street."""
    mosaic, ground = land.ground.mosaic, land.ground
    sides = np.flatnonzero(mosaic.inner)
    a, b = mosaic.pairs[sides].T
    site = ground.settlement[a]
    keep = (site >= 0) & (site == ground.settlement[b])
    rivers = np.concatenate([*land.rivers, np.zeros(0, np.int64)]).astype(np.int64)
    keep &= ~np.isin(sides, np.concatenate([land.main_roads, rivers]))
    sides, a, b, site = sides[keep], a[keep], b[keep], site[keep]
    across = ground.row[a] == ground.row[b]
    both = mosaic.pairs[sides]
    columns, rows = ground.column[both], ground.row[both]
    line = np.where(across, columns.min(axis=1), rows.min(axis=1))
    names = street_names(land)
    crossings = road_names(rng, 400)
    key = (site * 2 + across) * 1000 + line
    order = np.argsort(key, kind="stable")
    found, first = np.unique(key[order], return_index=True)
    keys = road_keys(land)
    out = []
    for group, members in zip(found, np.split(order, first[1:]), strict=True):
        crossing = group // 1000 % 2
        name = crossings[int(group) % 400] if crossing else names[int(keys[a[members[0]]])]
        rank = 2 if group % 1000 % 3 == 0 else 3
        out.append(Feature("road", rank, name, _joined(land, sides[members])))
    return out


def _village_roads(land: Land, farm_atoms: Ints) -> list[Feature]:
    """Village roads: the ways from each hamlet to the nearest town or main road."""
    mosaic, ways = land.ground.mosaic, land.ways
    distance, before = land.road_distance, land.road_next
    targets = land.entrance[farm_atoms]
    rivers = np.concatenate([*land.rivers, np.zeros(0, np.int64)]).astype(np.int64)
    out = []
    use = ways.traffic(before, distance, targets)
    for rank, low, high in ((2, 14, 1 << 60), (3, 1, 14)):
        there = np.flatnonzero((use >= low) & (use < high) & (before >= 0))
        sides = np.setdiff1d(
            ways.between(there, before[there]), np.concatenate([rivers, land.main_roads])
        )
        inside = sides[~land.urban[mosaic.pairs[sides]].all(axis=1)]
        street = land.atom_street[mosaic.pairs[inside, 0]]
        out += [
            Feature("road", rank, "", _joined(land, inside[street == i])) for i in np.unique(street)
        ]
    return out
