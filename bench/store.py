"""Queries Q1-Q5 through our own API on SQLite, beside prepared statements on PostGIS."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import combinations, cycle
from typing import Any

import psycopg
from sqlalchemy import select

from bench.side_by_side import Timing, side_by_side
from bench.stores import ROOT, store_of
from data import clock, schema
from data.casework import act
from data.figures import area_sums, summary
from data.incidents import list_incidents
from data.picture import Picture, Pictures
from data.points import point_clusters, points
from data.store import Store
from rules.access import Actor, Role, Scope
from rules.casework import Request
from rules.filters import IncidentFilter
from rules.kinds import KINDS
from rules.levels import Level
from rules.lifecycle import OPEN_STATES, State
from rules.steps import Action

_I = schema.incident.c
_COLUMNS = [
    "id",
    "number",
    "kind",
    "subkind",
    "title",
    "address",
    "severity",
    "state",
    "source",
    "area_id",
    "assignee_id",
    "reported_at",
    "due_at",
    "effort_minutes",
    "version",
    "lon",
    "lat",
]
_OPEN = "state IN (" + ",".join(f"'{s}'" for s in sorted(OPEN_STATES)) + ")"


def load_postgis(store: Store, url: str) -> psycopg.Connection[Any]:
    """Copy the incidents into a PostGIS table with the indexes that serve Q1-Q5 best."""
    peer = psycopg.connect(url, autocommit=True)
    peer.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    peer.execute("DROP TABLE IF EXISTS inc, inc_audit")
    peer.execute(
        "CREATE TABLE inc (id int PRIMARY KEY, number text, kind text, subkind text, title text, "
        "address text, severity int, state text, source text, area_id int, assignee_id int, "
        "reported_at bigint, due_at bigint, effort_minutes int, version int, "
        "lon float8, lat float8, geom geometry(Point,4490))"
    )
    peer.execute("CREATE TABLE inc_audit (id bigserial, inc int, before text, after text)")
    with (
        peer.cursor() as cursor,
        cursor.copy(f"COPY inc ({','.join(_COLUMNS)}) FROM STDIN") as copy,
        store.read() as conn,
    ):
        for row in conn.execute(select(*(_I[name] for name in _COLUMNS))):
            copy.write_row(tuple(row))
    peer.execute("UPDATE inc SET geom = ST_SetSRID(ST_MakePoint(lon, lat), 4490)")
    peer.execute(f"CREATE INDEX ON inc (area_id, reported_at DESC, id, due_at) WHERE {_OPEN}")
    peer.execute(f"CREATE INDEX ON inc USING gist (geom) WHERE {_OPEN}")
    peer.execute("CREATE INDEX ON inc USING gist (geom)")
    peer.execute("CREATE INDEX ON inc (reported_at, kind)")
    peer.execute("VACUUM (FULL, ANALYZE) inc")
    return peer


def run(*, scale: str = "city", rounds: int = 30) -> list[dict[str, object]]:
    """Time both stores on the demo of ``scale``."""
    store = store_of(scale)
    now = clock.now()
    picture = Pictures(store).current(now)
    with _postgis() as url, load_postgis(store, url) as peer:
        peer.prepare_threshold = 0
        pairs = _queries(store, picture, peer, now)
        rows = []
        for name, (ours, theirs) in pairs.items():
            times = side_by_side({"ours": ours, "postgis": theirs}, rounds=rounds)
            rows.append(_row(name, times))
        peer.execute("DROP TABLE inc, inc_audit")
    store.close()
    return rows


@contextmanager
def _postgis() -> Iterator[str]:
    """Start a server of the measurement's own that flushes every commit, as our store does."""
    script = ROOT / ".ci" / "postgis"
    env = os.environ | {
        "GRIDMAP_PG_DIR": "/tmp/gridmap_pg_bench", "GRIDMAP_PG_PORT": "54329",
        "GRIDMAP_PG_FLUSH": "on",
    }  # fmt: skip
    started = subprocess.run([script], env=env, check=True, capture_output=True, text=True)
    try:
        yield started.stdout.split()[-1]
    finally:
        subprocess.run([script, "stop"], env=env, check=True, capture_output=True)


def _row(name: str, times: dict[str, Timing]) -> dict[str, object]:
    ours, theirs = times["ours"], times["postgis"]
    return {
        "query": name, "ours ms": f"{ours.median:.3f}", "p95": f"{ours.p95:.3f}",
        "PostGIS ms": f"{theirs.median:.3f}", "p95 ": f"{theirs.p95:.3f}",
        "times faster": f"{theirs.median / ours.median:.1f}",
    }  # fmt: skip


Pair = tuple[Callable[[], object], Callable[[], object]]


