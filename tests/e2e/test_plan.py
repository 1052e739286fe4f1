"""A boundary plan from the planner's hand to the street and back: four accounts, one community.

Redrawn by hand, a proposal taken over, submitted, approved by another account, published: the open
items follow their buildings. Then a plan that leads back is published in its turn.
"""

import re
from collections import Counter
from typing import Any, Final

from playwright.sync_api import Page, expect

from data import clock
from data.accounts import actor_of, sign_in_demo
from data.picture import Picture, Pictures
from data.plan_sheet import Sheet
from data.plans import sheet
from data.settings import Settings
from data.store import open_store
from rules.access import Scope
from tests.chromium import needed as chromium_marks
from tests.e2e.conftest import Open, Site, Watch
from tests.e2e.test_workbench_tools import Table

pytestmark = chromium_marks

COMMUNITY: Final = "大楻桶社区"
"""In the street that the demo's street account keeps; neither of the demo's plans is of it."""


class Record:
    """The store beside the browser: what is really so."""

    def __init__(self, site: Site) -> None:
        self.store = open_store(Settings(f"sqlite:///{site.var}/gridmap.db", site.var))

    @property
    def picture(self) -> Picture:
        return Pictures(self.store).current(clock.now())

    def sheet(self, plan_id: int) -> Sheet:
        now = clock.now()
        actor = actor_of(
            self.store, sign_in_demo(self.store, login="planner", now=now).token, now=now
        )
        assert actor is not None
        return sheet(
            self.store, self.picture, scope=Scope(self.picture.tree.root_id), actor=actor,
            plan_id=plan_id,
        )  # fmt: skip

    def grids(self) -> dict[int, str]:
        """Code of the grid that each building of the community belongs to."""
        picture = self.picture
        area = next(a for a in picture.tree.areas if a.name == COMMUNITY)
        first, last = picture.tree.range(area.id)
        homes = picture.buildings
        here = (homes.area >= first) & (homes.area < last)
        return {
            int(home): picture.tree.areas[int(at)].code
            for home, at in zip(homes.id[here], homes.area[here], strict=True)
        }

    def open_items(self) -> Counter[str]:
        """Open items of each grid of the community, by the code of the grid."""
        picture = self.picture
        area = next(a for a in picture.tree.areas if a.name == COMMUNITY)
        first, last = picture.tree.range(area.id)
        columns = picture.columns
        rows = columns.open_rows
        rows = rows[(columns.area[rows] >= first) & (columns.area[rows] < last)]
        return Counter(picture.tree.areas[int(at)].code for at in columns.area[rows])

    def at_buildings(self) -> dict[int, str]:
        """Code of the grid that the open items at each building are in."""
        picture = self.picture
        columns = picture.columns
        rows = columns.open_rows
        rows = rows[columns.building[rows] > 0]
        return {
            int(home): picture.tree.areas[int(at)].code
            for home, at in zip(columns.building[rows], columns.area[rows], strict=True)
        }


def begin(page: Page, title: str) -> int:
    """Begin a plan of the community through the form of the list."""
    page.locator(".st-key-new_plan button").click()
    page.locator(".st-key-new_plan_area input").fill(COMMUNITY)
    page.get_by_role("option").filter(has_text=COMMUNITY).first.click()
    page.locator(".st-key-new_plan_title input").fill(title)
    page.locator(".st-key-new_plan_title input").press("Enter")
    page.locator(".st-key-new_plan_begin button").click()
    page.wait_for_url("**/plan?plan=*")
    return _number(page)


def _number(page: Page) -> int:
    found = re.search(r"plan=(\d+)", page.url)
    assert found
    return int(found[1])


def turn(table: Table, tab: str) -> None:
    table.still()
    table.page.locator(".st-key-plan_tab button").filter(has_text=tab).click()
    table.still()


