"""Drawing on the workbench map as a planner does: every tool, refusals, two planners, a phone."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, expect

from data import clock
from data.accounts import actor_of, scope_of, sign_in_demo
from data.picture import Pictures
from data.plan_edits import edit
from data.plan_making import Making, new_plan, plannable
from data.plan_sheet import Sheet
from data.plans import sheet
from data.settings import Settings
from data.store import Store, open_store
from rules.plan_commands import Command, Lock, Rename
from rules.plan_state import LOCK_GRID
from tests.chromium import needed as chromium_marks
from tests.e2e.conftest import Open, Screen, Site, Watch

pytestmark = chromium_marks

PAYLOAD: Final = "{{7*7}}${1}<img onerror>"

STRAIGHT: Final = """(() => {
  const borders = new Map();
  for (const s of bench.model.now.inner) {
    if ([s.a, s.b].some((cell) => bench.model.grid(cell.label).locked)) continue;
    const key = [s.a.label, s.b.label].sort().join();
    borders.set(key, [...(borders.get(key) ?? []), s]);
  }
  const long = (p, q) => Math.hypot(p[0] - q[0], p[1] - q[1]);
  const found = [...borders].map(([key, sides]) => {
    const points = sides.flatMap((s) => [s.from, s.to]);
    const ends = points.filter((p) => points.filter((q) => q.join() === p.join()).length === 1);
    const whole = sides.reduce((sum, s) => sum + long(s.from, s.to), 0);
    const middles = sides.map(({ from, to }) => [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]);
    const inside = (p) => Math.min(...ends.map((end) => long(p, end)));
    const [on] = middles.sort((p, q) => inside(q) - inside(p));
    return { pair: key.split(","), ends, on, bend: ends.length === 2 && whole > bench.reach(80) ? whole / long(...ends) : Infinity };
  });
  return found.sort((p, q) => p.bend - q.bend)[0];
})()"""
"""The straightest of the longer borders: its two grids, its two ends and a place on it, in local units."""

Point = tuple[float, float]


@dataclass
class Office:
    """What the planner's colleague does: the same store, without a browser."""

    store: Store

    def asked(self) -> dict[str, Any]:
        now = clock.now()
        token = sign_in_demo(self.store, login="planner", now=now).token
        actor = actor_of(self.store, token, now=now)
        assert actor is not None
        return {"picture": Pictures(self.store).current(now), "actor": actor,
                "scope": scope_of(self.store, actor)}  # fmt: skip

    def plan(self) -> int:
        asked = self.asked()
        tree = asked["picture"].tree
        areas = plannable(asked["picture"], asked["scope"])
        area = next(a for a in areas if a.kind != "village" and len(tree.children(a.id)) >= 6)
        return new_plan(self.store, making=Making(area.id, "试画"), now=clock.now(), **asked)

    def sheet(self, plan_id: int) -> Sheet:
        return sheet(self.store, plan_id=plan_id, **self.asked())

    def draw(self, plan_id: int, command: Command) -> None:
        version = self.sheet(plan_id).plan.version
        edit(
            self.store, plan_id=plan_id, version=version, command=command, now=clock.now(),
            **self.asked(),
        )  # fmt: skip


class Table(Screen):
    """A planner's tab on one plan; places are those of the page."""

    def start(self, plan_id: int) -> None:
        """Sign in at the plan and wait until it is drawn."""
        self.enter("planner", query=f"plan?plan={plan_id}")
        self.drawn(plan_id, 1)

    def drawn(self, plan_id: int, version: int) -> None:
        """Wait until the map has drawn a version or a later one."""
        self.page.wait_for_function(
            """([plan, version]) => { const map = document.querySelector('iframe')
              ?.contentDocument?.querySelector('.gm-map');
              const [p, v] = (map?.dataset.ready ?? '0:0').split(':').map(Number);
              return p === plan && v >= version; }""",
            arg=[plan_id, version],
        )

    def ask(self, expression: str) -> Any:
        """Evaluate an expression in the map; ``bench`` is the running workbench."""
        return self.page.evaluate(
            "expression => document.querySelector('iframe').contentWindow.eval("
            "`(() => { const bench = window.GridMap.bench; return (${expression}); })()`)",
            expression,
        )

    def at(self, local: str) -> Point:
        """Where in the page a place of the map lies, given by an expression in local units."""
        x, y = self.ask(
            f"""(() => {{ const {{ x, y }} = bench.model.merc({local});
            const lat = Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI;
            const p = bench.map.latLngToContainerPoint([lat, (x - 0.5) * 360]);
            return [p.x, p.y]; }})()"""
        )
        frame = self.page.locator("iframe").bounding_box()
        assert frame is not None
        return frame["x"] + x, frame["y"] + y

    def cell(self, number: int) -> Point:
        return self.at(f"bench.model.cells.get({number}).anchor")

    def key(self, key: str) -> None:
        self.page.keyboard.press(key)

    def stroke(self, points: list[Point]) -> None:
        """Draw over the map in one go."""
        mouse = self.page.mouse
        mouse.move(*points[0])
        mouse.down()
        for point in points[1:]:
            mouse.move(*point, steps=4)
        mouse.up()

    def pairs(self) -> list[tuple[int, str, int, str]]:
        """Cells on either side of a border, of which the second one may well cross it."""
        found: list[tuple[int, str, int, str]] = self.ask(
            """bench.model.now.inner
            .flatMap((s) => [[s.a, s.b], [s.b, s.a]])
            .filter(([a, b]) => ![a, b].some((c) => bench.model.grid(c.label).locked))
            .filter(([, b]) => b.homes.length && !bench.model.apart(b.label, new Map([[b, '']])))
            .map(([a, b]) => [a.n, a.label, b.n, b.label])"""
        )
        return [(a, x, b, y) for a, x, b, y in found]

    def label(self, number: int) -> str:
        label: str = self.ask(f"bench.model.cells.get({number}).label")
        return label

    @property
    def notes(self) -> Locator:
        return self.frame.locator(".gp-notes")


