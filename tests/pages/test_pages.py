"""The pages as people of each role see them, through Streamlit's own test runner."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import accounts
from data.store import StoreUnavailable
from pages import _session
from pages._house import House
from tests import small_district

MAIN = str(Path(__file__).parents[2] / "pages" / "main.py")
CODE, NUMBER = small_district.CODE, small_district.NUMBER

AT_HOME = {"lead", "chief", "planner"}
"""Logins that start at a page of their own and go to the map from there."""

Open = Callable[..., AppTest]


@pytest.fixture
def open_as(monkeypatch: pytest.MonkeyPatch, house: House, signed_in: Callable[[str], str]) -> Open:
    """Give a function that opens the map page as somebody, with parameters in the URL."""

    def opened(login: str | None, locale: str = "zh", **query: str) -> AppTest:
        cookie = signed_in(login) if login else None
        monkeypatch.setattr(_session, "token", lambda: cookie)
        monkeypatch.setattr(_session, "language", lambda: locale)
        at = AppTest.from_file(MAIN, default_timeout=30)
        if login in AT_HOME:
            at.run().switch_page("command_map.py")
        for name, value in query.items():
            at.query_params[name] = value
        return at.run()

    return opened


def shown(at: AppTest) -> str:
    """All HTML of the page, without the style sheet."""
    assert not at.exception
    return " ".join(e.value for e in at.get("html") if "<style>" not in (e.value or ""))


def test_nobody_sees_the_sign_in_link_and_no_data(open_as: Open) -> None:
    page = shown(open_as(None))
    assert "/sign-in" in page
    assert "龙井" not in page


def test_the_command_centre_sees_the_district(open_as: Open) -> None:
    at = open_as("command")
    page = shown(at)
    assert "演示数据" in page
    assert "大安区" in page
    assert "网格长1" in page
    assert len(at.dataframe[0].value) == 7
    assert at.dataframe[0].value["时限"].str.startswith("超期").all()


@pytest.mark.parametrize(
    ("login", "area", "items"),
    [("street", "龙井街道", 5), ("community", "龙井社区", 4), ("lead", "第1网格", 2)],
)
def test_each_role_starts_at_its_own_area(open_as: Open, login: str, area: str, items: int) -> None:
    at = open_as(login)
    page = shown(at)
    assert f"<h2>{area}</h2>" in page
    assert "大安街道" not in page
    assert len(at.dataframe[0].value) == items


def test_a_url_of_a_wider_scope_shows_the_own_area_and_says_so(open_as: Open) -> None:
    page = shown(open_as("lead", at=CODE["S2"], area=CODE["G5"]))
    assert "网址中的区域不在您的管辖范围内" in page
    assert "<h2>第1网格</h2>" in page
    assert "第5网格" not in page


def test_an_incident_outside_the_scope_is_not_there(open_as: Open) -> None:
    foreign, unknown = (
        shown(open_as("lead", incident=number)) for number in (NUMBER["I8"], "2026-9999")
    )
    assert "不在您的管辖范围内，或者不存在" in foreign
    assert "火情" not in foreign
    assert foreign == unknown


def test_an_incident_in_the_url_opens_in_the_panel(open_as: Open) -> None:
    page = shown(open_as("command", incident=NUMBER["I2"]))
    assert NUMBER["I2"] in page
    assert "超期" in page
    assert "矛盾纠纷：56 个工作小时" in page
    assert "办理过程" in page


def test_a_building_in_the_url_opens_in_the_panel(open_as: Open, house: House) -> None:
    with house.store.read() as conn:
        code = conn.exec_driver_sql("SELECT code FROM building WHERE id = 1").scalar_one()
    page = shown(open_as("chief", building=code))
    assert "张栋长" in page
    assert "40" in page


def test_a_figure_colours_the_map_and_lands_in_the_url(open_as: Open) -> None:
    at = open_as("command")
    at.button(key="by_overdue").click().run()
    assert at.query_params["figure"] == "overdue"
    assert not at.exception


def test_a_filter_narrows_list_and_figures_and_can_be_taken_back(open_as: Open) -> None:
    at = open_as("command")
    at.get_by_key("f_kinds").set_value(["hazard"]).run()
    assert at.query_params["kind"] == "hazard"
    assert len(at.dataframe[0].value) == 2
    chip = next(b for b in at.button if (b.key or "").startswith("chip_kinds_hazard"))
    chip.click().run()
    assert "kind" not in at.query_params
    assert len(at.dataframe[0].value) == 7


def test_the_status_decides_which_states_are_offered(open_as: Open) -> None:
    at = open_as("command", status="closed")
    assert set(at.dataframe[0].value["状态"]) == {"办结归档", "已处置", "不予受理"}
    assert "已派单" not in at.get_by_key("f_states").options
    assert "办结归档" in at.get_by_key("f_states").options


def test_an_empty_list_says_why_and_what_to_do(open_as: Open) -> None:
    assert "可放宽条件或点“重置”" in shown(open_as("command", q="无此事项"))
    assert "这里没有未办结事项" in shown(open_as("command", at=CODE["G6"]))


def test_a_url_that_contradicts_itself_breaks_nothing(open_as: Open) -> None:
    page = shown(open_as("command", status="closed", state="dispatched", level="1", days="8"))
    assert "可放宽条件或点“重置”" in page


def test_the_path_leads_back_up(open_as: Open) -> None:
    at = open_as("command", at=CODE["C1"])
    at.button(key=f"trail_{CODE['D']}").click().run()
    assert at.query_params["at"] == CODE["D"]
    assert "<h2>大安区</h2>" in shown(at)


def test_an_areas_way_in_drills(open_as: Open) -> None:
    at = open_as("command", area=CODE["S1"])
    at.button(key="go_in").click().run()
    assert at.query_params["at"] == CODE["S1"]
    assert "area" not in at.query_params


def test_a_sign_out_elsewhere_bites_at_the_next_click(open_as: Open, house: House) -> None:
    at = open_as("planner")
    accounts.sign_out(house.store, _session.token() or "")
    at.button(key="by_overdue").click().run()
    page = shown(at.run())
    assert "重新登录" in page
    assert "网格长" not in page


def test_the_map_keeps_its_last_view_while_the_store_is_away(
    open_as: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = open_as("command")

    def away(*_: object, **__: object) -> str:
        raise StoreUnavailable("away", "gone")  # noqa: EM101

    monkeypatch.setattr("pages._map.keep_view", away)
    at.button(key="by_overdue").click().run()
    assert "数据库" not in shown(at)
    assert "数据库" in shown(open_as("command"))


def test_english_has_no_chinese_words_of_ours(open_as: Open) -> None:
    page = shown(open_as("command", locale="en"))
    for word in ("未办结", "超期", "演示数据", "近30天", "工作负荷"):
        assert word not in page
    assert "Open, by due time" in page


def test_the_password_is_changed_only_by_who_knows_it(open_as: Open, house: House) -> None:
    at = open_as("admin").switch_page("account.py").run()
    assert not at.exception
    at.text_input[0].set_value("wrong")
    at.text_input[1].set_value("Quiet-Lake-2026")
    at.text_input[2].set_value("Quiet-Lake-2026")
    at.form_submit_button[0].click().run()
    assert at.error[0].value == "账号或密码不正确。"
    at.text_input[0].set_value(small_district.PASSWORD)
    at.text_input[1].set_value("Quiet-Lake-2026")
    at.text_input[2].set_value("Quiet-Lake-2027")
    at.form_submit_button[0].click().run()
    assert at.error[0].value == "两次输入的新密码不一致。"
    at.text_input[0].set_value(small_district.PASSWORD)
    at.text_input[1].set_value("short")
    at.text_input[2].set_value("short")
    at.form_submit_button[0].click().run()
    assert "10 至 200 个字符" in at.error[0].value
