"""Rows of the tables, made from the columns of a demo; ids count on from the given ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from data.demo.basemap import Feature
from data.demo.buildings import Buildings, grid_households, grid_name, road_keys, street_names
from data.demo.course import HEARD, STATES
from data.demo.incidents import (
    DISTRICT_ABOVE_GRID,
    KIND_KEYS,
    OFFICER,
    Incidents,
    merged_into,
)
from data.demo.land import Land
from data.demo.names import company_names
from data.demo.people import People
from data.demo.plan import Plan
from data.demo.titles import TITLES
from geo.mosaic import merged
from geo.synthesis import to_degrees
from geo.tiles import tile_key
from rules.deadlines import CHINA
from rules.levels import Level
from rules.rulebook import DEFAULT

Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Areas:
    """Rows of the area table, and the id of each grid (row of the land)."""

    rows: list[Row]
    grid_ids: Ints
    root_id: int

    @cached_property
    def parents(self) -> dict[int, int | None]:
        """Id of the area above each."""
        return {row[0]: row[1] for row in self.rows}

    def above(self, area_id: int, levels: int) -> int:
        """Id of the area so many levels above one, or of the highest there is."""
        for _ in range(levels):
            area_id = self.parents[area_id] or area_id
        return area_id


AREA = (
    "id", "parent_id", "level", "code", "name", "kind", "households", "valid_from", "lon", "lat",
    "geom", "batch_id",
)  # fmt: skip
PERSON = (
    "id", "duty", "name", "area_id", "capacity_minutes", "patrol_minutes", "visit_minutes",
    "batch_id",
)  # fmt: skip
BUILDING = (
    "id", "code", "area_id", "chief_id", "estate", "name", "address", "floors", "units",
    "households", "lon", "lat", "tile", "geom", "batch_id",
)  # fmt: skip
INCIDENT = (
    "id", "number", "kind", "subkind", "title", "address", "severity", "state", "source", "service",
    "area_id", "building_id", "assignee_id", "lon", "lat", "place", "reported_at", "responded_at",
    "dispatched_at", "resolved_at", "fed_back_at", "evaluated_at", "closed_at", "due_at",
    "effort_minutes", "satisfaction", "evaluated_by", "desk_id", "step_due_at", "resumes_to",
    "left_minutes", "until_at", "body", "party", "merged_into_id", "batch_id",
)  # fmt: skip
COMPANIES = 48
"""Companies that the legal centre serves; their names are made up."""
FEATURE = ("layer", "rank", "name", "geom", "batch_id")


def in_degrees(shapes: Shapes) -> Shapes:
    """Shapes in metres as CGCS2000 degrees."""
    return np.asarray(shapely.transform(shapes, to_degrees), object)


def grid_numbers(land: Land, points: NDArray[np.float64]) -> Ints:
    """Sequence of each grid in its unit: west to east, then north to south, from 1."""
    order = np.lexsort([-points[:, 1], points[:, 0], land.grid_unit])
    out = np.empty(len(order), np.int64)
    start = np.searchsorted(land.grid_unit[order], np.arange(len(land.units)))
    out[order] = np.arange(len(order)) - start[land.grid_unit[order]] + 1
    return out


def area_rows(plan: Plan, land: Land, *, first_id: int, batch_id: int, now: datetime) -> Areas:
    """All areas from the root down; a parent is the union of its children."""
    layout = land.layout
    cells = land.drawn.moved(to_degrees).cells()
    grids = merged(cells, land.atom_grid, len(land.grid_unit))
    units = merged(grids, land.grid_unit, len(land.units))
    streets = merged(units, land.unit_street, len(layout.streets))
    districts = merged(streets, layout.street_district, len(layout.districts))
    homes = grid_households(land)
    numbers = grid_numbers(land, shapely.get_coordinates(shapely.point_on_surface(grids)))
    rows: list[Row] = []
    opened = int(datetime(now.year, 1, 1, tzinfo=CHINA).astimezone(UTC).timestamp())

    def add(parents: Ints, level: Level, names: list[tuple[str, str, str]], shapes: Shapes,
            households: Ints) -> Ints:  # fmt: skip
        points = shapely.get_coordinates(shapely.point_on_surface(shapes)).round(7)
        ids = first_id + len(rows) + np.arange(len(names))
        for i, (code, name, kind) in enumerate(names):
            parent = int(parents[i]) or None
            rows.append((
                int(ids[i]), parent, int(level), code, name, kind, int(households[i]), opened,
                float(points[i, 0]), float(points[i, 1]), shapes[i], batch_id,
            ))  # fmt: skip
        return ids

    def gathered(values: Ints, groups: Ints, count: int) -> Ints:
        return np.bincount(groups, values, count).astype(np.int64)

    unit_homes = gathered(homes, land.grid_unit, len(units))
    street_homes = gathered(unit_homes, land.unit_street, len(streets))
    district_homes = gathered(street_homes, layout.street_district, len(districts))
    city_of = np.array([c for c, city in enumerate(plan.cities) for _ in city.districts])
    above = np.zeros(len(districts), np.int64)
    if plan.scale != "district":
        cities = merged(districts, city_of, len(plan.cities))
        city_homes = gathered(district_homes, city_of, len(cities))
        top = np.zeros(len(cities), np.int64)
        if plan.scale == "province":
            whole = merged(cities, np.zeros(len(cities), np.int64), 1)
            root = add(top, Level.PROVINCE, [(plan.code, plan.name, "general")], whole,
                       city_homes.sum(keepdims=True))  # fmt: skip
            top = np.repeat(root, len(cities))
        names = [(c.code, c.name, "general") for c in plan.cities]
        above = add(top, Level.CITY, names, cities, city_homes)[city_of]
    names = [(d.code, d.name, "general") for d in layout.districts]
    ids = add(above, Level.DISTRICT, names, districts, district_homes)
    names = [(s.code, s.name, s.kind) for s in layout.streets]
    ids = add(ids[layout.street_district], Level.STREET, names, streets, street_homes)
    names = [(u.code, u.name, u.kind) for u in land.units]
    ids = add(ids[land.unit_street], Level.COMMUNITY, names, units, unit_homes)
    names = [
        (f"{land.units[u].code}{n:03d}", grid_name(land.units[u].name, int(n), dedicated=bool(d)),
         "dedicated" if d else "general")
        for u, n, d in zip(land.grid_unit, numbers, land.grid_dedicated, strict=True)
    ]  # fmt: skip
    ids = add(ids[land.grid_unit], Level.GRID, names, grids, homes)
    return Areas(rows, ids, first_id)


def person_rows(people: People, areas: Areas, *, first_id: int, batch_id: int) -> list[Row]:
    """Staff of a district."""
    columns = (people.capacity, people.patrol, people.visit)
    district = areas.above(int(areas.grid_ids[people.grid[0]]), DISTRICT_ABOVE_GRID)
    return [
        (first_id + i, duty, name, district if grid < 0 else int(areas.grid_ids[grid]),
         int(c), int(p), int(v), batch_id)
        for i, (duty, name, grid, c, p, v) in enumerate(
            zip(people.duty, people.name, people.grid, *columns, strict=True)
        )
    ]  # fmt: skip


def building_points(buildings: Buildings) -> NDArray[np.float64]:
    """Longitude and latitude of the middle of each building."""
    return to_degrees(shapely.get_coordinates(shapely.centroid(buildings.shapes)))


def building_rows(  # noqa: PLR0913 - each is needed and named
    land: Land, buildings: Buildings, people: People, areas: Areas,
    *, first_id: int, first_person: int, batch_id: int,
) -> list[Row]:  # fmt: skip
    """Make the buildings of a district; the code is the community's and a five-digit number."""
    points = building_points(buildings)
    tiles = tile_key(points[:, 0], points[:, 1]).tolist()
    shapes = in_degrees(buildings.shapes)
    unit = land.grid_unit[buildings.grid]
    order = np.argsort(unit, kind="stable")
    number = np.empty(len(unit), np.int64)
    start = np.searchsorted(unit[order], np.arange(len(land.units)))
    number[order] = np.arange(len(order)) - start[unit[order]] + 1
    columns = (
        unit.tolist(), number.tolist(), areas.grid_ids[buildings.grid].tolist(),
        people.building_chief.tolist(), buildings.estate, buildings.name, buildings.address,
        buildings.floors.tolist(), buildings.units.tolist(), buildings.households.tolist(),
        points.tolist(), tiles, shapes,
    )  # fmt: skip
    return [
        (first_id + i, f"{land.units[u].code}{k:05d}", area,
         None if chief < 0 else first_person + chief, estate, name, address, floors, units,
         homes, lon, lat, tile, shape, batch_id)
        for i, (u, k, area, chief, estate, name, address, floors, units, homes, (lon, lat), tile,
                shape) in enumerate(zip(*columns, strict=True))
    ]  # fmt: skip


