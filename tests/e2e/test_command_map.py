"""The paths that people live on, in a real browser with the network closed."""

import re

import pytest
from playwright.sync_api import expect

from data import clock
from data.handling import NewIncident, report_incident
from data.picture import Pictures
from data.settings import Settings
from data.store import open_store
from rules.access import Actor, Role, Scope
from rules.kinds import Severity
from tests.chromium import needed as chromium_marks
from tests.e2e.conftest import Open, Screen, Site, Watch

pytestmark = chromium_marks

Tab = tuple[Screen, Watch]


def test_drill_from_the_district_to_an_incident_and_back(screen: Tab) -> None:
    tab, watch = screen
    tab.sign_in("command")
    start = tab.ready()
    street = tab.drill()
    community = tab.drill()
    grid = tab.click_area()
    page = tab.page
    items = tab.panel.locator("[data-testid=stDataFrame]")
    assert community["code"].startswith(street["code"])
    assert grid["code"].startswith(community["code"])
    tab.shows(grid["name"])
    page.go_back()
    page.go_back()
    page.wait_for_url(f"**at={street['code']}*")
    tab.shows(community["name"])
    page.locator(".st-key-trail button").first.click()
    tab.ready(again=start)
    tab.shows("大安区")
    box = items.first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 150, box["y"] + 34 + 17)
    page.wait_for_url("**incident=*")
    expect(tab.panel).to_contain_text("DA")
    page.wait_for_function(
        "() => document.querySelector('iframe').contentWindow"
        ".GridMap.command.selection.kind === 'incident'"
    )
    page.go_back()
    page.wait_for_function("() => !location.search.includes('incident=')")
    tab.shows("大安区")
    assert watch.mounts == 1


def test_a_shared_address_shows_a_narrower_account_its_own_area_only(
    open_page: Open, demo: Site
) -> None:
    page, _ = open_page()
    wide = Screen(page, demo)
    wide.sign_in("command")
    elsewhere = wide.click_area("牛佛镇")
    query = page.url.split("/", 3)[3]
    assert elsewhere["code"] in query
    other, watch = open_page()
    narrow = Screen(other, demo)
    narrow.sign_in("street", query=query)
    narrow.shows("龙井街道")
    expect(other.locator("body")).not_to_contain_text("牛佛镇")
    expect(other.locator("body")).to_contain_text("不在您的管辖范围")
    assert watch.errors == []


def test_a_filter_changes_map_figures_and_table_and_stays_in_the_address(screen: Tab) -> None:
    tab, watch = screen
    tab.sign_in("command")
    page = tab.page
    before = tab.ready()
    shown = page.locator(".st-key-figure_open b")
    whole = int(shown.inner_text().replace(",", ""))
    page.locator(".st-key-more button").first.click()
    page.locator(".st-key-f_kinds button", has_text="安全隐患").click()
    after = tab.ready(other_than=before)
    page.wait_for_url("**kind=hazard*")
    expect(shown).not_to_have_text(str(whole))
    part = int(shown.inner_text().replace(",", ""))
    assert 0 < part < whole
    expect(tab.panel).to_contain_text(re.compile(rf"共 ?{part} ?件"))
    page.reload()
    assert tab.ready() == after
    expect(shown).to_have_text(str(part))
    assert watch.mounts == 2  # one for each load of the page


@pytest.fixture
def filed(demo: Site) -> str:
    """File an incident in the running demo as another process would, and give its title."""
    store = open_store(Settings(database_url=f"sqlite:///{demo.var / 'gridmap.db'}", var=demo.var))
    now = clock.now()
    picture = Pictures(store).current(now)
    root = picture.tree.get(picture.tree.root_id)
    title = f"测试上报 {now:%H%M%S%f}"
    report_incident(
        store, picture, scope=Scope(root.id), now=now,
        actor=Actor(1, "test", "test", Role.COMMAND, root.id),
        new=NewIncident(
            kind="hazard", title=title, source="resident", lon=root.lon, lat=root.lat,
            severity=Severity.URGENT, address="",
        ),
    )  # fmt: skip
    store.close()
    return title


