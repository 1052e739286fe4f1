"""An item's page: facts, clocks, parties, course, and the steps of whoever looks at it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from data import clock, schema
from data.casework import act
from pages._house import House
from rules.access import Scope
from rules.casework import Request
from rules.steps import Action
from tests.small_district import AREA, INCIDENT, NUMBER, PERSON, actor

Visit = Callable[..., AppTest]
PAGE = "item.py"


def drawn(at: AppTest) -> str:
    return " ".join(e.value for e in at.get("html") if "<style>" not in (e.value or ""))


def shown(at: AppTest) -> str:
    assert not at.exception
    return drawn(at)


def press(at: AppTest, key: str) -> AppTest:
    """Press a button, then draw the page whole: a part alone knows no other pages in a test."""
    at.button(key=key).click().run()
    return at.run()


def choose(at: AppTest, number: str, action: Action) -> AppTest:
    """Choose a step from the menu; the test runner has no menu, so its value is set by hand."""
    at.session_state["_kept_step"] = (number, action.value)
    return at.run()


def send(at: AppTest) -> AppTest:
    """Send the form of the step; it is the one whose button says so."""
    next(b for b in at.button if b.label == "提交").click().run()
    return at.run()


def column(house: House, key: str, name: str) -> object:
    with house.store.read() as conn:
        i = schema.incident.c
        return conn.execute(select(i[name]).where(i.id == INCIDENT[key])).scalar_one()


def test_an_item_shows_facts_clocks_parties_and_course(visit: Visit) -> None:
    page = shown(visit("command", PAGE, incident=NUMBER["I2"]))
    for words in ("噪音 I2", "矛盾纠纷：56 个工作小时", "超期", "亮黄灯", "责任单位", "网格长1",
                  "办理过程", "附近相似事项"):  # fmt: skip
        assert words in page
    assert "gm-deadline gm-bad" in page


def test_the_step_has_a_clock_of_its_own(visit: Visit, own_house: House) -> None:
    change = update(schema.incident).where(schema.incident.c.id == INCIDENT["I5"])
    with own_house.store.write() as conn:
        conn.execute(change.values(step_due_at=int(clock.now().timestamp()) + 3600))
    page = shown(visit("command", PAGE, incident=NUMBER["I5"]))
    assert "响应：4 个工作小时" in page
    assert page.index("当前环节") < page.index("处置时限")


def test_an_item_outside_the_scope_is_not_there(visit: Visit) -> None:
    foreign = shown(visit("lead", PAGE, incident=NUMBER["I8"]))
    assert "不在您的管辖范围内，或者不存在" in foreign
    assert foreign == shown(visit("lead", PAGE, incident="?"))
    assert "未选择事项" in shown(visit("lead", PAGE))


def test_a_step_without_needs_is_one_press(visit: Visit, own_house: House) -> None:
    at = press(visit("command", PAGE, incident=NUMBER["I5"]), "step_accept")
    page = shown(at)
    assert "已完成：受理" in page
    assert column(own_house, "I5", "state") == "accepted"
    assert at.button(key="step_dispatch").label == "派单"


def test_a_form_asks_for_what_is_missing_and_keeps_what_was_typed(
    visit: Visit, own_house: House
) -> None:
    change = update(schema.incident).where(schema.incident.c.id == INCIDENT["I2"])
    with own_house.store.write() as conn:
        conn.execute(change.values(state="in_progress"))
    at = press(visit("command", PAGE, incident=NUMBER["I2"]), "step_resolve")
    at.text_area[0].set_value("双方已谈妥")
    send(at)
    assert "须经当事各方同意" in at.error[0].value
    assert at.text_area[0].value == "双方已谈妥"
    at.checkbox[0].check()
    page = shown(send(at))
    assert column(own_house, "I2", "state") == "resolved"
    assert "双方已谈妥" in page
    assert "反馈与办结：8 个工作小时" in page


def test_a_change_in_between_is_told_and_the_words_are_kept(visit: Visit, own_house: House) -> None:
    at = choose(visit("command", PAGE, incident=NUMBER["I1"]), NUMBER["I1"], Action.ESCALATE)
    at.text_area[0].set_value("需要消防支持")
    now = clock.now()
    act(
        own_house.store, own_house.pictures.current(now), scope=Scope(AREA["D"]),
        actor=actor("lead"), number=NUMBER["I1"], version=1,
        request=Request(Action.RESOLVE, note="已清理"), now=now,
    )  # fmt: skip
    page = shown(send(at))
    assert "已被他人更新" in at.error[0].value
    assert "您填写的内容：需要消防支持" in page
    assert column(own_house, "I1", "state") == "resolved"


def test_a_person_is_suggested_with_the_reason(visit: Visit, own_house: House) -> None:
    at = choose(visit("command", PAGE, incident=NUMBER["I4"]), NUMBER["I4"], Action.DISPATCH)
    assert "建议：网格长2（本网格" in shown(at)
    assert at.selectbox[0].value == PERSON["lead of G2"]
    page = shown(send(at))
    assert column(own_house, "I4", "assignee_id") == PERSON["lead of G2"]
    assert "网格长2" in page


@pytest.mark.parametrize(("login", "steps"), [("planner", False), ("lead", True)])
def test_only_who_has_a_part_is_offered_steps(visit: Visit, login: str, steps: bool) -> None:
    at = visit(login, PAGE, incident=NUMBER["I1"])
    assert any((b.key or "").startswith("step_") for b in at.button) == steps


def test_a_reporter_is_shown_once_for_a_reason(visit: Visit, own_house: House) -> None:
    at = visit("command", PAGE, incident=NUMBER["I2"])
    assert "138****5678" in shown(at)
    assert "13812345678" not in shown(at)
    at.text_input(key="unmask_reason").set_value("回访处理结果")
    at.button(key="unmask_go").click().run()
    with own_house.store.read() as conn:
        e = schema.event.c
        logged = conn.execute(select(e.actor).where(e.action == "unmask")).scalars().all()
    assert logged == ["command"]
    assert "仅本次显示" in drawn(at)
    assert "13812345678" in drawn(at)
    again = shown(at.run())
    assert "13812345678" not in again
    assert "查看上报人姓名电话" in again


def test_a_reporter_is_hidden_from_who_does_not_handle(visit: Visit) -> None:
    page = shown(visit("planner", PAGE, incident=NUMBER["I2"]))
    assert "仅承办人员可查看" in page
    assert "138" not in page
