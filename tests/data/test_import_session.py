"""Imports into a store, whole: from a file to rows, batch, event and what moved."""

import json
import shutil
from datetime import timedelta

import numpy as np
import pytest
import shapely
from sqlalchemy import func, select

from data import schema
from data.areas import load_tree
from data.events import events_since, verify_chain
from data.exporters import export_incidents
from data.importers.hierarchy import Root
from data.importers.options import Options
from data.importers.session import StoreMoved, check, look, write
from data.importers.write import Entry
from data.picture import Pictures
from data.settings import Settings
from data.store import get_meta, open_store, set_meta, watermark
from geo.datum import Datum, gcj02_from_wgs84
from rules.access import Scope
from rules.filters import IncidentFilter
from rules.levels import Level
from tests import small_district
from tests.reading_here import read_here

ENTRY = Entry("planner", small_district.NOW)


def geojson(path, *features, crs=None):
    body = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": properties,
             "geometry": json.loads(shapely.to_geojson(shape))}
            for shape, properties in features
        ],
    }  # fmt: skip
    if crs:
        body["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def table(path, *rows):
    names = list(rows[0])
    lines = [",".join(names), *(",".join(str(row[n]) for n in names) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(store, what, path, *, at=ENTRY, **options):
    asked = Options(what, path, **options)
    found = look(store, asked, read=read_here)
    return write(store, asked, check(store, asked, found, at), at)


def square(column, row=0, wide=1, high=1):
    west, south = 104.77 + column / 100, 29.37 + row / 100
    return shapely.box(west, south, west + wide / 100, south + high / 100)


def count(conn, table):
    return conn.execute(select(func.count()).select_from(table)).scalar_one()


def notes(report):
    return {n.key: n.values.get("n") for n in report.notes}


@pytest.fixture
def street(store, tmp_path):
    """Store with one street of one square on an empty record."""
    path = geojson(tmp_path / "street.geojson", (square(0, 0, 2, 2), {"code": "s", "name": "街"}))
    run(store, "boundaries", path, level=Level.STREET, root=Root("大安区", "510304"))
    return store


def row(number, lon, lat=29.375, **more):
    return {"number": number, "lon": lon, "lat": lat, "reported_at": "2026-06-01 08:00", **more}


def test_incidents_and_buildings_live_one_level_up_and_move_down_later(street, tmp_path):
    run(
        street,
        "incidents",
        table(tmp_path / "i.csv", row("1", 104.775), row("2", 104.785), row("3", 104.9)),
    )
    house = shapely.box(104.7749, 29.3749, 104.7751, 29.3751)
    run(street, "buildings", geojson(tmp_path / "b.geojson", (house, {"code": "b"})))
    with street.read() as conn:
        street_id = conn.execute(
            select(schema.area.c.id).where(schema.area.c.code == "s")
        ).scalar_one()
        at = select(schema.incident.c.area_id).order_by(schema.incident.c.number)
        assert conn.execute(at).scalars().all()[:2] == [street_id, street_id]
        assert conn.execute(select(schema.building.c.area_id)).scalar_one() == street_id
        version = get_meta(conn, "area_version")
    path = geojson(tmp_path / "g.geojson", (square(0), {"code": "g1"}), (square(1), {"code": "g2"}))
    report = run(street, "boundaries", path, level=Level.GRID)
    assert notes(report)["moved_incidents"] == 2
    assert notes(report)["moved_buildings"] == 1
    with street.read() as conn:
        codes = {r.id: r.code for r in conn.execute(select(schema.area))}
        incidents = conn.execute(select(schema.incident).order_by(schema.incident.c.number)).all()
        assert [(codes[i.area_id], i.place) for i in incidents] == [
            ("g1", "exact"), ("g2", "exact"), ("510304", "outside"),
        ]  # fmt: skip
        assert get_meta(conn, "area_version") != version
        tree = load_tree(conn, at=small_district.NOW)
        assert [tree.get(i).code for i in tree.ancestors(tree.by_code("g1").id)] == [
            "510304",
            "s",
            "g1",
        ]


def test_each_import_is_one_batch_and_one_event(street, tmp_path):
    with street.read() as conn:
        mark = watermark(conn)
    run(street, "incidents", table(tmp_path / "i.csv", row("1", 104.775), row("1", 104.775)))
    with street.read() as conn:
        (event,) = events_since(conn, mark)
        batch = conn.execute(select(schema.batch).order_by(schema.batch.c.id.desc())).first()
        stored = json.loads(batch.report)
        marked = conn.execute(select(schema.incident.c.batch_id)).scalars().all()
        assert verify_chain(conn).sound
    assert (event.action, event.subject, event.subject_id) == ("import", "batch", batch.id)
    assert (event.actor, event.after["rows"], event.after["refused"]) == ("planner", 1, 1)
    assert stored["rows"][0]["text"]["zh"] == "编号重复"
    assert stored["mapping"]["number"] == "number"
    assert marked == [batch.id]


def test_an_incident_in_a_footprint_gets_its_building(street, tmp_path):
    house = shapely.box(104.7749, 29.3749, 104.7751, 29.3751)
    run(street, "buildings", geojson(tmp_path / "b.geojson", (house, {"code": "b"})))
    run(street, "incidents", table(tmp_path / "i.csv", row("1", 104.775), row("2", 104.778)))
    with street.read() as conn:
        found = select(schema.incident.c.building_id).order_by(schema.incident.c.number)
        assert [b is not None for b in conn.execute(found).scalars()] == [True, False]


def test_checking_writes_nothing(street, tmp_path):
    asked = Options("incidents", table(tmp_path / "i.csv", row("1", 104.775)))
    with street.read() as conn:
        before = [count(conn, t) for t in schema.metadata.sorted_tables]
    checked = check(street, asked, look(street, asked, read=read_here), ENTRY)
    assert checked.report.accepted == 1
    with street.read() as conn:
        assert [count(conn, t) for t in schema.metadata.sorted_tables] == before


def test_areas_that_change_between_check_and_write_stop_the_write(street, tmp_path):
    asked = Options("incidents", table(tmp_path / "i.csv", row("1", 104.775)))
    checked = check(street, asked, look(street, asked, read=read_here), ENTRY)
    with street.write() as conn:
        set_meta(conn, "area_version", "99")
    with pytest.raises(StoreMoved):
        write(street, asked, checked, ENTRY)


def test_a_number_taken_between_check_and_write_stops_the_whole_write(street, tmp_path):
    asked = Options("incidents", table(tmp_path / "i.csv", row("1", 104.775), row("2", 104.775)))
    checked = check(street, asked, look(street, asked, read=read_here), ENTRY)
    run(street, "incidents", table(tmp_path / "j.csv", row("2", 104.775)))
    with pytest.raises(StoreMoved):
        write(street, asked, checked, ENTRY)
    with street.read() as conn:
        assert count(conn, schema.incident) == 1


def test_without_areas_a_stand_in_holds_the_data_until_boundaries_come(sqlite_store, tmp_path):
    rows = [row(str(i), 104.775 + i / 1000) for i in range(5)]
    report = run(sqlite_store, "incidents", table(tmp_path / "i.csv", *rows), root=Root("暂定"))
    assert "synthetic_root" in notes(report)
    path = geojson(
        tmp_path / "d.geojson", (square(0, 0, 2, 2), {"code": "510304", "name": "大安区"})
    )
    report = run(sqlite_store, "boundaries", path, level=Level.DISTRICT)
    assert "replaced_root" in notes(report)
    with sqlite_store.read() as conn:
        (root,) = conn.execute(select(schema.area)).all()
        assert (root.code, root.name) == ("510304", "大安区")
        assert get_meta(conn, "district_name") == "大安区"
        assert set(conn.execute(select(schema.incident.c.area_id)).scalars()) == {root.id}


def test_columns_are_remembered_for_the_same_headings(sqlite_store, tmp_path):
    odd = {"no": "1", "when": "2026-06-01", "e": "104.775", "n": "29.375"}
    mapping = {"number": "no", "reported_at": "when", "lon": "e", "lat": "n"}
    run(sqlite_store, "incidents", table(tmp_path / "i.csv", odd), mapping=mapping)
    again = look(
        sqlite_store,
        Options("incidents", table(tmp_path / "j.csv", {**odd, "no": "2"})),
        read=read_here,
    )
    assert again.report.mapping == mapping
    assert "remembered" in notes(again.report)


@pytest.mark.parametrize("declared", [None, "urn:ogc:def:crs:EPSG::4490"])
def test_shifted_boundaries_are_told_by_the_district_and_shifted_back(street, tmp_path, declared):
    def shift(xy):
        return np.column_stack(gcj02_from_wgs84(*xy.T))

    dense = shapely.segmentize([square(0, 0, 1, 2), square(1, 0, 1, 2)], 0.002)
    shifted = shapely.transform(dense, shift)
    path = geojson(
        tmp_path / "c.geojson",
        (shifted[0], {"code": "c1"}),
        (shifted[1], {"code": "c2"}),
        crs=declared,
    )
    found = look(street, Options("boundaries", path, level=Level.COMMUNITY), read=read_here)
    assert found.report.detection.datum == "gcj02"
    assert found.report.detection.datum_reason == "datum_laid"
    assert shapely.hausdorff_distance(found.shapes[0], dense[0]) < 1e-8
    named = look(
        street,
        Options("boundaries", path, level=Level.COMMUNITY, datum=Datum.WGS84),
        read=read_here,
    )
    assert named.report.detection.datum == "wgs84"


def test_surveyors_tables_with_north_first_are_read_in_the_zone_of_the_district(street, tmp_path):
    # EPSG:4544 of 104.775 E, 29.375 N, as X (north) and Y (east).
    rows = [
        {"number": str(i), "X": 3250857.0 + i, "Y": 478161.0 + i, "reported_at": "2026-06-01"}
        for i in range(3)
    ]
    found = look(street, Options("incidents", table(tmp_path / "i.csv", *rows)), read=read_here)
    assert found.report.detection.crs == "EPSG:4544"
    assert found.report.detection.swapped
    assert shapely.distance(found.shapes[0], shapely.Point(104.775, 29.375)) < 1e-4


def test_the_small_district_takes_incidents_into_its_grids(district, tmp_path):
    later = Entry("command", small_district.NOW + timedelta(hours=1))
    run(district, "incidents", table(tmp_path / "i.csv", row("x1", 104.775)), at=later)
    with district.read() as conn:
        where = schema.incident.c.number == "x1"
        assert (
            conn.execute(select(schema.incident.c.area_id).where(where)).scalar_one()
            == (small_district.AREA["G1"])
        )


def test_an_export_can_be_imported_into_another_record(sqlite_district, tmp_path, sqlite_template):
    picture = Pictures(sqlite_district).current(small_district.NOW)
    root = picture.tree.root_id
    body, _, name = export_incidents(
        sqlite_district, picture, scope=Scope(root), area_id=root,
        filter=IncidentFilter(status="all"), now=small_district.NOW, form="geojson", locale="en",
    )  # fmt: skip
    path = tmp_path / name
    path.write_bytes(body)
    copy = tmp_path / "copy.db"
    shutil.copyfile(sqlite_template, copy)
    other = open_store(Settings(database_url=f"sqlite:///{copy}", var=tmp_path))
    run(other, "incidents", path)
    columns = [
        schema.incident.c[key]
        for key in ("number", "kind", "subkind", "title", "severity", "state", "source",
                    "reported_at", "due_at", "closed_at", "effort_minutes", "satisfaction")
    ]  # fmt: skip
    found = []
    for store in (sqlite_district, other):
        with store.read() as conn:
            found.append(conn.execute(select(*columns).order_by(schema.incident.c.number)).all())
    other.close()
    assert [tuple(r) for r in found[0]] == [tuple(r) for r in found[1]]


@pytest.mark.parametrize(("crs", "warned"), [("EPSG:4544", False), ("EPSG:2380", True)])
def test_old_datums_without_exact_parameters_are_warned_of(street, tmp_path, crs, warned):
    rows = [
        {"number": str(i), "X": 3250857.0 + i, "Y": 478161.0 + i, "reported_at": "2026-06-01"}
        for i in range(3)
    ]
    asked = Options("incidents", table(tmp_path / "i.csv", *rows), crs=crs)
    found = look(street, asked, read=read_here)
    assert ("approximate_datum" in notes(found.report)) is warned
