import csv
import io
import json
import zipfile

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from sqlalchemy import select

from data import schema
from data.exporters.plan import Wish, export_plan
from rules.access import OutsideScope, Scope
from tests.data.plans import EAST, NORTH, NOW, WEST, divided, laid_out, seen
from tests.small_district import AREA


def written(store, plan_id, form, locale="en", **more):
    wish = Wish(form, locale, **more)
    return export_plan(store, plan_id=plan_id, wish=wish, now=NOW, **seen(store))


def read_back(body, name, tmp_path):
    path = tmp_path / name
    path.write_bytes(body)
    info, _, wkb, values = pyogrio.raw.read(str(path))
    rows = dict(zip(info["fields"], values, strict=True))
    return info["crs"], shapely.from_wkb(wkb), rows


def test_a_geopackage_holds_each_grid_with_its_figures(district, tmp_path):
    plan_id = divided(district)
    body, media, name = written(district, plan_id, "gpkg")
    crs, shapes, rows = read_back(body, "grids.gpkg", tmp_path)
    assert (crs, media, name) == (
        "EPSG:4490", "application/geopackage+sqlite3", "龙井方案-grids.gpkg",
    )  # fmt: skip
    assert rows["label"].tolist() == ["g8", "g9", "n1"]
    assert rows["code"].tolist() == ["510304001001001", "510304001001002", ""]
    assert rows["households"].tolist() == [40, 60, 30]
    assert rows["moved_in"].tolist() == [0, 0, 30]
    assert rows["moved_out"].tolist() == [30, 0, 0]
    assert rows["band"].tolist() == ["below"] * 3
    off = shapely.area(shapely.symmetric_difference(shapes, np.array([WEST, NORTH, EAST])))
    assert off.max() < 1e-9


def test_metres_are_offered_and_measure_what_the_figures_say(district, tmp_path):
    body, _, _ = written(district, divided(district), "gpkg", metric="metres")
    crs, shapes, rows = read_back(body, "grids.gpkg", tmp_path)
    assert crs == "EPSG:4544"
    assert shapely.area(shapes) / 1e4 == pytest.approx(rows["area_ha"], abs=2e-4)


def test_geojson_has_seven_decimals_and_is_a_coverage(district):
    body, _, _ = written(district, divided(district), "geojson")
    features = json.loads(body)["features"]
    shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in features]
    corners = shapely.get_coordinates(shapes)
    assert (np.round(corners, 7) == corners).all()
    assert shapely.coverage_is_valid(np.array(shapes))
    assert [f["properties"]["name"] for f in features] == ["第1网格", "第2网格", "东网格"]


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_a_shapefile_keeps_chinese_names_and_says_what_its_fields_mean(
    district, tmp_path, encoding
):
    body, _, name = written(district, divided(district), "shp", "zh", encoding=encoding)
    assert name == "龙井方案-网格.zip"
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert {n.rpartition(".")[2] for n in archive.namelist()} == {
            "shp", "shx", "dbf", "prj", "cpg", "txt",
        }  # fmt: skip
        assert archive.read("grids.cpg").decode() == encoding
        assert "第1网格".encode(encoding) in archive.read("grids.dbf")
        told = archive.read("README.txt").decode("utf-8-sig")
        archive.extractall(tmp_path)
    _, _, rows = read_back(archive_part(tmp_path, "grids.shp"), "grids.shp", tmp_path)
    assert all(len(field) <= 10 for field in rows)
    assert all(f"{field:<10}" in told for field in rows)
    assert rows["name"].tolist() == ["第1网格", "第2网格", "东网格"]


def archive_part(folder, name):
    return (folder / name).read_bytes()


def test_an_assignment_names_the_grid_of_each_building_now_and_planned(district):
    body, _, _ = written(district, divided(district), "csv")
    assert body.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    assert head[:2] == ["Building code", "Address"]
    assert head[-1] == "Grid label planned"
    assert rows == [
        ["B1", "龙井路1号", "龙井小区", "40", "510304001001001", "第1网格", "510304001001001",
         "第1网格", "No", "g8"],
        ["B2", "龙井路2号", "龙井小区", "30", "510304001001001", "第1网格", "", "东网格", "Yes",
         "n1"],
        ["B3", "龙井路3号", "龙井小区", "60", "510304001001002", "第2网格", "510304001001002",
         "第2网格", "No", "g9"],
    ]  # fmt: skip


def test_the_workbook_has_buildings_grids_and_moved_groups(district):
    body, _, _ = written(district, divided(district), "xlsx", "zh")
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["楼栋", "网格", "调整户群"]
    assert [c.value for c in book["网格"]["D"]][1:] == ["第1网格", "第2网格", "东网格"]
    assert [c.value for c in book["调整户群"][2]] == [
        "第1网格", "东网格", "龙井小区", 1, 30, "张栋长",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x","y")', "+1", "@SUM(A1)", "{{7*7}}"])
def test_a_grids_name_never_becomes_a_formula(district, name):
    plan_id = divided(district, name)
    body, _, _ = written(district, plan_id, "csv")
    grid = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))[2][7]
    assert not grid.startswith(("=", "+", "-", "@"))
    assert grid.removeprefix("'") == name
    book = openpyxl.load_workbook(io.BytesIO(written(district, plan_id, "xlsx")[0]))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert {c.data_type for c in cells if c.value == name} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_an_older_state_can_be_written(district):
    plan_id = divided(district)
    wish = Wish("geojson", "en")
    body, _, _ = export_plan(district, plan_id=plan_id, wish=wish, now=NOW, seq=0, **seen(district))
    labels = [f["properties"]["label"] for f in json.loads(body)["features"]]
    assert labels == ["g8", "g9"]


def test_an_export_is_logged_and_refused_outside_the_scope(district):
    plan_id = divided(district)
    written(district, plan_id, "csv")
    events = select(schema.event).order_by(schema.event.c.id.desc())
    with district.read() as conn:
        last = conn.execute(events).first()
    after = json.loads(last.after)
    assert (last.action, last.actor, after["plan"], after["form"]) == (
        "export", "planner", plan_id, "csv",
    )  # fmt: skip
    assert after["state"] == laid_out(district, plan_id).state.digest
    elsewhere = {**seen(district), "scope": Scope(AREA["S2"])}
    with pytest.raises(OutsideScope):
        export_plan(district, plan_id=plan_id, wish=Wish("csv", "en"), now=NOW, **elsewhere)