def feature_rows(features: list[Feature], *, batch_id: int) -> list[Row]:
    """Rows of the base map."""
    shapes = in_degrees(np.array([f.shape for f in features], object))
    return [(f.layer, f.rank, f.name, s, batch_id) for f, s in zip(features, shapes, strict=True)]


@dataclass(frozen=True)
class Roadside:
    """A point just inside an atom of its grid for each incident that is at no building.

    Incidents at a building have atom -1.
    """

    points: NDArray[np.float64]
    atom: Ints


def roadside(land: Land, incidents: Incidents, rng: np.random.Generator) -> Roadside:
    """Choose an atom of the grid and a point just inside it, by the corner where it is entered."""
    order = np.argsort(land.atom_grid, kind="stable")
    start = np.searchsorted(land.atom_grid[order], np.arange(len(land.grid_unit) + 1))
    out = np.flatnonzero(incidents.building < 0)
    grid = incidents.grid[out]
    room = start[grid + 1] - start[grid]
    atom = order[start[grid] + (rng.random(len(grid)) * room).astype(np.int64)]
    door = land.drawn.xy[land.entrance[atom]]
    used, back = np.unique(atom, return_inverse=True)
    middle = shapely.get_coordinates(shapely.point_on_surface(land.cells[used]))[back]
    xy = door + (middle - door) * rng.uniform(0.05, 0.4, (len(grid), 1))
    inner = shapely.buffer(land.cells[used], -1)
    inside = shapely.contains_xy(inner[back], xy[:, 0], xy[:, 1])
    points = np.zeros((len(incidents), 2))
    points[out] = to_degrees(np.where(inside[:, None], xy, middle))
    atoms = np.full(len(incidents), -1, np.int64)
    atoms[out] = atom
    return Roadside(points, atoms)


