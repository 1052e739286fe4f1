"""The pages of the three services, on the demo district with its published figures."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import clock
from data.accounts import sign_in_demo
from data.demo.build import make_demo
from data.demo.plan import LONGJING, district_plan
from data.incidents import list_incidents
from data.settings import Settings
from data.store import open_store
from pages import _house, _session
from pages._address import Address
from pages._house import House
from rules.access import Scope
from tests.pages.conftest import MAIN

Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[House]:
    """The demo district as the house of this process."""
    var = tmp_path_factory.mktemp("services")
    shutil.copyfile(sqlite_template, var / "gridmap.db")
    store = open_store(Settings(f"sqlite:///{var / 'gridmap.db'}", var))
    make_demo(store, district_plan(1), seed=1, now=clock.now())
    store.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRIDMAP_VAR", str(var))
        _house.house.cache_clear()
        yield _house.house()
        _house.house().store.close()
        _house.house.cache_clear()


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, demo: House) -> Open:
    """Give a function that opens a page of the demo as somebody."""

    def opened(login: str, page: str, locale: str = "zh", **query: str) -> AppTest:
        token = sign_in_demo(demo.store, login=login, now=clock.now()).token
        monkeypatch.setattr(_session, "token", lambda: token)
        monkeypatch.setattr(_session, "language", lambda: locale)
        at = AppTest.from_file(MAIN, default_timeout=60).run().switch_page(page)
        for name, value in query.items():
            at.query_params[name] = value
        return at.run()

    return opened


def shown(at: AppTest) -> str:
    """All HTML of the page, without the style sheet."""
    assert not at.exception
    return " ".join(e.value for e in at.get("html") if "<style>" not in (e.value or ""))


def behind(demo: House, link: str) -> int:
    """How many items the command map lists at this address."""
    query = dict(part.split("=") for part in link.replace("%2C", ",").split("&amp;"))
    address = Address.from_query(query)
    picture = demo.pictures.current(clock.now())
    area = picture.tree.by_code(address.at) if address.at else None
    root = picture.tree.root_id
    _, total = list_incidents(
        demo.store, picture, scope=Scope(root), area_id=area.id if area else root,
        filter=address.filter, now=clock.now(), limit=1,
    )  # fmt: skip
    return total


def numbers(page: str) -> dict[str, str]:
    """Numbers that lead to the command map: the number by its address."""
    return dict(re.findall(r'href="/map\?([^"]+)"[^>]*>([\d,]+)</a>', page))


def test_every_number_of_the_three_services_equals_the_items_behind_it(
    demo: House, open_page: Open
) -> None:
    for page in ("assessment.py", "legal.py", "chiefs.py"):
        found = numbers(shown(open_page("command", page)))
        assert found
        for link, text in found.items():
            assert behind(demo, link) == int(text.replace(",", "")), (page, link)


def test_the_published_year_of_the_grid_service_is_on_the_screen(open_page: Open) -> None:
    found = numbers(shown(open_page("command", "assessment.py")))
    year = [text for link, text in found.items() if "year=2023" in link]
    assert year == ["14,804", "3,127", "793", "8,709", "2,175"]


def test_the_published_year_of_the_legal_centre_is_on_its_screen(open_page: Open) -> None:
    for login in ("command", "legal"):
        found = numbers(shown(open_page(login, "legal.py")))
        year = [text for link, text in found.items() if "year=2023" in link]
        assert year == ["2,013", "62", "721", "433", "143", "654"]


def test_the_problems_that_longjings_chiefs_solved_are_on_their_screen(open_page: Open) -> None:
    page = shown(open_page("street", "chiefs.py"))
    assert "2022-03以来已解决" in page
    assert [text for link, text in numbers(page).items() if "service=chief" in link] == ["1,014"]
    assert '<b class="">100</b>' in page
    district = shown(open_page("command", "chiefs.py", at=LONGJING))
    assert "1,014" in district


def test_the_loop_of_the_centre_stands_in_its_six_stages(open_page: Open) -> None:
    page = shown(open_page("legal", "legal.py"))
    names = ("问题收集", "分类办理", "跟踪调度", "办结销号", "反馈评价", "人员考核")
    stages = [page.index(name) for name in names]
    assert stages == sorted(stages)
    assert "示例" in page


def test_the_legal_centre_starts_at_its_own_page(
    monkeypatch: pytest.MonkeyPatch, demo: House
) -> None:
    token = sign_in_demo(demo.store, login="legal", now=clock.now()).token
    monkeypatch.setattr(_session, "token", lambda: token)
    monkeypatch.setattr(_session, "language", lambda: "zh")
    at = AppTest.from_file(MAIN, default_timeout=60).run()
    assert "法务闭环" in shown(at)


def test_overloaded_chiefs_and_posts_not_filled_are_listed(open_page: Open) -> None:
    at = open_page("command", "chiefs.py")
    assert not at.exception
    chiefs, posts = (frame.value for frame in at.dataframe)
    if "户数" not in chiefs or "栋长" not in chiefs:
        chiefs, posts = posts, chiefs
    assert chiefs["户数"].iloc[0].endswith("▲")
    assert len(posts) > 0


def test_a_number_of_the_assessment_opens_formula_and_cases(open_page: Open, demo: House) -> None:
    tree = demo.pictures.current(clock.now()).tree
    street = tree.by_code(LONGJING)
    assert street is not None
    page = shown(open_page("command", "assessment.py", who=str(street.id), measure="on_time"))
    assert "龙井街道 · 按期办结率" in page
    assert "按期办结率 = 期内按期处置完成的事件 ÷" in page
    said = re.search(r"([\d,]+) ÷ ([\d,]+) = ", page)
    assert said is not None
    counted, out_of = (int(n.replace(",", "")) for n in said.groups())
    assert len(re.findall(r'href="/item\?incident=', page)) == min(out_of - counted, 300) + min(
        counted, 300
    )


def test_people_have_their_workload_with_its_formula(open_page: Open, demo: House) -> None:
    staff = demo.pictures.current(clock.now()).staff
    worker = next(int(i) for i, d in zip(staff.id, staff.duty, strict=True) if d == "grid_worker")
    page = shown(
        open_page("command", "assessment.py", by="person", who=str(worker), measure="load")
    )
    assert "分钟" in page
    assert "÷" in page


def test_a_lead_sees_the_own_assessment_and_nobody_elses(open_page: Open) -> None:
    at = open_page("lead", "assessment.py", by="person")
    assert not at.exception
    assert len(at.dataframe[0].value) == 1


@pytest.mark.parametrize(
    ("login", "page"),
    [("planner", "chiefs.py"), ("street", "legal.py"), ("worker", "assessment.py"),
     ("chief", "legal.py")],
)  # fmt: skip
def test_who_has_nothing_to_do_with_a_service_has_no_page_of_it(
    open_page: Open, login: str, page: str
) -> None:
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        open_page(login, page)


def test_english_has_no_chinese_words_of_ours(open_page: Open) -> None:
    for page in ("chiefs.py", "legal.py", "assessment.py"):
        words = shown(open_page("command", page, locale="en"))
        for word in ("栋长", "考核", "未办结", "近30天", "已解决", "上报年份"):
            assert word not in words, page
