"""The way of a report: found by a worker on the phone, or told to the desk by address."""

import re
import sqlite3

from playwright.sync_api import Locator, Page, expect

from tests.chromium import needed as chromium_marks
from tests.e2e.conftest import Open, Screen, Site

pytestmark = chromium_marks

HAZARD = re.compile("安全隐患")


def still(page: Page) -> None:
    """Wait until the page server has nothing more to do."""
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState"
        " === 'notRunning'"
    )


def press(page: Page, place: str, text: str | re.Pattern[str] = "") -> None:
    """Press a button by the key of what holds it, and by its words."""
    page.locator(f"{place} button").filter(has_text=text).first.click()
    still(page)


def wide(page: Page) -> int:
    found: int = page.evaluate("document.documentElement.scrollWidth")
    return found


def low(page: Page, place: str) -> list[str]:
    """Words of the buttons that a finger would miss."""
    found: list[str] = page.locator(f"{place} button:visible").evaluate_all(
        "all => all.filter(b => b.getBoundingClientRect().height < 43.5).map(b => b.innerText)"
    )
    return found


def duty(page: Page, title: str) -> Locator:
    return page.locator("[class*=st-key-duty_]").filter(has_text=title)


def middle_of_grid(demo: Site, login: str) -> dict[str, float]:
    with sqlite3.connect(demo.var / "gridmap.db") as db:
        lon, lat = db.execute(
            "SELECT g.lon, g.lat FROM area g JOIN account a ON a.area_id = g.id WHERE a.login = ?",
            (login,),
        ).fetchone()
    return {"longitude": lon, "latitude": lat, "accuracy": 12}


def test_a_worker_reports_in_three_taps_and_settles_it(open_page: Open, demo: Site) -> None:
    page, watch = open_page(width=390, height=844, touch=True)
    tab = Screen(page, demo)
    tab.enter("worker", query="report")
    still(page)
    building = page.locator(".st-key-where_building button").first.inner_text().strip()
    press(page, ".st-key-where_building", building)
    press(page, ".st-key-report_kind", HAZARD)
    title = page.locator(".st-key-report_title input")
    expect(title).to_have_value(f"{building}安全隐患")
    assert wide(page) <= 390
    assert low(page, ".st-key-sheet") == []
    press(page, ".st-key-file")
    expect(page.locator(".st-key-sheet")).to_contain_text("下一步：受理")
    page.locator(".st-key-pages a").filter(has_text="我的网格").click()
    mine = duty(page, f"{building}安全隐患")
    expect(mine).to_have_count(1)
    still(page)
    assert wide(page) <= 390
    assert low(page, ".st-key-grid") == []
    mine.locator("[class*=st-key-next_] button").click()
    others = page.locator(".st-key-steps button").filter(has_text="其他操作")
    expect(others).to_be_visible()
    still(page)
    others.click()
    page.get_by_text("当场办结", exact=True).click()
    words = page.locator(".st-key-grid textarea")
    expect(words).to_be_visible()
    still(page)
    words.fill("已清理干净")
    page.locator(".st-key-grid button").filter(has_text="提交").click()
    expect(mine).to_contain_text("已处置")
    assert wide(page) <= 390
    assert watch.errors == []
    assert watch.outside(demo.url) == []


def test_the_device_says_where_it_is(open_page: Open, demo: Site) -> None:
    page, watch = open_page(width=390, height=844, touch=True)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(middle_of_grid(demo, "lead"))  # type: ignore[arg-type]
    tab = Screen(page, demo)
    tab.enter("lead", query="report")
    press(page, "[class*=st-key-where_way]", "当前位置")
    said = page.locator(".gm-picked")
    expect(said).to_contain_text("误差约12米")
    page.context.set_geolocation({"longitude": 100.0, "latitude": 30.0})
    press(page, ".st-key-locate")
    expect(said).to_have_count(0)
    expect(page.locator(".st-key-sheet")).to_contain_text("不在您的管辖范围内")
    assert watch.errors == []


def test_a_tap_on_the_map_is_a_place(open_page: Open, demo: Site) -> None:
    page, watch = open_page()
    tab = Screen(page, demo)
    tab.enter("command", query="report")
    press(page, "[class*=st-key-where_way]", "地图点选")
    tab.ready()
    box = page.locator("iframe").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".gm-picked")).to_be_visible()
    tab.frame.locator(".gm-pin").wait_for()
    assert "incident=" not in page.url
    assert watch.errors == []


def test_the_desk_chooses_among_candidates_in_the_list_and_on_the_map(
    open_page: Open, demo: Site
) -> None:
    page, watch = open_page()
    tab = Screen(page, demo)
    tab.enter("command", query="report")
    address = page.locator("[class*=st-key-where_address] input")
    address.fill("水岸雅苑1栋旁")
    address.press("Enter")
    choices = page.locator(".st-key-where_radio label")
    expect(choices.first).to_be_visible()
    tab.ready()
    marks = tab.frame.locator(".gm-spot")
    expect(marks).to_have_count(page.locator(".st-key-where_radio input").count())
    page.locator(".st-key-where_radio label").filter(has_text="2").first.click()
    picked = page.locator(".gm-picked")
    expect(picked).to_be_visible()
    expect(tab.frame.locator(".gm-spot.gm-chosen")).to_have_text("2")
    still(page)
    before = picked.inner_text()
    page.locator("iframe").scroll_into_view_if_needed()
    spot = tab.frame.locator(".gm-spot").first.bounding_box()
    assert spot is not None
    page.mouse.click(spot["x"] + 15, spot["y"] + 15)
    expect(tab.frame.locator(".gm-spot.gm-chosen")).to_have_text("1")
    expect(picked).not_to_have_text(before)
    assert watch.errors == []


def test_what_nobody_knows_is_placed_once_and_found_ever_after(open_page: Open, demo: Site) -> None:
    page, watch = open_page()
    tab = Screen(page, demo)
    tab.enter("community", query="report")
    words = "白鹤茶铺门口"

    def ask() -> None:
        field = page.locator("[class*=st-key-where_address] input")
        field.fill(words)
        field.press("Enter")
        still(page)

    ask()
    expect(page.locator(".st-key-sheet")).to_contain_text("地名库中没有")
    press(page, ".st-key-report_kind", "环境秩序")
    press(page, ".st-key-file", "稍后落位")
    expect(page.locator(".st-key-sheet")).to_contain_text("还需人工落位")
    page.locator(".st-key-pages a").filter(has_text="待落位").click()
    press(page, ".st-key-queue", words)
    tab.ready()
    box = page.locator("iframe").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".gm-picked")).to_be_visible()
    press(page, ".st-key-lay")
    expect(page.locator(".st-key-grid")).to_contain_text("已落位")
    page.locator(".st-key-pages a").filter(has_text="上报").click()
    press(page, ".st-key-again")
    ask()
    expect(page.locator(".gm-picked")).to_contain_text(words)
    assert watch.errors == []
