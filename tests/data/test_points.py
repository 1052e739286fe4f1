from itertools import pairwise

import numpy as np
import pytest

from data.picture import Pictures
from data.points import point_clusters, point_count, points
from rules.access import Scope
from rules.filters import IncidentFilter
from tests.small_district import AREA, INCIDENT, NOW, NUMBER, corner, place


@pytest.fixture
def picture(sqlite_district):
    return Pictures(sqlite_district).current(NOW)


def asked(name="D", **more):
    return {
        "scope": Scope(AREA["D"]), "area_id": AREA[name], "filter": IncidentFilter(), "now": NOW
    } | more  # fmt: skip


def test_points_carry_what_the_map_draws(picture):
    found = points(picture, **asked("G1"))
    assert found.number == [NUMBER["I2"], NUMBER["I1"]]
    assert (found.lon[1], found.lat[1]) == place("I1")
    assert found.overdue.tolist() == [True, False]
    assert found.severity.tolist() == [2, 3]


def test_the_latest_are_kept_when_there_are_too_many(picture):
    assert points(picture, **asked(limit=2)).id.tolist() == [INCIDENT["I8"], INCIDENT["I5"]]
    assert len(points(picture, **asked(limit=0))) == 0


def test_a_box_takes_its_west_and_south_side_only(picture):
    x, y = place("I1")
    for box, held in (
        ((x, y, x + 1e-4, y + 1e-4), [INCIDENT["I1"]]),
        ((x - 1e-4, y - 1e-4, x, y), []),
        ((0.0, 0.0, 1.0, 1.0), []),
    ):
        assert points(picture, **asked(bounds=box)).id.tolist() == held
        assert point_count(picture, **asked(bounds=box)) == len(held)


def test_boxes_side_by_side_count_every_point_once(picture):
    west, south = corner("G1")
    edges = np.linspace(west, west + 0.04, 6)
    counts = [
        point_count(picture, **asked(bounds=(a, south, b, south + 0.02)))
        for a, b in pairwise(edges)
    ]
    assert sum(counts) == point_count(picture, **asked()) == 7


def test_clusters_count_the_filtered_points(picture):
    far = point_clusters(picture, zoom=6, **asked())
    assert (far.count.tolist(), far.overdue.tolist(), far.severity.tolist()) == ([7], [3], [4])
    near = point_clusters(picture, zoom=18, **asked())
    assert sorted(near.count.tolist()) == [1] * 7
    hazards = IncidentFilter(kinds=("hazard",))
    assert point_clusters(picture, zoom=6, **asked(filter=hazards)).count.tolist() == [2]
