"""Reports: where, what and words on one screen, filed once, to whom they belong."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from data import schema
from data.events import events_of
from pages._house import House
from tests.small_district import AREA, BUILDING, PERSON

Visit = Callable[..., AppTest]
PAGE = "report.py"
_I = schema.incident.c


def shown(at: AppTest) -> str:
    assert not at.exception
    return " ".join(e.value for e in at.get("html") if "<style>" not in (e.value or ""))


def latest(house: House) -> Any:
    with house.store.read() as conn:
        return conn.execute(select(schema.incident).order_by(_I.id.desc()).limit(1)).one()


def filed(house: House) -> int:
    with house.store.read() as conn:
        return conn.execute(select(func.count()).select_from(schema.incident)).scalar_one() - 12


def at_building(at: AppTest, building: str = "B1", kind: str = "hazard") -> AppTest:
    at.get_by_key("where_building").set_value(BUILDING[building]).run()
    at.get_by_key("report_kind").set_value(kind).run()
    return at


def test_building_kind_and_one_button_are_enough(visit: Visit, own_house: House) -> None:
    at = at_building(visit("lead", PAGE))
    assert at.text_input(key="report_title").value == "龙井小区 1栋安全隐患"
    assert "较大" in shown(at)
    at.button(key="file").click().run()
    row = latest(own_house)
    assert (row.building_id, row.area_id, row.place) == (1, AREA["G1"], "building")
    assert (row.kind, row.source, row.service, row.assignee_id) == (
        "hazard", "patrol", "grid", None,
    )  # fmt: skip
    page = shown(at)
    assert row.number in page
    assert "下一步：受理" in page


def test_the_title_follows_until_somebody_writes_another(visit: Visit) -> None:
    at = at_building(visit("lead", PAGE))
    at.get_by_key("report_subkind").set_value("gas").run()
    assert at.text_input(key="report_title").value == "龙井小区 1栋燃气隐患"
    assert "紧急" in shown(at)
    at.text_input(key="report_title").set_value("楼道有气味").run()
    at.get_by_key("report_subkind").set_value("wiring").run()
    assert at.text_input(key="report_title").value == "楼道有气味"


def test_a_chiefs_report_is_the_chiefs_own_to_settle(visit: Visit, own_house: House) -> None:
    at = at_building(visit("chief", PAGE), "B2", "environment")
    at.button(key="file").click().run()
    row = latest(own_house)
    assert (row.source, row.service) == ("building_chief", "chief")
    assert row.assignee_id == PERSON["chief of B1"]
    at.button(key="settle").click().run()
    at.run()  # a part alone knows no other pages in a test
    at.text_area[0].set_value("已清走")
    next(b for b in at.button if b.label == "提交").click().run()
    at.run()
    assert latest(own_house).state == "resolved"
    assert "已处置" in shown(at)


def test_a_chief_picks_among_the_own_buildings_only(visit: Visit) -> None:
    at = visit("chief", PAGE)
    assert at.get_by_key("where_building").options == ["龙井小区 1栋", "龙井小区 2栋"]
    with pytest.raises(KeyError):
        at.get_by_key("where_way_report")


@pytest.mark.parametrize(
    ("steps", "asked"),
    [((), "请选择事件类别"), (("kind",), "请说明位置")],
)
def test_what_is_missing_is_asked_for(
    visit: Visit, own_house: House, steps: tuple[str, ...], asked: str
) -> None:
    at = visit("lead", PAGE)
    if "kind" in steps:
        at.get_by_key("report_kind").set_value("other").run()
    at.button(key="file").click().run()
    assert asked in at.error[0].value
    assert filed(own_house) == 0


def test_an_address_that_is_sure_is_picked_by_itself(visit: Visit, own_house: House) -> None:
    at = visit("command", PAGE)
    at.text_input(key="where_address_report").set_value("大安街道龙井小区5栋").run()
    assert "龙井路5号" in shown(at)
    at.get_by_key("report_kind").set_value("opinion").run()
    at.get_by_key("report_source").set_value("resident").run()
    at.button(key="file").click().run()
    row = latest(own_house)
    assert (row.building_id, row.source) == (BUILDING["B5"], "resident")
    assert row.address == "大安街道龙井小区5栋"


def test_an_address_that_is_not_clear_is_never_taken_silently(
    visit: Visit, own_house: House
) -> None:
    at = visit("command", PAGE)
    at.text_input(key="where_address_report").set_value("龙井小区").run()
    page = shown(at)
    assert "请选择是哪一处" in page
    assert "尚未选定位置" in page
    assert at.radio(key="where_radio").value is None
    at.radio(key="where_radio").set_value(1).run()
    assert "尚未选定位置" not in shown(at)


def test_an_address_nobody_knows_waits_to_be_placed(visit: Visit, own_house: House) -> None:
    at = visit("command", PAGE)
    at.text_input(key="where_address_report").set_value("老车站旁边").run()
    at.get_by_key("report_kind").set_value("environment").run()
    assert "等待人工落位" in shown(at)
    at.button(key="file").click().run()
    row = latest(own_house)
    assert (row.place, row.area_id, row.address) == ("unplaced", AREA["D"], "老车站旁边")
    assert "还需人工落位" in shown(at)


def test_the_same_problem_near_by_is_shown_before_it_is_filed_twice(visit: Visit) -> None:
    at = at_building(visit("lead", PAGE))
    at.button(key="file").click().run()
    at.button(key="again").click().run()
    page = shown(at_building(at))
    assert "附近是否已有同样的问题" in page


def test_words_go_into_the_log_and_a_second_click_files_nothing(
    visit: Visit, own_house: House
) -> None:
    at = at_building(visit("lead", PAGE))
    at.text_area(key="report_note").set_value("三楼楼道堆满纸箱").run()
    at.button(key="file").click().run()
    row = latest(own_house)
    with own_house.store.read() as conn:
        told = [e.after["note"] for e in events_of(conn, "incident", row.id) if e.action == "note"]
    assert told == ["三楼楼道堆满纸箱"]
    at.run()
    assert filed(own_house) == 1


def test_who_reported_is_kept_but_not_shown(visit: Visit, own_house: House) -> None:
    at = at_building(visit("lead", PAGE))
    at.text_input(key="report_name").set_value("王某").run()
    at.text_input(key="report_phone").set_value("13812345678").run()
    at.button(key="file").click().run()
    row = latest(own_house)
    assert (row.reporter_name, row.reporter_phone) == ("王某", "13812345678")
    assert "13812345678" not in shown(at)


def test_markup_in_a_title_stays_text(visit: Visit) -> None:
    at = at_building(visit("lead", PAGE))
    at.text_input(key="report_title").set_value("<img src=x onerror=alert(1)> {{7*7}}").run()
    at.button(key="file").click().run()
    page = shown(at)
    assert "<img" not in page
    assert "{{7*7}}" in page


@pytest.mark.parametrize("login", ["planner", "admin"])
def test_who_handles_nothing_reports_nothing(visit: Visit, login: str) -> None:
    with pytest.raises(ValueError, match="report"):
        visit(login, PAGE)
