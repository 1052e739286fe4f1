"""Topology of plans: random edits, whole audits, and repair beside maup.smart_repair."""

import contextlib
import io
import time
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import geopandas as gpd
import maup
import numpy as np
import shapely

from bench.edit_board import Board, Breach, Refused
from geo.audit import audit
from geo.cells import make_cells
from geo.coverage import clean, overlaps, polygonal
from geo.cutting import CutsNothing
from geo.grids import Redraw, carve, merge, move_border, split_cells

SIDE = 4_800
"""Metres: so that 500 grids have 4.6 ha each."""


def _voronoi(xy, box):
    return shapely.intersection(
        shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(xy), extend_to=box)), box
    )


def _wavy(start, end, rng):
    share = np.linspace(0, 1, 80)[:, None]
    line = np.array(start) * (1 - share) + np.array(end) * share
    return shapely.LineString(line + rng.normal(0, 2.0, line.shape))


def ground(seed, *, grids=500, buildings=3_300):
    """A board of 500 grids and some 4,000 cells, its buildings and its outline."""
    rng = np.random.default_rng(seed)
    box = shapely.box(0, 0, SIDE, SIDE)
    parts, _ = clean(shapely.segmentize(_voronoi(rng.uniform(0, SIDE, (grids, 2)), box), 40.0))
    points = rng.uniform(5, SIDE - 5, (buildings, 2))
    at = np.linspace(0, SIDE, 12)[1:-1]
    lines = [_wavy((x, -50), (x, SIDE + 50), rng) for x in at]
    lines += [_wavy((-50, y), (SIDE + 50, y), rng) for y in at]
    cells = make_cells(parts, points, lines=np.array(lines))
    whole = shapely.coverage_union_all(cells.shapes)
    return Board.start(cells.shapes, cells.part), points, whole


@dataclass
class Clock:
    """Seconds by the wall and of the processor: they part when the machine does other work."""

    wall: float
    work: float

    @classmethod
    def now(cls):
        return cls(time.perf_counter(), time.process_time())

    def since(self):
        return time.perf_counter() - self.wall, time.process_time() - self.work


@dataclass
class Log:
    times: dict = field(default_factory=lambda: defaultdict(list))
    refused: Counter = field(default_factory=Counter)
    audits: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    breaches: int = 0


def _neighbour(board, label, rng):
    part = board.parts[label]
    names = list(board.parts)
    shapes = np.array(list(board.parts.values()), object)
    shapely.prepare(part)
    near = [names[i] for i in np.flatnonzero(shapely.intersects(part, shapes)) if names[i] != label]
    return near[rng.integers(len(near))]


def _drawn_line(shape, rng):
    x, y = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
    angle, reach = rng.uniform(0, np.pi), 60 + shapely.minimum_bounding_radius(shape) * 2
    way = np.array([np.cos(angle), np.sin(angle)])
    steps = np.linspace(-reach, reach, 9)[:, None] * way
    return shapely.LineString(np.array([x, y]) + steps + rng.normal(0, 6, steps.shape))


def _blob(spot, rng):
    angle = np.sort(rng.uniform(0, 2 * np.pi, 9))
    radius = rng.uniform(20, 110) * rng.uniform(0.6, 1.4, 9)
    return shapely.Polygon(spot + np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None])


def _edit(board, points, kind, rng):
    """Draw one edit of a kind; gives a function that works it out and applies it."""
    names = list(board.parts)
    label = names[rng.integers(len(names))]
    if kind == "undo":
        return board.step_back
    if kind == "move":
        other = _neighbour(board, label, rng)
        own = np.flatnonzero(board.labels == label)
        shapely.prepare(board.parts[other])
        rim = own[shapely.intersects(board.parts[other], board.shapes[own])]
        cell = int(rim[rng.integers(len(rim))])
        return lambda: board.redraw(Redraw((), (), {cell: other}))
    if kind == "split":
        line = _drawn_line(board.parts[label], rng)
        return lambda: board.redraw(
            split_cells(board.shapes, board.labels, label, line, points=points)
        )
    if kind == "merge":
        other = _neighbour(board, label, rng)
        return lambda: board.redraw(merge(board.labels, label, other))
    if kind == "border":
        other = _neighbour(board, label, rng)
        line = _drawn_line(shapely.union(board.parts[label], board.parts[other]), rng)
        return lambda: board.redraw(
            move_border(board.shapes, board.labels, label, other, line, points=points)
        )
    into = board.fresh if rng.random() < 0.5 else label
    home = shapely.get_coordinates(board.parts[label])
    polygon = _blob(home[rng.integers(len(home))], rng)
    return lambda: board.redraw(carve(board.shapes, board.labels, polygon, into, points=points))


