"""The dispatch board and the bell: queues with counts, many at once, and who is told."""

from collections.abc import Callable

import pytest
import streamlit as st
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from data import schema
from data.notices import unread
from pages._house import House
from rules.access import Role
from rules.casework import DESK_ROLES
from tests.small_district import ACCOUNT, CODE, INCIDENT, NUMBER, actor

Visit = Callable[..., AppTest]
PAGE = "dispatch.py"


def shown(at: AppTest) -> str:
    assert not at.exception
    return " ".join(e.value for e in at.get("html") if "<style>" not in (e.value or ""))


def rows(at: AppTest) -> list[str]:
    return list(at.dataframe[0].value["编号"])


def count_of(at: AppTest, queue: str) -> str:
    return at.button(key=f"queue_{queue}").label.split("**")[1]


@pytest.fixture
def two_selected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Select the first two rows of the table, which the test runner cannot do."""
    selected = {"selection": {"rows": [0, 1]}}
    monkeypatch.setattr(st, "dataframe", lambda *_, **__: selected)


def press(at: AppTest, key: str) -> AppTest:
    """Press a button, then draw the page whole: a part alone knows no other pages in a test."""
    at.button(key=key).click().run()
    return at.run()


def state_of(house: House, key: str) -> str:
    with house.store.read() as conn:
        i = schema.incident.c
        return str(conn.execute(select(i.state).where(i.id == INCIDENT[key])).scalar_one())


def test_queues_are_counted_and_the_first_is_open(visit: Visit) -> None:
    at = visit("command", PAGE)
    assert rows(at) == [NUMBER["I4"], NUMBER["I5"]]
    counts = {q: count_of(at, q) for q in ("unassigned", "overdue", "returned", "feedback")}
    assert counts == {"unassigned": "2", "overdue": "7", "returned": "1", "feedback": "1"}


def test_a_queue_is_in_the_url_and_the_filter_narrows_it(visit: Visit) -> None:
    at = visit("command", PAGE)
    at.button(key="queue_overdue").click().run()
    assert at.query_params["queue"] == "overdue"
    narrowed = visit("command", PAGE, queue="overdue", at=CODE["S1"], kind="hazard")
    assert rows(narrowed) == [NUMBER["I4"], NUMBER["I1"]]


def test_an_empty_queue_says_so(visit: Visit) -> None:
    assert "没有待处理事项" in shown(visit("command", PAGE, queue="closing"))


def test_nothing_can_be_done_before_rows_are_selected(visit: Visit) -> None:
    at = visit("command", PAGE)
    assert "勾选一行或多行" in shown(at)
    assert not any((b.key or "").startswith("bulk_") for b in at.button)


@pytest.mark.usefixtures("two_selected")
def test_each_is_given_to_whom_is_suggested_and_the_outcome_is_told(
    visit: Visit, own_house: House
) -> None:
    at = visit("command", PAGE)
    assert "燃气隐患 I4 → <b>网格长2</b><small> 本网格" in shown(at)
    page = shown(press(at, "bulk_dispatch_go"))
    assert "派单：完成 2 件，未成 0 件" in page
    assert f"{NUMBER['I5']} → 网格长2" in page
    assert state_of(own_house, "I4") == state_of(own_house, "I5") == "dispatched"


@pytest.mark.usefixtures("two_selected")
def test_what_is_refused_is_told_item_by_item(visit: Visit, own_house: House) -> None:
    page = shown(press(visit("command", PAGE), "bulk_accept"))
    assert "受理：完成 1 件，未成 1 件" in page
    assert f"{NUMBER['I4']}: 事项状态已变化" in page
    assert state_of(own_house, "I5") == "accepted"


@pytest.mark.usefixtures("two_selected")
def test_urging_tells_the_desk_and_the_bell_shows_it_once(visit: Visit, own_house: House) -> None:
    at = visit("command", PAGE, queue="overdue")
    at.text_area(key="bulk_urge").set_value("请尽快处置")
    press(at, "bulk_go_urge")
    assert unread(own_house.store, actor=actor("lead")) == 1
    at = visit("lead", "account.py")
    [link] = [one for one in at.get("page_link") if "噪音 I2" in str(one.proto.label)]
    assert "**督办**" in link.proto.label
    assert link.proto.page == "item"


@pytest.mark.parametrize("login", sorted(ACCOUNT))
def test_the_board_is_for_those_who_keep_a_desk(visit: Visit, login: str) -> None:
    role: Role = ACCOUNT[login][1]
    at = visit(login, "account.py")
    links = [link.proto.page for link in at.get("page_link")]
    assert ("dispatch" in links) == (role in DESK_ROLES)
