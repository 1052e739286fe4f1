"""Shapes for display stay a coverage: no gap, no overlap, nobody vanishes."""

import itertools

import numpy as np
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.simplify import display_tolerance, joined, simplify_together, whole_steps

UNIT = 1e-6
EXTENT = (104.7, 29.3, 104.9, 29.5)


def coverage(seed: int, count: int) -> list[shapely.Geometry]:
    """A box cut into wriggly pieces: cells of random points, their borders jagged alike."""
    rng = np.random.default_rng(seed)
    box = shapely.box(*EXTENT)
    points = rng.uniform(EXTENT[:2], EXTENT[2:], (count, 2))
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=box)
    pieces = [shapely.intersection(c, box) for c in shapely.get_parts(cells)]
    edges = shapely.node(shapely.union_all([p.exterior for p in pieces]))
    return list(shapely.get_parts(shapely.polygonize([shapely.segmentize(edges, 0.002)])).tolist())


def decoded(shape: list[list[list[int]]], origin: tuple[float, float]) -> shapely.Geometry:
    polygons = []
    for rings in shape:
        lines = []
        for ring in rings:
            xs, ys = itertools.accumulate(ring[::2]), itertools.accumulate(ring[1::2])
            lines.append(
                [(origin[0] + x * UNIT, origin[1] + y * UNIT) for x, y in zip(xs, ys, strict=True)]
            )
        polygons.append(shapely.Polygon(lines[0], lines[1:]))
    return shapely.MultiPolygon(polygons)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 40), st.floats(0, 0.02))
def test_neighbours_stay_neighbours(seed: int, count: int, tolerance: float) -> None:
    pieces = coverage(seed, count)
    light = simplify_together(pieces, tolerance)
    assert len(light) == len(pieces)
    assert not any(shape.is_empty for shape in light)
    assert shapely.coverage_is_valid(light)
    assert shapely.get_num_coordinates(light).sum() <= shapely.get_num_coordinates(pieces).sum()


def test_overlapping_shapes_are_not_torn() -> None:
    one, two = shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)
    assert joined([one, two]).equals(shapely.union_all([one, two]))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 40))
def test_a_coverage_joins_to_its_outline(seed: int, count: int) -> None:
    whole = joined(coverage(seed, count))
    assert whole.symmetric_difference(shapely.box(*EXTENT)).area < 1e-9


def test_nothing_joins_to_nothing() -> None:
    assert joined([]).is_empty
    assert simplify_together([], 1) == []


def test_points_and_lines_are_left_alone() -> None:
    mixed = [shapely.Point(0, 0), shapely.box(0, 0, 1, 1)]
    assert simplify_together(mixed, 0.1) == mixed


def test_steps_lead_back_to_the_shape() -> None:
    origin = (104.7, 29.3)
    ring = shapely.Polygon(
        shapely.box(104.71, 29.31, 104.75, 29.35).exterior,
        [shapely.box(104.72, 29.32, 104.73, 29.33).exterior],
    )
    both = shapely.MultiPolygon([ring, shapely.box(104.8, 29.4, 104.81, 29.41)])
    (steps,) = whole_steps([both], origin, UNIT)
    back = decoded(steps, origin)
    assert back.symmetric_difference(both).area < 1e-10
    assert len(back.geoms) == 2
    assert len(back.geoms[0].interiors) == 1


def test_a_ring_smaller_than_a_step_is_dropped() -> None:
    speck = shapely.box(0, 0, UNIT / 5, UNIT / 5)
    field = shapely.box(0, 0, 9 * UNIT, 9 * UNIT)
    pierced = shapely.Polygon(
        field.exterior, [shapely.affinity.translate(speck, UNIT, UNIT).exterior]
    )
    nothing, whole, both = whole_steps(
        [speck, pierced, shapely.MultiPolygon([speck, shapely.affinity.translate(field, 1, 1)])],
        (0, 0), UNIT,
    )  # fmt: skip
    assert nothing == []
    assert [len(polygon) for polygon in whole] == [1]
    assert len(both) == 1


def test_shapes_are_stepped_alike_alone_and_together() -> None:
    pieces = coverage(7, 30)
    alone = [whole_steps([piece], (104.7, 29.3), UNIT)[0] for piece in pieces]
    assert whole_steps(pieces, (104.7, 29.3), UNIT) == alone
    assert whole_steps([], (0, 0), UNIT) == []


def test_the_tolerance_follows_the_wider_side() -> None:
    assert display_tolerance((0, 0, 6, 1)) == display_tolerance((0, 0, 1, 6)) == 0.001