def test_a_new_incident_arrives_by_itself_and_leaves_the_view_alone(
    screen: Tab, request: pytest.FixtureRequest
) -> None:
    tab, watch = screen
    tab.sign_in("command")
    page = tab.page
    shown = page.locator(".st-key-figure_open b")
    count = int(shown.inner_text().replace(",", ""))
    place = tab.in_map("[command.map.getZoom(), command.map.getCenter().lat]")
    request.getfixturevalue("filed")
    expect(shown).to_have_text(str(count + 1), timeout=8_000)
    assert tab.in_map("[command.map.getZoom(), command.map.getCenter().lat]") == place
    assert watch.mounts == 1


def test_signing_out_bites_at_once_in_every_tab(open_page: Open, demo: Site) -> None:
    page, _ = open_page()
    tab = Screen(page, demo)
    tab.sign_in("lead")
    second = page.context.new_page()
    second.goto(demo.url)
    Screen(second, demo).ready()
    state = page.context.request.get(f"{demo.url}/map/search?q=1")
    assert state.status == 200
    page.evaluate("() => fetch('/sign-out', {method: 'POST', credentials: 'same-origin'})")
    assert page.context.request.get(f"{demo.url}/map/search?q=1").status == 401
    second.wait_for_url("**/sign-in*", timeout=15_000)


def test_the_phone_shows_map_and_panel_without_sideways_scrolling(
    open_page: Open, demo: Site
) -> None:
    page, watch = open_page(width=390, height=844, touch=True)
    tab = Screen(page, demo)
    tab.sign_in("lead")
    page.goto(f"{demo.url}/map")
    tab.ready()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tab.shows("网格")
    assert watch.errors == []


def test_on_a_phone_the_first_tap_on_the_map_lands_where_it_was_meant(
    open_page: Open, demo: Site
) -> None:
    page, watch = open_page(width=390, height=844, touch=True)
    tab = Screen(page, demo)
    tab.sign_in("command")
    scrolled = "document.querySelector('[data-testid=stMain]').scrollTop"
    page.evaluate(f"{scrolled} = 290")
    box = page.locator("iframe").bounding_box()
    assert box is not None
    assert box["y"] < 0
    page.touchscreen.tap(box["x"] + 30, box["y"] + 300)
    page.wait_for_function("document.activeElement === document.querySelector('iframe')")
    assert page.evaluate(scrolled) == 290
    assert watch.errors == []


def test_an_address_without_a_page_is_answered_in_words(screen: Tab) -> None:
    tab, _ = screen
    tab.sign_in("lead")
    tab.page.goto(f"{tab.site.url}/nowhere")
    expect(tab.page.locator(".gm-note")).to_contain_text("没有这个页面")
    expect(tab.page.locator("[role=dialog]")).to_have_count(0)


def test_the_panel_never_shows_two_subjects_at_once(screen: Tab) -> None:
    tab, _ = screen
    tab.sign_in("command")
    page = tab.page
    page.evaluate(
        """() => {
          window.headings = [];
          const look = () => {
            const found = [...document.querySelectorAll('.st-key-panel h2, .st-key-panel h3')];
            window.headings.push(found.map((node) => node.firstChild?.textContent).join('|'));
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    box = tab.panel.locator("[data-testid=stDataFrame]").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 150, box["y"] + 34 + 17)
    page.wait_for_url("**incident=*")
    tab.shows("")
    page.locator(".st-key-back button").click()
    tab.shows("大安区")
    tab.ready()
    mixed = [
        seen for seen in page.evaluate("headings") if "办理过程" in seen and "最新动态" in seen
    ]
    assert mixed == []


LATIN_FINE = re.compile(
    r"\b(?:[A-Z]{2,3}-?\d[\d-]*|CGCS|GPS|Excel|CSV|GeoJSON|GeoPackage|English|km|m|min)\b"
)


def test_no_english_leaks_into_the_chinese_screen(screen: Tab) -> None:
    tab, _ = screen
    tab.sign_in("command")
    page = tab.page
    page.locator(".st-key-more button").first.click()
    page.locator(".st-key-f_kinds button").first.wait_for()
    page.add_style_tag(content="[data-testid=stIconMaterial] {display: none}")  # names of glyphs
    texts = page.locator("body").inner_text() + tab.frame.locator("body").inner_text()
    words = re.findall(r"[A-Za-z]{3,}", LATIN_FINE.sub("", texts))
    assert words == []
