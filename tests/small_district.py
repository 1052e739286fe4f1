"""A district small enough to draw, for every test that needs a filled store.

Eight grids, squares of 0.01 degrees; G1's south-west corner is 104.77 E, 29.37 N::

    29.39 +------+------+------+------+
          |  G2  |  G4  |  G6  |  G8  |
    29.38 +------+------+------+------+
          |  G1  |  G3  |  G5  |  G7  |
    29.37 +------+------+------+------+
       104.77  104.78 104.79 104.80 104.81
          |  C1  |  C2  |  C3  |  C4  |     communities
          |     S1      |     S2      |     streets
          |             D             |     district

Buildings (households): B1 (40) and B2 (30) in G1, B3 (60) in G2, B4 (20) in G3, B5 (50) in G5,
B6 (10) in G8. Building chief 张栋长 keeps B1 and B2, 李栋长 keeps B5.

Incidents by grid, at ``NOW`` (o open, ! open and overdue, - no longer open)::

    G1  I1 o hazard in B1    I2 ! dispute in B2   I3 - public_service in B1, closed on time
    G2  I4 ! hazard          I5 o public_service in B3, unassigned
    G3  I6 - dispute, closed late
    G4  I7 o environment, suspended
    G5  I8 ! emergency in B5, escalated           I9 - hazard, resolved today, in B5
    G6  (none)
    G7  I10 - opinion, rejected
    G8  I11 o legal_service  I12 - public_service two years ago, satisfied

So D holds 7 open, 3 of them overdue; S1 5 and 2; S2 2 and 1. One account of each role; all have
the password ``PASSWORD``: ``command`` and ``planner`` and ``admin`` see D, ``street`` S1,
``community`` C1, ``lead`` G1, ``chief`` the buildings B1 and B2.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import shapely
from argon2 import PasswordHasher
from sqlalchemy import insert

from data import events, schema
from data.store import Store, align_sequences, set_meta
from geo.tiles import tile_key
from rules.access import Actor, Role
from rules.kinds import KINDS, default_severity
from rules.levels import Level

NOW: Final = datetime(2026, 6, 17, 4, 0, tzinfo=UTC)
"""The moment at which the incidents are what the drawing says: a Wednesday noon in China."""

PASSWORD: Final = "Calm-River-2026"

AREA: Final = {
    "D": 1, "S1": 2, "S2": 3, "C1": 4, "C2": 5, "C3": 6, "C4": 7,
    "G1": 8, "G2": 9, "G3": 10, "G4": 11, "G5": 12, "G6": 13, "G7": 14, "G8": 15,
}  # fmt: skip
"""Area ids by the names of the drawing."""

CODE: Final = {
    "D": "510304", "S1": "510304001", "S2": "510304002",
    "C1": "510304001001", "C2": "510304001002", "C3": "510304002001", "C4": "510304002002",
    "G1": "510304001001001", "G2": "510304001001002", "G3": "510304001002001",
    "G4": "510304001002002", "G5": "510304002001001", "G6": "510304002001002",
    "G7": "510304002002001", "G8": "510304002002002",
}  # fmt: skip
"""Area codes by the names of the drawing."""

BUILDING: Final = {f"B{n}": n for n in range(1, 7)}
INCIDENT: Final = {f"I{n}": n for n in range(1, 13)}
NUMBER: Final = {f"I{n}": f"2026-{n:04d}" for n in range(1, 13)}
PERSON: Final = {
    **{f"lead of G{n}": n for n in range(1, 9)},
    "worker of G1": 9, "chief of B1": 10, "chief of B5": 11,
}  # fmt: skip

ACCOUNT: Final = {
    "command": (1, Role.COMMAND, "D", None),
    "street": (2, Role.STREET, "S1", None),
    "community": (3, Role.COMMUNITY, "C1", None),
    "lead": (4, Role.GRID_LEAD, "G1", "lead of G1"),
    "chief": (5, Role.BUILDING_CHIEF, "G1", "chief of B1"),
    "planner": (6, Role.PLANNER, "D", None),
    "admin": (7, Role.ADMINISTRATOR, "D", None),
}
"""Accounts by login: id, role, area and person."""

_PARENT = {
    "D": None, "S1": "D", "S2": "D", "C1": "S1", "C2": "S1", "C3": "S2", "C4": "S2",
    "G1": "C1", "G2": "C1", "G3": "C2", "G4": "C2", "G5": "C3", "G6": "C3", "G7": "C4", "G8": "C4",
}  # fmt: skip
_NAME = {
    "D": "大安区", "S1": "龙井街道", "S2": "大安街道", "C1": "龙井社区", "C2": "盐马社区",
    "C3": "马草山社区", "C4": "洞口井社区", **{f"G{n}": f"第{n}网格" for n in range(1, 9)},
}  # fmt: skip
_LEVEL = {"D": Level.DISTRICT, "S": Level.STREET, "C": Level.COMMUNITY, "G": Level.GRID}
_HOUSEHOLDS = {"G1": 70, "G2": 60, "G3": 20, "G4": 0, "G5": 50, "G6": 0, "G7": 0, "G8": 10}

_BUILDINGS = (  # key, grid, offset of the south-west corner in the grid, households, chief
    ("B1", "G1", (0.002, 0.002), 40, "chief of B1"),
    ("B2", "G1", (0.006, 0.006), 30, "chief of B1"),
    ("B3", "G2", (0.004, 0.004), 60, None),
    ("B4", "G3", (0.004, 0.004), 20, None),
    ("B5", "G5", (0.004, 0.004), 50, "chief of B5"),
    ("B6", "G8", (0.004, 0.004), 10, None),
)

_INCIDENTS = (
    # key, grid, building, kind, subkind, state, reported and due and closed in hours from NOW
    ("I1", "G1", "B1", "hazard", "fire_lane", "in_progress", -20, 4, None),
    ("I2", "G1", "B2", "dispute", "noise", "dispatched", -200, -30, None),
    ("I3", "G1", "B1", "public_service", "certificate", "closed", -240, -200, -220),
    ("I4", "G2", None, "hazard", "gas", "accepted", -30, -2, None),
    ("I5", "G2", "B3", "public_service", "utilities", "reported", -1, 30, None),
    ("I6", "G3", None, "dispute", "property", "closed", -900, -700, -650),
    ("I7", "G4", None, "environment", "rubbish", "suspended", -50, 60, None),
    ("I8", "G5", "B5", "emergency", "fire", "escalated", -10, -6, None),
    ("I9", "G5", "B5", "hazard", "wiring", "resolved", -30, 10, -3),
    ("I10", "G7", None, "opinion", "complaint", "rejected", -120, -60, -110),
    ("I11", "G8", None, "legal_service", "consultation", "returned", -26, 90, None),
    ("I12", "G8", None, "public_service", "elderly", "closed", -17520, -17500, -17510),
)  # fmt: skip
_ASSIGNEE = {
    "I1": "worker of G1", "I2": "lead of G1", "I3": "worker of G1", "I6": "lead of G3",
    "I7": "lead of G4", "I8": "lead of G5", "I9": "lead of G5", "I11": "lead of G8",
    "I12": "lead of G8",
}  # fmt: skip
_SATISFACTION = {"I3": 5, "I6": 2, "I12": 4}


def corner(grid: str) -> tuple[float, float]:
    """South-west corner of a grid: longitude and latitude in degrees."""
    n = int(grid[1:]) - 1
    return round(104.77 + 0.01 * (n // 2), 2), round(29.37 + 0.01 * (n % 2), 2)


def square(grid: str) -> shapely.Polygon:
    """Shape of a grid. Neighbours share exactly equal corners."""
    (x, y) = corner(grid)
    return shapely.box(x, y, round(x + 0.01, 2), round(y + 0.01, 2))


def grids_of(area: str) -> list[str]:
    """Names of the grids inside an area, itself included if it is a grid."""
    inside = [child for child, parent in _PARENT.items() if parent == area]
    return [area] if not inside else [g for child in inside for g in grids_of(child)]


def shape(area: str) -> shapely.Polygon:
    """Shape of an area of any level."""
    return shapely.normalize(shapely.coverage_union_all([square(g) for g in grids_of(area)]))


def place(incident: str) -> tuple[float, float]:
    """Longitude and latitude of an incident: 0.0005 degrees apart along its grid's diagonal."""
    n = INCIDENT[incident]
    x, y = corner(_INCIDENTS[n - 1][1])
    return round(x + 0.002 + 0.0005 * n, 5), round(y + 0.002 + 0.0005 * n, 5)


