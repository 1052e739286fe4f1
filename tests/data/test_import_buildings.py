import numpy as np
import pytest
import shapely

from data.importers.base_map import layer_of, plan_base
from data.importers.buildings import generated_code, plan_buildings
from data.importers.known import Known, KnownArea
from rules.levels import Level

KNOWN = Known((
    KnownArea(1, None, Level.DISTRICT, "d", "d", shapely.box(104.77, 29.37, 104.79, 29.38)),
    KnownArea(2, 1, Level.GRID, "g", "g", shapely.box(104.77, 29.37, 104.78, 29.38)),
))  # fmt: skip


def house(west, south=29.371):
    return shapely.box(west, south, west + 0.0005, south + 0.0005)


def plan(shapes, taken=(), broken=frozenset(), **columns):
    return plan_buildings(
        np.array(shapes, object), columns, list(range(1, len(shapes) + 1)), known=KNOWN,
        taken=frozenset(taken), broken=broken,
    )  # fmt: skip


def test_buildings_belong_to_the_deepest_area_that_holds_them():
    outcome = plan([house(104.771), house(104.785)], code=["1", "2"], floors=["6", "many"])
    assert [r["area_id"] for r in outcome.rows] == [2, 1]
    assert [r["floors"] for r in outcome.rows] == [6, None]
    assert all(r["tile"] > 0 for r in outcome.rows)


def test_rows_that_are_no_buildings_here_are_refused():
    shapes = [
        None,
        shapely.Point(104.771, 29.371),
        house(105.5),
        house(104.771),
        house(104.772),
        None,
    ]
    outcome = plan(shapes, taken=["old"], broken=frozenset({5}), code=["", "", "", "old", "n", ""])
    assert {r.row: r.reason for r in outcome.refused} == {
        1: "empty_shape", 2: "not_a_polygon", 3: "outside_district", 4: "duplicate_code",
        6: "broken_shape",
    }  # fmt: skip
    assert len(outcome.rows) == 1


def test_a_missing_code_is_made_from_the_footprint_and_stays_the_same():
    first, again = plan([house(104.771)]), plan([house(104.771).reverse()])
    assert first.rows[0]["code"] == again.rows[0]["code"] == generated_code(house(104.771))
    assert first.rows[0]["code"] != plan([house(104.772)]).rows[0]["code"]


@pytest.mark.parametrize(
    ("tags", "dimension", "found"),
    [
        ({"highway": "primary"}, 1, ("road", 1)), ({"highway": "primary_link"}, 1, ("road", 1)),
        ({"highway": "footway"}, 1, ("road", 3)), ({"highway": "proposed"}, 1, None),
        ({"railway": "tram"}, 1, ("rail", 2)), ({"waterway": "river"}, 1, ("water", 2)),
        ({"natural": "water"}, 2, ("water", 1)), ({"leisure": "park"}, 2, ("green", 2)),
        ({"landuse": "industrial"}, 2, ("land", 3)), ({"natural": "tree_row"}, 1, None),
        ({}, 2, None),
    ],
)  # fmt: skip
def test_tags_choose_layer_and_rank(tags, dimension, found):
    assert layer_of(tags, dimension) == found


def base(shapes, layer=None, broken=frozenset(), **columns):
    rows = list(range(1, len(shapes) + 1))
    return plan_base(np.array(shapes, object), columns, rows, layer=layer, broken=broken)


def test_lines_without_tags_are_roads_and_polygons_have_to_be_named():
    line, lake = shapely.LineString([(0, 0), (1, 1)]), shapely.box(0, 0, 1, 1)
    outcome = base([line, lake, shapely.Point(0, 0), None], broken=frozenset({3}))
    assert [r["layer"] for r in outcome.rows] == ["road"]
    assert [r.reason for r in outcome.refused] == ["unknown_layer", "not_drawable", "broken_shape"]
    assert [r["layer"] for r in base([lake], layer="water").rows] == ["water"]


def test_tagged_rows_of_no_layer_are_left_out_without_a_refusal():
    line = shapely.LineString([(0, 0), (1, 1)])
    outcome = base([line, line], highway=["residential", None], barrier=[None, "wall"])
    assert len(outcome.rows) == 1
    assert outcome.refused == ()
    assert [(n.key, n.values["n"]) for n in outcome.notes] == [("left_out", 1)]
