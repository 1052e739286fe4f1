"""One incident around the whole loop: three accounts, two sizes of screen, and a resident."""

import re

from playwright.sync_api import Page, expect

from tests.chromium import needed as chromium_marks
from tests.e2e.conftest import Open, Screen, Site

pytestmark = chromium_marks

HAZARD = re.compile("安全隐患")
STILL = (
    "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
)


def step(page: Page, name: str, note: str = "") -> None:
    """Take the step that leads on, with its form where it has one."""
    page.wait_for_function(STILL)
    page.locator(".st-key-steps button").filter(has_text=name).first.click()
    page.wait_for_function(STILL)
    form = page.locator("[data-testid=stForm]").filter(has_text=name)
    if note:
        form.locator("textarea").fill(note)
    if form.count():
        form.locator("button").filter(has_text="提交").click()
    expect(page.locator(".st-key-said")).to_contain_text(name)
    page.wait_for_function(STILL)


def at_item(opened: tuple[Page, object], demo: Site, login: str, number: str) -> Page:
    """Sign in and open one incident."""
    page, _ = opened
    Screen(page, demo).enter(login, query=f"item?incident={number}")
    expect(page.locator("body")).to_contain_text(number)
    return page


def test_from_a_residents_door_to_a_residents_verdict(open_page: Open, demo: Site) -> None:
    phone, watch = open_page(width=390, height=844, touch=True)
    Screen(phone, demo).enter("worker", query="report")
    phone.wait_for_function(STILL)
    phone.locator(".st-key-where_building button").first.click()
    phone.wait_for_function(STILL)
    phone.locator(".st-key-report_kind button").filter(has_text=HAZARD).first.click()
    phone.wait_for_function(STILL)
    phone.locator(".st-key-file button").first.click()
    said = phone.locator(".st-key-sheet")
    expect(said).to_contain_text("下一步：受理")
    found = re.search(r"incident=(\d{6}-\d{8}-\d{6})", said.inner_html())
    assert found
    number = found.group(1)

    desk = at_item(open_page(), demo, "community", number)
    expect(desk.locator(".st-key-bell")).to_be_visible()
    step(desk, "受理")
    desk.wait_for_function(STILL)
    step(desk, "派单", "请尽快到场")

    lead = at_item(open_page(width=390, height=844, touch=True), demo, "lead", number)
    step(lead, "开始处置")
    step(lead, "处置完成", "楼道已清空，拍照留存")
    step(lead, "反馈居民", "当面告知")
    lead.locator(".st-key-make_link button").click()
    link = lead.locator("img.gm-code")
    expect(link).to_be_visible()
    address = str(link.get_attribute("alt"))

    resident, seen = open_page(width=390, height=844, touch=True)
    resident.goto(address)
    assert number not in resident.content()
    resident.locator("label.score").filter(has_text="5").click()
    resident.fill("textarea", "来得很快 {{7*7}}")
    resident.locator("button.primary").click()
    expect(resident.locator(".thanks")).to_be_visible()
    resident.goto(address)
    expect(resident.locator("form .score")).to_have_count(0)

    desk.reload()
    expect(desk.locator("body")).to_contain_text("来得很快 {{7*7}}")
    step(desk, "办结归档")
    expect(desk.locator("body")).to_contain_text("办结归档")
    assert watch.errors == []
    assert seen.outside(demo.url) == []
