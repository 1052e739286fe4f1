"""Areas are drawn in hundredths of a degree from 104.77 E, 29.37 N, as in the small district."""

import numpy as np
import pytest
import shapely

from data.importers.boundaries import plan_boundaries
from data.importers.hierarchy import Root, clean_code, generated_code
from data.importers.known import Known, KnownArea
from rules.levels import Level

ROOT = Root("大安区", "510304")


def square(column, row=0, wide=1, high=1):
    west, south = 104.77 + column / 100, 29.37 + row / 100
    return shapely.box(west, south, west + wide / 100, south + high / 100)


def plan(shapes, level=Level.GRID, known=None, root=ROOT, **columns):
    options = {k: columns.pop(k) for k in ("parent_level", "gap_width", "broken") if k in columns}
    return plan_boundaries(
        np.array(shapes, object), columns, list(range(1, len(shapes) + 1)),
        level=level, known=known or Known(), root=root, **options,
    )  # fmt: skip


def same(shape, other):
    return shape.symmetric_difference(other).area < 1e-12


def reasons(outcome):
    return {r.row: r.reason for r in outcome.refused}


def district(**more):
    areas = (
        KnownArea(1, None, Level.DISTRICT, "510304", "大安区", square(0, 0, 4, 2)),
        KnownArea(2, 1, Level.STREET, "510304001", "龙井街道", square(0, 0, 2, 2)),
        KnownArea(3, 1, Level.STREET, "510304002", "大安街道", square(2, 0, 2, 2)),
    )
    return Known(areas, **more)


def test_an_empty_store_gets_a_root_from_the_union():
    outcome = plan([square(0), square(1)], code=["a", "b"], name=["一", "二"])
    root, *grids = outcome.plan.drafts
    assert (root.code, root.name, root.level) == ("510304", "大安区", Level.DISTRICT)
    assert same(root.geom, square(0, 0, 2, 1))
    assert [(g.code, g.parent_code) for g in grids] == [("a", "510304"), ("b", "510304")]
    assert outcome.plan.made == "union"


def test_a_single_district_is_the_root_itself():
    outcome = plan([square(0)], Level.DISTRICT, code=["510304"], name=["大安区"])
    assert [d.parent_code for d in outcome.plan.drafts] == [None]


def test_named_parents_that_are_missing_are_made_of_their_children():
    shapes = [square(0), square(1), square(2)]
    outcome = plan(
        shapes, Level.COMMUNITY, name=["A", "B", "C"], code=["1", "2", "3"],
        parent=["REGION 1", "REGION 1", "REGION 2"],
    )  # fmt: skip
    by_name = {d.name: d for d in outcome.plan.drafts}
    assert by_name["REGION 1"].level is Level.STREET
    assert same(by_name["REGION 1"].geom, square(0, 0, 2, 1))
    assert by_name["A"].parent_code == by_name["B"].parent_code == by_name["REGION 1"].code
    assert by_name["REGION 1"].parent_code == "510304"
    order = [d.level for d in outcome.plan.drafts]
    assert order == sorted(order)


def test_parents_are_found_by_code_by_name_and_by_place():
    outcome = plan(
        [square(0), square(1), square(2)], Level.COMMUNITY, known=district(),
        code=["x", "y", "z"], parent=["510304001", "龙井街道", ""],
    )  # fmt: skip
    found = {d.code: d.parent_code for d in outcome.plan.drafts}
    assert found == {"x": "510304001", "y": "510304001", "z": "510304002"}
    assert outcome.plan.root_change is None


def test_largest_overlap_decides_between_two_parents():
    astride = square(1.4, 0, 1, 1)
    outcome = plan([astride], Level.COMMUNITY, known=district(), code=["x"])
    assert outcome.plan.drafts[0].parent_code == "510304001"


def test_an_area_outside_the_district_is_refused():
    outcome = plan([square(0), square(9)], known=district(), code=["in", "out"])
    assert reasons(outcome) == {2: "outside_district"}
    assert outcome.accepted == 1