def actor(login: str) -> Actor:
    """Account as the layers above the store know it."""
    account_id, role, area, person = ACCOUNT[login]
    return Actor(
        account_id=account_id, login=login, name=login, role=role, area_id=AREA[area],
        person_id=PERSON[person] if person else None,
    )  # fmt: skip


def _areas() -> list[dict[str, Any]]:
    found = []
    for name, area_id in AREA.items():
        geom = shape(name)
        found.append({
            "id": area_id, "parent_id": AREA[p] if (p := _PARENT[name]) else None,
            "level": int(_LEVEL[name[0]]), "code": CODE[name], "name": _NAME[name],
            "kind": {"S": "street", "C": "community"}.get(name[0], "general"),
            "households": sum(_HOUSEHOLDS[g] for g in grids_of(name)),
            "lon": geom.centroid.x, "lat": geom.centroid.y, "geom": geom,
        })  # fmt: skip
    return found


def _people() -> list[dict[str, Any]]:
    names = {9: ("grid_worker", "赵网格员", "G1"), 10: ("building_chief", "张栋长", "G1"),
             11: ("building_chief", "李栋长", "G5")}  # fmt: skip
    for n in range(1, 9):
        names[n] = ("grid_lead", f"网格长{n}", f"G{n}")
    return [
        {
            "id": n, "duty": duty, "name": name, "area_id": AREA[grid],
            "capacity_minutes": 0 if duty == "building_chief" else 600,
            "patrol_minutes": 60, "visit_minutes": 30,
        }
        for n, (duty, name, grid) in sorted(names.items())
    ]  # fmt: skip


