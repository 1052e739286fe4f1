"""Made ground to draw grids on: buildings, their cells, and changes a year or two bring."""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.cell_graph import CellGraph, cell_graph

_APART = 8.0
"""Metres between buildings at least."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Buildings inside an outline (metres), households of each, and the graph of their cells."""

    outline: shapely.Polygon
    points: np.ndarray
    households: np.ndarray
    graph: CellGraph


def _outline(n: int, rng: np.random.Generator) -> shapely.Polygon:
    """An irregular shape with about 900 m² for each building."""
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    wave = 0.12 * np.sin(3 * turn + rng.uniform(0, 6)) + 0.08 * np.sin(5 * turn + rng.uniform(0, 6))
    radius = 0.56 * np.sqrt(900.0 * n) * (1 + wave + 0.03 * rng.normal(size=60))
    return shapely.Polygon(np.column_stack([radius * np.cos(turn), radius * np.sin(turn)]))


def _placed(
    outline: shapely.Polygon, wanted: int, taken: list[np.ndarray], draw
) -> list[np.ndarray]:
    """Add points that ``draw(size)`` offers, inside the outline and apart from all others."""
    near: dict[tuple[int, int], list[np.ndarray]] = {}
    for point in taken:
        near.setdefault((int(point[0] // _APART), int(point[1] // _APART)), []).append(point)
    found: list[np.ndarray] = []
    while len(found) < wanted:
        offered = draw(max(wanted, 50))
        for point in offered[shapely.contains_xy(outline, offered[:, 0], offered[:, 1])]:
            x, y = int(point[0] // _APART), int(point[1] // _APART)
            around = (near.get((x + i, y + j), ()) for i in (-1, 0, 1) for j in (-1, 0, 1))
            if all(np.hypot(*(point - other)) >= _APART for some in around for other in some):
                near.setdefault((x, y), []).append(point)
                found.append(point)
                if len(found) == wanted:
                    break
    return found


def _cells(outline: shapely.Polygon, points: np.ndarray) -> CellGraph:
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=outline, ordered=True)
    )
    cut = ~shapely.contains_properly(outline, cells)
    cells[cut] = shapely.intersection(cells[cut], outline)
    several = np.flatnonzero(shapely.get_num_geometries(cells) > 1)
    for at in several:
        cells[at] = max(shapely.get_parts(cells[at]), key=shapely.area)
    return cell_graph(shapely.coverage_clean(cells, snapping_distance=0.001))


def _homes(size: int, rng: np.random.Generator, *, median: float = 12.0, sigma: float = 1.0):
    return np.clip(np.rint(rng.lognormal(np.log(median), sigma, size)), 1, 200).astype(np.int64)


def ground(n: int, *, seed: int) -> Ground:
    """Clustered and uniform buildings, at least 8 m apart; households lognormal, median 12."""
    rng = np.random.default_rng(seed)
    outline = _outline(n, rng)
    shapely.prepare(outline)
    half = 0.75 * np.sqrt(900.0 * n)
    centres = rng.uniform(-half, half, (max(n // 50, 2), 2))

    def draw(size: int) -> np.ndarray:
        at = centres[rng.integers(len(centres), size=size)] + rng.normal(0, 60, (size, 2))
        anywhere = rng.uniform(-half, half, (size, 2))
        return np.where((rng.random(size) < 0.6)[:, None], at, anywhere)

    points = np.array(_placed(outline, n, [], draw))
    return Ground(outline, points, _homes(n, rng), _cells(outline, points))


def infill(
    old: Ground,
    labels: np.ndarray,
    *,
    sites: int,
    each: int,
    median: float,
    turned: float,
    seed: int,
) -> tuple[Ground, np.ndarray]:
    """Build up some sites; empty a share of the old buildings and double as many.

    Returns the new ground and the present part of each building: a new one is in the part of the
    nearest old one, whose cell it stands on.
    """
    rng = np.random.default_rng(seed)
    points, added = list(old.points), []
    for centre in old.points[rng.choice(len(old.points), sites, replace=False)]:

        def draw(size: int, middle: np.ndarray = centre) -> np.ndarray:
            return middle + rng.normal(0, 35, (size, 2))

        added += _placed(old.outline, each, points + added, draw)
    new = np.array(added)
    order = rng.permutation(len(old.points))
    share = round(turned * len(old.points))
    households = old.households.copy()
    households[order[:share]] = 0
    households[order[share : 2 * share]] *= 2
    nearest = shapely.STRtree(shapely.points(old.points)).nearest(shapely.points(new))
    everything = np.concatenate([old.points, new])
    return (
        Ground(
            old.outline,
            everything,
            np.concatenate([households, _homes(len(new), rng, median=median, sigma=0.6)]),
            _cells(old.outline, everything),
        ),
        np.concatenate([labels, labels[nearest]]),
    )
