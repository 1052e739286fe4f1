"""My grid: the list with one next step each, the round of the week, and my figures."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from data import schema
from pages._house import House
from tests.small_district import BUILDING, INCIDENT, NUMBER, PERSON

Visit = Callable[..., AppTest]
PAGE = "my_grid.py"


def shown(at: AppTest) -> str:
    assert not at.exception
    return " ".join(e.value for e in at.get("html") if "<style>" not in (e.value or ""))


def press(at: AppTest, key: str) -> AppTest:
    """Press a button, then draw the page whole: a part alone knows no other pages in a test."""
    at.button(key=key).click().run()
    return at.run()


def change(house: House, key: str, **values: object) -> None:
    with house.store.write() as conn:
        conn.execute(
            update(schema.incident).where(schema.incident.c.id == INCIDENT[key]).values(**values)
        )


def visits(house: House) -> list[tuple[int, int, str]]:
    with house.store.read() as conn:
        v = schema.visit.c
        return [tuple(r) for r in conn.execute(select(v.building_id, v.person_id, v.kind))]


def test_it_is_where_a_lead_and_a_chief_start(visit: Visit) -> None:
    assert "待办，按时限" in shown(visit("lead", PAGE))
    assert "待办，按时限" in shown(visit("chief", PAGE))


def test_own_items_stand_above_those_of_the_desk(visit: Visit) -> None:
    page = shown(visit("lead", PAGE))
    assert page.index("我的事项") < page.index("噪音 I2") < page.index("本级待办")
    assert page.index("本级待办") < page.index("消防通道堵塞 I1")
    assert "赵网格员" in page
    assert "gm-duty gm-bad" in page
    assert "燃气" not in page


def test_the_next_step_opens_its_form_and_leads_on(visit: Visit, own_house: House) -> None:
    at = visit("lead", PAGE)
    press(at, f"next_{INCIDENT['I2']}")
    press(at, "step_start")
    assert "处置中" in shown(at)
    press(at, "step_resolve")
    at.text_area[0].set_value("已调解")
    next(b for b in at.button if b.label == "提交").click().run()
    at.run()
    with own_house.store.read() as conn:
        row = conn.execute(
            select(schema.incident.c.state).where(schema.incident.c.number == NUMBER["I2"])
        )
        state = row.scalar_one()
    assert state == "in_progress"  # a dispute is not resolved without consent
    assert "同意" in " ".join(e.value for e in at.error)


def test_a_chief_sees_the_own_buildings_only(visit: Visit, own_house: House) -> None:
    change(own_house, "I1", assignee_id=PERSON["chief of B1"])
    page = shown(visit("chief", PAGE))
    assert "消防通道堵塞 I1" in page
    assert "噪音 I2" not in page
    assert "共2栋" in page


def test_nothing_to_do_is_said(visit: Visit) -> None:
    assert "没有待办事项" in shown(visit("chief", PAGE))


def test_a_check_in_counts_for_the_week_once(visit: Visit, own_house: House) -> None:
    at = visit("lead", PAGE)
    assert "本周已走访0栋，共2栋" in shown(at)
    for said in ("已打卡", "刚刚已打卡"):
        at.get_by_key("where_building").set_value(BUILDING["B1"]).run()
        at.button(key="check_in_now").click().run()
        page = shown(at)
        assert said in page
        assert "本周已走访1栋，共2栋" in page
    assert visits(own_house) == [(BUILDING["B1"], PERSON["lead of G1"], "patrol")]


def test_buildings_not_yet_called_at_come_first(visit: Visit) -> None:
    at = visit("lead", PAGE)
    assert at.get_by_key("where_building").options == ["龙井小区 1栋", "龙井小区 2栋"]
    at.get_by_key("where_building").set_value(BUILDING["B1"]).run()
    at.button(key="check_in_now").click().run()
    assert at.get_by_key("where_building").options == ["龙井小区 2栋", "龙井小区 1栋"]


def test_a_check_in_without_a_building_asks_for_one(visit: Visit, own_house: House) -> None:
    at = visit("lead", PAGE)
    at.button(key="check_in_now").click().run()
    assert "请先选择楼栋" in shown(at)
    assert visits(own_house) == []


def test_the_load_is_shown_with_its_formula(visit: Visit) -> None:
    page = shown(visit("lead", PAGE))
    assert "我的数据" in page
    assert "÷ 600 分钟" in page


@pytest.mark.parametrize("login", ["command", "planner"])
def test_others_have_no_grid_of_their_own(visit: Visit, login: str) -> None:
    with pytest.raises(ValueError, match="my_grid"):
        visit(login, PAGE)


def test_in_english_no_chinese_of_ours_is_left(visit: Visit) -> None:
    page = shown(visit("lead", PAGE, locale="en"))
    assert "To do, by due time" in page
    for word in ("待办", "超期", "巡查", "负荷"):
        assert word not in page
