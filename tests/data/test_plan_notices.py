"""Who is told of a plan: drawers and reviewers of its course, people concerned of its borders."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import insert

from data import outbox, schema
from data.notices import WEBHOOK
from data.plan_notices import (
    mark_plans_read,
    plan_notices,
    tell_of_plan,
    unread_of_plans,
)
from data.store import Store, set_meta
from rules.boundary_plan import PlanAction
from tests.data.enacted import (
    HANDED,
    SPLIT,
    drafted,
    enact,
    enacted,
    laid_out,
    publish,
    rows,
    seen,
)
from tests.small_district import ACCOUNT, AREA, NOW, PERSON, actor

DAY = timedelta(days=1)
LOGIN = {account_id: login for login, (account_id, *_) in ACCOUNT.items()} | {20: "second"}


def told(store: Store, what: str) -> set[str]:
    return {LOGIN[n.account_id] for n in rows(store, "plan_notice", what=what)}


def step(store: Store, action: PlanAction, by: str, plan_id: int = 1) -> None:
    sheet, picture = laid_out(store, plan_id), seen(store)["picture"]
    with store.write() as conn:
        tell_of_plan(conn, picture, sheet, what=action.value, actor=actor(by), now=NOW)


@pytest.mark.parametrize(
    ("action", "by", "who"),
    [
        (PlanAction.SUBMIT, "planner", {"command", "street"}),
        (PlanAction.APPROVE, "street", {"planner"}),
        (PlanAction.REQUEST_CHANGES, "command", {"planner"}),
        (PlanAction.WITHDRAW, "command", {"planner", "street"}),
    ],
)
def test_the_course_of_a_plan_is_told_to_the_other_hands(
    district: Store, action: PlanAction, by: str, who: set[str]
) -> None:
    drafted(district, SPLIT)
    step(district, action, by)
    assert told(district, action.value) == who


def test_a_date_is_told_to_all_whom_the_borders_concern(district: Store) -> None:
    publish(district, drafted(district, SPLIT), NOW + DAY)
    step(district, PlanAction.PUBLISH, "command")
    assert told(district, "publish") == {"planner", "street", "community", "lead", "chief"}
    [notice] = plan_notices(district, actor=actor("lead"))
    assert (notice.plan_id, notice.title, notice.read) == (1, "龙井方案", False)
    assert notice.effective == NOW + DAY


def test_what_comes_into_force_at_once_is_told_once(district: Store) -> None:
    plan_id = drafted(district, SPLIT)
    publish(district, plan_id)
    step(district, PlanAction.PUBLISH, "planner")
    enact(district, plan_id)
    assert told(district, "publish") == set()
    assert told(district, "in_force") == {"street", "community", "lead", "chief"}


def test_people_of_grids_that_stay_as_they_are_hear_nothing(district: Store) -> None:
    account = {
        "id": 20, "login": "second", "name": "second", "role": "grid_lead",
        "area_id": AREA["G2"], "person_id": PERSON["lead of G2"], "password": "", "created_at": 0,
    }  # fmt: skip
    with district.write() as conn:
        conn.execute(insert(schema.account), account)
    enacted(district, SPLIT)
    assert "second" not in told(district, "in_force")


def test_both_sides_of_a_border_hear_of_it(district: Store) -> None:
    account = {
        "id": 20, "login": "second", "name": "second", "role": "grid_worker",
        "area_id": AREA["G2"], "password": "", "created_at": 0,
    }  # fmt: skip
    with district.write() as conn:
        conn.execute(insert(schema.account), account)
    enacted(district, HANDED)
    assert {"second", "lead"} <= told(district, "in_force")


def test_unread_notices_are_counted_until_they_are_read(district: Store) -> None:
    enacted(district, SPLIT)
    lead = actor("lead")
    assert unread_of_plans(district, actor=lead) == 1
    [notice] = plan_notices(district, actor=lead)
    mark_plans_read(district, actor=lead, up_to=notice.id, now=NOW)
    assert unread_of_plans(district, actor=lead) == 0
    assert unread_of_plans(district, actor=actor("chief")) == 1
    assert plan_notices(district, actor=lead)[0].read


def test_the_webhook_hears_of_new_borders_and_where_to_look(district: Store) -> None:
    with district.write() as conn:
        set_meta(conn, WEBHOOK, "1")
    enacted(district, SPLIT)
    got: list[outbox.Message] = []
    assert outbox.send_next(district, got.append, now=NOW)
    [message] = got
    body = outbox.shaped(message, "plain", "https://map.example/")
    assert (body["number"], body["word"]) == ("划分方案 1", "已生效")
    assert body["link"] == "https://map.example/plan?plan=1"
    assert "龙井" not in json.dumps(body, ensure_ascii=False)
