import json
import zipfile
from datetime import UTC, datetime

import numpy as np
import pyogrio.raw
import pyproj
import pytest
import shapely
import xlsxwriter

from data.importers import parsers
from data.importers.attributes import tags, with_tags
from data.importers.encodings import decode
from data.importers.parsers import Refused
from data.importers.reading import Records
from geo.crs import crs_name

SQUARE = shapely.box(104.77, 29.37, 104.78, 29.38)


def write_vector(
    path, names, *, driver, shapes=None, layer="grids", encoding=None, crs="EPSG:4490"
):
    shapes = [SQUARE] * len(names) if shapes is None else shapes
    pyogrio.raw.write(
        str(path), shapely.to_wkb(np.array(shapes, object)), [np.array(names, object)], ["name"],
        geometry_type=shapes[0].geom_type, crs=crs, driver=driver, layer=layer, encoding=encoding,
        append=path.exists(),
    )  # fmt: skip


def read(path, **job):
    out = path.parent / "out"
    out.mkdir(exist_ok=True)
    return parsers.read(path, {"out": str(out), **job})


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
@pytest.mark.parametrize("declared", [True, False])
def test_shapefile_names_survive_with_and_without_a_code_page(tmp_path, encoding, declared):
    path = tmp_path / "grids.shp"
    write_vector(path, ["大楻桶社区", "一号网格"], driver="ESRI Shapefile", encoding=encoding)
    if not declared:
        path.with_suffix(".cpg").unlink()
        table = bytearray(path.with_suffix(".dbf").read_bytes())
        table[29] = 0
        path.with_suffix(".dbf").write_bytes(bytes(table))
    parsed = read(path)
    assert parsed.columns["name"] == ["大楻桶社区", "一号网格"]
    assert parsed.crs == "EPSG:4490"


def test_a_zipped_shapefile_in_a_folder_with_a_chinese_name_is_read(tmp_path):
    path = tmp_path / "grids.shp"
    write_vector(path, ["一号网格"], driver="ESRI Shapefile", encoding="GB18030")
    archive = tmp_path / "grids.zip"
    with zipfile.ZipFile(archive, "w") as found:
        for part in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
            # A GBK name without the UTF-8 flag, as Windows archives have it.
            name = "网格/边界".encode("gbk").decode("cp437") + part
            found.write(path.with_suffix(part), name)
    assert read(archive).columns["name"] == ["一号网格"]


def test_archives_that_are_no_shapefile_or_a_bomb_are_refused(tmp_path, monkeypatch):
    archive = tmp_path / "x.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as found:
        found.writestr("readme.txt", "0" * 5000)
    with pytest.raises(Refused, match="no_shapefile"):
        read(archive)
    monkeypatch.setattr(parsers, "MAX_UNPACKED", 1000)
    with pytest.raises(Refused, match="bomb"):
        read(archive)
    archive.write_bytes(b"PK but not really")
    with pytest.raises(Refused, match="damaged"):
        read(archive)


def test_one_layer_is_chosen_by_its_kind_and_several_are_asked_for(tmp_path):
    path = tmp_path / "all.gpkg"
    write_vector(path, ["g"], driver="GPKG", layer="grids")
    line = shapely.LineString([(0, 0), (1, 1)])
    write_vector(path, ["r"], driver="GPKG", layer="roads", shapes=[line])
    assert read(path, dimension=1).layer == "roads"
    assert read(path, layer="grids").columns["name"] == ["g"]
    write_vector(path, ["h"], driver="GPKG", layer="more")
    with pytest.raises(Refused) as refused:
        read(path, dimension=2)
    assert refused.value.reason == "choose_layer"
    assert "more" in refused.value.detail


def test_all_folders_of_a_kml_are_one_table(tmp_path):
    mark = "<Placemark><name>{}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>{}"
    mark += "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
    ring = "104.77,29.37,0 104.78,29.37,0 104.78,29.38,0 104.77,29.37,0"
    folder = "<Folder><name>{}</name>" + mark + "</Folder>"
    path = tmp_path / "grids.kml"
    path.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        + folder.format("东", "一号", ring) + folder.format("西", "二号", ring)
        + "</Document></kml>", encoding="utf-8",
    )  # fmt: skip
    parsed = read(path, dimension=2)
    assert parsed.columns.get("Name", parsed.columns.get("name")) == ["一号", "二号"]
    assert parsed.columns["layer"] == ["东", "西"]
    assert not shapely.has_z(shapely.from_wkb(parsed.wkb)).any()


