"""Making a whole demo and writing it in one transaction."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert

from data import events, schema
from data.demo import incidents as made_up
from data.demo import tables
from data.demo.basemap import make_basemap
from data.demo.buildings import Buildings, grid_households, make_buildings
from data.demo.calls import CALL, WEEKS, call_rows
from data.demo.footprints import EMPTY, FARM, block_uses
from data.demo.history import write_history
from data.demo.incidents import Incidents, Places
from data.demo.land import Land, make_land
from data.demo.moments import china
from data.demo.offered import demo_hash, write_accounts
from data.demo.people import make_people
from data.demo.plan import LONGJING, District, Plan
from data.demo.write import bulk_insert, clear_demo, move_accounts, next_id, require_room
from data.store import Store, align_sequences, get_meta, set_meta
from data.working_time import working_clock
from rules.rulebook import DEFAULT

Ints = NDArray[np.int64]
Tell = Callable[[str], None]

DAAN = "510304"
LEGAL_OFFICERS = 8
"""Staff of the legal affairs centre, which serves Da'an alone."""
YEAR = timedelta(days=365.25)
EARLIEST = china(2024, 3, 1)
"""A demo cannot be made for an earlier moment: its year 2023 has to be over and handled."""


@dataclass(frozen=True)
class Made:
    """What a demo wrote: rows per table, incidents per service, accounts."""

    scale: str
    seed: int
    counts: dict[str, int]
    services: dict[str, int]
    accounts: list[str]
    area_version: int


class TooEarly(ValueError):
    """The moment of making lies before the year that the demo tells of is over."""


def make_demo(  # noqa: PLR0913 - each is needed and named
    store: Store, plan: Plan, *, seed: int, now: datetime, force: bool = False,
    actor: str = "system", tell: Tell = lambda _: None,
) -> Made:  # fmt: skip
    """Make the demo of a plan and write it in one transaction with one event.

    The same plan, seed and ``now`` give the same rows; only password hashes differ.

    Raises
    ------
    StoreNotEmpty, HoldsRealData
        See :func:`data.demo.write.require_room`.
    TooEarly
        If ``now`` is before March 2024.
    """
    if now < EARLIEST:
        raise TooEarly(now.isoformat())
    with store.read() as conn:
        require_room(conn, force=force)
    tell("land")
    land = make_land(plan, seed)
    hashed = demo_hash()
    with store.write() as conn:
        require_room(conn, force=force)
        last_old = clear_demo(conn, now=int(now.timestamp()))
        writer = _Writer(conn, plan, land, seed, now, tell)
        made = writer.write()
        move_accounts(conn, last_old=last_old, root_id=writer.areas.root_id)
        logins = write_accounts(conn, root_id=writer.areas.root_id, hashed=hashed, now=now)
        return _closed(conn, writer, made, logins, actor=actor, seed=seed)


def _closed(
    conn: Connection, writer: "_Writer", counts: Counter[str], logins: list[str],
    *, actor: str, seed: int,
) -> Made:  # fmt: skip
    """Write the facts of the store, the report of the batch, and the one event."""
    version = int(get_meta(conn, "area_version") or 0) + 1
    set_meta(conn, "area_version", str(version))
    set_meta(conn, "demo", "1")
    set_meta(conn, "district_name", writer.plan.name)
    set_meta(conn, "time_zone", "Asia/Shanghai")
    align_sequences(conn)
    tables_written = {k: v for k, v in counts.items() if not k.startswith("service:")}
    services = {
        k.removeprefix("service:"): v for k, v in counts.items() if k.startswith("service:")
    }
    made = Made(writer.plan.scale, seed, tables_written, services, logins, version)
    digest: dict[str, Any] = {
        "scale": made.scale, "seed": seed, "counts": made.counts, "services": services,
        "accounts": logins, "synthetic": True,
    }  # fmt: skip
    conn.execute(
        schema.batch.update()
        .where(schema.batch.c.id == writer.batch_id)
        .values(report=json.dumps(digest, ensure_ascii=False, sort_keys=True))
    )
    events.append(
        conn, at=writer.now, actor=actor, action="demo", subject="batch",
        subject_id=writer.batch_id, before=None, after=digest,
    )  # fmt: skip
    return made


