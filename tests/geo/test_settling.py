"""New borders laid onto stored ones: nothing moves that was not redrawn, and everything still fits.

A stored coverage is made of a hundred small Voronoi cells that are joined to eight jagged grids;
the first four are a community, the others lie around it. The community is cut into cells, as plans
cut it, and the cells are dealt out to grids anew.
"""

from random import Random

import numpy as np
import pytest
import shapely

from geo.cells import make_cells
from geo.crs import STORE_CRS, transform
from geo.settling import NEAR, settled
from geo.vertices import with_vertices

CRS = "EPSG:4543"
EAST, NORTH, SIDE = 480_000.0, 3_250_000.0, 800.0


def stored(random: Random) -> np.ndarray:
    """Eight jagged grids in degrees that share all vertices; no corner lies on a lattice."""
    box = shapely.box(EAST, NORTH, EAST + SIDE, NORTH + SIDE)
    seeds = [(EAST + random.random() * SIDE, NORTH + random.random() * SIDE) for _ in range(100)]
    fine = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=box.buffer(10))
    )
    fine = shapely.coverage_clean(
        transform(shapely.intersection(fine, box), CRS, STORE_CRS), snapping_distance=0
    )
    middles = [(EAST + random.random() * SIDE, NORTH + random.random() * SIDE) for _ in range(8)]
    corner = shapely.get_coordinates(transform(shapely.centroid(fine), STORE_CRS, CRS))
    near = np.argmin(np.hypot(*(corner[:, None] - np.array(middles)[None]).T), axis=0)
    grids = [shapely.coverage_union_all(fine[near == i]) for i in np.unique(near)]
    return np.array(grids, object)


def dealt(random: Random, grids: np.ndarray) -> np.ndarray:
    """Grids anew, in degrees on the lattice of their cells: some as before, others not."""
    metres = transform(grids, STORE_CRS, CRS)
    west, south, east, north = shapely.total_bounds(metres)
    spots = [(random.uniform(west, east), random.uniform(south, north)) for _ in range(60)]
    walls = [
        shapely.LineString(
            [(west, random.uniform(south, north)), (east, random.uniform(south, north))]
        )
        for _ in range(2)
    ]
    cells = make_cells(metres, spots, lines=walls)
    label = cells.part.copy()
    for _ in range(random.randint(0, 25)):
        label[random.randrange(len(label))] = random.randrange(len(grids) + 1)
    degrees = transform(cells.shapes, CRS, STORE_CRS)
    return np.array([shapely.coverage_union_all(degrees[label == i]) for i in np.unique(label)])


@pytest.mark.parametrize("seed", range(40))
def test_settled_grids_fit_each_other_and_the_neighbours_that_got_their_vertices(seed) -> None:
    random = Random(seed)
    grids = stored(random)
    half = len(grids) // 2
    community, around = grids[:half], grids[half:]
    drawn = dealt(random, community)
    found = settled(drawn, community, crs=CRS)
    neighbours = with_vertices(around, found.added)
    everything = np.concatenate([found.shapes, neighbours])
    assert shapely.is_valid(everything).all()
    assert shapely.coverage_is_valid(everything, gap_width=0)
    assert shapely.area(everything).sum() == pytest.approx(shapely.area(grids).sum(), rel=1e-12)
    assert shapely.equals(around, neighbours).all() or len(found.added)
    before, after = transform(drawn, CRS, CRS), found.shapes
    moved = shapely.area(transform(shapely.symmetric_difference(before, after), STORE_CRS, CRS))
    assert (moved <= NEAR * shapely.length(transform(after, STORE_CRS, CRS))).all()


@pytest.mark.parametrize("seed", range(10))
def test_what_was_not_redrawn_comes_back_vertex_by_vertex(seed) -> None:
    random = Random(seed)
    grids = stored(random)[:4]
    cells = make_cells(transform(grids, STORE_CRS, CRS), [(EAST, NORTH)])
    found = settled(transform(cells.shapes, CRS, STORE_CRS), grids, crs=CRS)
    assert len(found.added) == 0
    for before, after in zip(grids, found.shapes, strict=True):
        assert shapely.normalize(before) == shapely.normalize(after)


def test_a_vertex_that_a_border_lacks_is_set_on_it_and_no_other() -> None:
    square = shapely.box(104.0, 29.0, 104.01, 29.01)
    added = np.array([[104.0, 29.004], [104.0, 29.002], [104.01, 29.01], [104.005, 29.005]])
    [found] = with_vertices(np.array([square], object), added)
    assert found.equals(square)
    assert len(shapely.get_coordinates(found)) == 7