def _queries(
    store: Store, picture: Picture, peer: psycopg.Connection[Any], now: datetime
) -> dict[str, Pair]:
    tree = picture.tree
    root = tree.root_id
    scope = Scope(root)
    grids = tree.at_level(root, Level.GRID)
    communities = tree.at_level(root, Level.COMMUNITY)
    seconds = int(now.timestamp())
    year = seconds - int(timedelta(days=365).total_seconds())
    month = seconds - int(timedelta(days=30).total_seconds())

    # Every call asks something new: the picture remembers what it was asked a moment ago.
    kinds = cycle([c for n in (3, 4, 5) for c in combinations(KINDS, n)])
    grid, grid_too = cycle(grids[::7]), cycle(grids[::7])
    window, window_too = (
        cycle(_windows(tree.get(root).bounds)),
        cycle(_windows(tree.get(root).bounds)),
    )

    def ask(sql: str, *values: object) -> list[Any]:
        return peer.execute(sql.encode(), values).fetchall()

    def look(days: int | None = None, status: str = "open") -> IncidentFilter:
        return IncidentFilter(kinds=next(kinds), days=days, status=status)

    envelope = "geom && ST_MakeEnvelope(%s,%s,%s,%s,4490)"
    return {
        "Q1 open items of one grid, newest 50": (
            lambda: list_incidents(
                store, picture, scope=scope, area_id=next(grid), filter=IncidentFilter(),
                now=now, order="reported", limit=50,
            ),
            lambda: ask(
                f"SELECT {','.join(_COLUMNS)} FROM inc WHERE area_id = %s AND {_OPEN} "
                "ORDER BY reported_at DESC LIMIT 50", next(grid_too),
            ),
        ),
        "Q2 figures of every grid (ours: 15 sums; PostGIS: open, overdue)": (
            lambda: area_sums(picture, scope=scope, area_ids=grids, filter=look(), now=now),
            lambda: ask(
                "SELECT area_id, count(*), count(*) FILTER (WHERE due_at < %s) FROM inc "
                f"WHERE {_OPEN} AND kind = ANY(%s) GROUP BY area_id", seconds, list(next(kinds)),
            ),
        ),
        "Q2 for the areas of one view (ours: 15 sums; PostGIS: all grids, rolled up after)": (
            lambda: area_sums(
                picture, scope=scope, area_ids=communities[:40], filter=look(), now=now
            ),
            lambda: ask(
                "SELECT area_id, count(*), count(*) FILTER (WHERE due_at < %s) FROM inc "
                f"WHERE {_OPEN} AND kind = ANY(%s) GROUP BY area_id", seconds, list(next(kinds)),
            ),
        ),
        "Q3 viewport of 1 %, open, 30 days": (
            lambda: points(
                picture, scope=scope, area_id=root, filter=look(30), now=now, bounds=next(window)
            ),
            lambda: ask(
                f"SELECT id, lon, lat FROM inc WHERE {envelope} AND {_OPEN} "
                "AND kind = ANY(%s) AND reported_at >= %s",
                *next(window_too), list(next(kinds)), month,
            ),
        ),
        "Q3b viewport of 1 %, whole history, counted into cells": (
            lambda: point_clusters(
                picture, scope=scope, area_id=root, filter=look(status="all"),
                now=now, bounds=next(window), zoom=15,
            ),
            lambda: ask(
                "SELECT floor(lon * 364), floor(lat * 364), count(*) FROM inc "
                f"WHERE {envelope} AND kind = ANY(%s) GROUP BY 1, 2",
                *next(window_too), list(next(kinds)),
            ),
        ),
        "Q4 a year: 15 sums, kinds, states, 30-day trend (PostGIS: day x kind)": (
            lambda: summary(picture, scope=scope, area_id=root, filter=look(365), now=now),
            lambda: ask(
                "SELECT reported_at / 86400, kind, count(*) FROM inc WHERE reported_at >= %s "
                "AND kind = ANY(%s) GROUP BY 1, 2", year, list(next(kinds)),
            ),
        ),
        "Q5 change of state with its event, flushed to disk": (
            _our_change(store, picture, now), _their_change(peer),
        ),
    }  # fmt: skip


def _windows(bounds: tuple[float, float, float, float]) -> list[tuple[float, float, float, float]]:
    """Give windows of a hundredth of the area, spread over its middle."""
    west, south, east, north = bounds
    width, height = (east - west) / 10, (north - south) / 10
    return [
        (west + i * width / 3, south + j * height / 3,
         west + i * width / 3 + width, south + j * height / 3 + height)
        for i in range(8, 19) for j in range(8, 19)
    ]  # fmt: skip


def _our_change(store: Store, picture: Picture, now: datetime) -> Callable[[], object]:
    root = picture.tree.root_id
    actor, scope = Actor(0, "bench", "bench", Role.COMMAND, root), Scope(root)
    rows, _ = list_incidents(
        store, picture, scope=scope, area_id=root, now=now, limit=1,
        filter=IncidentFilter(states=(State.IN_PROGRESS,)),
    )  # fmt: skip
    number, version = rows[0].number, [rows[0].version]
    until = now + timedelta(days=1)
    steps = cycle((
        Request(Action.SUSPEND, note="waiting", until=until), Request(Action.RESUME),
    ))  # fmt: skip

    def change() -> None:
        version[0] = act(
            store, picture, scope=scope, actor=actor, number=number, version=version[0],
            request=next(steps), now=now,
        )  # fmt: skip

    return change


def _their_change(peer: psycopg.Connection[Any]) -> Callable[[], object]:
    found = peer.execute(f"SELECT id, version FROM inc WHERE {_OPEN} LIMIT 1").fetchone()  # type: ignore[arg-type]
    assert found is not None
    row_id, version = found[0], [found[1]]
    states = cycle(("in_progress", "dispatched"))

    def change() -> None:
        state = next(states)
        with peer.transaction():
            done = peer.execute(
                "UPDATE inc SET state = %s, version = version + 1 WHERE id = %s AND version = %s "
                "RETURNING version", (state, row_id, version[0]),
            ).fetchone()  # fmt: skip
            assert done is not None
            peer.execute(
                "INSERT INTO inc_audit (inc, before, after) VALUES (%s, %s, %s)",
                (row_id, "{}", state),
            )
        version[0] = done[0]

    return change
