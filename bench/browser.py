"""The map in a real browser: this program beside the plain way, and district beside city scale.

Every time is taken inside the page, from the input event (or the navigation) to the frame in
which the page shows the answer and the script has stopped running. Bytes are what came over the
network, responses as encoded plus websocket frames.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench import servers
from tests.free_spots import FREE_SPOTS

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
VIEWPORT = {"width": 1440, "height": 900}

IDLE = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
OUR_FRAME = "document.querySelector('iframe')?.contentWindow"
READY = f"{OUR_FRAME}?.document.querySelector('.gm-map')?.dataset.ready"


@dataclass
class Wire:
    """Counts the bytes that came since it was last asked."""

    total: int = 0
    feeds: int = 0

    def watch(self, session: CDPSession) -> None:
        """Start counting on a page."""
        addresses: dict[str, str] = {}
        session.send("Network.enable")

        def asked(event: dict[str, Any]) -> None:
            addresses[event["requestId"]] = event["response"]["url"]

        def came(event: dict[str, Any]) -> None:
            size = int(event["encodedDataLength"])
            self.total += size
            address = addresses.get(event["requestId"], "")
            if "/map/" in address and "/map/gridmap." not in address:
                self.feeds += size

        def frame(event: dict[str, Any]) -> None:
            self.total += len(event["response"]["payloadData"])

        session.on("Network.responseReceived", asked)
        session.on("Network.loadingFinished", came)
        session.on("Network.webSocketFrameReceived", frame)

    def taken(self) -> tuple[int, int]:
        """Bytes in all and bytes of our feeds since the last call."""
        found = (self.total, self.feeds)
        self.total = self.feeds = 0
        return found


@contextmanager
def open_page() -> Iterator[tuple[Page, Wire]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport=VIEWPORT, locale="zh-CN")  # type: ignore[arg-type]
        context.set_default_timeout(180_000)
        page = context.new_page()
        wire = Wire()
        wire.watch(context.new_cdp_session(page))
        yield page, wire
        browser.close()


def until(page: Page, condition: str) -> float:
    """Wait for a condition, looked at in every frame; give the page's clock then, in ms."""
    handle = page.wait_for_function(
        f"() => ({condition}) ? performance.now() : false", polling="raf"
    )
    return float(handle.json_value())


def mark_input(page: Page, event: str) -> None:
    """Make the page, and the map's frame, remember when the next input event came."""
    page.evaluate(
        """event => {
          window.inputAt = null;
          const mark = () => { if (window.inputAt === null) window.inputAt = performance.now(); };
          const frame = document.querySelector('iframe')?.contentWindow;
          for (const place of [window, frame]) place?.addEventListener(event, mark, {capture: true});
        }""",
        event,
    )


def since_input(page: Page, condition: str) -> float:
    return until(page, f"window.inputAt !== null && ({condition})") - float(
        page.evaluate("window.inputAt")
    )


# ours


def sign_in(page: Page, url: str) -> None:
    """Sign in as the district's command centre."""
    page.goto(url)
    page.locator("button[value=command]").click()
    until(page, f"{READY} && {IDLE}")


def first_picture(page: Page, url: str) -> float:
    """Milliseconds from navigation to all shapes and incidents of the view drawn."""
    page.goto("about:blank")
    page.goto(url, wait_until="commit")
    return until(page, READY)


def areas_in_view(page: Page) -> list[dict[str, Any]]:
    """Areas of the view with name, code and a point of theirs that is free to click."""
    found: list[dict[str, Any]] = page.evaluate(
        f"expression => {{ const frame = {OUR_FRAME}; return frame.eval("
        "`(() => { const command = window.GridMap.command; return (${expression}); })()`); }",
        FREE_SPOTS,
    )
    return found


