"""The four levels of a made-up district: atoms gathered to streets, communities and grids."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from data.demo.layout import Layout, make_layout
from data.demo.network import Ways, make_ways, nearest_links
from data.demo.plan import Plan, Unit
from geo.growth import Neighbours, absorbed, grow, spaced
from geo.mosaic import Drawn, draw
from geo.synthesis import Ground, make_ground
from geo.warp import make_warp

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIELDS_PER_GRID = {"district": 22, "city": 16, "province": 12}
"""Fields (atoms of the open country) of an average village grid, by scale."""


@dataclass(frozen=True)
class Land:
    """Atoms with the street, unit and grid of each (rows of the lists), and the ways.

    ``rivers`` and ``main_roads`` are sides of the mosaic; ``cells`` the atoms as bent polygons in
    metres. ``grid_unit`` and ``unit_street`` climb the levels.
    ``road_distance`` and ``road_next`` lead from each corner to the nearest main road or seat,
    ``entrance`` is the corner by which an atom is reached.
    """

    layout: Layout
    ground: Ground
    drawn: Drawn
    cells: NDArray[np.object_]
    units: tuple[Unit, ...]
    unit_street: Ints
    atom_street: Ints
    atom_unit: Ints
    atom_grid: Ints
    grid_unit: Ints
    grid_dedicated: NDArray[np.bool_]
    ways: Ways
    rivers: tuple[Ints, ...]
    main_roads: Ints
    road_distance: Floats
    road_next: Ints
    entrance: Ints

    @property
    def urban(self) -> NDArray[np.bool_]:
        """Atoms that are blocks of a built-up area."""
        return self.ground.settlement >= 0


def make_land(plan: Plan, seed: int) -> Land:
    """Make all land of a plan; the same seed gives the same land."""
    rng = np.random.default_rng([seed, 3])
    layout = make_layout(plan, seed)
    ground = _ground(rng, layout, FIELDS_PER_GRID[plan.scale])
    ways = make_ways(ground.mosaic, rng.uniform(0.7, 1.6, len(ground.mosaic.pairs)))
    rivers = tuple(ways.path(points) for _, _, points in layout.rivers)
    roads = _main_roads(rng, ground, layout, rivers)
    links = _links(ground, rivers, roads)
    street = _streets(layout, ground, links)
    drawn = _drawn(rng, ground)
    cells = drawn.cells()
    units, unit_street, unit = _units(rng, layout, ground, links, street)
    village = np.array([u.kind == "village" for u in units])[unit]
    room = _room(layout, ground, cells, rivers)
    room = np.where(~village & (ground.settlement < 0), 0.2, room)
    grid, grid_unit, dedicated = _grids(rng, ground, links, units, unit, room)
    main = ground.mosaic.ends[roads].ravel()
    distance, before = ways.forest(np.unique(np.concatenate([main, ways.nearest(layout.seats)])))
    return Land(
        layout, ground, drawn, cells, units, unit_street, street, unit, grid, grid_unit,
        dedicated, ways, rivers, roads, distance, before, ways.entrances(distance),
    )  # fmt: skip


def _ground(rng: np.random.Generator, layout: Layout, fields: int) -> Ground:
    villages = sum(u.grids for s in layout.streets for u in s.units if u.kind == "village")
    places = [site.place for site in layout.sites]
    built = shapely.union_all([p.shape for p in places]).intersection(layout.outline).area
    open_area = layout.outline.area - built
    spacing = float(np.sqrt(open_area / max(villages * fields, 60)))
    return make_ground(rng, layout.outline, places, spacing=spacing)


def _drawn(rng: np.random.Generator, ground: Ground) -> Drawn:
    mosaic = ground.mosaic
    built = (ground.settlement[np.maximum(mosaic.pairs, 0)] >= 0).any(axis=1)
    in_town = np.bincount(mosaic.ends[built].ravel(), minlength=len(mosaic.corners)) > 0
    return draw(
        mosaic, make_warp(rng),
        step=np.where(built, 30.0, 40.0), strength=np.where(in_town, 0.35, 1.0),
    )  # fmt: skip


def _main_roads(
    rng: np.random.Generator, ground: Ground, layout: Layout, rivers: tuple[Ints, ...]
) -> Ints:
    factor = rng.uniform(0.8, 1.3, len(ground.mosaic.pairs))
    for river in rivers:
        factor[river] *= 25
    ways = make_ways(ground.mosaic, factor)
    seats = np.array(
        [np.array(site.place.shape.representative_point().coords[0]) for site in layout.sites]
    )
    if len(seats) < 2:
        return np.zeros(0, np.int64)
    links = nearest_links(seats, each=1)
    stops = ways.nearest(seats)
    found = []
    for a in sorted({a for a, _ in links}):
        others = [b for x, b in links if x == a]
        far = np.hypot(*(seats[others] - seats[a]).T).max()
        before = ways.tree(int(stops[a]), reach=4 * float(far) + 2_000)
        found.append(ways.sides_of(before, stops[others]))
    return np.unique(np.concatenate(found))


def _links(ground: Ground, rivers: tuple[Ints, ...], roads: Ints) -> Neighbours:
    mosaic = ground.mosaic
    points = mosaic.points
    inner = np.flatnonzero(mosaic.inner)
    pairs = mosaic.pairs[inner]
    barrier = np.ones(len(mosaic.pairs))
    barrier[roads] = 1.8
    for river in rivers:
        barrier[river] = 6.0
    cost = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T) * barrier[inner]
    return Neighbours(len(points), pairs, cost)


def _streets(layout: Layout, ground: Ground, links: Neighbours) -> Ints:
    """Street of each atom: blocks first, then the open country grows from them."""
    n = links.n
    district = layout.district_of(ground.mosaic.points)
    start = np.full(n, -1, np.int64)
    for s, site in enumerate(layout.sites):
        blocks = np.flatnonzero(ground.settlement == s)
        for i in site.streets:
            distance = ((ground.mosaic.points[blocks] - layout.seats[i]) ** 2).sum(axis=1)
            distance[start[blocks] >= 0] = np.inf
            start[blocks[distance.argmin()]] = i
    site_of = np.empty(len(layout.streets), np.int64)
    for s, site in enumerate(layout.sites):
        site_of[list(site.streets)] = s
    need = np.array([_town_grids(layout, i) for i in range(len(layout.streets))], float)
    urban = ground.settlement >= 0
    room = np.bincount(ground.settlement[urban], minlength=len(layout.sites))[site_of]
    share = need / np.bincount(site_of, need)[site_of]
    blocks_only = links.within(ground.settlement)
    street = grow(blocks_only, start, share * room, urban.astype(float), rounds=60)
    street = absorbed(street, blocks_only.pairs)
    villages = np.array([sum(u.kind == "village" for u in s.units) for s in layout.streets], float)
    parent = np.where(street >= 0, layout.street_district[street], district)
    mine = links.within(parent)
    closed = (street >= 0) & (villages[street] == 0)
    keep = ~closed[mine.pairs].any(axis=1)
    reach = Neighbours(n, mine.pairs[keep], mine.cost[keep])
    weight = (ground.settlement < 0).astype(float)
    targets = np.zeros(len(villages))
    for d in range(len(layout.districts)):
        of = layout.street_district == d
        share = villages * of
        targets += share / max(share.sum(), 1) * weight[parent == d].sum()
    grown = grow(reach, street, targets, weight, rounds=80)
    return absorbed(absorbed(grown, mine.pairs), links.pairs)


def _town_grids(layout: Layout, street: int) -> int:
    return sum(u.grids for u in layout.streets[street].units if u.kind == "community")


def _starts(
    rng: np.random.Generator, ground: Ground, atoms: Ints, weight: Floats, count: int
) -> Ints:
    if len(atoms) < count:
        msg = f"{count} parts need as many atoms, there are {len(atoms)}"
        raise ValueError(msg)
    return atoms[spaced(ground.mosaic.points[atoms], weight[atoms], count, rng)]


def _units(
    rng: np.random.Generator, layout: Layout, ground: Ground, links: Neighbours, street: Ints
) -> tuple[tuple[Unit, ...], Ints, Ints]:
    units = [(i, u) for i, s in enumerate(layout.streets) for u in s.units]
    unit_street = np.array([i for i, _ in units], np.int64)
    village = np.array([u.kind == "village" for _, u in units])
    urban = ground.settlement >= 0
    unit = np.full(links.n, -1, np.int64)
    for is_village in (False, True):
        chosen = np.flatnonzero(village == is_village)
        here = urban != is_village
        weight = here.astype(float)
        start = np.full(links.n, -1, np.int64)
        for i in np.unique(unit_street[chosen]):
            mine = chosen[unit_street[chosen] == i]
            atoms = np.flatnonzero(here & (street == i))
            start[_starts(rng, ground, atoms, weight, len(mine))] = mine
        parent = np.where(here, street, -1)
        size = np.array([u.grids if u.kind == "community" else 1.0 for _, u in units], float)
        size *= village == is_village
        total = np.bincount(unit_street, size, len(layout.streets))[unit_street]
        room = np.bincount(street[here], minlength=len(layout.streets))[unit_street]
        targets = np.where(size > 0, size / np.maximum(total, 1) * room, 0)
        grown = grow(links.within(parent), start, targets, weight)
        unit = np.where(here, grown, unit)
    unit = absorbed(unit, links.within(street).pairs)
    return tuple(u for _, u in units), unit_street, unit


def _room(
    layout: Layout, ground: Ground, cells: NDArray[np.object_], rivers: tuple[Ints, ...]
) -> Floats:
    """Room to build in each atom, in hectares: its area without the banks of wide rivers."""
    hectares = shapely.area(cells) / 10_000
    for (_, width, _), sides in zip(layout.rivers, rivers, strict=True):
        bank = np.unique(ground.mosaic.pairs[sides])
        hectares[bank[bank >= 0]] *= 0.45 if width > 40 else 0.8
    return np.asarray(hectares, float)


def _grids(
    rng: np.random.Generator,
    ground: Ground,
    links: Neighbours,
    units: tuple[Unit, ...],
    unit: Ints,
    weight: Floats,
) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    counts = np.array([u.grids for u in units])
    grid_unit = np.repeat(np.arange(len(units)), counts)
    first = np.cumsum(counts) - counts
    dedicated = np.zeros(len(grid_unit), bool)
    for i, u in enumerate(units):
        dedicated[first[i] + len(u.households) : first[i] + u.grids] = True
    start = np.full(links.n, -1, np.int64)
    order = np.argsort(unit, kind="stable")
    cuts = np.searchsorted(unit[order], np.arange(len(units) + 1))
    for i in range(len(units)):
        atoms = order[cuts[i] : cuts[i + 1]]
        start[_starts(rng, ground, atoms, weight, counts[i])] = first[i] + np.arange(counts[i])
    size = np.where(dedicated, 0.25, 1.0)
    total = np.bincount(grid_unit, size)[grid_unit]
    room = np.bincount(unit, weight, len(units))[grid_unit]
    return (
        grow(links.within(unit), start, size / total * room, weight, rounds=60),
        grid_unit,
        dedicated,
    )
