"""The planner's workbench: what a move costs in the browser, and what its parts cost the server.

One community of the demo district. Times in the browser run from the click to the frame in which
the map shows the building in its new grid, and to the one in which the panel shows new figures.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

import shapely
from playwright.sync_api import Page

from bench import browser, servers
from bench.stores import folder, store_of
from data import clock
from data.accounts import actor_of, sign_in_demo
from data.picture import Pictures
from data.plan_checks import checks
from data.plan_edits import edit
from data.plan_figures import figures
from data.plan_making import Making, new_plan
from data.plan_proposals import Ask, propose
from data.plan_sheet import Sheet
from data.plan_stability import stability
from data.plans import sheet
from data.store import Store
from geo.partition.warm import warm
from rules.access import Scope
from rules.plan_commands import Move, Split, Undo

COMMUNITY = "广华社区"
MOVES = 20
BENCH = f"{browser.OUR_FRAME}.GridMap.bench"
AIMED = f"""([number, to]) => {{ const bench = {BENCH}, cell = bench.model.cells.get(number);
  if (cell.label === to || bench.model.apart(cell.label, new Map([[cell, ""]]))) return false;
  const near = bench.model.now.inner.some((s) =>
    (s.a === cell && s.b.label === to) || (s.b === cell && s.a.label === to));
  if (!near) return false;
  bench.use(bench.tools.find((tool) => tool.name === "move"));
  bench.aim(to);
  return true; }}"""
"""Takes the tool and its target in hand, unless a grid would fall apart."""
PANEL = "document.querySelector('[class*=st-key-about_]')?.innerText"


class Planner:
    """The demo's planner on a store, without a browser."""

    def __init__(self, store: Store) -> None:
        self.store, self.pictures, now = store, Pictures(store), clock.now()
        actor = actor_of(store, sign_in_demo(store, login="planner", now=now).token, now=now)
        assert actor is not None
        self.actor = actor

    def asked(self) -> dict[str, Any]:
        picture = self.pictures.current(clock.now())
        return {"picture": picture, "actor": self.actor, "scope": Scope(picture.tree.root_id)}

    def plan(self) -> int:
        asked = self.asked()
        area = next(a for a in asked["picture"].tree.areas if a.name == COMMUNITY)
        return new_plan(self.store, making=Making(area.id, "测量"), now=clock.now(), **asked)

    def sheet(self, plan_id: int) -> Sheet:
        return sheet(self.store, plan_id=plan_id, **self.asked())

    def edit(self, plan_id: int, version: int, command: Move | Split | Undo) -> Sheet:
        return edit(
            self.store, plan_id=plan_id, version=version, command=command, now=clock.now(),
            **self.asked(),
        )  # fmt: skip


def _row(what: str, times: list[float], goal: str, note: str = "") -> dict[str, object]:
    p95 = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return {
        "what": what, "times": len(times), "median ms": round(median(times), 1),
        "p95": round(p95, 1), "worst": round(max(times), 1), "goal": goal, "note": note,
    }  # fmt: skip


def _timed(call: Callable[[], object], rounds: int) -> list[float]:
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        found.append(1000 * (time.perf_counter() - start))
    return found


def _pairs(found: Sheet) -> list[tuple[int, str]]:
    """Inhabited cells beside another grid, with that grid."""
    graph, part = found.graph, found.part
    held = {found.order.index(k) for k in found.state.locked_grids}
    pairs = []
    for i, cell in enumerate(found.cells):
        near = graph.neighbour[graph.start[i] : graph.start[i + 1]]
        other = [int(part[j]) for j in near if part[j] != part[i]]
        if cell.buildings and part[i] not in held and other and other[0] not in held:
            pairs.append((cell.number, found.order[other[0]]))
    return pairs


def _split(planner: Planner, plan_id: int, label: str) -> float:
    """Milliseconds of a split through the middle of a grid, which is undone again."""
    found = planner.sheet(plan_id)
    own = found.degrees[found.part == found.order.index(label)]
    west, south, east, north = shapely.total_bounds(own).tolist()
    middle = (south + north) / 2
    line = ((west - 0.0005, middle), (east + 0.0005, middle))
    begun = time.perf_counter()
    after = planner.edit(plan_id, found.plan.version, Split(label, line))
    took = 1000 * (time.perf_counter() - begun)
    planner.edit(plan_id, after.plan.version, Undo())
    return took


