"""Points to grids: geo.locate beside geopandas.sjoin on the same points, interleaved."""

import time

import geopandas as gpd
import numpy as np
import shapely

from geo.locate import owners


def _grids(n: int, rng: np.random.Generator) -> np.ndarray:
    """``n`` wiggly Voronoi cells that cover the unit square times 40 km, in metres."""
    seeds = shapely.multipoints(rng.uniform(0, 40_000, (n, 2)))
    box = shapely.box(0, 0, 40_000, 40_000)
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=box))
    cells = shapely.intersection(cells, box)
    return shapely.segmentize(cells, 60.0)


def run(*, points: int = 1_000_000, grids: int = 5_000, rounds: int = 3) -> list[dict[str, object]]:
    """Time both and compare the answers; also count owners of points laid on shared borders."""
    rng = np.random.default_rng(7)
    polygons = _grids(grids, rng)
    xy = rng.uniform(0, 40_000, (points, 2))
    left = gpd.GeoDataFrame(geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]))
    right = gpd.GeoDataFrame(geometry=polygons)
    ours, peer = [], []
    for _ in range(rounds):
        start = time.perf_counter()
        mine = owners(xy, polygons)
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        joined = gpd.sjoin(left, right, predicate="within")
        peer.append(time.perf_counter() - start)
    theirs = np.full(points, -1)
    theirs[joined.index.to_numpy()] = joined["index_right"].to_numpy()
    inside = theirs >= 0
    border = shapely.get_coordinates(shapely.get_exterior_ring(polygons))
    border = border[(border > 1).all(1) & (border < 39_999).all(1)]
    found = owners(border, polygons)
    touching = shapely.STRtree(polygons).query(shapely.points(border), predicate="intersects")
    legal = np.zeros(len(border), bool)
    np.logical_or.at(legal, touching[0], found[touching[0]] == touching[1])
    a, b = float(np.median(ours)), float(np.median(peer))
    return [
        {
            "points": points, "grids": grids,
            "geo.locate s": round(a, 3), "sjoin s": round(b, 3), "times faster": round(b / a, 1),
            "mismatches": int((mine[inside] != theirs[inside]).sum()),
            "border points": len(border), "with exactly one owner that touches": int(legal.sum()),
        }
    ]  # fmt: skip