def random_edits(board, points, whole, *, count, seed, every=250):
    """Apply ``count`` random edits, time each with its derived polygons and its local check."""
    rng, log, done = np.random.default_rng(seed), Log(), 0
    while done < count:
        fewer = len(board.parts) > 500
        kind = rng.choice(
            ["move", "split", "merge", "carve", "border", "undo"],
            p=[0.26, 0.08 if fewer else 0.13, 0.13 if fewer else 0.08, 0.10, 0.08, 0.35],
        )
        if kind == "undo" and not board.undo:
            continue
        work = _edit(board, points, kind, rng)
        start = Clock.now()
        try:
            work()
        except (Refused, CutsNothing) as refusal:
            log.refused[kind, type(refusal).__name__] += 1
            continue
        except Breach as breach:
            log.breaches += 1
            log.faults.append((kind, breach.args))
            done += 1
            continue
        log.times[str(kind)].append(start.since())
        done += 1
        if done % every == 0:
            start = Clock.now()
            found = audit(board.shapes, board.labels, whole)
            log.audits.append(start.since())
            log.faults += found
    return log


def dirty_polygons(seed, *, noise=0.3):
    """500 polygons of about 24,500 vertices, each digitised by itself: no border matches."""
    rng = np.random.default_rng(seed)
    box = shapely.box(0, 0, SIDE, SIDE)
    parts = shapely.segmentize(_voronoi(rng.uniform(0, SIDE, (500, 2)), box), 18.0)
    shaken = [
        shapely.Polygon((xy := shapely.get_coordinates(part)[:-1]) + rng.normal(0, noise, xy.shape))
        for part in parts
    ]
    return polygonal(np.array(shaken, object))[0], parts


def _quality(repaired, sound):
    union = shapely.union_all(repaired)
    holes = int(shapely.get_num_interior_rings(shapely.get_parts(union)).sum())
    moved = shapely.area(shapely.difference(sound, repaired)).sum() / SIDE**2
    return {
        "overlaps": len(overlaps(repaired)[1]),
        "holes": holes,
        "area moved %": round(100 * moved, 2),
    }


def _repairs():
    dirty, sound = dirty_polygons(5)
    frame = gpd.GeoDataFrame(geometry=dirty, crs="EPSG:4547")
    times = []
    for _ in range(3):
        start = Clock.now()
        ours, _ = clean(dirty, gap_width=2.0, snapping=0.5)
        times.append(start.since())
    start = Clock.now()
    # Its progress bars are for a person who watches.
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        theirs = maup.smart_repair(frame).geometry.to_numpy()
    peer = start.since()
    slower = peer[1] / float(np.median(times, axis=0)[1])
    print(f"{shapely.get_num_coordinates(dirty).sum()} dirty vertices", flush=True)
    return [
        _row("repair 500 dirty polygons, geo.coverage.clean", times, _noted(_quality(ours, sound))),
        _row(
            "the same, maup.smart_repair", [peer],
            f"{_noted(_quality(theirs, sound))}; {slower:.0f} times slower",
        ),
    ]  # fmt: skip


def _noted(quality):
    return ", ".join(f"{name} {value}" for name, value in quality.items())


def _row(what, seconds, note=""):
    wall, work = 1000 * np.array(seconds).T
    return {
        "what": what, "times": len(wall),
        "median ms": round(float(np.median(wall)), 1),
        "p95": round(float(np.quantile(wall, 0.95)), 1),
        "CPU median ms": round(float(np.median(work)), 1),
        "p95 ": round(float(np.quantile(work, 0.95)), 1), "note": note,
    }  # fmt: skip


def _cells():
    """3,000 buildings in 88 blocks of eight grids."""
    rng = np.random.default_rng(1)
    box = shapely.box(0, 0, 4_000, 4_000)
    parts, _ = clean(shapely.segmentize(_voronoi(rng.uniform(0, 4_000, (8, 2)), box), 40.0))
    across = np.linspace(0, 4_000, 12)[1:-1], np.linspace(0, 4_000, 9)[1:-1]
    lines = [_wavy((x, -50), (x, 4_050), rng) for x in across[0]]
    lines += [_wavy((-50, y), (4_050, y), rng) for y in across[1]]
    points, times = rng.uniform(5, 3_995, (3_000, 2)), []
    for _ in range(7):
        start = Clock.now()
        made = make_cells(parts, points, lines=np.array(lines))
        times.append(start.since())
    return _row("cells of 3,000 buildings, 88 blocks", times, f"{len(made)} cells")


def run(*, count=10_000, seed=1):
    """All of it; the 10,000 edits keep the ground they were made on."""
    board, points, whole = ground(seed)
    start = f"{len(board.parts)} grids of {len(board.ids)} cells"
    log = random_edits(board, points, whole, count=count, seed=seed)
    everything = [pair for kind in log.times.values() for pair in kind]
    end = f"{start}, at the end {len(board.parts)} of {len(board.ids)}"
    told = (
        f"{log.breaches + len(log.faults)} breaches; {end}; {log.refused.total()} refused besides"
    )
    return [
        _cells(),
        _row("random edits with their grids and local check", everything, told),
        *(_row(f"of these {kind}", log.times[kind]) for kind in sorted(log.times)),
        _row("audit of the whole map", log.audits, "during the edits"),
        *_repairs(),
    ]