def test_a_layer_that_points_to_other_files_is_not_followed(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("name\nsecret\n")
    path = tmp_path / "grids.kml"
    path.write_text(
        "<OGRVRTDataSource><OGRVRTLayer name='secret'>"
        f"<SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )
    # The reading process skips such drivers; run it as the import does.
    from data.importers.reading import Request, UnreadableFile, read_records  # noqa: PLC0415

    with pytest.raises(UnreadableFile):
        read_records(Request(path))


def test_broken_polygons_are_named_and_the_others_read(tmp_path, monkeypatch):
    good = shapely.to_wkb(SQUARE)
    open_ring = shapely.to_wkb(shapely.LineString([(0, 0), (1, 0), (1, 1), (0, 2)]))
    bad = good[:1] + b"\x03\0\0\0\x01\0\0\0" + open_ring[5:]
    path = tmp_path / "x.gpkg"
    write_vector(path, ["a"], driver="GPKG")
    fake = ({"fields": ["name"], "crs": None}, None, [good, bad, None], [["a", "b", "c"]])
    monkeypatch.setattr(parsers.pyogrio.raw, "read", lambda *_, **__: fake)
    parsed = read(path)
    assert parsed.broken == [1]
    assert [w is None for w in parsed.wkb] == [False, True, True]


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("编号,经度\n1,104".encode("utf-8-sig"), "utf-8-sig"),
        ("编号,经度\n1,104".encode(), "utf-8"),
        ("编号,经度\n1,104".encode("gbk"), "gb18030"),
        ("编号,经度\n1,104".encode("utf-16"), "utf-16"),
        ("编号\t经度\n1\t104".encode("gb18030"), "gb18030"), ("编号;经度\n1;104".encode(), "utf-8"),
    ],
)  # fmt: skip
def test_tables_are_read_in_every_usual_encoding(tmp_path, raw, encoding):
    path = tmp_path / "x.csv"
    path.write_bytes(raw)
    parsed = read(path)
    assert (parsed.encoding, parsed.columns) == (
        encoding,
        {"编号": ["1"], "经度": ["104"], "__row__": [2]},
    )
    assert decode("短".encode("gbk"))[0] == "短"


def test_quoted_cells_and_blank_lines_keep_their_row_numbers(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(
        'number,address\n1,"16815 W VANOWEN ST, 91406"\n\n2,"two\nlines"\n', encoding="utf-8"
    )
    parsed = read(path)
    assert parsed.columns["address"] == ["16815 W VANOWEN ST, 91406", "two\nlines"]
    assert parsed.columns["__row__"] == [2, 4]


def test_a_workbook_with_a_title_keeps_codes_dates_and_formula_texts(tmp_path):
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(str(path), {"remove_timezone": True})
    page = book.add_worksheet("事件")
    page.write(0, 0, "大安区事件台账")
    page.write_row(1, 0, ["网格编码", "上报时间", "标题", "经度"])
    page.write(2, 0, 510304001001001)
    page.write_datetime(
        2,
        1,
        datetime(2024, 1, 5, 14, 30, tzinfo=UTC),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    )
    page.write_string(2, 2, "=1+1")
    page.write(2, 3, 104.77)
    book.close()
    parsed = read(path)
    assert parsed.columns == {
        "网格编码": ["510304001001001"], "上报时间": ["2024-01-05 14:30:00"], "标题": ["=1+1"],
        "经度": ["104.77"], "__row__": [3],
    }  # fmt: skip
    with pytest.raises(Refused, match="choose_layer"):
        read(path, layer="nowhere")


def test_files_of_other_kinds_are_refused_by_name(tmp_path):
    path = tmp_path / "x.docx"
    path.write_text("?")
    with pytest.raises(Refused, match="unknown_format"):
        read(path)
    empty = tmp_path / "x.csv"
    empty.write_text("\n\n")
    with pytest.raises(Refused, match="empty"):
        read(empty)
    broken = tmp_path / "x.geojson"
    broken.write_text(json.dumps({"type": "FeatureCollection", "features": "none"}))
    with pytest.raises(Refused, match=r"damaged|empty|choose_layer"):
        read(broken)


def test_tags_of_openstreetmap_become_columns():
    text = '"addr:street"=>"Katu \\"A\\"","addr:housenumber"=>"5","building:levels"=>"6"'
    assert tags(text)["addr:street"] == 'Katu "A"'
    records = Records(
        {"osm_id": [None, "7"], "osm_way_id": ["12", None], "other_tags": [text, None]},
        [1, 2],
        "utf-8",
    )
    columns = with_tags(records).columns
    assert columns["address"] == ['Katu "A" 5', ""]
    assert columns["floors"] == ["6", None]
    assert columns["code"] == ["osm-w12", "osm-r7"]


@pytest.mark.parametrize("code", [4490, 4523, 4544, 4507, 4496, 4326, 3857])
def test_projection_files_of_shapefiles_give_the_system_back(tmp_path, code):
    path = tmp_path / "grids.shp"
    write_vector(path, ["一"], driver="ESRI Shapefile", encoding="UTF-8", crs=f"EPSG:{code}")
    crs = pyproj.CRS.from_epsg(code).to_wkt("WKT1_ESRI")
    path.with_suffix(".prj").write_text(crs)
    assert crs_name(read(path).crs) == f"EPSG:{code}"