def incident_rows(  # noqa: PLR0913 - each is needed and named
    land: Land, buildings: Buildings, people: People, areas: Areas, incidents: Incidents,
    *, prefix: str, ids: tuple[int, int, int], batch_id: int, rng: np.random.Generator,
) -> Iterator[Row]:  # fmt: skip
    """Incidents of a district; ``ids`` are the first incident, building and person id."""
    first, first_building, first_person = ids
    side = roadside(land, incidents, rng)
    points = building_points(buildings)
    roads, keys = street_names(land), road_keys(land)
    worker, lead = people.worker.tolist(), people.lead.tolist()
    officers, companies = people.officers.tolist(), company_names(rng, COMPANIES)
    years = _years(incidents.reported)
    turn: dict[str, int] = {}
    pick = rng.integers(0, 1 << 20, len(incidents)).tolist()
    columns = (
        incidents.service, incidents.kind.tolist(), incidents.subkind, incidents.severity.tolist(),
        incidents.state.tolist(), incidents.source, incidents.grid.tolist(),
        incidents.building.tolist(), incidents.assigned.tolist(), incidents.reported.tolist(),
        incidents.responded.tolist(), incidents.dispatched.tolist(), incidents.resolved.tolist(),
        incidents.fed_back.tolist(), incidents.evaluated.tolist(), incidents.closed.tolist(),
        incidents.due.tolist(), incidents.satisfaction.tolist(), incidents.heard.tolist(),
        incidents.desk.tolist(), incidents.step_due.tolist(), incidents.resumes.tolist(),
        incidents.left.tolist(), incidents.until.tolist(), merged_into(incidents).tolist(),
    )  # fmt: skip
    letter = {"grid": "", "chief": "D", "legal": "F"}
    for i, (service, kind, sub, severity, state, source, grid, house, assigned, reported, *times,
            due, answer, heard, desk, step_due, resumes, left, until, into
            ) in enumerate(zip(*columns, strict=True)):  # fmt: skip
        series = f"{prefix}{letter[service]}{years[i]}"
        turn[series] = turn.get(series, 0) + 1
        if house >= 0:
            where = f"{buildings.estate[house]}{buildings.name[house]}"
            address, place = buildings.address[house], "building"
            lon, lat = points[house].tolist()
        else:
            where, address = _road_place(land, int(side.atom[i]), roads, keys)
            lon, lat = side.points[i].tolist()
            place = "exact"
        owner = (
            officers[pick[i] % len(officers)]
            if assigned == OFFICER and officers
            else (None, worker[grid], lead[grid], int(people.building_chief[house]), None)[assigned]
        )
        titles, key = TITLES[sub], KIND_KEYS[kind]
        area_id = int(areas.grid_ids[grid])
        yield (
            first + i, f"{series}-{turn[series]:06d}", key, sub,
            titles[pick[i] % len(titles)].format(where), address, severity, STATES[state].value,
            source, service, area_id,
            first_building + house if house >= 0 else None,
            None if owner is None or owner < 0 else first_person + owner, lon, lat, place, reported,
            *(t or None for t in times), due, DEFAULT.effort(key, sub), answer or None,
            HEARD[heard], None if desk < 0 else areas.above(area_id, desk), step_due or None,
            None if resumes < 0 else STATES[resumes].value, None if left < 0 else left,
            until or None, DEFAULT.body(key, sub),
            companies[pick[i] % COMPANIES] if sub == "checkup" else "",
            None if into < 0 else first + into, batch_id,
        )  # fmt: skip


def _road_place(land: Land, atom: int, roads: list[str], keys: Ints) -> tuple[str, str]:
    """Words for a place on a road: short for the title, long for the address."""
    street = land.layout.streets[land.atom_street[atom]]
    district = land.layout.districts[land.layout.street_district[land.atom_street[atom]]]
    unit = land.units[land.atom_unit[atom]].name
    road = roads[keys[atom]] if keys[atom] >= 0 else f"{unit}村道"
    return road, f"{district.name}{street.name}{unit if keys[atom] >= 0 else ''}{road}"


def _years(times: Ints) -> list[int]:
    """Calendar year in China of each time."""
    local = (times + 8 * 3600).astype("datetime64[s]").astype("datetime64[Y]")
    return [int(y) + 1970 for y in local.astype(np.int64)]