def _server() -> list[dict[str, object]]:
    planner = Planner(store_of("district"))
    plan_id = planner.plan()
    start = time.perf_counter()
    found = planner.sheet(plan_id)
    cold = 1000 * (time.perf_counter() - start)
    size = f"{len(found.cells)} cells, {len(found.order)} grids"
    edits, figured, moved = [], [], found
    for cell, to in _pairs(found)[:MOVES]:
        try:
            begun = time.perf_counter()
            moved = planner.edit(plan_id, moved.plan.version, Move((cell,), to))
            done = time.perf_counter()
            figures(moved)
            figured.append(1000 * (time.perf_counter() - done))
            edits.append(1000 * (done - begun))
        except RuntimeError:
            continue  # it would have torn a grid
    lines = [_split(planner, plan_id, label) for label in moved.order]
    moved = planner.sheet(plan_id)
    warm()
    rows = [
        _row("sheet read from the store", [cold], "", size),
        _row("a move: decided, written, synced", edits, "", "SQLite, synchronous=FULL"),
        _row("a grid split along a drawn line, the same", lines, "10"),
        _row("figures of all grids after it", figured, ""),
        _row("checks", _timed(lambda: checks(moved), 5), ""),
        _row("bound and flow", _timed(lambda: stability.__wrapped__(moved), 5), ""),  # type: ignore[attr-defined]
    ]
    for source, grids in (("present", None), ("present", 7), ("afresh", 7)):
        ask = Ask(grids=grids, source=source)  # type: ignore[arg-type]
        offers = propose(moved, ask, seed=1)
        note = f"{len(offers)} different, {sum(one.efficient for one in offers)} efficient"
        times = _timed(lambda ask=ask: propose(moved, ask, seed=2), 3)  # type: ignore[misc]
        rows.append(
            _row(f"100 proposals, {source}, {grids or 'as many'} grids", times, "3,000", note)
        )
    planner.store.close()
    return rows


def _place(page: Page, cell: int) -> tuple[float, float]:
    x, y = page.evaluate(
        f"""() => {{ const bench = {BENCH};
          const m = bench.model.merc(bench.model.cells.get({cell}).anchor);
          const lat = Math.atan(Math.sinh(Math.PI * (1 - 2 * m.y))) * 180 / Math.PI;
          const p = bench.map.latLngToContainerPoint([lat, (m.x - 0.5) * 360]);
          const box = document.querySelector('iframe').getBoundingClientRect();
          return [box.x + p.x, box.y + p.y]; }}"""
    )
    return x, y


def _browser() -> list[dict[str, object]]:
    store = store_of("district")
    planner = Planner(store)
    plan_id = planner.plan()
    first, repaint, panel, sent = [], [], [], []
    with servers.ours("district") as url, browser.open_page() as (page, wire):
        page.goto(url)
        page.locator("button[value=planner]").click()
        browser.until(page, browser.IDLE)
        address = f"{url}/plan?plan={plan_id}"
        first += [browser.first_picture(page, address) for _ in range(3)]
        browser.until(page, browser.IDLE)
        version = 1
        for cell, to in _pairs(planner.sheet(plan_id))[: MOVES * 2]:
            if len(repaint) == MOVES:
                break
            if not page.evaluate(AIMED, [cell, to]):
                continue
            at = _place(page, cell)
            page.mouse.move(*at)
            browser.until(page, browser.IDLE)
            before = page.evaluate(PANEL)
            wire.taken()
            browser.mark_input(page, "click")
            page.mouse.click(*at)
            version += 1
            drawn = f"{browser.READY} === '{plan_id}:{version}'"
            repaint.append(browser.since_input(page, drawn))
            sent.append(wire.taken()[0])
            panel.append(browser.since_input(page, f"{PANEL} !== {before!r} && {browser.IDLE}"))
    store.close()
    return [
        _row("plan's page to first picture", first, "", "warm browser cache"),
        _row(
            "click to repainted map",
            repaint,
            "200",
            f"{max(sent) / 1000:.1f} kB at most, all traffic",
        ),
        _row("click to new figures in the panel", panel, ""),
    ]


def run() -> list[dict[str, object]]:
    """Measure both on the demo district."""
    subprocess.run(
        [sys.executable, "-m", "data", "init"], check=True,
        env=os.environ | {"GRIDMAP_VAR": str(folder("district"))},
    )  # fmt: skip
    return [*_browser(), *_server()]
