import csv
import io
import json

import pytest

from data.events import events_since
from data.exporters import export_areas, export_buildings, export_incidents
from data.picture import Pictures
from data.rulebook import parse_rulebook
from data.store import watermark
from rules.access import OutsideScope, Scope
from rules.filters import IncidentFilter
from rules.levels import Level
from tests.small_district import AREA, BUILDING, CODE, NOW, NUMBER

EVERYTHING = IncidentFilter(status="all")
WHOLE = Scope(AREA["D"])


@pytest.fixture
def picture(district):
    return Pictures(district).current(NOW)


def incidents(store, picture, *, scope=WHOLE, area="D", filter=EVERYTHING, form="geojson"):
    body, _, _ = export_incidents(
        store, picture, scope=scope, area_id=AREA[area], filter=filter, now=NOW, form=form,
        locale="zh", actor="command",
    )  # fmt: skip
    if form == "csv":
        return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    return [f["properties"] for f in json.loads(body)["features"]]


def test_exported_incidents_are_those_of_the_filter(district, picture):
    assert {r["number"] for r in incidents(district, picture)} == set(NUMBER.values())
    overdue = incidents(district, picture, filter=IncidentFilter(overdue=True))
    assert {r["number"] for r in overdue} == {NUMBER[i] for i in ("I2", "I4", "I8")}


def test_the_whole_path_of_areas_stands_in_each_row(district, picture):
    row = next(r for r in incidents(district, picture) if r["number"] == NUMBER["I1"])
    assert (row["street"], row["community"], row["grid"]) == ("龙井街道", "龙井社区", "第1网格")
    assert row["area_code"] == CODE["G1"]
    chinese = next(
        r for r in incidents(district, picture, form="csv") if r["事件编号"] == NUMBER["I1"]
    )
    assert (chinese["事件大类"], chinese["事件小类"]) == ("安全隐患", "消防通道堵塞")


def test_no_personal_column_is_exported(district, picture):
    keys = set(incidents(district, picture)[0])
    assert not any("reporter" in key or "phone" in key or "assignee" in key for key in keys)


def test_a_scope_is_obeyed_and_a_foreign_area_refused(district, picture):
    street = Scope(AREA["S1"])
    numbers = {r["number"] for r in incidents(district, picture, scope=street, area="S1")}
    assert numbers == {NUMBER[f"I{n}"] for n in range(1, 8)}
    with pytest.raises(OutsideScope):
        incidents(district, picture, scope=street, area="S2")
    chief = Scope(AREA["G1"], frozenset({BUILDING["B1"]}))
    found = {r["number"] for r in incidents(district, picture, scope=chief, area="G1")}
    assert found == {NUMBER["I1"], NUMBER["I3"]}
    for export in (export_areas, export_buildings):
        with pytest.raises(OutsideScope):
            export(
                district, picture, scope=street, area_id=AREA["S2"], filter=EVERYTHING, now=NOW,
                form="csv", locale="zh",
            )  # fmt: skip


def test_an_export_is_logged_with_its_row_count(district, picture):
    with district.read() as conn:
        mark = watermark(conn)
    incidents(district, picture, area="S2")
    with district.read() as conn:
        (event,) = events_since(conn, mark)
    assert (event.actor, event.action, event.subject_id) == ("command", "export", AREA["S2"])
    assert (event.after["rows"], event.after["form"]) == (5, "geojson")


def areas(store, picture, area, level=None):
    body, _, _ = export_areas(
        store, picture, scope=WHOLE, area_id=AREA[area], filter=EVERYTHING, now=NOW,
        form="geojson", locale="zh", level=level,
    )  # fmt: skip
    return json.loads(body)["features"]


def test_areas_carry_their_shapes_and_figures(district, picture):
    streets = {f["properties"]["code"]: f for f in areas(district, picture, "D")}
    first = streets[CODE["S1"]]["properties"]
    assert (first["open"], first["overdue"], first["items"]) == (5, 2, 7)
    assert first["parent_code"] == CODE["D"]
    assert streets[CODE["S1"]]["geometry"]["type"] == "Polygon"
    grids = areas(district, picture, "D", level=Level.GRID)
    assert len(grids) == 8
    assert [f["properties"]["code"] for f in areas(district, picture, "G1")] == [CODE["G1"]]


def buildings(district, picture, filter):
    body, _, _ = export_buildings(
        district, picture, scope=WHOLE, area_id=AREA["S1"], filter=filter, now=NOW,
        form="geojson", locale="en",
    )  # fmt: skip
    return json.loads(body)["features"]


def test_buildings_of_an_area_are_exported_with_footprints(district, picture):
    features = buildings(district, picture, EVERYTHING)
    assert len(features) == 4
    assert {f["geometry"]["type"] for f in features} == {"Polygon"}
    assert sum(f["properties"]["households"] for f in features) == 150


def test_buildings_carry_the_open_items_that_the_filter_keeps(district, picture):
    def open_at(filter):
        return {
            f["properties"]["code"]: f["properties"]["open"]
            for f in buildings(district, picture, filter)
        }

    assert open_at(EVERYTHING)["B1"] == 1
    assert open_at(IncidentFilter(kinds=("dispute",)))["B1"] == 0


def test_kinds_are_named_as_the_district_names_them(sqlite_district):
    book = parse_rulebook('kinds.hazard.zh = "隐患排查"')
    picture = Pictures(sqlite_district, book).current(NOW)
    raw, _, _ = export_incidents(
        sqlite_district, picture, scope=Scope(AREA["D"]), area_id=AREA["D"],
        filter=IncidentFilter(), now=NOW, form="csv", locale="zh",
    )  # fmt: skip
    assert "隐患排查".encode() in raw
    assert "安全隐患".encode() not in raw
