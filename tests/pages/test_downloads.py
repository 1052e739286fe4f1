"""A download holds exactly what the view shows, and nothing of other people's areas."""

import csv
import io
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from pages._gate import SESSION_COOKIE
from pages.downloads import FORMS, content_disposition
from tests.small_district import CODE, NUMBER

Fetch = Callable[..., tuple[int, bytes, str]]


@pytest.fixture
def fetch(server: TestClient, signed_in: Callable[[str], str]) -> Fetch:
    def get(login: str, name: str, **query: str) -> tuple[int, bytes, str]:
        server.cookies.clear()
        cookie = {"cookie": f"{SESSION_COOKIE}={signed_in(login)}"}
        answer = server.get(f"/download/{name}", params=query, headers=cookie)
        return answer.status_code, answer.content, answer.headers.get("content-disposition", "")

    return get


def numbers(body: bytes) -> set[str]:
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    return {row[0].lstrip("'") for row in rows[1:]}


def test_the_file_holds_what_the_filter_keeps(fetch: Fetch) -> None:
    _, body, _ = fetch("command", "incidents.csv", at=CODE["S1"], kind="hazard")
    assert numbers(body) == {NUMBER["I1"], NUMBER["I4"]}


def test_the_file_holds_nothing_outside_the_scope(fetch: Fetch) -> None:
    _, body, _ = fetch("lead", "incidents.csv", status="all")
    assert numbers(body) == {NUMBER["I1"], NUMBER["I2"], NUMBER["I3"]}


@pytest.mark.parametrize("what", ["area", "at"])
def test_a_foreign_area_is_refused_in_words(fetch: Fetch, what: str) -> None:
    status, body, _ = fetch("lead", "incidents.csv", **{what: CODE["G5"]})
    assert status == 404
    assert "不在您的管辖范围内" in body.decode()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("what", ["incidents", "areas", "buildings"])
def test_every_form_comes_as_a_named_file(fetch: Fetch, what: str, form: str) -> None:
    status, body, name = fetch("command", f"{what}.{form}")
    assert status == 200
    assert len(body) > 100
    assert name.startswith("attachment; filename=")
    assert f".{form}" in name


def test_areas_come_at_the_level_that_the_map_draws(fetch: Fetch) -> None:
    _, body, _ = fetch("command", "areas.csv", level="6")
    assert numbers(body) == {CODE[f"G{n}"] for n in range(1, 9)}
    _, body, _ = fetch("command", "areas.csv", area=CODE["G1"], level="6")
    assert numbers(body) == {CODE["G1"]}


def test_a_building_gives_its_own_incidents_only(fetch: Fetch) -> None:
    _, body, _ = fetch("command", "incidents.csv", building="B1", status="all")
    assert numbers(body) == {NUMBER["I1"], NUMBER["I3"]}
    _, body, _ = fetch("command", "buildings.csv", building="B1")
    assert numbers(body) == {"B1"}
    assert fetch("chief", "incidents.csv", building="B3")[0] == 404


def test_a_sheet_that_is_too_long_is_refused_in_words(
    fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.exporters.forms.XLSX_ROWS", 1)
    status, body, _ = fetch("command", "incidents.xlsx")
    assert status == 413
    assert "CSV" in body.decode()


@pytest.mark.parametrize("name", ["incidents.exe", "accounts.csv", "..%2f..%2fetc.csv", "x.y.csv"])
def test_other_names_are_not_found(fetch: Fetch, name: str) -> None:
    assert fetch("command", name)[0] in {400, 404}


def test_a_file_name_cannot_break_out_of_its_header() -> None:
    header = content_disposition('a"\r\nx: y; 大安区.csv')
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
    assert "%E5%A4%A7" in header


def test_the_assessment_comes_as_a_table_and_never_as_a_map(fetch: Fetch) -> None:
    status, body, name = fetch("command", "assessment.csv", by="grid")
    assert status == 200
    assert len(numbers(body)) == 8
    assert ".csv" in name
    assert fetch("command", "assessment.xlsx", by="person", days="365")[0] == 200
    assert fetch("command", "assessment.geojson", by="grid")[0] == 404


def test_an_assessment_holds_only_whom_one_may_see(fetch: Fetch) -> None:
    _, body, _ = fetch("lead", "assessment.csv", by="person")
    assert numbers(body) == {"网格长1"}
    assert fetch("lead", "assessment.csv", by="street")[0] == 404
    assert fetch("lead", "assessment.csv", by="person", at=CODE["G5"])[0] == 404
    assert fetch("planner", "assessment.csv", by="person")[0] == 404
