import contextlib
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy import update

from data import schema
from data.exporters.plan import Wish, export_plan
from data.importers.plan_file import PlanFile
from data.importers.plan_new import look_at_grids, make_from_grids
from data.importers.reading import Records
from data.plan_checks import checks
from data.plan_edits import edit
from data.plan_land import grids_of
from geo.crs import STORE_CRS, transform
from geo.cutting import CutsNothing
from geo.datum import gcj02_from_wgs84
from rules.access import OutsideScope, Scope
from rules.plan_commands import Split
from tests.data.plans import EAST, NORTH, NOW, WEST, divided, laid_out, seen
from tests.small_district import AREA, CODE

METRES = "EPSG:4544"


def look(store, path, read=None, **more):
    where = {k: v for k, v in seen(store).items() if k != "actor"}
    more |= {} if read is None else {"read": lambda *_: read}
    return look_at_grids(store, area_id=AREA["C1"], file=PlanFile(path), **more, **where)


def made(store, found):
    return make_from_grids(store, title="导入", found=found, now=NOW, **seen(store))


def collection(tmp_path, shapes, names, codes=None):
    """Write polygons in degrees as GeoJSON."""
    codes = codes or [""] * len(shapes)
    features = [
        {"type": "Feature", "properties": {"code": c, "name": n},
         "geometry": json.loads(shapely.to_geojson(s))}
        for s, n, c in zip(shapes, names, codes, strict=True)
    ]  # fmt: skip
    path = tmp_path / "grids.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def keys(report):
    return {note.key: note.values for note in report.notes}


def apart(sheet, shapes):
    """Symmetric difference of each grid and a shape in degrees: square metres per metre of rim."""
    wanted = transform(np.array(shapes, object), STORE_CRS, METRES)
    found = [shapely.union_all(sheet.shapes[sheet.part == at]) for at in range(len(sheet.order))]
    off = shapely.area(shapely.symmetric_difference(np.array(found, object), wanted))
    return off / shapely.length(wanted)


@pytest.mark.parametrize("form", ["gpkg", "geojson", "shp"])
@pytest.mark.parametrize("metric", ["degrees", "metres"])
def test_what_was_written_comes_back_with_the_same_borders(district, tmp_path, form, metric):
    plan_id = divided(district)
    wish = Wish(form, "zh", metric=metric)
    body, _, _ = export_plan(district, plan_id=plan_id, wish=wish, now=NOW, **seen(district))
    path = tmp_path / f"in.{ {'shp': 'zip'}.get(form, form) }"
    path.write_bytes(body)
    found = look(district, path)
    back = laid_out(district, made(district, found))
    assert not found.report.repair
    assert back.order == ("g8", "g9", "n1")
    assert back.state.marks == laid_out(district, plan_id).state.marks
    assert apart(back, [WEST, NORTH, EAST]).max() < 0.01
    assert sorted(back.households.tolist()) == [30, 40, 60]


SKEW = shapely.LineString([(104.769, 29.3741), (104.7733, 29.3762), (104.7781, 29.3803),
                           (104.7765, 29.3911)])  # fmt: skip
"""A border that no street and no grid follows, through both grids of C1."""


def test_a_border_that_nothing_else_follows_does_not_move(district, tmp_path):
    whole = shapely.box(104.77, 29.37, 104.78, 29.39)
    halves = shapely.ops.split(whole, SKEW).geoms
    found = look(district, collection(tmp_path, list(halves), ["甲", "乙"]))
    back = laid_out(district, made(district, found))
    by_name = {mark.name: label for label, mark in back.state.marks.items()}
    order = [back.order.index(by_name[name]) for name in ("甲", "乙")]
    shapes = np.empty(2, object)
    shapes[order] = list(halves)
    assert apart(back, shapes).max() < 0.01


def test_without_codes_a_polygon_is_the_grid_it_overlaps_most(district, tmp_path):
    split = [shapely.box(104.77, 29.37, 104.776, 29.38), shapely.box(104.776, 29.37, 104.78, 29.38)]
    found = look(district, collection(tmp_path, [*split, NORTH], ["大", "小", "北"]))
    assert [t.label for t in found.targets] == ["g8", None, "g9"]
    assert found.targets[0].mark.code == "510304001001001"
    assert keys(found.report)["matched_by_place"] == {"n": 2}
    assert keys(found.report)["new_grids"] == {"n": 1, "names": "小"}


def test_a_code_counts_more_than_the_place(district, tmp_path):
    found = look(
        district,
        collection(
            tmp_path, [WEST, EAST, NORTH], ["甲", "乙", "丙"],
            ["510304001001002", "", "510304001001001"],
        ),
    )  # fmt: skip
    assert [t.label for t in found.targets] == ["g9", None, "g8"]
    assert [t.mark.name for t in found.targets] == ["甲", "乙", "丙"]


