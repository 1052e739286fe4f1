"""Footprints: rows of blocks in towns, courtyards in villages. All lengths are metres."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from data.demo.land import Land

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

EMPTY, PARK, PUBLIC, SLAB, TOWER, OLD, FARM = range(7)

_SETBACK: Final = 11.0
_SHARES: Final = ((PARK, 0.07), (PUBLIC, 0.10), (TOWER, 0.11), (OLD, 0.04))
_FILL: Final = {PUBLIC: 0.6, SLAB: 0.8, TOWER: 0.9, OLD: 0.75}


_TRIES: Final = 2
"""Positions tried for the rows of a block; the one with most buildings stays."""


@dataclass(frozen=True)
class Footprints:
    """Shapes with the atom they stand in, the use of it, and the length of the long side."""

    shapes: Shapes
    atom: Ints
    use: Ints
    length: Floats


def block_uses(land: Land, rng: np.random.Generator) -> Ints:
    """Say what each atom is used for; a general town grid keeps at least two dwelling blocks."""
    village = np.array([u.kind == "village" for u in land.units])[land.atom_unit]
    use = np.where(village, FARM, np.where(land.urban, SLAB, EMPTY))
    draw = rng.random(len(use))
    low = 0.0
    for kind, share in _SHARES:
        use = np.where((use == SLAB) & (draw >= low) & (draw < low + share), kind, use)
        low += share
    dedicated = land.grid_dedicated[land.atom_grid]
    use = np.where(dedicated & land.urban, PUBLIC, use)
    homes = np.isin(use, (SLAB, TOWER))
    room = np.bincount(land.atom_grid[homes], shapely.area(land.cells[homes]), len(land.grid_unit))[
        land.atom_grid
    ]
    town = ~village & ~dedicated
    use = np.where((room < 40_000) & town, SLAB, use)
    return np.where((room < 28_000) & town, TOWER, use)


def make_footprints(land: Land, use: Ints, houses: Ints, rng: np.random.Generator) -> Footprints:
    """Place buildings in all atoms: blocks by their use, ``houses`` farmhouses per atom."""
    parts = [_town(land, use, kind, rng) for kind in (PUBLIC, SLAB, TOWER, OLD)]
    parts.append(_farms(land, houses, rng))
    found = Footprints(
        np.concatenate([p.shapes for p in parts]), np.concatenate([p.atom for p in parts]),
        np.concatenate([p.use for p in parts]), np.concatenate([p.length for p in parts]),
    )  # fmt: skip
    dry = ~_near_water_or_rail(land, found.shapes)
    return Footprints(found.shapes[dry], found.atom[dry], found.use[dry], found.length[dry])


def _near_water_or_rail(land: Land, shapes: Shapes) -> NDArray[np.bool_]:
    near = np.zeros(len(shapes), bool)
    tree = shapely.STRtree(shapes)
    for (_, width, _), sides in zip(land.layout.rivers, land.rivers, strict=True):
        lines = land.drawn.lines(sides)
        hits = tree.query(lines, predicate="dwithin", distance=width / 2 + 24)
        near[hits[1]] = True
    for rail in land.layout.rails:
        near[tree.query(rail, predicate="dwithin", distance=16)] = True
    return near


def _headings(land: Land, atoms: Ints) -> Floats:
    """Direction of the longest side of each atom, turned to lie between -45 and 45 degrees."""
    mosaic = land.ground.mosaic
    corners = land.drawn.xy
    side = np.repeat(np.arange(len(mosaic.pairs)), 2)
    atom = mosaic.pairs.ravel()
    wanted = np.zeros(len(mosaic.points) + 1, bool)
    wanted[atoms] = True
    side, atom = side[wanted[atom]], atom[wanted[atom]]
    order = np.lexsort([mosaic.lengths[side], atom])
    last = np.searchsorted(atom[order], atoms, side="right") - 1
    ends = mosaic.ends[side[order[last]]]
    way = corners[ends[:, 1]] - corners[ends[:, 0]]
    angle = np.arctan2(way[:, 1], way[:, 0])
    return np.asarray((angle + np.pi / 4) % (np.pi / 2) - np.pi / 4, float)


def _sizes(kind: int, n: int, rng: np.random.Generator) -> tuple[Floats, Floats, Floats, Floats]:
    """Length, depth, pitch along and across for each block of a use."""
    if kind == SLAB:
        length = rng.choice([29.0, 42.0, 42.0, 56.0], n)
        return length, np.full(n, 12.6), length + 9, rng.uniform(25, 30, n)
    if kind == TOWER:
        length = rng.uniform(24, 30, n)
        return length, rng.uniform(19, 23, n), length + 18, rng.uniform(42, 48, n)
    if kind == OLD:
        length = rng.uniform(13, 18, n)
        return length, rng.uniform(10, 12, n), length + 4, rng.uniform(15, 18, n)
    length = rng.uniform(36, 60, n)
    return length, rng.uniform(18, 24, n), length + 16, rng.uniform(38, 44, n)


def _town(land: Land, use: Ints, kind: int, rng: np.random.Generator) -> Footprints:
    atoms = np.flatnonzero(use == kind)
    n = len(atoms)
    room = shapely.buffer(land.cells[atoms], -_SETBACK, join_style="mitre")
    shapely.prepare(room)
    heading = _headings(land, atoms)
    length, depth, along, across = _sizes(kind, n, rng)
    centre = shapely.get_coordinates(shapely.centroid(land.cells[atoms]))
    nx, ny = np.ceil(95 / along).astype(int), np.ceil(95 / across).astype(int)
    count = (2 * nx + 1) * (2 * ny + 1)
    block = np.repeat(np.arange(n), count)
    turn = np.arange(len(block)) - (np.cumsum(count) - count)[block]
    ix = turn % (2 * nx[block] + 1) - nx[block]
    iy = turn // (2 * nx[block] + 1) - ny[block]
    notched = rng.random(len(block)) < (0.7 if kind == PUBLIC else 0.06)
    best: tuple[Ints, Shapes, NDArray[np.bool_]] | None = None
    for _ in range(_TRIES):
        shift = rng.uniform(-0.5, 0.5, (n, 2))[block]
        local = np.column_stack(
            [(ix + shift[:, 0]) * along[block], (iy + shift[:, 1]) * across[block]]
        )
        shapes = _boxes(
            centre[block], local, heading[block], length[block], depth[block],
            notched=notched, rng=rng,
        )  # fmt: skip
        fits = shapely.contains_properly(room[block], shapes)
        score = np.bincount(block[fits], minlength=n)
        if best is None:
            best = score, shapes, fits
            continue
        better = (score > best[0])[block]
        best = (
            np.maximum(score, best[0]), np.where(better, shapes, best[1]),
            np.where(better, fits, best[2]),
        )  # fmt: skip
    if best is None:
        msg = "no try"
        raise ValueError(msg)
    keep = best[2] & ((rng.random(len(block)) < _FILL[kind]) | (best[0] <= 2)[block])
    return Footprints(best[1][keep], atoms[block[keep]], np.full(keep.sum(), kind),
                      length[block[keep]])  # fmt: skip


def _farms(land: Land, houses: Ints, rng: np.random.Generator) -> Footprints:
    atoms = np.flatnonzero(houses > 0)
    n = len(atoms)
    points = land.ground.mosaic.points[atoms]
    room = shapely.buffer(land.cells[atoms], -9, join_style="mitre")
    shapely.prepare(room)
    door = land.drawn.xy[land.entrance[atoms]]
    way = points - door
    far = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1.0)
    near = np.minimum(rng.uniform(60, 150, n), 0.9 * far)
    spot = door + way * (near / far)[:, None] + rng.normal(0, 12, (n, 2))
    half = np.ceil(np.sqrt(houses[atoms]) * 1.6 + 2).astype(int)
    side = 2 * half + 1
    block = np.repeat(np.arange(n), side * side)
    start = np.cumsum(side * side) - side * side
    turn = np.arange(len(block)) - start[block]
    cell = np.column_stack([turn % side[block] - half[block], turn // side[block] - half[block]])
    local = cell * 23.5 + rng.uniform(-1.2, 1.2, cell.shape)
    stretch = rng.uniform(0.35, 1.0, n)[block]
    far = np.hypot(local[:, 0] * stretch, local[:, 1]) * rng.uniform(0.75, 1.5, len(block))
    order = np.lexsort([far, block])
    near = order[
        (np.arange(len(block)) - start[block[order]]) < 3 * houses[atoms][block[order]] + 4
    ]
    block, local = block[near], local[near]
    heading = rng.uniform(-0.6, 0.6, n)[block]
    length = rng.uniform(11, 17, len(block))
    shapes = _boxes(
        spot[block], local, heading, length, rng.uniform(8.5, 11, len(block)),
        notched=rng.random(len(block)) < 0.3, rng=rng,
    )  # fmt: skip
    fits = np.flatnonzero(shapely.contains_properly(room[block], shapes))
    rank = np.arange(len(fits)) - np.searchsorted(block[fits], np.arange(n))[block[fits]]
    chosen = fits[rank < houses[atoms][block[fits]]]
    return Footprints(
        shapes[chosen], atoms[block[chosen]], np.full(len(chosen), FARM), length[chosen]
    )


def _boxes(  # noqa: PLR0913 - the columns of a rectangle
    centre: Floats, local: Floats, heading: Floats, length: Floats, depth: Floats,
    *, notched: NDArray[np.bool_], rng: np.random.Generator,
) -> Shapes:  # fmt: skip
    """Rectangles in turned frames; a notched one loses a corner and becomes an L."""
    x, y = length / 2, depth / 2
    nx, ny = x * rng.uniform(-0.3, 0.3, len(x)), y * rng.uniform(-0.2, 0.2, len(x))
    ring = np.empty((len(x), 6, 2))
    ring[:, 0] = np.column_stack([-x, -y])
    ring[:, 1] = np.column_stack([x, -y])
    ring[:, 2] = np.where(notched[:, None], np.column_stack([x, ny]), np.column_stack([x, y]))
    ring[:, 3] = np.where(notched[:, None], np.column_stack([nx, ny]), np.column_stack([x, y]))
    ring[:, 4] = np.where(notched[:, None], np.column_stack([nx, y]), np.column_stack([-x, y]))
    ring[:, 5] = np.column_stack([-x, y])
    ring += local[:, None]
    cos, sin = np.cos(heading)[:, None], np.sin(heading)[:, None]
    turned = np.stack(
        [ring[..., 0] * cos - ring[..., 1] * sin, ring[..., 0] * sin + ring[..., 1] * cos], axis=2
    )
    turned += centre[:, None]
    out = np.empty(len(x), object)
    out[notched] = shapely.polygons(turned[notched])
    out[~notched] = shapely.polygons(turned[~notched][:, [0, 1, 2, 5]])
    return out
