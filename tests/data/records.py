"""Random small records, and the plain answers to what the mirror is asked.

A record is made from a seed: a district of up to three streets, with branches that end early or
skip a level, buildings, staff and incidents. The plain answers walk lists of dictionaries; they
share no code with the mirror.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import shapely
from sqlalchemy import insert

from data import events, schema
from data.settings import Settings
from data.store import Store, open_store, set_meta
from geo.tiles import tile_key
from rules.access import Scope
from rules.deadlines import CHINA
from rules.filters import SUBKINDS, IncidentFilter
from rules.kinds import KINDS, SERVICES, SEVERITIES, SOURCES
from rules.levels import Level
from rules.lifecycle import State, is_open

NOW = datetime(2026, 6, 17, 4, 0, tzinfo=UTC)
HOUR, DAY = 3600, 86_400
WORDS = ("井盖", "噪音", "Lamp", "100%", "a_b", "漏水", "")


@dataclass
class Record:
    areas: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    buildings: list[dict[str, Any]] = field(default_factory=list)
    incidents: list[dict[str, Any]] = field(default_factory=list)

    def inside(self, area_id: int) -> set[int]:
        found = {area_id}
        for area in self.areas:  # parents come before their children
            if area["parent_id"] in found:
                found.add(area["id"])
        return found

    def visible(self, scope: Scope, area_id: int) -> list[dict[str, Any]]:
        within = self.inside(area_id) & self.inside(scope.area_id)
        return [
            i
            for i in self.incidents
            if i["area_id"] in within
            and (scope.buildings is None or i["building_id"] in scope.buildings)
        ]

    def scopes(self, random: Random) -> list[Scope]:
        some = [b["id"] for b in self.buildings if random.random() < 0.4]
        roots = random.sample([a["id"] for a in self.areas], min(3, len(self.areas)))
        return [*(Scope(root) for root in roots), Scope(roots[0], frozenset(some))]


def keeps(chosen: IncidentFilter, row: dict[str, Any], *, status: bool = True) -> bool:
    now = int(NOW.timestamp())
    still, text = is_open(State(row["state"])), chosen.text.lower()
    checks = (
        not status or chosen.status == "all" or (chosen.status == "open") == still,
        not chosen.kinds or row["kind"] in chosen.kinds,
        not chosen.states or row["state"] in chosen.states,
        not chosen.sources or row["source"] in chosen.sources,
        not chosen.severities or row["severity"] in chosen.severities,
        bool(chosen.year) or not chosen.days or row["reported_at"] >= now - chosen.days * DAY,
        not chosen.year or datetime.fromtimestamp(row["reported_at"], CHINA).year == chosen.year,
        not chosen.services or row["service"] in chosen.services,
        not chosen.subkinds or row["subkind"] in chosen.subkinds,
        not chosen.overdue or (still and row["due_at"] < now),
        not chosen.unassigned or (still and row["assignee_id"] is None),
        any(text in row[name].lower() for name in ("number", "title", "address")),
    )
    return all(checks)


def some_filter(random: Random) -> IncidentFilter:
    def some(words: Any) -> tuple[Any, ...]:
        return tuple(w for w in words if random.random() < 0.5) if random.random() < 0.3 else ()

    return IncidentFilter(
        status=random.choice(["open", "closed", "all"]),
        kinds=some(KINDS),
        states=some(State),
        sources=some(SOURCES),
        severities=some(SEVERITIES),
        days=random.choice([None, None, 7, 30, 90, 365]),
        overdue=random.random() < 0.15,
        unassigned=random.random() < 0.15,
        text=random.choice(["", "", "", *WORDS, "lamp", "n-00", "%", "_", "zzz"]),
        services=some(SERVICES),
        subkinds=some(SUBKINDS),
        year=random.choice([None, None, None, None, 2025, 2026]),
    )


def _grow(random: Random, record: Record, parent: dict[str, Any], level: int, west: int) -> int:
    """Add the children of an area; gives the first free square to the east."""
    children = 0 if level > Level.GRID else random.choice([0, 1, 2, 3])
    if level == Level.COMMUNITY and random.random() < 0.2:
        level += 1  # a street with grids of its own
    east = west
    for n in range(children):
        area = {
            "id": 0, "parent_id": parent["id"], "level": int(level),
            "code": f"{parent['code']}{n + 1:03d}", "name": f"第{len(record.areas)}片",
            "households": random.randint(0, 60),
        }  # fmt: skip
        area["id"] = 100 + (len(record.areas) * 37) % 1000
        record.areas.append(area)
        east = _grow(random, record, area, level + 1, east)
    east = max(east, west + 1)
    box = shapely.box(104 + west / 100, 29, 104 + east / 100, 29.01)
    parent |= {"geom": box, "lon": box.centroid.x, "lat": box.centroid.y}
    return east


def make(random: Random) -> Record:
    record = Record()
    root = {"id": 99, "parent_id": None, "level": 3, "code": "510304", "name": "大安区",
            "households": 0}  # fmt: skip
    record.areas.append(root)
    _grow(random, record, root, Level.STREET, 0)
    for n in range(random.randint(0, 8)):
        record.people.append({
            "id": n + 1, "name": f"员{n}", "area_id": random.choice(record.areas)["id"],
            "duty": random.choice(["grid_worker", "building_chief"]),
            "capacity_minutes": random.choice([0, 600, 1200]),
            "patrol_minutes": random.randint(0, 90), "visit_minutes": random.randint(0, 60),
        })  # fmt: skip
    for n in range(random.randint(0, 10)):
        _add_building(random, record, n + 1)
    for n in range(random.randint(0, 60)):
        _add_incident(random, record, n + 1)
    return record


def _somewhere(random: Random, area: dict[str, Any]) -> tuple[float, float]:
    west, south, east, north = area["geom"].bounds
    return random.uniform(west, east), random.uniform(south, north)


def _add_building(random: Random, record: Record, n: int) -> None:
    area = random.choice(record.areas)
    lon, lat = _somewhere(random, area)
    record.buildings.append({
        "id": n, "code": f"B{n}", "area_id": area["id"],
        "chief_id": random.choice([None, *(p["id"] for p in record.people)]),
        "estate": random.choice(["龙井小区", "Park"]), "name": f"{n}栋", "address": f"龙井路{n}号",
        "households": random.randint(0, 20), "lon": lon, "lat": lat,
        "tile": int(tile_key(lon, lat)), "geom": shapely.box(lon, lat, lon + 1e-4, lat + 1e-4),
    })  # fmt: skip


def _add_incident(random: Random, record: Record, n: int) -> None:
    now = int(NOW.timestamp())
    building = random.choice([None, *record.buildings])
    area = random.choice(record.areas)
    lon, lat = _somewhere(random, area)
    state = random.choice(list(State))
    reported = now - random.choice([random.randint(1, DAY), random.randint(DAY, 900 * DAY)])
    done = None if is_open(state) else min(now, reported + random.randint(1, 40 * DAY))
    record.incidents.append({
        "id": n, "number": f"N-{n * 7919 % 1000:03d}-{n}", "kind": random.choice(list(KINDS)),
        "title": f"{random.choice(WORDS)} {n}", "address": f"路{random.choice(WORDS)}",
        "severity": random.randint(1, 4), "state": state.value,
        "source": random.choice(list(SOURCES)), "service": random.choice(list(SERVICES)),
        "subkind": random.choice(["", "words of an import", *SUBKINDS]),
        "area_id": building["area_id"] if building else area["id"],
        "building_id": building["id"] if building else None,
        "assignee_id": random.choice([None, *(p["id"] for p in record.people)]),
        "lon": lon, "lat": lat, "reported_at": reported,
        "due_at": reported + random.randint(1, 30 * DAY), "effort_minutes": random.randint(5, 240),
        "resolved_at": done, "closed_at": done if state == State.CLOSED else None,
        "satisfaction": random.choice([None, 1, 3, 4, 5]) if done else None,
    })  # fmt: skip


def write(store: Store, record: Record) -> Store:
    with store.write() as conn:
        for table, rows in (
            (schema.area, record.areas), (schema.person, record.people),
            (schema.building, record.buildings), (schema.incident, record.incidents),
        ):  # fmt: skip
            if rows:
                conn.execute(insert(table), rows)
        set_meta(conn, "area_version", "1")
        events.append(
            conn, at=NOW, actor="system", action="import", subject="batch", subject_id=0,
            before=None, after=None,
        )  # fmt: skip
    return store


@contextmanager
def stored(template: Path, record: Record) -> Iterator[Store]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "gridmap.db"
        copyfile(template, path)
        store = open_store(Settings(database_url=f"sqlite:///{path}", var=Path(folder)))
        yield write(store, record)
        store.close()
