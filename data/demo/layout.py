"""Where the seats, towns and rivers of a plan lie, before the land is cut into atoms."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from data.demo.plan import District, Plan, Street
from geo.growth import Neighbours, absorbed, grow, spaced
from geo.mosaic import make_mosaic
from geo.synthesis import Settlement, blob, scaled_to, smooth_line, to_metres

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK = (108.0, 142.0)
BLOCKS_PER_GRID = 5.4
DROPPED = 0.10


@dataclass(frozen=True)
class Site:
    """A built-up area and the streets (rows of ``Layout.streets``) that share it."""

    place: Settlement
    streets: tuple[int, ...]


@dataclass(frozen=True)
class Layout:
    """Outline in metres, all streets with their district and seat, and the built-up sites.

    ``marks`` and ``mark_district`` tell roughly which district a point is in.
    """

    outline: BaseGeometry
    districts: tuple[District, ...]
    streets: tuple[Street, ...]
    street_district: Ints
    seats: Floats
    sites: tuple[Site, ...]
    marks: Floats
    mark_district: Ints
    rivers: tuple[tuple[str, float, Floats], ...]
    rails: tuple[shapely.LineString, ...]

    def district_of(self, points: Floats) -> Ints:
        """Row of the district whose mark is nearest."""
        _, nearest = cKDTree(self.marks).query(points)
        return np.asarray(self.mark_district[nearest], np.int64)


def town_grids(street: Street) -> int:
    """Grids of the built-up part of a street or town."""
    return sum(unit.grids for unit in street.units if unit.kind == "community")


def _coarse(
    rng: np.random.Generator, plan: Plan, outline: BaseGeometry, fixed: list[shapely.Polygon | None]
) -> tuple[Floats, Ints]:
    """Divide the outline roughly into districts: points and their district."""
    districts = plan.districts
    spacing = np.sqrt(outline.area / (len(districts) * 220))
    west, south, east, north = outline.bounds
    gx, gy = np.meshgrid(
        np.arange(west - 4 * spacing, east + 4 * spacing, spacing),
        np.arange(south - 4 * spacing, north + 4 * spacing, spacing),
    )
    points = np.column_stack([gx.ravel(), gy.ravel()])
    points += rng.uniform(-0.35, 0.35, points.shape) * spacing
    inside = shapely.contains_xy(outline, points[:, 0], points[:, 1])
    if len(districts) == 1:
        return points[inside], np.zeros(int(inside.sum()), np.int64)
    mosaic = make_mosaic(points[inside], points[~inside])
    n = len(mosaic.points)
    start = np.full(n, -1, np.int64)
    own = np.full(n, -1, np.int64)
    seats = to_metres(np.array([d.seat for d in districts]))
    for i, shape in enumerate(fixed):
        if shape is not None:
            own[shapely.contains_xy(shape, mosaic.points[:, 0], mosaic.points[:, 1])] = i
    start[own >= 0] = own[own >= 0]
    for i in range(len(districts)):
        if fixed[i] is None:
            distance = ((mosaic.points - seats[i]) ** 2).sum(axis=1)
            start[np.argmin(np.where(start < 0, distance, np.inf))] = i
    pairs = mosaic.pairs[mosaic.inner]
    free = (own[pairs] < 0).all(axis=1)
    cost = np.hypot(*(mosaic.points[pairs[:, 0]] - mosaic.points[pairs[:, 1]]).T)
    links = Neighbours(n, pairs[free], cost[free])
    targets = np.array([d.square_km for d in districts])
    targets = targets / targets.sum() * n
    labels = grow(links, start, targets, np.ones(n), rounds=80)
    return mosaic.points, absorbed(labels, pairs)


def _core_radius(district: District) -> float:
    grids = sum(town_grids(s) for s in district.streets if s.core)
    return float(np.sqrt(grids * BLOCKS_PER_GRID * BLOCK[0] * BLOCK[1] / 3.14))


def _seats(
    rng: np.random.Generator, room: Floats, district: District, taken: list[Floats]
) -> Floats:
    """Positions of the streets of one district; ``taken`` (x, y, radius) is kept free of towns."""
    streets = district.streets
    centre = to_metres(np.array([district.seat]))[0]
    seats = np.full((len(streets), 2), np.nan)
    for i, street in enumerate(streets):
        if street.seat is not None:
            seats[i] = to_metres(np.array([street.seat]))[0]
    open_core = [i for i, s in enumerate(streets) if s.core and s.seat is None]
    radius = _core_radius(district)
    for turn, i in enumerate(open_core):
        angle, far = turn * 2.4, radius * np.sqrt((turn + 0.5) / len(open_core)) * 0.85
        seats[i] = centre + far * np.array([np.cos(angle), np.sin(angle)])
    open_towns = [i for i, s in enumerate(streets) if not s.core and s.seat is None]
    if open_towns:
        free = np.ones(len(room), bool)
        for x, y, away in taken:
            free &= np.hypot(room[:, 0] - x, room[:, 1] - y) > away + 1_500
        room = room[free] if free.sum() >= len(open_towns) else room
        seats[open_towns] = room[spaced(room, np.ones(len(room)), len(open_towns), rng)]
    return seats


def _sites(
    rng: np.random.Generator, streets: list[Street], seats: Floats, owner: Ints
) -> list[Site]:
    sites = []
    block = BLOCK[0] * BLOCK[1]
    for d in np.unique(owner):
        here = np.flatnonzero(owner == d)
        core = [int(i) for i in here if streets[i].core]
        groups = ([core] if core else []) + [[int(i)] for i in here if not streets[i].core]
        for group in groups:
            grids = sum(town_grids(streets[i]) for i in group)
            area = grids * BLOCKS_PER_GRID * block / (1 - DROPPED)
            shape = blob(rng, seats[group].mean(axis=0), area)
            heading = float(rng.uniform(-0.35, 0.35))
            sites.append(Site(Settlement(shape, BLOCK, heading), tuple(group)))
    return sites


def _without_overlap(sites: list[Site]) -> tuple[Site, ...]:
    out: list[Site] = []
    taken: BaseGeometry = shapely.Polygon()
    for site in sites:
        shape = shapely.difference(site.place.shape, taken.buffer(300))
        taken = shapely.union(taken, shape)
        out.append(Site(Settlement(shape, site.place.block, site.place.heading), site.streets))
    return tuple(out)


def make_layout(plan: Plan, seed: int) -> Layout:
    """Place every district, street, town and river of the plan."""
    rng = np.random.default_rng([seed, 2])
    districts = plan.districts
    fixed = [
        scaled_to(shapely.Polygon(to_metres(np.array(d.outline))), d.square_km * 1e6)
        if d.outline else None
        for d in districts
    ]  # fmt: skip
    outline: BaseGeometry
    if len(districts) == 1 and fixed[0] is not None:
        outline = fixed[0]
    else:
        seats = to_metres(np.array([d.seat for d in districts]))
        area = sum(d.square_km for d in districts) * 1e6
        outline = blob(rng, seats.mean(axis=0), area, roughness=0.1)
        if len(plan.cities) > 1:
            # Many seats are no disc: all of them have to lie well inside.
            outline = shapely.MultiPoint(seats).convex_hull.buffer(16_000)
        outline = shapely.union_all([outline, *[f.buffer(800) for f in fixed if f is not None]])
    marks, mark_district = _coarse(rng, plan, outline, fixed)
    streets: list[Street] = []
    owner: list[int] = []
    seats_found: list[Floats] = []
    centres = to_metres(np.array([d.seat for d in districts]))
    taken = [
        np.array([*centre, _core_radius(d)]) for d, centre in zip(districts, centres, strict=True)
    ]
    for d, district in enumerate(districts):
        found = _seats(rng, marks[mark_district == d], district, taken)
        taken += [np.array([x, y, 1_000.0]) for x, y in found]
        seats_found.append(found)
        streets += district.streets
        owner += [d] * len(district.streets)
    positions = np.concatenate(seats_found)
    owners = np.array(owner, np.int64)
    return Layout(
        outline, tuple(districts), tuple(streets), owners, positions,
        _without_overlap(_sites(rng, streets, positions, owners)), marks, mark_district,
        tuple((name, width, to_metres(np.array(way))) for name, width, way in plan.rivers),
        tuple(smooth_line(to_metres(np.array(way))) for way in plan.rails),
    )  # fmt: skip
