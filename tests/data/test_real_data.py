"""Data made by others, imported as its owners gave it: see docs/bring-your-own-district.md."""

import json
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
from sqlalchemy import func, select

from data import schema
from data.__main__ import main
from data.clock import now
from data.events import verify_chain
from data.exporters import export_areas, export_incidents
from data.figures import area_sums
from data.importers.known import load_known
from data.importers.placing import place
from data.importers.reading import Request, read_records
from data.picture import Pictures
from data.settings import read_settings
from data.store import get_meta, open_store
from geo.coverage import check, overlaps
from geo.crs import STORE_CRS, metric_crs, transform
from rules.access import Scope
from rules.filters import IncidentFilter
from rules.levels import Level

REAL = Path(os.environ.get("GRIDMAP_REAL") or Path(__file__).resolve().parents[3] / "shared/real")
pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"real data not found at {REAL}; set GRIDMAP_REAL to its folder"
)
ALL = IncidentFilter(status="all")
CLEANING = (
    "Homeless Encampment", "Bulky Items", "Illegal Dumping", "Electronic Waste",
    "Metal/Appliances", "Animal Remains", "Graffiti", "Single Streetlight",
    "Multiple Streetlights", "Water Waste",
)  # fmt: skip


class District:
    """A store of its own, filled by the command line; keeps the report of each import."""

    def __init__(self, folder):
        self.environ = {"GRIDMAP_VAR": str(folder)}
        self.reports = []
        self.codes = [main(["init"], self.environ)]
        self.store = open_store(read_settings(self.environ))

    def add(self, *arguments):
        path = Path(self.environ["GRIDMAP_VAR"]) / "report.json"
        command = ["import", *map(str, arguments), "--yes", "--json-report", str(path)]
        self.codes.append(main(command, self.environ))
        self.reports.append(json.loads(path.read_text("utf-8")))

    def count(self, table, *where):
        with self.store.read() as conn:
            query = select(func.count()).select_from(table).where(*where)
            return conn.execute(query).scalar_one()

    def known(self):
        with self.store.read() as conn:
            return load_known(conn)

    def sound(self):
        with self.store.read() as conn:
            return verify_chain(conn).sound


@pytest.fixture(scope="module")
def angeles(tmp_path_factory):
    folder = REAL / "los-angeles"
    found = District(tmp_path_factory.mktemp("angeles"))
    found.add(
        "boundaries", folder / "neighborhood_councils.geojson", "--level", "community",
        "--code-field", "nc_id", "--name-field", "name", "--parent-field", "service_re",
        "--root-name", "Los Angeles",
    )  # fmt: skip
    kinds = [part for word in CLEANING for part in ("--kind-map", f"{word}=environment")]
    found.add(
        "incidents", folder / "service_requests.csv", "--map", "kind=type_id",
        "--lookup", "type_id=types.csv:type_id:type_name", "--time-zone", "America/Los_Angeles",
        "--kind-map", "Feedback=opinion", *kinds,
    )  # fmt: skip
    yield found
    found.store.close()


def metres(areas):
    shapes = np.array([a.geom for a in areas], object)
    return transform(shapes, STORE_CRS, metric_crs(-118.4))


def test_councils_that_overlap_become_a_coverage_and_the_repair_is_told(angeles):
    councils = metres([a for a in angeles.known().areas if a.level is Level.COMMUNITY])
    assert len(councils) == 99
    assert overlaps(councils)[1].sum() < 1
    # Clean runs on the plane; going back to degrees moves a vertex by nanometres.
    assert check(councils).area_kept
    repair = angeles.reports[0]["repair"]
    assert 25e6 < repair["overlap_area"] < 27e6
    assert repair["overlaps"] > 100
    assert 25e6 < repair["moved"] < 27e6


def test_regions_are_made_of_their_councils_and_leave_the_city_open(angeles):
    areas = angeles.known().areas
    regions = [a for a in areas if a.level is Level.STREET]
    root = angeles.known().root
    assert (len(regions), root.name) == (12, "Los Angeles")
    total = shapely.area(metres([a for a in areas if a.level is Level.COMMUNITY])).sum()
    assert shapely.area(metres(regions)).sum() == pytest.approx(total, rel=1e-9)
    assert shapely.area(metres([root])).sum() == pytest.approx(total, rel=1e-9)
    # The councils leave gaps; they must stay open, not be filled by the nearest council.
    box = shapely.area(shapely.envelope(metres([root]))).sum()
    assert total < 0.6 * box


def test_all_requests_are_in_with_their_own_clock(angeles):
    assert angeles.codes == [0, 0, 0]
    assert angeles.count(schema.incident) == 9989
    assert angeles.reports[1]["counts"] == {"incidents": 9989, "open": 43}
    with angeles.store.read() as conn:
        first = conn.execute(
            select(schema.incident).where(schema.incident.c.number == "1-1523590121")
        ).one()
        assert get_meta(conn, "time_zone") == "America/Los_Angeles"
    local = shapely.Point(first.lon, first.lat)
    assert local.distance(shapely.Point(-118.4994716, 34.19402846)) < 1e-9
    zone = ZoneInfo("America/Los_Angeles")
    # 2020-01-01 00:05 in Los Angeles.
    assert first.reported_at == 1577865900
    assert (first.kind, first.subkind, first.state) == ("environment", "Illegal Dumping", "closed")
    assert zone.key == "America/Los_Angeles"


def test_requests_in_no_council_are_kept_at_the_city_and_counted(angeles):
    known = angeles.known()
    outside = {n["key"]: n.get("n") for n in angeles.reports[1]["notes"]}["outside"]
    assert outside == 139
    place = schema.incident.c.place == "outside"
    assert angeles.count(schema.incident, place, schema.incident.c.area_id == known.root.id) == 139
    assert angeles.count(schema.incident, place) == 139