def test_a_made_root_grows_and_a_stand_in_is_replaced():
    lone = (KnownArea(1, None, Level.DISTRICT, "old", "file", square(0, 0, 9, 9)),)
    joined = plan([square(9)], known=Known(lone, joined=1), code=["x"], root=Root("next"))
    assert joined.plan.root_change.geom.area == pytest.approx(82e-4)
    assert joined.plan.root_change.code == "old"
    replaced = plan([square(0)], known=Known(lone, stand_in=1), code=["x"])
    assert same(replaced.plan.root_change.geom, square(0))
    assert replaced.plan.root_change.code == "510304"
    assert "replaced_root" in {n.key for n in replaced.notes}


def test_a_level_put_in_between_takes_over_the_areas_below():
    grids = (
        KnownArea(1, None, Level.DISTRICT, "510304", "大安区", square(0, 0, 4, 2)),
        KnownArea(2, 1, Level.GRID, "g", "网格", square(0)),
    )
    outcome = plan([square(0, 0, 2, 2)], Level.STREET, known=Known(grids), code=["s"])
    assert outcome.plan.moves == {2: "s"}
    assert outcome.counts["reparented"] == 1


def test_codes_are_cleaned_generated_and_never_doubled():
    shapes = [square(i) for i in range(5)]
    outcome = plan(
        shapes, known=district(), name=["a", "b", "c", "d", "e"],
        code=["01020351030400100101", "", "x", "x", "510304001"],
    )  # fmt: skip
    assert reasons(outcome) == {4: "duplicate_code", 5: "duplicate_code"}
    codes = [d.code for d in outcome.plan.drafts]
    assert codes[0] == "51030400100101"
    assert codes[1] == generated_code(Level.GRID, "b", square(1))
    assert clean_code("510304001001001") == ("510304001001001", False)


def test_parts_of_one_code_and_name_are_one_area():
    outcome = plan([square(0), square(2)], known=district(), code=["x", "x"], name=["a", "a"])
    assert len(outcome.plan.drafts) == 1
    assert outcome.plan.drafts[0].geom.area == pytest.approx(2e-4)


def test_shapes_that_are_no_areas_are_refused_with_the_reason():
    flat = shapely.Polygon([(0, 0), (1, 0), (2, 0)])
    shapes = [None, shapely.Polygon(), shapely.Point(104.77, 29.37), flat, None, square(0)]
    outcome = plan(shapes, known=district(), broken=frozenset({4}))
    assert reasons(outcome) == {
        1: "empty_shape", 2: "empty_shape", 3: "not_a_polygon", 4: "no_area_left",
        5: "broken_shape",
    }  # fmt: skip


def test_overlaps_go_to_one_area_and_the_report_says_how_much():
    wider = square(0, 0, 1.2, 1)
    outcome = plan([wider, square(1)], known=district(), code=["a", "b"])
    first, second = (d.geom for d in outcome.plan.drafts)
    assert first.intersection(second).area < 1e-12
    assert outcome.repair.overlaps == 1
    # A fifth of a square of 971 by 1,108 m.
    assert outcome.repair.overlap_area == pytest.approx(0.2 * 971 * 1108, rel=0.01)
    assert outcome.repair.moved == pytest.approx(outcome.repair.overlap_area, rel=0.01)


def test_an_area_under_another_is_refused():
    outcome = plan([square(0), square(0)], known=district(), code=["a", "b"])
    assert list(reasons(outcome).values()) == ["hidden"]
    assert outcome.accepted == 1


def test_kinds_follow_the_word_or_the_name():
    outcome = plan(
        [square(0), square(1)], Level.COMMUNITY, known=district(), name=["盐马村", "盐马社区"],
        code=["a", "b"],
    )  # fmt: skip
    assert [d.kind for d in outcome.plan.drafts] == ["village", "community"]
    grids = plan([square(0)], known=district(), code=["g"], kind=["专属网格"])
    assert grids.plan.drafts[0].kind == "dedicated"


def test_known_areas_of_the_level_are_neither_covered_nor_moved():
    grids = (*district().areas, KnownArea(9, 2, Level.GRID, "old", "旧", square(0)))
    outcome = plan([square(0.5), square(0.99, 0, 1, 1)], known=Known(grids), code=["on", "by"])
    assert reasons(outcome) == {1: "overlaps_known"}
    assert outcome.plan.drafts[0].geom.intersection(square(0)).area < 1e-12
    assert "trimmed" in {n.key for n in outcome.notes}