Start = Callable[..., tuple[Table, Watch, int]]


@pytest.fixture
def office(demo: Site) -> Iterator[Office]:
    store = open_store(Settings(f"sqlite:///{demo.var}/gridmap.db", demo.var))
    yield Office(store)
    store.close()


@pytest.fixture
def start(open_page: Open, demo: Site, office: Office) -> Start:
    """Give a function that opens a new plan in a tab of its own."""

    def opened(plan_id: int = 0, **how: Any) -> tuple[Table, Watch, int]:
        plan_id = plan_id or office.plan()
        page, watch = open_page(**how)
        table = Table(page, demo)
        table.start(plan_id)
        return table, watch, plan_id

    return opened


def quiet(watch: Watch, site: Site) -> None:
    assert watch.errors == []
    assert watch.outside(site.url) == []
    assert watch.mounts == 1


def test_a_clicked_building_moves_and_an_undo_brings_it_back(
    start: Start, demo: Site, office: Office
) -> None:
    table, watch, plan_id = start()
    taker, to, cell, was = table.pairs()[0]
    table.page.mouse.click(*table.cell(taker))
    table.page.wait_for_url(f"**grid={to}*")
    table.key("m")
    table.page.mouse.move(*table.cell(cell))
    expect(table.frame.locator(".gp-sum")).to_have_count(2)
    table.page.mouse.click(*table.cell(cell))
    table.drawn(plan_id, 2)
    assert table.label(cell) == to
    assert office.sheet(plan_id).state.cells[cell] == to
    table.key("Control+z")
    table.drawn(plan_id, 3)
    assert table.label(cell) == was
    assert table.ask("bench.model.moved.length") == 0
    quiet(watch, demo)


def test_every_tool_leaves_its_mark_in_the_log(start: Start, demo: Site, office: Office) -> None:
    table, watch, plan_id = start()
    a, taker, b, giver = table.pairs()[0]
    table.page.mouse.click(*table.cell(a))

    table.key("d")
    near, far = table.at(_side(a, b)), table.cell(b)
    away = math.dist(near, far)
    back = [n - 3 * (f - n) / away for n, f in zip(near, far, strict=True)]
    table.stroke([(back[0], back[1]), far])
    table.drawn(plan_id, 2)
    assert table.label(b) == taker

    table.key("l")
    table.ask(f"bench.aim('{giver}')")
    x, y = table.cell(b)
    table.stroke([(x + 9 * math.cos(t / 3), y + 9 * math.sin(t / 3)) for t in range(20)])
    table.drawn(plan_id, 3)
    assert table.label(b) == giver

    table.key("b")
    table.ask(f"bench.aim('{taker}')")
    table.ask("bench.widen(5)")
    table.page.mouse.click(*table.cell(b))
    table.drawn(plan_id, 4)
    assert table.label(b) == taker

    table.key("v")
    table.page.mouse.click(*table.cell(b))
    table.key("s")
    left, right = (table.at(f"bench.model.toLocal(bench.model.grid('{taker}').box[{i}],"
                            f" bench.model.merc(bench.model.cells.get({a}).anchor).y)")
                   for i in (0, 2))  # fmt: skip
    table.stroke([(left[0] - 8, left[1] + 2), (right[0] + 8, right[1] - 2)])
    table.drawn(plan_id, 5)
    assert table.ask("bench.model.now.byLabel.has('n1')")

    table.key("j")
    table.page.mouse.click(*table.at(f"bench.model.grid('{taker}').cells[0].anchor"))
    table.page.mouse.click(*table.at("bench.model.grid('n1').cells[0].anchor"))
    table.drawn(plan_id, 6)
    assert not table.ask("bench.model.now.byLabel.has('n1')")

    table.key("c")
    x, y = table.cell(max(office.sheet(plan_id).state.cells))
    for dx, dy in ((-14, -14), (14, -14), (14, 14), (-14, 14)):
        table.page.mouse.click(x + dx, y + dy)
    table.key("Enter")
    table.drawn(plan_id, 7)
    assert table.ask("bench.model.now.byLabel.has('n1')")

    table.key("k")
    table.page.mouse.click(x, y)
    table.drawn(plan_id, 8)
    assert table.ask("bench.model.grid('n1').locked")

    log = office.sheet(plan_id).log
    assert [entry.op for entry in log] == [
        "drag", "lasso", "brush", "split", "merge", "carve", "lock",
    ]  # fmt: skip
    quiet(watch, demo)


