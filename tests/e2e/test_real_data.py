"""Boundaries, buildings and incidents that others made, from the command line onto the map."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import needed as chromium_marks
from tests.e2e.conftest import ROOT, Open, Screen, Site, command, serve

pytestmark = chromium_marks

REAL = Path(os.environ.get("GRIDMAP_REAL", ROOT.parent / "shared" / "real"))
PASSWORD = "Calm-River-2026"

KINDS = {"Graffiti": "environment", "Illegal Dumping": "environment", "Feedback": "opinion"}
COUNCILS = (
    "boundaries", "{folder}/neighborhood_councils.geojson", "--level", "community",
    "--code-field", "nc_id", "--name-field", "name", "--parent-field", "service_re",
    "--root-name", "Los Angeles",
)  # fmt: skip
REQUESTS = (
    "incidents", "{folder}/service_requests.csv", "--map", "kind=type_id",
    "--lookup", "type_id=types.csv:type_id:type_name",
    *(f"--kind-map={theirs}={ours}" for theirs, ours in KINDS.items()),
    "--time-zone", "America/Los_Angeles",
)  # fmt: skip
EXTRACT = (
    ("buildings", "{folder}/Helsinki.osm.pbf", "--root-name", "Helsinki"),
    ("base", "{folder}/Helsinki.osm.pbf"),
)
CELLS = (
    "boundaries", "{folder}/bubenec.gpkg", "--layer", "tessellation", "--level", "grid",
    "--code-field", "uID", "--root-name", "Bubeneč",
)  # fmt: skip
HOUSES = ("buildings", "{folder}/bubenec.gpkg", "--layer", "buildings")
STREETS = ("base", "{folder}/bubenec.gpkg", "--layer", "streets", "--as", "road")


def imported(
    var: Path, folder: Path, *imports: tuple[str, ...], refused: int = 0
) -> Iterator[Site]:
    """Serve a record of its own filled by these imports, with one account for it."""
    if not folder.exists():
        pytest.skip(f"no real data at {folder}")
    command(var, "-m", "data", "init")
    for words in imports:
        line = [word.format(folder=folder) for word in words]
        command(var, "-m", "data", "import", *line, "--yes", codes=(0, refused))
    add = ("user", "add", "boss", "--name", "Boss", "--role", "command")
    command(var, "-m", "data", *add, stdin=f"{PASSWORD}\n")
    yield from serve(var)


@pytest.fixture(scope="module")
def los_angeles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    var = tmp_path_factory.mktemp("los-angeles")
    yield from imported(var, REAL / "los-angeles", COUNCILS, REQUESTS)


@pytest.fixture(scope="module")
def helsinki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    var = tmp_path_factory.mktemp("helsinki")
    yield from imported(var, REAL / "helsinki", *EXTRACT, refused=3)


@pytest.fixture(scope="module")
def prague(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    var = tmp_path_factory.mktemp("prague")
    yield from imported(var, REAL / "prague-bubenec", CELLS, HOUSES, STREETS)


def enter(page: Page, site: Site) -> Screen:
    """Sign in with the account's own password: such a record offers no demo accounts."""
    page.goto(site.url)
    expect(page.locator("button[name=demo]")).to_have_count(0)
    page.fill("#login", "boss")
    page.fill("#password", PASSWORD)
    page.locator("button.primary").click()
    tab = Screen(page, site)
    tab.ready()
    return tab


def find(tab: Screen, text: str) -> None:
    """Look something up in the search box and take the first hit."""
    tab.frame.locator(".gm-search input").fill(text)
    tab.frame.locator(".gm-hits li:not(.gm-hit-none)").first.click()


def buildings_drawn(tab: Screen) -> int:
    """Wait for buildings on the screen and count those that are loaded."""
    tab.page.wait_for_function(
        "() => [...document.querySelector('iframe').contentWindow"
        ".GridMap.command.buildings.all()].length > 0"
    )
    count: int = tab.in_map("[...command.buildings.all()].length")
    return count


def test_real_requests_are_found_on_the_map(open_page: Open, los_angeles: Site) -> None:
    page, watch = open_page(locale="en-US")
    tab = enter(page, los_angeles)
    assert len(tab.areas()) >= 6
    find(tab, "1-1523590121")
    page.wait_for_url("**incident=1-1523590121*")
    expect(tab.panel).to_contain_text("1-1523590121")
    assert watch.errors == []
    assert watch.outside(los_angeles.url) == []


def test_buildings_and_streets_of_an_extract_without_boundaries(
    open_page: Open, helsinki: Site
) -> None:
    page, watch = open_page(locale="en-US")
    tab = enter(page, helsinki)
    tab.shows("Helsinki")
    find(tab, "Mannerheimintie")
    page.wait_for_url("**building=*")
    expect(tab.panel).to_contain_text("Mannerheimintie")
    assert buildings_drawn(tab) > 20
    assert tab.in_map("[...command.base.tiles.values()].some((tile) => tile?.styles.length)")
    assert watch.errors == []
    assert watch.outside(helsinki.url) == []


def test_cells_and_the_buildings_in_them(open_page: Open, prague: Site) -> None:
    page, watch = open_page(locale="en-US")
    tab = enter(page, prague)
    tab.shows("Bubeneč")
    assert tab.in_map("command.areas.set.areas.length") == 144
    tab.click_area()
    assert buildings_drawn(tab) > 100
    spot = tab.in_map(
        """(() => {
          const outer = window.frameElement.getBoundingClientRect();
          const shown = [...command.buildings.all()].map((b) => {
            const [x, y] = [(b.box[0] + b.box[2]) / 2, (b.box[1] + b.box[3]) / 2];
            const lat = Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI;
            const at = command.map.latLngToContainerPoint([lat, (x - 0.5) * 360]);
            return {code: b.code, at, on: command.under(at).building?.code};
          });
          const map = command.root.getBoundingClientRect(), away = 60;
          const one = shown.find(({code, on, at}) => on === code
            && at.x > away && at.y > away && at.x < map.width - away && at.y < map.height - away
            && !document.elementFromPoint(at.x, at.y)?.closest('.leaflet-container > :not(.leaflet-pane)'));
          return {code: one.code, x: outer.x + one.at.x, y: outer.y + one.at.y};
        })()"""
    )
    page.mouse.click(spot["x"], spot["y"])
    page.wait_for_url(f"**building={spot['code']}*")
    expect(tab.panel).to_contain_text(spot["code"])
    assert watch.errors == []
    assert watch.outside(prague.url) == []
