"""The map in a real browser and in the real component frame, with the network closed.

A parent page stands in for Streamlit: it renders the frame, hears what the map sends, and
renders again with other groups, as a rerun does.
"""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import pytest
import streamlit_folium
import uvicorn
from playwright.sync_api import Browser, Frame, Page
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from data import events, schema
from data.accounts import scope_of
from data.picture import Pictures
from data.store import Store, StoreUnavailable
from data.views import keep_view
from layers.assets import ROOT, asset_routes, localise
from layers.base import command_map, map_groups
from layers.feeds import map_routes
from rules.filters import IncidentFilter, View
from tests.chromium import needed as chromium_marks
from tests.small_district import AREA, BUILDING, CODE, INCIDENT, NOW, NUMBER, actor

pytestmark = [
    *chromium_marks,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

PAYLOADS: Final = (
    "{{7*7}}{{bomb()}}", "${window.bomb=1}", "`;window.bomb=1;`", "</script><script>window.bomb=1",
    "<img src=x onerror=window.bomb=1>", "\"'><b onmouseover=window.bomb=1>", "\u202e西东 שלום",
    "😀🏘️",
)  # fmt: skip

PARENT: Final = """<!doctype html><meta charset="utf-8"><style>body{margin:0}iframe{border:0;
width:1100px;height:720px}</style><iframe src="/component/index.html"></iframe><script>
window.sent = []; window.ready = 0; const frame = document.querySelector("iframe");
window.render = async (query) => { const args = await (await fetch("/args?" + query)).json();
  frame.contentWindow.postMessage({type: "streamlit:render", args, disabled: false,
    theme: {backgroundColor: "#f5f7fa", textColor: "#1d2733"}}, "*"); };
addEventListener("message", ({data}) => {
  if (data.type === "streamlit:componentReady") window.ready += 1;
  if (data.type === "streamlit:setComponentValue") window.sent.push(data.value); });
</script>"""


TILE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">'
    '<rect width="256" height="256" fill="#dde"/></svg>'
)


class Fickle(Pictures):
    """Pictures of a store that a test can take away."""

    away = False

    def current(self, now: Any) -> Any:
        if self.away:
            reason: Any = "away"
            raise StoreUnavailable(reason)
        return super().current(now)


@dataclass
class Site:
    """The served map."""

    url: str
    store: Store
    pictures: Fickle
    keys: dict[str, str] = field(default_factory=dict)

    def key(self, area: str, **view: Any) -> str:
        return keep_view(self.store, View(area_id=AREA[area], **view), now=NOW)


def poisoned(store: Store) -> None:
    """Write a payload into every text that the map can show."""
    with store.write() as conn:
        for n, row_id in enumerate([*AREA.values()]):
            text = PAYLOADS[n % len(PAYLOADS)]
            area = schema.area.c.id == row_id
            conn.execute(update(schema.area).where(area).values(name=text))
        for n, row_id in enumerate(BUILDING.values()):
            text = PAYLOADS[n % len(PAYLOADS)]
            home = schema.building.c.id == row_id
            values = {"estate": text, "name": text, "address": text}
            conn.execute(update(schema.building).where(home).values(values))
        for n, row_id in enumerate(INCIDENT.values()):
            text = PAYLOADS[n % len(PAYLOADS)]
            row = schema.incident.c.id == row_id
            conn.execute(update(schema.incident).where(row).values(title=text, address=text))
        conn.execute(update(schema.person).values(name=PAYLOADS[4]))


def component_args(request: Request) -> Response:
    """What the component is sent: the arguments that st_folium would send."""
    query = request.query_params
    groups = map_groups(
        query["key"],
        language=query.get("language", "zh"),
        kind=query.get("kind"),  # type: ignore[arg-type]
        row_id=int(query.get("id", "0")),
    )
    with patch.object(streamlit_folium, "_component_func", lambda **given: given):
        given = streamlit_folium.st_folium(
            command_map(), key="map", height=720, use_container_width=True,
            returned_objects=["events"], feature_group_to_add=groups,
        )  # fmt: skip
    given.pop("on_change")
    return JSONResponse(given)


