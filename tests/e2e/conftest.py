"""A real server, a real Chromium, and no network: what these tests see is what people see."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Frame,
    FrameLocator,
    Locator,
    Page,
    Request,
    expect,
)

from tests.free_spots import FREE_SPOTS

ROOT = Path(__file__).resolve().parents[2]
ASSETS = Path(os.environ.get("GRIDMAP_VAR", ROOT / "var")) / "assets"


def command(
    var: Path, *words: str, stdin: str = "", codes: tuple[int, ...] = (0,)
) -> subprocess.CompletedProcess[str]:
    """Run one command of the project on the store under ``var``; it has to end as expected."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT, env=environment(var), input=stdin, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode in codes, done.stdout + done.stderr
    return done


def environment(var: Path, **more: str) -> dict[str, str]:
    """Environment of a command or server on the store under ``var``."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GRIDMAP_")}
    return kept | {"GRIDMAP_VAR": str(var)} | more


def free_port() -> int:
    """A port that is free now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Site:
    """A running server."""

    url: str
    var: Path
    log: Path


def serve(var: Path) -> Iterator[Site]:
    """Start the server on the store under ``var`` and stop it afterwards."""
    if not (var / "assets").exists():
        (var / "assets").symlink_to(ASSETS, target_is_directory=True)
    port = free_port()
    log = var / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT, env=environment(var, GRIDMAP_PORT=str(port)), stdout=out, stderr=out,
        )  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_until_ready(url, process, log)
            yield Site(url, var, log)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            if httpx.get(f"{url}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail(f"the server did not get ready:\n{log.read_text()}")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo district, as ``make run`` serves it."""
    var = tmp_path_factory.mktemp("demo")
    command(var, "-m", "data", "init")
    command(var, "-m", "data", "demo")
    yield from serve(var)


@dataclass
class Watch:
    """What a browser context did that matters: requests, errors, mounts of the map."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    mounts: int = 0
    """How often a frame of the map was loaded."""

    def outside(self, url: str) -> list[str]:
        """Requests to anywhere but the server."""
        own = (url, url.replace("http", "ws", 1), "data:", "blob:", "about:")
        return [found for found in self.requests if not found.startswith(own)]


Open = Callable[..., tuple[Page, Watch]]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Give a function that opens a page in a context of its own, watched."""
    contexts: list[BrowserContext] = []

    def opened(
        *, width: int = 1440, height: int = 900, locale: str = "zh-CN", touch: bool = False
    ) -> tuple[Page, Watch]:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale=locale, has_touch=touch,
            reduced_motion="reduce",  # the map stands where it is asked for, at once
        )  # fmt: skip
        context.set_default_timeout(15_000)
        contexts.append(context)
        watch = Watch()

        def asked(request: Request) -> None:
            watch.requests.append(request.url)

        context.on("request", asked)
        page = context.new_page()
        page.on("pageerror", lambda error: watch.errors.append(str(error)))

        def went(frame: Frame) -> None:
            watch.mounts += "/streamlit_folium.st_folium/" in frame.url

        page.on("framenavigated", went)
        return page, watch

    yield opened
    for context in contexts:
        context.close()


class Screen:
    """One signed-in tab, driven as its user would drive it."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site

    def sign_in(self, login: str, *, query: str = "") -> None:
        """Sign in as a demo account; ``query`` is the address that was shared."""
        self.enter(login, query=query)
        self.ready()

    def enter(self, login: str, *, query: str = "") -> None:
        """Sign in at a page that may have no map, and wait until it stands still."""
        self.page.goto(f"{self.site.url}/{query}")
        self.page.locator(f"button[value={login}]").click()
        self.still()

    def still(self) -> None:
        """Wait until the page server has nothing more to do."""
        self.page.wait_for_function(
            "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState"
            " === 'notRunning'"
        )

    def ready(self, *, other_than: str = "", again: str = "") -> str:
        """Wait until the map has drawn a view and the page stands still, and give its key.

        ``other_than`` is a view that does not count any more, ``again`` one that has to come back.
        """
        handle = self.page.wait_for_function(
            """([before, wanted]) => {
              const map = document.querySelector('iframe')?.contentDocument?.querySelector('.gm-map');
              const key = map?.dataset.ready;
              const still = document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning';
              return still && key && key === map.dataset.view && key !== before && (!wanted || key === wanted) ? key : false;
            }""",
            arg=[other_than, again],
        )
        return str(handle.json_value())

    @property
    def frame(self) -> FrameLocator:
        """The map's frame."""
        return self.page.frame_locator("iframe")

    @property
    def panel(self) -> Locator:
        """The panel beside the map."""
        return self.page.locator(".st-key-panel")

    def shows(self, name: str) -> None:
        """Wait until the panel is about ``name`` and nothing of what it showed before is left."""
        heading = self.panel.locator("h2")
        expect(heading.filter(has_text=name)).to_have_count(1)
        expect(heading).to_have_count(1)

    def in_map(self, expression: str) -> Any:
        """Evaluate an expression inside the map's frame; ``command`` is the running map."""
        return self.page.evaluate(
            "expression => { const w = document.querySelector('iframe').contentWindow;"
            " return w.eval(`(() => { const command = window.GridMap.command;"
            " return (${expression}); })()`); }",
            expression,
        )

    def areas(self) -> list[dict[str, Any]]:
        """Areas drawn on the map with a point in the page where each can be clicked."""
        found: list[dict[str, Any]] = self.in_map(FREE_SPOTS)
        return found

    def click_area(self, name: str = "") -> dict[str, Any]:
        """Click an area (the first that is free, or the one with this name)."""
        area = next(a for a in self.areas() if not name or a["name"] == name)
        self.page.mouse.click(area["x"], area["y"])
        self.shows(area["name"])
        return area

    def drill(self, name: str = "") -> dict[str, Any]:
        """Click an area twice: select it, then go into it."""
        before = self.ready()
        area = self.click_area(name)
        self.page.wait_for_timeout(350)  # two clicks, not a double click
        self.page.mouse.click(area["x"], area["y"])
        self.ready(other_than=before)
        self.page.wait_for_url(f"**at={area['code']}*")
        return area


@pytest.fixture
def screen(open_page: Open, demo: Site) -> Iterator[tuple[Screen, Watch]]:
    """A desktop tab on the demo district; afterwards nothing may have gone wrong in it."""
    page, watch = open_page()
    yield Screen(page, demo), watch
    assert watch.errors == []
    assert watch.outside(demo.url) == []