def test_every_other_request_lies_in_its_council(angeles):
    by_id = angeles.known().by_id
    with angeles.store.read() as conn:
        rows = conn.execute(select(schema.incident).where(schema.incident.c.place == "exact")).all()
    areas = np.array([by_id[r.area_id].geom for r in rows], object)
    points = shapely.points([r.lon for r in rows], [r.lat for r in rows])
    assert {by_id[r.area_id].level for r in rows} == {Level.COMMUNITY}
    assert shapely.intersects(areas, points).all()


def test_the_city_can_be_drilled_and_its_sums_add_up(angeles):
    at = now()
    picture = Pictures(angeles.store).current(at)
    tree, scope = picture.tree, Scope(picture.tree.root_id)
    regions = tree.children(tree.root_id)
    sums = area_sums(picture, scope=scope, area_ids=[tree.root_id, *regions], filter=ALL, now=at)
    assert sums[tree.root_id].items == 9989
    assert sum(sums[i].items for i in regions) == 9989 - 139
    assert tree.child_level(tree.root_id) is Level.STREET
    assert angeles.sound()


@pytest.mark.parametrize("form", ["xlsx", "csv", "geojson", "gpkg"])
def test_all_of_it_can_be_taken_out_again(angeles, form):
    at = now()
    picture = Pictures(angeles.store).current(at)
    root = picture.tree.root_id
    for export in (export_incidents, export_areas):
        body, _, _ = export(
            angeles.store, picture, scope=Scope(root), area_id=root, filter=ALL, now=at, form=form,
            locale="en",
        )  # fmt: skip
        assert len(body) > 1000


def test_a_second_import_of_the_same_file_is_refused_row_by_row(angeles):
    path = REAL / "los-angeles/neighborhood_councils.geojson"
    angeles.add("boundaries", path, "--level", "community", "--code-field", "nc_id")
    assert angeles.codes.pop() == 3
    assert angeles.reports.pop()["reasons"] == {"duplicate_code": 99}


@pytest.fixture(scope="module")
def helsinki(tmp_path_factory):
    found = District(tmp_path_factory.mktemp("helsinki"))
    extract = REAL / "helsinki/Helsinki.osm.pbf"
    found.add("buildings", extract, "--root-name", "Helsinki")
    found.add("base", extract)
    yield found
    found.store.close()


def test_buildings_of_an_extract_are_in_and_the_damaged_ones_are_named(helsinki):
    report = helsinki.reports[0]
    assert (report["read"], report["accepted"]) == (494, 482)
    assert helsinki.count(schema.building) == 482
    # Cut by the edge of the extract: five rings never close, seven closed to a line.
    assert report["reasons"] == {"broken_shape": 5, "no_area_left": 7}
    assert all(row["column"] == "geometry" and row["value"] for row in report["rows"])
    assert helsinki.count(schema.building, schema.building.c.address != "") == 90


def test_streets_and_water_are_in_although_eleven_polygons_are_broken(helsinki):
    report = helsinki.reports[1]
    assert report["reasons"] == {"broken_shape": 11}
    assert report["counts"]["road"] > 2000
    assert report["counts"]["water"] > 5
    assert helsinki.count(schema.base_feature) == report["accepted"]


def test_without_boundaries_a_district_is_made_from_the_extent(helsinki):
    known = helsinki.known()
    assert known.stand_in == known.root.id
    assert known.root.name == "Helsinki"
    assert "synthetic_root" in {n["key"] for n in helsinki.reports[0]["notes"]}
    assert helsinki.sound()


@pytest.fixture(scope="module")
def prague(tmp_path_factory):
    found = District(tmp_path_factory.mktemp("prague"))
    path = REAL / "prague-bubenec/bubenec.gpkg"
    found.add(
        "boundaries", path, "--layer", "tessellation", "--level", "grid", "--code-field", "uID",
        "--root-name", "Bubeneč",
    )  # fmt: skip
    found.add("buildings", path, "--layer", "buildings")
    found.add("base", path, "--layer", "streets", "--as", "road")
    yield found
    found.store.close()


def test_web_mercator_layers_of_one_file_fall_into_place(prague):
    assert prague.codes == [0, 0, 0, 0]
    assert prague.reports[0]["detection"]["crs"] == "EPSG:3857"
    assert (prague.count(schema.building), prague.count(schema.base_feature)) == (144, 35)
    west, south, east, north = prague.known().extent
    assert (14.39, 50.10) < (west, south) < (east, north) < (14.41, 50.11)


def test_each_building_lies_in_the_cell_drawn_around_it(prague):
    joined = schema.building.join(schema.area, schema.area.c.id == schema.building.c.area_id)
    with prague.store.read() as conn:
        pairs = conn.execute(
            select(schema.building.c.code, schema.area.c.code).select_from(joined)
        ).all()
    assert len(pairs) == 144
    assert all(building == cell for building, cell in pairs)


def test_dirty_plots_are_repaired(prague):
    path = REAL / "prague-bubenec/bubenec.gpkg"
    prague.add("boundaries", path, "--layer", "plots", "--code-field", "ID", "--dry-run")
    assert prague.codes.pop() in (0, 3)
    report = prague.reports.pop()
    assert report["repair"]["overlaps"] >= 1
    assert report["repair"]["moved"] < 5
    records = read_records(Request(path, layer="plots"))
    placed = place(records.shapes, prague.known(), declared=records.crs, crs=None, datum=None)
    assert len(placed.shapes) == report["read"] == 407