def application(store: Store, pictures: Fickle, assets: Path) -> Any:
    frontend = Path(streamlit_folium.__file__).parent / "frontend" / "build"
    inner = Starlette(
        routes=[
            Route("/", lambda _: HTMLResponse(PARENT)),
            Route("/args", component_args),
            Route("/favicon.ico", lambda _: Response(status_code=204)),
            Route("/tiles/{z}/{x}/{y}.png", lambda _: Response(TILE, media_type="image/svg+xml")),
            *map_routes(pictures, store, texts=lambda _: str, now=lambda: NOW),
            *asset_routes(assets),
            Mount("/component", StaticFiles(directory=frontend, html=True)),
        ]
    )
    who = actor("command")
    scope_held = scope_of(store, who)

    async def signed_in(scope: Any, receive: Any, send: Any) -> None:
        await inner({**scope, "actor": who, "grid_scope": scope_held}, receive, send)

    return signed_in


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = Path(os.environ.get("GRIDMAP_VAR", ROOT / "var")) / "assets"
    if not (var / ".lock").exists():
        var = tmp_path_factory.mktemp("assets")
        localise(var)
    return var


@pytest.fixture
def site(sqlite_district: Store, assets: Path) -> Iterator[Site]:
    poisoned(sqlite_district)
    pictures = Fickle(sqlite_district)
    config = uvicorn.Config(
        application(sqlite_district, pictures, assets), port=0, log_level="error", lifespan="off",
        ws="none",
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}", sqlite_district, pictures)
    server.should_exit = True
    thread.join(10)