def _buildings() -> list[dict[str, Any]]:
    found = []
    for key, grid, (dx, dy), households, chief in _BUILDINGS:
        x, y = corner(grid)
        geom = shapely.box(x + dx, y + dy, x + dx + 0.0004, y + dy + 0.0003)
        lon, lat = geom.centroid.x, geom.centroid.y
        found.append({
            "id": BUILDING[key], "code": key, "area_id": AREA[grid],
            "chief_id": PERSON[chief] if chief else None, "estate": "龙井小区",
            "name": f"{key[1:]}栋", "address": f"龙井路{key[1:]}号", "floors": 6, "units": 2,
            "households": households, "lon": lon, "lat": lat,
            "tile": int(tile_key(lon, lat)), "geom": geom,
        })  # fmt: skip
    return found


def _incidents(now: datetime) -> list[dict[str, Any]]:
    def hours(count: float | None) -> int | None:
        return None if count is None else int((now + timedelta(hours=count)).timestamp())

    found = []
    for key, grid, building, kind, subkind, state, reported, due, closed in _INCIDENTS:
        lon, lat = place(key)
        found.append({
            "id": INCIDENT[key], "number": NUMBER[key], "kind": kind, "subkind": subkind,
            "title": f"{KINDS[kind].subkinds[subkind][0]} {key}", "address": f"{grid}附近",
            "severity": int(default_severity(kind, subkind)), "state": state,
            "source": "resident" if kind == "opinion" else "patrol",
            "area_id": AREA[grid], "building_id": BUILDING[building] if building else None,
            "assignee_id": PERSON[_ASSIGNEE[key]] if key in _ASSIGNEE else None,
            "lon": lon, "lat": lat, "reported_at": hours(reported), "due_at": hours(due),
            "responded_at": hours(reported + 0.5) if state != "reported" else None,
            "dispatched_at": hours(reported + 0.75) if key in _ASSIGNEE else None,
            "resolved_at": hours(closed), "effort_minutes": KINDS[kind].effort_minutes,
            "closed_at": hours(closed) if state in {"closed", "rejected"} else None,
            "satisfaction": _SATISFACTION.get(key),
            "reporter_name": "王某" if key == "I2" else None,
            "reporter_phone": "13812345678" if key == "I2" else None,
        })  # fmt: skip
    return found


# The cheapest parameters: tests sign in often, and the hash carries its own parameters.
HASHER: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_HASH = HASHER.hash(PASSWORD)


def _accounts(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": account_id, "login": login, "name": login, "role": role.value,
            "area_id": AREA[area], "person_id": PERSON[person] if person else None,
            "password": _HASH, "created_at": int(now.timestamp()),
        }
        for login, (account_id, role, area, person) in ACCOUNT.items()
    ]  # fmt: skip


def fill(store: Store, *, now: datetime = NOW) -> Store:
    """Write the whole district into a migrated, empty store, as one batch with one event."""
    with store.write() as conn:
        conn.execute(insert(schema.area), _areas())
        conn.execute(insert(schema.person), _people())
        conn.execute(insert(schema.building), _buildings())
        conn.execute(insert(schema.incident), _incidents(now))
        conn.execute(insert(schema.account), _accounts(now))
        align_sequences(conn)
        set_meta(conn, "district_name", _NAME["D"])
        set_meta(conn, "area_version", "1")
        events.append(
            conn, at=now, actor="system", action="import", subject="batch", subject_id=0,
            before=None, after={"areas": 15, "buildings": 6, "incidents": 12},
        )  # fmt: skip
    return store
