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
@pytest.mark.parametrize("what", ["incidents", "areas"])
def test_every_form_comes_as_a_named_file(fetch: Fetch, what: str, form: str) -> None:
    status, body, name = fetch("command", f"{what}.{form}")
    assert status == 200
    assert len(body) > 100
    assert name.startswith("attachment; filename=")
    assert f".{form}" in name


@pytest.mark.parametrize("name", ["incidents.exe", "accounts.csv", "..%2f..%2fetc.csv", "x.y.csv"])
def test_other_names_are_not_found(fetch: Fetch, name: str) -> None:
    assert fetch("command", name)[0] in {400, 404}


def test_a_file_name_cannot_break_out_of_its_header() -> None:
    header = content_disposition('a"\r\nx: y; 大安区.csv')
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
    assert "%E5%A4%A7" in header
