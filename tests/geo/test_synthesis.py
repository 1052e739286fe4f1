"""Made-up land: outlines of the wanted size, projections, blocks and fields."""

import numpy as np
import pytest
import shapely

from geo.synthesis import (
    Settlement,
    blob,
    make_ground,
    scaled_to,
    smooth_line,
    to_degrees,
    to_metres,
)
from geo.warp import make_warp


def test_projection_agrees_with_the_district_s_known_seat() -> None:
    assert to_metres(np.array([[104.783229, 29.367136]]))[0] == pytest.approx(
        [478_953, 3_249_982], abs=1.5
    )


def test_degrees_come_back_to_a_centimetre() -> None:
    points = np.array([[480_000.0, 3_250_000.0], [505_000.0, 3_244_000.0]])
    assert to_metres(to_degrees(points)) == pytest.approx(points, abs=0.02)


@pytest.mark.parametrize("seed", range(6))
def test_a_blob_has_the_wanted_area(seed: int) -> None:
    shape = blob(np.random.default_rng(seed), np.array([500_000.0, 3e6]), 4e6)
    assert shape.is_valid
    assert shape.area == pytest.approx(4e6)


def test_scaling_keeps_the_middle() -> None:
    square = shapely.box(10, 10, 20, 20)
    grown = scaled_to(square, 400)
    assert grown.area == pytest.approx(400)
    assert grown.centroid.distance(square.centroid) < 1e-9


def test_a_smooth_line_meets_its_points() -> None:
    points = np.array([[0.0, 0], [1_000, 300], [2_000, 0]])
    assert smooth_line(points).distance(shapely.Point(points[1])) < 5


def test_blocks_lie_in_their_settlement_and_fields_around_it() -> None:
    outline = shapely.box(0, 0, 4_000, 4_000)
    town = Settlement(shapely.Point(2_000, 2_000).buffer(700), (108.0, 142.0), 0.2)
    ground = make_ground(np.random.default_rng(1), outline, [town], spacing=400)
    points = ground.mosaic.points
    blocks = ground.settlement == 0
    inside = shapely.contains_xy(town.shape, points[:, 0], points[:, 1])
    assert (inside == blocks).all()
    assert 0.6 < blocks.sum() * 108 * 142 / town.shape.area < 1.1
    assert shapely.contains_xy(outline, points[:, 0], points[:, 1]).all()


def test_a_warp_is_the_same_for_the_same_seed_and_nothing_at_strength_zero() -> None:
    points = np.random.default_rng(0).uniform(0, 5_000, (50, 2))
    first, second = (make_warp(np.random.default_rng(7)) for _ in range(2))
    assert (first(points) == second(points)).all()
    assert (first(points, 0.0) == points).all()
    assert 1 < np.hypot(*(first(points) - points).T).mean() < 200