def click_to_panel(page: Page, area: dict[str, Any]) -> float:
    """Milliseconds from the click on an area to its filled panel."""
    mark_input(page, "click")
    page.mouse.click(area["x"], area["y"])
    name = f"document.querySelector('.st-key-panel')?.innerText.includes({area['name']!r})"
    code = f"location.search.includes({area['code']!r})"
    return since_input(page, f"{name} && {code} && {IDLE}")


def filter_to_recoloured(page: Page, label: str) -> float:
    """Milliseconds from the choice of a kind to the recoloured map."""
    before = page.evaluate(READY)
    mark_input(page, "click")
    page.locator(".st-key-f_kinds button", has_text=label).click()
    return since_input(page, f"{READY} !== {before!r}")


def _open_filters(page: Page) -> None:
    page.locator(".st-key-more button").first.click()
    page.locator(".st-key-f_kinds button").first.wait_for()


# the plain way

PATHS = (
    "[...document.querySelectorAll('iframe')].map(f => f.contentDocument)"
    ".reduce((n, d) => n + (d?.querySelectorAll('path.leaflet-interactive').length ?? 0), 0)"
)


def plain_first_picture(page: Page, url: str) -> float:
    """Milliseconds from navigation until no more shapes are added to the map."""
    page.goto("about:blank")
    page.goto(url, wait_until="commit")
    until(page, f"({PATHS}) > 1000 && {IDLE}")
    return float(page.evaluate("performance.now()"))


def empty_first_picture(page: Page, url: str) -> float:
    """Milliseconds from navigation until an empty page of the page server stands."""
    page.goto("about:blank")
    page.goto(url, wait_until="commit")
    return until(page, f"document.body?.innerText.includes('ready') && {IDLE}")


def plain_click(page: Page, at: tuple[float, float], seen: str) -> float:
    """Milliseconds from the click on a grid to its panel."""
    mark_input(page, "click")
    page.mouse.click(*at)
    heading = f"(document.querySelector('h3')?.innerText ?? '') !== {seen!r}"
    return since_input(page, f"document.querySelector('h3') && {heading} && {IDLE}")


def plain_filter(page: Page, kind: str) -> float:
    """Milliseconds from the choice of a kind to the new map with all its shapes."""
    page.locator("[data-testid=stSelectbox] input").click()
    option = page.locator("[role=option]", has_text=kind).first
    option.wait_for()
    mark_input(page, "click")
    option.click()
    caption = f"document.body.innerText.includes('drawn {kind}')"
    return since_input(page, f"{caption} && {IDLE} && ({PATHS}) > 1000")


def _grid_points(page: Page) -> list[tuple[float, float]]:
    """Points on the plain map that hit a grid and not a building or incident."""
    found = page.evaluate(
        """() => {
          const frame = document.querySelector('iframe');
          const box = frame.getBoundingClientRect(), out = [];
          for (let i = 0; i < 4000 && out.length < 8; i++) {
            const x = 20 + Math.random() * (box.width - 40), y = 20 + Math.random() * (box.height - 40);
            const top = frame.contentDocument.elementFromPoint(x, y);
            if (top?.getAttribute('fill-opacity') === '0.7') out.push([box.x + x, box.y + y]);
          }
          return out;
        }"""
    )
    return [(x, y) for x, y in found]


def _row(what: str, mine: list[float], theirs: list[float]) -> dict[str, object]:
    a, b = median(mine), median(theirs)
    return {
        "what": what, "ours ms": round(a), "plain ms": round(b), "times faster": round(b / a, 1),
    }  # fmt: skip


