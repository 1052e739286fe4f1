import numpy as np
import pytest
import shapely

from geo.crs import (
    AmbiguousCrs,
    Reading,
    UnknownCrs,
    UnknownCrsName,
    crs_name,
    detect,
    lay_on,
    metric_crs,
    to_store,
    transform,
)
from geo.datum import Datum, bd09_from_gcj02, gcj02_from_wgs84

DAAN = (104.66, 29.27, 104.95, 29.52)
SEAT = shapely.Point(104.7832279, 29.3671245)


def moved(shape, *steps):
    def change(xy):
        pair = (xy[:, 0], xy[:, 1])
        for step in steps:
            pair = step(*pair)
        return np.column_stack(pair)

    return shapely.transform(shape, change)


def extent(*points):
    xy = shapely.get_coordinates(points)
    return (*xy.min(axis=0), *xy.max(axis=0))


@pytest.mark.parametrize(
    ("bounds", "near", "crs", "swapped"),
    [
        (DAAN, None, "EPSG:4326", False),
        ((29.27, 104.66, 29.52, 104.95), None, "EPSG:4326", True),
        ((43.5, 87.2, 44.0, 88.0), None, "EPSG:4326", True),
        ((478953, 3249982, 480000, 3251000), DAAN, "EPSG:4544", False),
        ((3249982, 478953, 3251000, 480000), DAAN, "EPSG:4544", True),
        ((35478953, 3249982, 35480000, 3251000), None, "EPSG:4523", False),
        ((3249982, 35478953, 3251000, 35480000), None, "EPSG:4523", True),
        ((18478953, 3249982, 18480000, 3251000), None, "EPSG:4496", False),
        ((1602890, 6463630, 1603800, 6464620), None, "EPSG:3857", False),
        ((11662000, 3400000, 11670000, 3410000), DAAN, "EPSG:3857", False),
    ],
)
def test_coordinates_without_a_system_are_told_by_their_numbers(bounds, near, crs, swapped):
    reading = detect(bounds, near=near)
    assert (reading.crs, reading.swapped) == (crs, swapped)


def test_zones_without_prefix_and_without_a_district_are_asked_for():
    with pytest.raises(AmbiguousCrs) as refused:
        detect((478953, 3249982, 480000, 3251000))
    assert "EPSG:4544" in {c.crs for c in refused.value.candidates}


def test_numbers_of_no_system_are_refused():
    with pytest.raises(UnknownCrs):
        detect((1e9, 1e9, 2e9, 2e9))


def test_a_declared_system_counts_unless_the_numbers_contradict_it():
    assert detect(DAAN, declared="EPSG:4490").reason == "declared"
    flipped = detect((3249982, 478953, 3251000, 480000), declared="EPSG:4544", near=DAAN)
    assert flipped.swapped
    metres = detect((35478953, 3249982, 35480000, 3251000), declared="EPSG:4326")
    assert (metres.crs, metres.reason) == ("EPSG:4523", "prefix")
    far = detect((13.0, 50.0, 14.0, 51.0), declared="EPSG:4326", near=DAAN)
    assert far.crs == "EPSG:4326"


@pytest.mark.parametrize("crs", ["EPSG:4544", "EPSG:4523", "EPSG:4507", "EPSG:4496", "EPSG:3857"])
def test_every_reading_brings_the_seat_back_in_both_orders(crs):
    there = transform([SEAT], "EPSG:4490", crs)
    for swapped in (False, True):
        shape = moved(there, lambda x, y: (y, x)) if swapped else there
        back = to_store(shape, Reading(crs, swapped, "", DAAN))[0]
        assert shapely.distance(back, SEAT) < 1e-9


def test_heights_are_dropped():
    assert not shapely.has_z(transform([shapely.Point(1, 2, 3)], "EPSG:4326", "EPSG:4490")[0])


@pytest.mark.parametrize(
    ("lon", "crs"), [(104.77, "EPSG:4544"), (75, "EPSG:4534"), (135, "EPSG:4554")]
)
def test_measuring_uses_the_zone_of_the_district(lon, crs):
    assert metric_crs(lon) == crs


def test_outside_china_a_metric_system_is_made():
    square = transform([shapely.box(-118.3, 34.0, -118.29, 34.01)], "EPSG:4490", metric_crs(-118.3))
    assert shapely.area(square[0]) == pytest.approx(923.6 * 1109.3, rel=2e-3)


@pytest.mark.parametrize(
    ("steps", "datum"),
    [((), Datum.WGS84), ((gcj02_from_wgs84,), Datum.GCJ02),
     ((gcj02_from_wgs84, bd09_from_gcj02), Datum.BD09)],
)  # fmt: skip
def test_the_datum_is_told_by_laying_shapes_on_the_outline(steps, datum):
    outline = shapely.box(*DAAN)
    halves = [shapely.box(104.66, 29.27, 104.8, 29.52), shapely.box(104.8, 29.27, 104.95, 29.52)]
    # Borders have many vertices in practice; two corners would bend when shifted.
    dense = shapely.segmentize(np.array(halves, object), 0.005)
    assert lay_on(moved(dense, *steps), outline)[0] is datum


def test_points_well_inside_say_nothing_about_the_datum():
    inner = shapely.points(np.linspace(104.7, 104.9, 80), np.linspace(29.3, 29.5, 80))
    assert lay_on(moved(inner, gcj02_from_wgs84), shapely.box(*DAAN))[0] is Datum.WGS84


def test_names_of_systems_are_checked():
    assert crs_name("epsg:4544") == "EPSG:4544"
    with pytest.raises(UnknownCrsName):
        crs_name("EPSG:999999")


def test_shapes_beside_the_outline_are_not_taken_for_shifted():
    beside = shapely.segmentize(np.array([shapely.box(104.95, 29.27, 105.2, 29.52)], object), 0.005)
    assert lay_on(beside, shapely.box(*DAAN))[0] is Datum.WGS84
