"""Boundaries and incidents that somebody else made, from the command line onto the map."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.chromium import needed as chromium_marks
from tests.e2e.conftest import ROOT, Open, Screen, Site, command, serve

pytestmark = chromium_marks

REAL = Path(os.environ.get("GRIDMAP_REAL", ROOT.parent / "shared" / "real"))


KINDS = {"Graffiti": "environment", "Illegal Dumping": "environment", "Feedback": "opinion"}
COUNCILS = (
    "boundaries", "{folder}/neighborhood_councils.geojson", "--level", "community",
    "--code-field", "nc_id", "--name-field", "name", "--parent-field", "service_re",
    "--root-name", "Los Angeles", "--yes",
)  # fmt: skip
REQUESTS = (
    "incidents", "{folder}/service_requests.csv", "--map", "kind=type_id",
    "--lookup", "type_id=types.csv:type_id:type_name",
    *(f"--kind-map={theirs}={ours}" for theirs, ours in KINDS.items()),
    "--time-zone", "America/Los_Angeles", "--yes",
)  # fmt: skip


@pytest.fixture(scope="module")
def los_angeles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = REAL / "los-angeles"
    if not folder.exists():
        pytest.skip(f"no real data at {REAL}")
    var = tmp_path_factory.mktemp("los-angeles")
    command(var, "-m", "data", "init")
    for words in (COUNCILS, REQUESTS):
        command(var, "-m", "data", "import", *(word.format(folder=folder) for word in words))
    command(
        var, "-m", "data", "user", "add", "boss", "--name", "Boss", "--role", "command",
        stdin="Calm-River-2026\n",
    )  # fmt: skip
    yield from serve(var)


def test_real_requests_are_found_on_the_map(open_page: Open, los_angeles: Site) -> None:
    page, watch = open_page(locale="en-US")
    page.goto(los_angeles.url)
    page.fill("#login", "boss")
    page.fill("#password", "Calm-River-2026")
    page.locator("button.primary").click()
    tab = Screen(page, los_angeles)
    tab.ready()
    assert len(tab.areas()) >= 6
    search = tab.frame.locator(".gm-search input")
    search.fill("1-1523590121")
    tab.frame.locator(".gm-hits li").first.click()
    page.wait_for_url("**incident=1-1523590121*")
    expect(tab.panel).to_contain_text("1-1523590121")
    assert watch.errors == []
    assert watch.outside(los_angeles.url) == []