def take(table: Table, action: str, word: str) -> None:
    """Take a step through its form, and wait until the page says so."""
    table.still()
    table.page.locator(f".st-key-plan_do_{action} button").click()
    table.still()
    table.page.locator(".st-key-plan_step_take button").click()
    expect(table.page.locator(".st-key-plan_head")).to_contain_text(word)
    table.still()


def at_plan(opened: tuple[Page, Watch], demo: Site, login: str, plan_id: int) -> Table:
    table = Table(opened[0], demo)
    table.enter(login, query=f"plan?plan={plan_id}")
    expect(table.page.locator(".st-key-plan_head")).to_be_visible()
    return table


def redraw(planner: Table, record: Record, plan_id: int) -> Sheet:
    """Move a building by hand, then take over the first proposal with six grids."""
    page = planner.page
    a, to, b, _ = planner.pairs()[0]
    page.mouse.click(*planner.cell(a))
    page.wait_for_url(f"**grid={to}*")
    planner.key("m")
    page.mouse.click(*planner.cell(b))
    planner.drawn(plan_id, 2)
    assert record.sheet(plan_id).state.cells[b] == to
    turn(planner, "推荐方案")
    grids = page.locator(".st-key-ask_grids input")
    grids.fill("6")
    grids.press("Tab")
    page.get_by_role("button", name="生成方案").click()
    offer = page.locator(".st-key-offers button").first
    expect(offer).to_be_visible(timeout=20_000)
    planner.still()
    offer.click()
    page.wait_for_url("**proposal=*")
    planner.still()
    page.locator(".st-key-adopt button").click()
    planner.drawn(plan_id, 3)
    return record.sheet(plan_id)


def review(open_page: Open, demo: Site, plan_id: int, *, by: str) -> Table:
    """Approve a plan that is in review, and publish it for today by the planner's hand."""
    take(at_plan(open_page(), demo, by, plan_id), "approve", "已通过")
    planner = at_plan(open_page(), demo, "planner", plan_id)
    take(planner, "publish", "施行中")
    return planner


def test_grids_are_redrawn_reviewed_published_and_rolled_back(open_page: Open, demo: Site) -> None:
    record = Record(demo)
    before, items_before = record.grids(), record.open_items()
    page, watch = open_page()
    planner = Table(page, demo)
    planner.enter("planner")
    plan_id = begin(page, "大楻桶社区网格优化")
    planner.drawn(plan_id, 1)
    drawn = redraw(planner, record, plan_id)
    assert [entry.op for entry in drawn.log] == ["move", "propose"]
    assert len(drawn.order) == 6
    take(planner, "submit", "会审中")
    publisher = review(open_page, demo, plan_id, by="street")

    after = record.grids()
    planned = _planned(drawn, after)
    assert {home: after[home] for home in planned} == planned
    assert len(set(after.values())) > len(set(before.values()))
    items = {home: code for home, code in record.at_buildings().items() if home in after}
    assert items
    assert items == {home: after[home] for home in items}
    assert sum(record.open_items().values()) == sum(items_before.values())

    publisher.page.locator(".st-key-plan_roll_back button").first.click()
    publisher.page.wait_for_url(lambda url: f"plan={plan_id}" not in url)
    publisher.still()
    back = _number(publisher.page)
    take(publisher, "submit", "会审中")
    review(open_page, demo, back, by="command")
    assert record.grids() == before
    assert record.open_items() == items_before
    assert watch.errors == []
    assert watch.outside(demo.url) == []
    record.store.close()


def _planned(drawn: Sheet, after: dict[int, str]) -> dict[int, str]:
    """Code that each building of a grid which lives on shall have."""
    found: dict[int, Any] = {}
    for cell, label in zip(drawn.cells, drawn.state.cells.values(), strict=True):
        code = drawn.state.marks[label].code
        if code:
            found |= dict.fromkeys(cell.buildings, code)
    return {home: code for home, code in found.items() if home in after}