def test_a_border_goes_whichever_way_it_is_pushed(start: Start, demo: Site, office: Office) -> None:
    table, watch, plan_id = start()
    a, taker, b, giver = table.pairs()[0]
    on, away = table.at(_side(a, b)), table.cell(b)
    far = math.dist(on, away)
    # Taken hold of on the side that it is pushed into: the other one takes all the same.
    inside = [o + 3 * (f - o) / far for o, f in zip(on, away, strict=True)]
    table.page.mouse.move(*on)
    table.key("d")
    table.stroke([(inside[0], inside[1]), away])
    table.drawn(plan_id, 2)
    assert (table.label(b), office.sheet(plan_id).state.cells[b]) == (taker, taker)
    assert giver != taker

    table.page.mouse.move(*table.at(_border(table)))
    table.page.mouse.down()
    table.page.mouse.up()
    expect(table.notes.get_by_role("status")).to_contain_text("边界没有移动")
    assert len(office.sheet(plan_id).log) == 1
    quiet(watch, demo)


def _border(table: Table) -> str:
    """Expression for a place on the straightest border."""
    return str(table.ask(STRAIGHT)["on"])


def test_a_border_is_drawn_anew_along_a_line(start: Start, demo: Site, office: Office) -> None:
    table, watch, plan_id = start()
    border = table.ask(STRAIGHT)
    (x, y), (u, v) = (table.at(str(end)) for end in border["ends"])
    length = math.dist((x, y), (u, v))
    dx, dy = 12 * (v - y) / length, 12 * (x - u) / length
    table.page.mouse.move(*table.at(str(border["on"])))
    table.key("r")
    table.page.mouse.click(*table.at(str(border["on"])))
    assert {table.ask("bench.tool.border.one"), table.ask("bench.tool.border.other")} == set(
        border["pair"]
    )
    table.stroke([
        (x + dx - (u - x) / 4, y + dy - (v - y) / 4), (u + dx + (u - x) / 4, v + dy + (v - y) / 4),
    ])  # fmt: skip
    table.drawn(plan_id, 2)
    assert [entry.op for entry in office.sheet(plan_id).log] == ["moveborder"]
    assert table.ask("bench.model.moved.length") > 0
    quiet(watch, demo)


def _side(a: int, b: int) -> str:
    """Expression for the middle of the longest side between two cells."""
    return (
        f"bench.model.now.inner.filter((s) => [s.a.n, s.b.n].includes({a})"
        f" && [s.a.n, s.b.n].includes({b}))"
        ".map((s) => [Math.hypot(s.to[0] - s.from[0], s.to[1] - s.from[1]),"
        " [(s.from[0] + s.to[0]) / 2, (s.from[1] + s.to[1]) / 2]])"
        ".sort((p, q) => q[0] - p[0])[0][1]"
    )


def test_a_refused_edit_is_told_and_the_map_shows_what_is_true(
    start: Start, demo: Site, office: Office
) -> None:
    plan_id = office.plan()
    table, watch, _ = start(plan_id)
    a, _, b, giver = table.pairs()[0]
    office.draw(plan_id, Lock(LOCK_GRID + giver))
    table.drawn(plan_id, 2)
    table.page.mouse.click(*table.cell(a))
    table.key("m")
    table.page.mouse.click(*table.cell(b))
    expect(table.notes.get_by_role("alert")).to_contain_text("锁定")
    assert table.label(b) == giver
    assert table.ask("bench.preview.size") == 0
    assert table.ask("bench.flagged.length") > 0
    assert table.ask("bench.model.version") == 2
    quiet(watch, demo)


