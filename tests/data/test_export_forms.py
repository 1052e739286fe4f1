import csv
import io
import json
from datetime import UTC, datetime

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely

from data.exporters import forms
from data.exporters.forms import Column, Sheet, TooManyRows, render
from rules.deadlines import CHINA

AT = int(datetime(2026, 6, 1, 0, 30, tzinfo=UTC).timestamp())
COLUMNS = (
    Column("code", "编码", "Code"),
    Column("title", "标题", "Title"),
    Column("kind", "大类", "Kind", words={"hazard": ("安全隐患", "Hazard")}),
    Column("at", "时间", "Time", "time"),
    Column("n", "数量", "Number", "number"),
)
NASTY = [
    '=HYPERLINK("http://x","y")', "+1", "-1+2", "@SUM(A1)", "\tx", "{{7*7}}", "${alert(1)}", "`id`",
    "</script><script>alert(1)</script>", '"quoted", and\nlines', "\u202eright-to-left",
    "🔥 火情", "",
]  # fmt: skip


def sheet(titles=("漏水",), shapes=None):
    rows = [("510304001001001", t, "hazard", AT, i) for i, t in enumerate(titles)]
    found = np.empty(len(rows), object)
    found[:] = [shapely.Point(104.77, 29.37)] * len(rows) if shapes is None else shapes
    return Sheet("items", "事件", "items", COLUMNS, rows, found, CHINA)


def workbook(body):
    return openpyxl.load_workbook(io.BytesIO(body)).active


def test_excel_keeps_codes_and_formula_texts_as_text():
    body, media, name = render(sheet(NASTY), "xlsx", chinese=True)
    page = workbook(body)
    assert [c.value for c in page[1]] == ["编码", "标题", "大类", "时间", "数量"]
    assert page.freeze_panes == "A2"
    code, title, kind, at, number = page[2]
    assert (code.value, code.data_type) == ("510304001001001", "s")
    assert (kind.value, number.value) == ("安全隐患", 0)
    assert at.value == datetime(2026, 6, 1, 8, 30)  # noqa: DTZ001 - a cell has no zone
    assert (title.value, title.data_type) == (NASTY[0], "s")
    assert all(row[1].data_type in "sn" and row[1].hyperlink is None for row in page.iter_rows(2))
    assert name == "事件.xlsx"
    assert "spreadsheetml" in media


def test_csv_has_a_mark_for_excel_and_no_live_formula():
    body, _, _ = render(sheet(NASTY), "csv", chinese=False)
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Code", "Title", "Kind", "Time", "Number"]
    titles = [row[1] for row in rows[1:]]
    assert not any(t.startswith(("=", "+", "-", "@", "\t")) for t in titles)
    assert [t.removeprefix("'") for t in titles] == NASTY
    assert rows[1][2:4] == ["Hazard", "2026-06-01 08:30"]


def test_geojson_keeps_keys_and_utc_for_programs():
    body, _, _ = render(sheet(NASTY), "geojson", chinese=True)
    features = json.loads(body)["features"]
    assert [f["properties"]["title"] for f in features] == NASTY
    assert features[0]["properties"]["kind"] == "hazard"
    assert features[0]["properties"]["at"] == "2026-06-01T00:30:00Z"
    assert features[0]["geometry"]["coordinates"] == [104.77, 29.37]


def test_geopackage_holds_one_layer_of_multipolygons(tmp_path):
    square = shapely.box(0, 0, 1, 1)
    body, _, name = render(
        sheet(["a", "b"], [square, shapely.MultiPolygon([square])]), "gpkg", chinese=False
    )
    path = tmp_path / name
    path.write_bytes(body)
    info = pyogrio.read_info(path)
    assert (info["layer_name"], info["geometry_type"], info["crs"]) == (
        "items",
        "MultiPolygon",
        "EPSG:4490",
    )
    assert info["features"] == 2
    _, _, _, values = pyogrio.raw.read(path)
    assert list(values[list(info["fields"]).index("code")]) == ["510304001001001"] * 2


@pytest.mark.parametrize("form", ["xlsx", "csv", "geojson", "gpkg"])
def test_an_empty_sheet_is_a_file_too(form):
    assert render(sheet(()), form, chinese=True)[0]


def test_missing_cells_are_empty_in_every_form():
    rows = [("c", None, None, None, None)]
    found = np.array([shapely.Point(0, 0)], object)
    blank = Sheet("items", "事件", "items", COLUMNS, rows, found, CHINA)
    assert workbook(render(blank, "xlsx", chinese=True)[0]).cell(2, 4).value is None
    assert render(blank, "csv", chinese=True)[0].decode("utf-8-sig").splitlines()[1] == "c,,,,"
    assert (
        json.loads(render(blank, "geojson", chinese=True)[0])["features"][0]["properties"]["n"]
        is None
    )
    assert render(blank, "gpkg", chinese=True)[0]


def test_more_rows_than_excel_holds_are_refused(monkeypatch):
    monkeypatch.setattr(forms, "XLSX_ROWS", 1)
    with pytest.raises(TooManyRows):
        render(sheet(["a", "b"]), "xlsx", chinese=True)