class _Writer:
    """One run: writes district after district, so that memory holds one at a time."""

    def __init__(
        self, conn: Connection, plan: Plan, land: Land, seed: int, now: datetime, tell: Tell
    ) -> None:
        self.conn, self.plan, self.land, self.seed, self.now = conn, plan, land, seed, now
        self.tell = tell
        self.batch_id = next_id(conn, schema.batch)
        conn.execute(
            insert(schema.batch),
            {"id": self.batch_id, "at": int(now.timestamp()), "actor": "system", "what": "demo",
             "source": f"{plan.scale}, seed {seed}", "report": "{}"},
        )  # fmt: skip
        self.use = block_uses(land, np.random.default_rng([seed, 4]))
        self.clock = working_clock(
            DEFAULT.calendar, china(2022, 2, 1), max(now, china(2024, 3, 1)) + timedelta(days=400)
        )
        self.areas = tables.area_rows(
            plan, land, first_id=next_id(conn, schema.area), batch_id=self.batch_id, now=now
        )
        self.counts: Counter[str] = Counter()

    def write(self) -> Counter[str]:
        """Write everything; give the number of rows per table."""
        self._put(schema.area, tables.AREA, self.areas.rows)
        farms: list[Ints] = []
        for d, district in enumerate(self.plan.districts):
            self.tell(f"{district.name}")
            farms.append(self._district(d, district))
        self.tell("base map")
        rng = np.random.default_rng([self.seed, 6])
        features = make_basemap(self.land, self.use, np.unique(np.concatenate(farms)), rng)
        rows = tables.feature_rows(features, batch_id=self.batch_id)
        self._put(schema.base_feature, tables.FEATURE, rows)
        return self.counts

    def _put(self, table: Any, columns: tuple[str, ...], rows: Any) -> None:
        self.counts[table.name] += bulk_insert(self.conn, table, columns, rows)

    def _district(self, d: int, district: District) -> Ints:
        land, batch_id = self.land, self.batch_id
        of_grid = land.layout.street_district[land.unit_street[land.grid_unit]]
        grids = np.flatnonzero(of_grid == d)
        use = np.where(of_grid[land.atom_grid] == d, self.use, EMPTY)
        rng = np.random.default_rng([self.seed, 5, d])
        buildings = make_buildings(land, use, per_house=self.plan.farm_households, rng=rng)
        officers = LEGAL_OFFICERS if district.code == DAAN else 0
        people = make_people(land, buildings, grids, rng, officers=officers)
        ids = (
            next_id(self.conn, schema.incident), next_id(self.conn, schema.building),
            next_id(self.conn, schema.person),
        )  # fmt: skip
        self._put(
            schema.person, tables.PERSON,
            tables.person_rows(people, self.areas, first_id=ids[2], batch_id=batch_id),
        )  # fmt: skip
        self._put(schema.building, tables.BUILDING, tables.building_rows(
            land, buildings, people, self.areas,
            first_id=ids[1], first_person=ids[2], batch_id=batch_id,
        ))  # fmt: skip
        found = self._incidents(district, grids, buildings, rng)
        self.counts.update(f"service:{service}" for service in found.service)
        self._put(schema.incident, tables.INCIDENT, tables.incident_rows(
            land, buildings, people, self.areas, found,
            prefix=district.prefix, ids=ids, batch_id=batch_id, rng=rng,
        ))  # fmt: skip
        self._put(schema.visit, CALL, call_rows(
            buildings, people, np.random.default_rng([self.seed, 9, d]),
            weeks=WEEKS[self.plan.scale], now=self.now, ids=ids[1:], batch_id=batch_id,
        ))  # fmt: skip
        write_history(self.conn, since=ids[0], now=self.now)
        return np.unique(buildings.atom[buildings.use == FARM])

    def _incidents(
        self, district: District, grids: Ints, buildings: Buildings, rng: np.random.Generator
    ) -> Incidents:
        places = district_places(self.land, buildings, grids)
        daan = district.code == DAAN
        year = round(yearly(district))
        if self.plan.incidents is not None and not daan:
            year = min(year, round(self._share(district) / 4))
        parts = [made_up.make_year(rng, places, self.clock, year)]
        if daan:
            longjing = _only(self.land, places, LONGJING)
            parts.append(made_up.make_chief_problems(rng, longjing, self.clock))
            parts.append(made_up.make_legal(rng, places, self.clock))
            legal = round(made_up.LEGAL_TOTAL * ((self.now - china(2024, 1, 1)) / YEAR))
            parts.append(made_up.make_legal_history(rng, places, self.clock, legal, self.now))
        history = self._history(district, year + sum(len(p) for p in parts[1:]))
        parts.append(made_up.make_history(rng, places, self.clock, history, self.now))
        return Incidents.joined(parts).settled()

    def _history(self, district: District, beside: int) -> int:
        """Incidents since 2024: by the yearly rate, or what is left of the plan's total."""
        if self.plan.incidents is None:
            return round(yearly(district) * ((self.now - china(2024, 1, 1)) / YEAR))
        if district is self.plan.districts[-1]:
            return self.plan.incidents - self.counts["incident"] - beside
        return round(self._share(district)) - beside

    def _share(self, district: District) -> float:
        whole = sum(yearly(other) for other in self.plan.districts)
        return (self.plan.incidents or 0) * yearly(district) / whole


def yearly(district: District) -> float:
    """Incidents a year at the published rate: 14,804 for Da'an, the rest by households."""
    if district.code == DAAN:
        return float(made_up.YEAR_TOTAL)
    return district.households * 0.13


def district_places(land: Land, buildings: Buildings, grids: Ints) -> Places:
    """Where incidents of the district can happen: by households, and at public buildings."""
    village = np.array([u.kind == "village" for u in land.units])[land.grid_unit]
    homes = grid_households(land).astype(float)
    weight = np.zeros(len(homes))
    weight[grids] = homes[grids] + 40 + 80 * land.grid_dedicated[grids]
    return Places(
        buildings.grid,
        np.where(buildings.households == 0, 6.0, buildings.households.astype(float)),
        weight, village,
    )  # fmt: skip


def _only(land: Land, places: Places, street: str) -> Places:
    codes = np.array([s.code for s in land.layout.streets])[land.unit_street[land.grid_unit]]
    return Places(
        places.building_grid, places.building_weight,
        np.where(codes == street, places.grid_weight, 0.0), places.grid_village,
    )  # fmt: skip