def test_dirty_polygons_are_repaired_and_told(district, tmp_path):
    """The east reaches 10 m into the west; a metre is missing below the north."""
    west, east = WEST, shapely.box(104.7749, 29.37, 104.78, 29.37999)
    found = look(district, collection(tmp_path, [west, east, NORTH], ["西", "东", "北"]))
    assert found.report.repair["overlaps"] == 1
    assert found.report.repair["overlap_area"] == pytest.approx(10_750, rel=0.02)
    assert found.report.repair["gaps"] >= 1
    back = laid_out(district, made(district, found))
    whole = back.ground.whole
    assert shapely.area(back.shapes).sum() == pytest.approx(whole.area, abs=0.005 * whole.length)


def test_land_outside_is_cut_off_and_land_in_no_polygon_joins_its_neighbour(district, tmp_path):
    big = shapely.box(104.76, 29.37, 104.775, 29.38)
    found = look(district, collection(tmp_path, [big, NORTH], ["西", "北"]))
    notes = keys(found.report)
    square = shapely.area(transform(np.array([WEST], object), STORE_CRS, METRES))[0]
    assert notes["cut_off"]["area"] == pytest.approx(2 * square, rel=0.01)
    assert notes["filled"]["area"] == pytest.approx(square, rel=0.01)
    back = laid_out(district, made(district, found))
    assert back.order == ("g8", "g9")
    assert back.households[back.part == 0].sum() == 70


def test_rows_that_cannot_be_meant_are_refused_one_by_one(district):
    far = shapely.box(104.80, 29.37, 104.81, 29.38)
    shapes = np.array(
        [WEST, EAST, NORTH, far, None, shapely.Point(104.775, 29.375), EAST, EAST], object
    )
    names = ["西", "东", "北", "远", "空", "点", "名" * 41, "东\u202e"]
    codes = ["1", "2", "3", "4", "5", "6", "7", "8"]
    records = Records({"code": codes, "name": names}, list(range(1, 9)), "utf-8", shapes=shapes)
    report = look(district, Path("x.geojson"), read=records).report
    assert {r.row: r.reason for r in report.refused} == {
        4: "outside_community", 5: "empty_shape", 6: "not_a_polygon", 7: "too_long",
        8: "not_a_name",
    }  # fmt: skip
    assert (report.read, report.accepted) == (8, 3)


def test_parts_of_one_code_are_one_grid(district, tmp_path):
    shapes, codes = [WEST, EAST, NORTH], ["x", "x", "y"]
    found = look(district, collection(tmp_path, shapes, ["南", "南", "北"], codes))
    assert [t.mark.name for t in found.targets] == ["南", "北"]


def test_a_community_outside_the_scope_is_refused(district, tmp_path):
    path = collection(tmp_path, [WEST], ["x"])
    where = {"picture": seen(district)["picture"], "scope": Scope(AREA["S2"])}
    with pytest.raises(OutsideScope):
        look_at_grids(district, area_id=AREA["C1"], file=PlanFile(path), **where)


def test_a_gbk_shapefile_keeps_its_names(district, tmp_path):
    wish = Wish("shp", "zh", encoding="GBK")
    body, _, _ = export_plan(
        district, plan_id=divided(district), wish=wish, now=NOW, **seen(district)
    )
    bare = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(bare, "w") as new:
        for name in old.namelist():
            if not name.endswith(".cpg"):
                new.writestr(name, old.read(name))
    path = tmp_path / "gbk.zip"
    path.write_bytes(bare.getvalue())
    found = look(district, path)
    assert [t.mark.name for t in found.targets] == ["第1网格", "第2网格", "东网格"]


def shifted(shapes):
    """Shapes as a map service of China would give them."""
    return np.array(
        [shapely.transform(s, lambda xy: np.column_stack(gcj02_from_wgs84(*xy.T))) for s in shapes],
        object,
    )


@pytest.mark.parametrize(
    ("give", "crs", "datum"),
    [
        (lambda s: transform(s, STORE_CRS, METRES), "EPSG:4544", "cgcs2000"),
        (lambda s: shapely.transform(transform(s, STORE_CRS, METRES), lambda xy: xy[:, ::-1]),
         "EPSG:4544", "cgcs2000"),
        (lambda s: transform(s, STORE_CRS, "EPSG:4523"), "EPSG:4523", "cgcs2000"),
        (lambda s: shapely.transform(s, lambda xy: xy[:, ::-1]), "EPSG:4326", "wgs84"),
        (lambda s: shifted(densified(s)), "EPSG:4326", "gcj02"),
    ],
    ids=["no zone", "north first", "zone in front", "latitude first", "map service"],
)  # fmt: skip
def test_coordinates_are_told_by_where_the_community_lies(district, give, crs, datum):
    whole = np.array([WEST, EAST, NORTH], object)
    records = Records({"name": ["西", "东", "北"]}, [1, 2, 3], "utf-8", shapes=give(whole))
    found = look(district, Path("x.geojson"), read=records)
    assert (found.report.detection.crs, found.report.detection.datum) == (crs, datum)
    back = laid_out(district, made(district, found))
    assert apart(back, [WEST, NORTH, EAST]).max() < 0.02


def densified(shapes):
    """Shapes with a vertex every hundred metres: a shifted border is no straight line."""
    return shapely.segmentize(shapes, 0.001)


