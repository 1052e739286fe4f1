import json

import pytest
from sqlalchemy import select

from data import schema
from data.events import events_of
from data.item import item
from data.picture import Pictures
from data.reporter import NoReason, ReporterHidden, masked_reporter, unmask_reporter
from rules.access import OutsideScope, Scope
from tests.small_district import AREA, NOW, NUMBER, actor

DISTRICT, WHO = Scope(AREA["D"]), NUMBER["I2"]


@pytest.fixture
def picture(district):
    return Pictures(district).current(NOW)


def unmask(store, picture, login="command", reason="回访处理结果", number=WHO, scope=DISTRICT):
    return unmask_reporter(
        store, picture, scope=scope, actor=actor(login), number=number, reason=reason, now=NOW
    )


def test_a_reporter_is_masked_for_those_who_handle_and_absent_for_others(district, picture):
    def seen(login, number=WHO):
        return masked_reporter(
            district, picture, scope=DISTRICT, actor=actor(login), number=number
        )  # fmt: skip

    for login in ("command", "street", "lead"):
        assert (seen(login).name, seen(login).phone) == ("王**", "138****5678")
    assert seen("planner") is None
    assert seen("chief") is None
    assert seen("command", NUMBER["I1"]) is None


def test_a_look_in_clear_is_logged_with_its_reason_and_without_the_data(district, picture):
    found = unmask(district, picture)
    assert (found.name, found.phone) == ("王某", "13812345678")
    with district.read() as conn:
        [event] = events_of(conn, "incident", 2)
        logged = json.dumps([dict(r) for r in conn.execute(select(schema.event)).mappings()])
    assert (event.action, event.actor, event.after) == (
        "unmask", "command", {"note": "回访处理结果"},
    )  # fmt: skip
    assert "13812345678" not in logged


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"login": "planner"}, ReporterHidden),
        ({"login": "chief"}, ReporterHidden),
        ({"reason": "  x "}, NoReason),
        ({"number": "?"}, OutsideScope),
        ({"login": "lead", "scope": Scope(AREA["G2"])}, OutsideScope),
    ],
)
def test_a_refused_look_shows_and_logs_nothing(district, picture, given, error):
    with pytest.raises(error):
        unmask(district, picture, **given)
    with district.read() as conn:
        assert events_of(conn, "incident", 2) == []


def test_an_item_names_its_parties_and_the_people_of_its_log(district, picture):
    unmask(district, picture)
    found = item(district, picture, scope=DISTRICT, number=WHO)
    assert found.names == {"command": "command"}
    assert (found.merged_into, found.merged_here, found.urged) == ("", (), 0)
    with pytest.raises(OutsideScope):
        item(district, picture, scope=Scope(AREA["G2"]), number=WHO)
