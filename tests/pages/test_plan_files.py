"""A plan's files go to who may see the plan, in the language of the page, and to nobody else."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from pages._gate import SESSION_COOKIE
from pages._house import House
from pages.plan_files import FORMS, file_link
from tests.data.plans import divided

Fetch = Callable[..., tuple[int, bytes, dict[str, str]]]


@pytest.fixture(scope="module")
def plan_id(house: House) -> int:
    """Plan in the store that all tests of this process read; none of them counts plans."""
    return divided(house.store)


@pytest.fixture
def fetch(server: TestClient, signed_in: Callable[[str], str]) -> Iterator[Fetch]:
    def get(login: str, path: str, **query: str) -> tuple[int, bytes, dict[str, str]]:
        server.cookies.clear()
        cookie = {"cookie": f"{SESSION_COOKIE}={signed_in(login)}"}
        answer = server.get(path, params=query, headers=cookie)
        return answer.status_code, answer.content, dict(answer.headers)

    yield get
    server.cookies.clear()


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_there_for_who_reviews(fetch: Fetch, plan_id: int, form: str) -> None:
    status, body, headers = fetch("street", file_link(plan_id, form))
    assert status == 200
    assert len(body) > 100
    assert "filename*=UTF-8''%E9%BE%99%E4%BA%95" in headers["content-disposition"]
    assert headers["content-encoding"] == "identity"


@pytest.mark.parametrize("login", ["lead", "chief", "admin"])
def test_who_sees_no_plans_gets_no_file(fetch: Fetch, plan_id: int, login: str) -> None:
    status, body, _ = fetch(login, file_link(plan_id, "csv"))
    assert status == 404
    assert "B1" not in body.decode()


@pytest.mark.parametrize("path", ["/plan/999/file/csv", "/plan/1/file/exe"])
def test_what_is_not_there_is_not_found(fetch: Fetch, plan_id: int, path: str) -> None:
    assert fetch("planner", path)[0] == 404


def test_an_older_state_metres_and_gbk_are_had_by_asking(fetch: Fetch, plan_id: int) -> None:
    _, body, _ = fetch("planner", file_link(plan_id, "geojson"), seq="0")
    assert len(json.loads(body)["features"]) == 2
    for never in ("77", "-1", "x", "٣", "9" * 5000):
        assert fetch("planner", file_link(plan_id, "geojson"), seq=never)[0] == 404
    _, body, _ = fetch("planner", file_link(plan_id, "shp"), crs="metres", encoding="gbk")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.read("grids.cpg") == b"GBK"
        assert b"Gauss" in archive.read("grids.prj")