@pytest.mark.parametrize(
    "line",
    [((104.7655, 29.3712), (104.7845, 29.3789)), ((104.7731, 29.3655), (104.7769, 29.3935))],
    ids=["through two buildings' land", "through both grids"],
)  # fmt: skip
def test_cells_that_a_line_cut_are_written_as_a_coverage(district, tmp_path, line):
    plan_id = divided(district)
    for label in ("g8", "n1"):
        version = laid_out(district, plan_id).plan.version
        with contextlib.suppress(CutsNothing):
            edit(
                district, plan_id=plan_id, version=version, command=Split(label, line), now=NOW,
                **seen(district),
            )  # fmt: skip
    before = laid_out(district, plan_id)
    assert len(before.order) > 3
    wish = Wish("geojson", "zh")
    body, _, _ = export_plan(district, plan_id=plan_id, wish=wish, now=NOW, **seen(district))
    path = tmp_path / "grids.geojson"
    path.write_bytes(body)
    found = look(district, path)
    assert not found.report.repair
    back = laid_out(district, made(district, found))
    assert [m.name for m in back.state.marks.values()] == [
        m.name for m in before.state.marks.values()
    ]
    assert apart(back, grids_of(before)).max() < 0.01


def test_borders_drawn_again_by_a_sloppy_hand_are_those_of_today(district, tmp_path):
    """Corners of all polygons are off by up to half a metre, each by another; G1 is divided."""
    rng = np.random.default_rng(7)

    def off(xy):
        moved = xy[:-1] + rng.uniform(-4e-6, 4e-6, (len(xy) - 1, 2))
        return np.vstack([moved, moved[:1]])

    drawn = densified(np.array([WEST, EAST, NORTH], object))
    sloppy = [shapely.transform(shape, off) for shape in drawn]
    found = look(district, collection(tmp_path, sloppy, ["西", "东", "北"]))
    assert found.report.repair["overlaps"] > 0
    back = laid_out(district, made(district, found))
    assert apart_of(back, back.order.index("g9"), NORTH) < 0.01
    assert not [finding for finding in checks(back) if finding.hard]


def apart_of(sheet, at, shape):
    wanted = transform(np.array([shape], object), STORE_CRS, METRES)[0]
    got = shapely.union_all(sheet.shapes[sheet.part == at])
    return got.symmetric_difference(wanted).area / wanted.length


def test_a_rim_that_a_file_leaves_free_goes_to_the_polygons_along_it(district, tmp_path):
    """All polygons end half a metre inside the community: nothing of today's borders moves."""
    inset = [shapely.box(104.770005, 29.370005, 104.775, 29.38),
             shapely.box(104.775, 29.370005, 104.779995, 29.38),
             shapely.box(104.770005, 29.38, 104.779995, 29.389995)]  # fmt: skip
    found = look(district, collection(tmp_path, inset, ["西", "东", "北"]))
    back = laid_out(district, made(district, found))
    assert apart(back, [WEST, NORTH, EAST]).max() < 0.01


def test_a_grid_that_is_locked_today_is_free_when_a_file_gives_it_other_borders(district):
    with district.write() as conn:
        conn.execute(
            update(schema.area).where(schema.area.c.code == CODE["G2"]).values(kind="dedicated")
        )
    plan_id = divided(district)
    assert laid_out(district, plan_id).state.locked_grids == {"g9"}
    whole = np.array([shapely.box(104.77, 29.37, 104.78, 29.385),
                      shapely.box(104.77, 29.385, 104.78, 29.39)], object)  # fmt: skip
    records = Records({"name": ["南", "北"]}, [1, 2], "utf-8", shapes=whole)
    found = look(district, Path("x.geojson"), read=records)
    back = laid_out(district, made(district, found))
    assert back.state.locked_grids == frozenset()
    assert [f.rule for f in checks(back) if f.hard] == []


def test_a_grid_of_two_pieces_is_told(district, tmp_path):
    corners = shapely.union(shapely.box(104.77, 29.37, 104.772, 29.372),
                            shapely.box(104.778, 29.378, 104.78, 29.38))  # fmt: skip
    rest = shapely.difference(shapely.union(WEST, EAST), corners)
    found = look(district, collection(tmp_path, [corners, rest, NORTH], ["角", "中", "北"]))
    assert keys(found.report)["in_pieces"] == {"name": "角", "n": 2}


def test_a_community_without_grids_gets_its_first_ones(district):
    with district.write() as conn:
        conn.execute(
            update(schema.area)
            .where(schema.area.c.parent_id == AREA["C1"])
            .values(valid_to=int(NOW.timestamp()) - 1)
        )
    whole = np.array([WEST, EAST, NORTH], object)
    records = Records({"name": ["西", "东", "北"]}, [1, 2, 3], "utf-8", shapes=whole)
    found = look(district, Path("x.geojson"), read=records)
    assert [t.label for t in found.targets] == [None] * 3
    back = laid_out(district, made(district, found))
    assert [m.name for m in back.state.marks.values()] == ["西", "东", "北"]
    assert apart(back, [WEST, EAST, NORTH]).max() < 0.01