def test_of_two_planners_the_slower_one_is_asked(start: Start, demo: Site, office: Office) -> None:
    table, watch, plan_id = start()
    table.page.route("**/map/plan/*/now", lambda route: route.abort())
    a, taker, b, _ = table.pairs()[0]
    table.page.mouse.click(*table.cell(a))
    office.draw(plan_id, Rename(taker, "改了名"))
    table.key("m")
    table.page.mouse.click(*table.cell(b))
    choices = table.notes.locator(".gp-choices button")
    expect(choices).to_have_count(3)
    choices.first.click()
    table.drawn(plan_id, 3)
    assert table.label(b) == taker
    assert table.ask(f"bench.model.grid('{taker}').name") == "改了名"
    quiet(watch, demo)


def test_before_and_after_hang_beside_each_other(start: Start, demo: Site) -> None:
    table, watch, plan_id = start()
    a, taker, b, _ = table.pairs()[0]
    table.page.mouse.click(*table.cell(a))
    table.key("m")
    table.page.mouse.click(*table.cell(b))
    table.drawn(plan_id, 2)
    table.key("h")
    curtain = table.frame.get_by_role("slider")
    expect(curtain).to_be_visible()
    curtain.press("ArrowRight")
    expect(curtain).to_have_attribute("aria-valuenow", "52")
    assert table.ask("bench.tool.name") == "hand"
    table.key("t")
    expect(curtain).to_be_hidden()
    assert table.ask(f"bench.painter.side.labelOf(bench.model.cells.get({b}))") != taker
    table.key("m")
    assert table.ask(f"bench.painter.side.labelOf(bench.model.cells.get({b}))") == taker
    quiet(watch, demo)


def test_a_step_taken_beside_the_map_is_nobody_elses(
    start: Start, demo: Site, office: Office
) -> None:
    plan_id = office.plan()
    label = office.sheet(plan_id).order[0]
    table, watch, _ = start(plan_id)
    office.draw(plan_id, Rename(label, "自己改的"))
    table.drawn(plan_id, 2)
    expect(table.notes).to_be_empty()
    quiet(watch, demo)


def test_a_pin_asks_for_words_and_stands_on_the_map(start: Start, demo: Site) -> None:
    table, watch, _ = start()
    a, *_ = table.pairs()[0]
    table.page.mouse.move(*table.cell(a))
    table.key("p")
    table.page.mouse.click(*table.cell(a))
    words = table.panel.locator("textarea")
    words.fill("这里太远")
    words.blur()
    table.still()
    table.panel.locator(".st-key-comment_write button").click()
    table.page.wait_for_function(
        "() => document.querySelector('iframe').contentWindow.GridMap.bench.model.comments.length"
    )
    quiet(watch, demo)


def test_a_stroke_is_called_off_by_escape(start: Start, demo: Site, office: Office) -> None:
    table, watch, plan_id = start()
    a, _, b, _ = table.pairs()[0]
    table.page.mouse.click(*table.cell(a))
    table.key("b")
    table.page.mouse.move(*table.cell(a))
    table.page.mouse.down()
    table.page.mouse.move(*table.cell(b), steps=4)
    assert table.ask("bench.preview.size") > 0
    table.key("Escape")
    table.page.mouse.up()
    assert table.ask("bench.preview.size") == 0
    assert office.sheet(plan_id).log == ()
    quiet(watch, demo)


def test_names_are_only_ever_text(start: Start, demo: Site, office: Office) -> None:
    plan_id = office.plan()
    label = office.sheet(plan_id).order[0]
    office.draw(plan_id, Rename(label, PAYLOAD))
    table, watch, _ = start(plan_id)
    table.key("m")
    option = table.frame.locator(f".gp-line option[value={label}]")
    assert option.text_content() == PAYLOAD
    assert table.frame.locator("img[onerror]").count() == 0
    quiet(watch, demo)


def test_on_a_phone_the_tools_fold_and_a_finger_draws(
    start: Start, demo: Site, office: Office
) -> None:
    table, watch, plan_id = start(width=390, height=844, touch=True)
    _, taker, b, _ = table.pairs()[0]
    expect(table.frame.locator(".gp-list")).to_be_hidden()
    table.frame.locator(".gp-fold").click()
    table.frame.locator("[data-tool=move]").click()
    expect(table.frame.locator(".gp-list")).to_be_hidden()
    table.frame.locator(".gp-line select").first.select_option(taker)
    x, y = table.cell(b)
    table.page.touchscreen.tap(x, y)
    table.drawn(plan_id, 2)
    assert table.label(b) == taker
    quiet(watch, demo)
