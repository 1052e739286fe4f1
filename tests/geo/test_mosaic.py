"""The mosaic: cells that share their sides, however they are bent."""

import numpy as np
import pytest
import shapely

from geo.mosaic import Mosaic, draw, make_mosaic, merged
from geo.warp import make_warp


def lattice(n: int = 8, *, jitter: float = 0.3, seed: int = 0) -> Mosaic:
    """n x n fields of 100 m, closed off by a ring of points outside."""
    rng = np.random.default_rng(seed)
    x, y = (a.ravel() for a in np.meshgrid(np.arange(-2, n + 2), np.arange(-2, n + 2)))
    points = 100.0 * (np.column_stack([x, y]) + rng.uniform(-jitter, jitter, (len(x), 2)))
    inside = (x >= 0) & (x < n) & (y >= 0) & (y < n)
    return make_mosaic(points[inside], points[~inside])


def drawn_cells(mosaic: Mosaic, *, seed: int = 1, share: float = 0.02) -> np.ndarray:
    warp = make_warp(np.random.default_rng(seed), lengths=(400.0, 150.0), share=share)
    n = len(mosaic.pairs)
    return draw(mosaic, warp, step=np.full(n, 15.0), strength=np.ones(len(mosaic.corners))).cells()


@pytest.mark.parametrize("seed", range(5))
def test_bent_cells_are_a_coverage(seed: int) -> None:
    cells = drawn_cells(lattice(seed=seed), seed=seed)
    assert shapely.is_valid(cells).all()
    assert shapely.coverage_is_valid(cells)


def test_where_bending_would_fold_it_is_weakened() -> None:
    cells = drawn_cells(lattice(seed=3), share=0.12)
    assert shapely.coverage_is_valid(cells)


def test_each_cell_holds_its_point_when_nothing_is_bent() -> None:
    mosaic = lattice()
    flat = draw(
        mosaic, lambda points, _: points,
        step=np.full(len(mosaic.pairs), 30.0), strength=np.ones(len(mosaic.corners)),
    )  # fmt: skip
    assert shapely.contains_xy(flat.cells(), mosaic.points[:, 0], mosaic.points[:, 1]).all()
    lines = flat.lines(np.arange(len(mosaic.pairs)))
    assert shapely.length(lines) == pytest.approx(mosaic.lengths)
    ends = mosaic.corners[mosaic.ends[:, 0]]
    assert np.array([line.coords[0] for line in lines]) == pytest.approx(ends)


def test_points_that_are_not_closed_off_are_refused() -> None:
    points = np.array([[0.0, 0], [10, 0], [0, 10], [10, 10], [5, 5]])
    with pytest.raises(ValueError, match="close"):
        make_mosaic(points, np.zeros((0, 2)))


def test_merged_cells_keep_the_whole_area() -> None:
    mosaic = lattice()
    cells = drawn_cells(mosaic)
    west = (mosaic.points[:, 0] > 400).astype(np.int64)
    halves = merged(cells, west, 2)
    assert shapely.coverage_is_valid(halves)
    assert shapely.area(halves).sum() == pytest.approx(shapely.area(cells).sum())