def beside_the_plain_way(*, rounds: int = 3, scale: str = "district") -> list[dict[str, object]]:
    """Measure both on one store in one browser run, in turns."""
    nav: tuple[list[float], list[float]] = ([], [])
    click: tuple[list[float], list[float]] = ([], [])
    recolour: tuple[list[float], list[float]] = ([], [])
    floor: list[float] = []
    sent: dict[str, list[int]] = {}

    def note(name: str, wire: Wire) -> None:
        sent.setdefault(name, []).append(wire.taken()[0])

    with (
        servers.ours(scale) as our_url,
        servers.plain(scale) as plain_url,
        servers.empty() as empty_url,
    ):
        with open_page() as (page, _):
            sign_in(page, our_url)
            plain_first_picture(page, plain_url)
        for _ in range(rounds):
            with open_page() as (page, wire):
                sign_in(page, our_url)
                wire.taken()
                nav[0].append(first_picture(page, our_url + "/?level=6"))
                until(page, IDLE)
                note("navigation, ours", wire)
                for area in areas_in_view(page)[:5]:
                    click[0].append(click_to_panel(page, area))
                note("5 clicks, ours", wire)
                _open_filters(page)
                wire.taken()
                for label in ("安全隐患", "矛盾纠纷", "公共服务"):
                    recolour[0].append(filter_to_recoloured(page, label))
                    until(page, IDLE)
                note("3 filters, ours", wire)
            with open_page() as (page, _):
                floor.append(empty_first_picture(page, empty_url))
            with open_page() as (page, wire):
                nav[1].append(plain_first_picture(page, plain_url))
                note("navigation, plain", wire)
                seen = ""
                for at in _grid_points(page)[:2]:
                    click[1].append(plain_click(page, at, seen))
                    seen = page.locator("h3").inner_text()
                note("2 clicks, plain", wire)
                for kind in ("hazard", "dispute", "public_service"):
                    recolour[1].append(plain_filter(page, kind))
                note("3 filters, plain", wire)
    rows = [
        _row("navigation to all shapes drawn", *nav),
        {
            "what": "of it, an empty page of the page server",
            "ours ms": round(median(floor)),
            "plain ms": round(median(floor)),
            "times faster": "",
        },
        _row("click to filled panel", *click),
        _row("filter change to recoloured map", *recolour),
    ]
    rows += [{"what": f"bytes: {name}", "ours ms": "", "plain ms": "", "times faster": "",
              "kB": round(median(found) / 1000)} for name, found in sent.items()]  # fmt: skip
    return [row | {"kB": row.get("kB", "")} for row in rows]


def district_beside_city(*, clicks: int = 12) -> list[dict[str, object]]:
    """The same views at both scales: the cost of a view has to stay flat."""
    return [row for scale in ("district", "city") for row in _views(scale, clicks)]


def _views(scale: str, clicks: int) -> Iterator[dict[str, object]]:
    with servers.ours(scale) as url, open_page() as (page, wire):
        sign_in(page, url)
        path = url + "/"
        for depth in range(4):
            wire.taken()
            firsts = [first_picture(page, path) for _ in range(3)]
            until(page, IDLE)
            _, feeds = wire.taken()
            areas = areas_in_view(page)
            if not areas:
                break
            panel = [click_to_panel(page, areas[i % len(areas)]) for i in _apart(clicks, areas)]
            _open_filters(page)
            labels = ("安全隐患", "矛盾纠纷", "公共服务", "环境秩序")
            filters: list[float] = []
            for label in labels:
                filters.append(filter_to_recoloured(page, label))
                until(page, IDLE)
            yield {
                "scale": scale, "depth": depth, "areas drawn": _drawn(page),
                "first picture ms": round(median(firsts)),
                "click to panel ms": round(median(panel)), "p95": round(max(panel)),
                "filter ms": round(median(filters)), "feeds kB": round(feeds / 3000),
            }  # fmt: skip
            path = f"{url}/?at={areas[len(areas) // 2]['code']}"


def _apart(clicks: int, areas: list[dict[str, Any]]) -> Iterator[int]:
    """Indices such that no area is clicked twice in a row: that would drill."""
    return iter(range(clicks if len(areas) > 1 else 1))


def _drawn(page: Page) -> int:
    found: Callable[..., Any] = page.evaluate
    return int(found(f"{OUR_FRAME}.GridMap.command.areas.set.areas.length"))