@dataclass
class Screen:
    """The page with the map in its frame, and everything that went wrong on it."""

    page: Page
    frame: Frame
    site: Site
    troubles: list[str] = field(default_factory=list)

    def show(self, key: str, **more: str | int) -> None:
        query = "&".join(f"{k}={v}" for k, v in {"key": key, **more}.items())
        self.page.evaluate("query => render(query)", query)
        self.frame.wait_for_selector(f'[data-ready="{key}"]', state="attached")

    def sent(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("sent.at(-1)?.events ?? []")
        return [{k: v for k, v in event.items() if k != "n"} for event in found]

    def spot(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = self.frame.evaluate(
            "(at) => { const p = map.latLngToContainerPoint(at); return [p.x, p.y]; }", [lat, lon]
        )
        return x, y

    def view(self) -> list[float]:
        found: list[float] = self.frame.evaluate(
            "[map.getCenter().lat, map.getCenter().lng, map.getZoom()]"
        )
        return found


@pytest.fixture
def screen(chromium: Browser, site: Site) -> Iterator[Screen]:
    context = chromium.new_context(
        viewport={"width": 1100, "height": 720}, reduced_motion="reduce", locale="zh-CN"
    )
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", lambda dialog: (troubles.append("dialog"), dialog.dismiss()))
    page.on(
        "request",
        lambda r: troubles.append(r.url) if not r.url.startswith((site.url, "data:")) else None,
    )
    page.on(
        "console",
        lambda line: (
            troubles.append(line.text) if line.type == "error" and "503" not in line.text else None
        ),
    )
    page.goto(site.url)
    page.wait_for_function("window.ready > 0")
    frame = next(f for f in page.frames if "/component/" in f.url)
    yield Screen(page, frame, site, troubles)
    bombs = [f.evaluate("window.bomb") for f in page.frames]
    mounts = page.evaluate("window.ready")
    context.close()
    assert bombs == [None] * len(bombs)
    assert mounts == 1
    assert troubles == []


def test_a_click_selects_and_a_second_click_drills(screen: Screen) -> None:
    screen.show(screen.site.key("D"))
    x, y = screen.spot(104.7745, 29.3895)
    screen.page.mouse.click(x, y)
    screen.page.wait_for_function("sent.length === 1")
    assert screen.sent() == [{"event": "select", "kind": "area", "key": CODE["S1"]}]
    screen.page.mouse.click(x, y)
    screen.page.wait_for_function("sent.length === 2")
    assert screen.sent()[-1] == {"event": "drill", "key": CODE["S1"]}


def test_another_filter_recolours_without_moving(screen: Screen) -> None:
    screen.show(screen.site.key("D"))
    before = screen.view()
    screen.frame.evaluate("window.marked = 1")
    screen.show(screen.site.key("D", filter=IncidentFilter(kinds=("hazard",)), figure="overdue"))
    assert screen.view() == before
    values = screen.frame.evaluate("GridMap.command.areas.set.areas.map((a) => a.value)")
    assert values == [1, 0]
    assert screen.frame.evaluate("window.marked") == 1


def test_another_place_is_flown_to(screen: Screen) -> None:
    screen.show(screen.site.key("D"))
    before = screen.view()
    screen.show(screen.site.key("G1"))
    assert screen.view()[2] > before[2]
    west, south, east, north = 104.77, 29.37, 104.78, 29.38
    inside = screen.frame.evaluate(
        "([w, s, e, n]) => map.getBounds().contains([[s, w], [n, e]])", [west, south, east, north]
    )
    assert inside


def test_an_incident_opens_by_its_number(screen: Screen) -> None:
    screen.show(screen.site.key("G1"))
    item = screen.frame.evaluate(
        "(({lon, lat, number}) => [lon, lat, number])(GridMap.command.incidents.items[0])"
    )
    screen.page.mouse.click(*screen.spot(item[0], item[1]))
    screen.page.wait_for_function("sent.length === 1")
    assert screen.sent() == [{"event": "select", "kind": "incident", "key": item[2]}]
    assert item[2] in {NUMBER["I1"], NUMBER["I2"]}


def test_payloads_are_shown_as_text(screen: Screen) -> None:
    screen.show(screen.site.key("S1"))
    x, y = screen.spot(104.7755, 29.3795)
    screen.page.mouse.move(x, y)
    head = screen.frame.wait_for_selector(".gm-card-head")
    assert head is not None
    assert head.inner_text() in PAYLOADS
    screen.frame.fill(".gm-search input", "window.bomb")
    screen.frame.wait_for_selector(".gm-hit-label")
    labels = screen.frame.eval_on_selector_all(
        ".gm-hit-label", "nodes => nodes.map((node) => node.textContent)"
    )
    assert any("onerror" in text for text in labels)
    screen.show(screen.site.key("G1"))
    screen.frame.evaluate("map.setView([29.37215, 104.7722], 18, {animate: false})")
    screen.frame.wait_for_function("[...GridMap.command.buildings.all()].length > 0")
    screen.page.mouse.move(*screen.spot(104.7722, 29.37215))
    screen.frame.wait_for_selector(".gm-card-detail")


def test_a_search_flies_there_and_says_so(screen: Screen) -> None:
    screen.show(screen.site.key("D"))
    screen.frame.fill(".gm-search input", NUMBER["I8"])
    screen.frame.wait_for_selector(".gm-hit-label")
    screen.frame.press(".gm-search input", "Enter")
    screen.page.wait_for_function("sent.length === 1")
    assert screen.sent() == [{"event": "select", "kind": "incident", "key": NUMBER["I8"]}]
    assert screen.view()[2] >= 17


def test_what_python_selects_is_marked_and_brought_into_sight(screen: Screen) -> None:
    key = screen.site.key("D")
    screen.show(screen.site.key("G1"))
    screen.show(key)
    screen.frame.evaluate("map.setView([29.374, 104.774], 16, {animate: false})")
    screen.show(key, kind="incident", id=INCIDENT["I8"])
    screen.frame.wait_for_function("map.getCenter().lng > 104.78")
    assert screen.frame.evaluate("GridMap.command.incidents.selected.id") == INCIDENT["I8"]
    assert screen.page.evaluate("sent.length") == 0


def test_panning_and_zooming_tell_python_nothing(screen: Screen) -> None:
    screen.show(screen.site.key("D"))
    screen.page.mouse.move(500, 300)
    screen.page.mouse.down()
    screen.page.mouse.move(620, 360, steps=5)
    screen.page.mouse.up()
    screen.page.mouse.wheel(0, -400)
    screen.frame.wait_for_function("map.getZoom() % 0.25 === 0 && !map._animatingZoom")
    # The component's own report waits a quarter of a second before it is sent.
    screen.page.wait_for_timeout(500)
    assert screen.page.evaluate("sent.length") == 0


def test_a_change_arrives_live_without_touching_the_view(screen: Screen) -> None:
    screen.show(screen.site.key("D"))
    screen.frame.evaluate("map.setView([29.38, 104.79], 15, {animate: false})")
    before = screen.view()
    with screen.site.store.write() as conn:
        row = schema.incident.c.id == INCIDENT["I8"]
        conn.execute(update(schema.incident).where(row).values(state="reopened"))
        mark = events.append(
            conn, at=NOW, actor="x", action="reopen", subject="incident",
            subject_id=INCIDENT["I8"], before=None, after=None,
        )  # fmt: skip
    screen.frame.wait_for_selector(".gm-pulse", state="attached", timeout=5000)
    assert screen.view() == before
    assert screen.sent() == [{"event": "changed", "watermark": mark}]


def test_when_the_store_is_away_the_last_picture_stays_and_says_its_age(screen: Screen) -> None:
    screen.show(screen.site.key("D"))
    screen.site.pictures.away = True
    screen.frame.wait_for_selector(".gm-status.gm-old", timeout=8000)
    status = screen.frame.inner_text(".gm-status")
    assert "Store not reachable" in status
    assert screen.frame.evaluate("GridMap.command.areas.set.areas.length") == 2
    screen.site.pictures.away = False
    screen.frame.wait_for_selector(".gm-status:not(.gm-old)", timeout=15000)


def test_the_language_changes_in_place(screen: Screen) -> None:
    key = screen.site.key("D")
    screen.show(key)
    assert screen.frame.inner_text(".gm-legend h2") == "未办结"
    screen.show(key, language="en")
    screen.frame.wait_for_function("document.querySelector('.gm-legend h2').textContent === 'Open'")


def test_controls_are_named_and_reachable_by_keyboard(screen: Screen) -> None:
    screen.show(screen.site.key("S1"))
    names = screen.frame.eval_on_selector_all(
        "button, input",
        "all => all.map((n) => n.getAttribute('aria-label') || n.labels?.[0]?.textContent)",
    )
    assert names
    assert all(names)
    screen.frame.focus('[data-say="layers"]')
    screen.page.keyboard.press("Enter")
    screen.frame.wait_for_selector(".gm-menu:not([hidden])")
    screen.page.keyboard.press("Space")
    assert screen.frame.evaluate("GridMap.command.areas.shown") is False
    screen.page.keyboard.press("Escape")
    screen.frame.wait_for_selector(".gm-menu", state="hidden")


def test_tiles_of_a_shifted_datum_lie_where_they_belong(screen: Screen) -> None:
    """A tile of GCJ-02 stands where its corner really is, not where its numbers say."""
    screen.show(screen.site.key("D"))
    north = -0.0028
    east = 0.0026
    here = float(screen.frame.evaluate("map.getCenter().lng")) - 104
    screen.frame.evaluate(
        "tiles => GridMap.command.base.background(tiles)",
        {
            "url": f"{screen.site.url}/tiles/{{z}}/{{x}}/{{y}}.png",
            "shifts": {
                "bounds": [104, 29, 106, 30],
                "east": [[0, 2 * east], [0, 2 * east]],  # at 105 degrees the half of it
                "north": [[north, north], [north, north]],
            },
        },
    )
    screen.frame.wait_for_selector(".leaflet-gm-tiles-pane img.leaflet-tile-loaded")
    off: list[float] = screen.frame.evaluate(
        """([east, north]) => {
          const frame = map.getContainer().getBoundingClientRect();
          return Object.values(GridMap.command.base.pictures._tiles).flatMap(({el, coords}) => {
            const box = el.getBoundingClientRect(), size = 2 ** coords.z;
            const lon = (coords.x / size) * 360 - 180;
            const up = Math.sinh(Math.PI * (1 - (2 * coords.y) / size));
            const lat = (Math.atan(up) * 180) / Math.PI;
            const p = map.latLngToContainerPoint([lat - north, lon - east]);
            return [box.x - frame.x - p.x, box.y - frame.y - p.y];
          });
        }""",
        [east * here, north],
    )
    assert off
    assert max(map(abs, off)) < 2
