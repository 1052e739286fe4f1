"""Plans whose day has come take force once, whoever looks; one that cannot goes back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from data import schema
from data.picture import Pictures
from data.plan_due import bring_into_force, due_plans
from data.plan_notices import plan_notices
from data.store import Store
from tests.data.enacted import HANDED, SPLIT, drafted, enact, living, publish, row, rows
from tests.small_district import AREA, CODE, NOW, actor

DAY = timedelta(days=1)
NEW = CODE["C1"] + "003"


@pytest.fixture
def dated(district: Store) -> Store:
    """A store whose plan 1 is published for tomorrow."""
    publish(district, drafted(district, SPLIT), NOW + DAY)
    return district


def test_a_plan_is_due_from_its_day_until_it_is_in_force(dated: Store) -> None:
    pictures = Pictures(dated)
    assert due_plans(dated, NOW) == []
    assert not bring_into_force(dated, pictures, plan_id=1, now=NOW)
    assert due_plans(dated, NOW + DAY) == [1]
    assert bring_into_force(dated, pictures, plan_id=1, now=NOW + 2 * DAY)
    assert due_plans(dated, NOW + 3 * DAY) == []
    plan = row(dated, "plan", 1)
    assert (plan.state, plan.in_force_at) == ("published", int((NOW + 2 * DAY).timestamp()))
    assert plan.version == 2


def test_the_new_grids_hold_from_the_day_that_was_set(dated: Store) -> None:
    bring_into_force(dated, Pictures(dated), plan_id=1, now=NOW + 2 * DAY)
    day = int((NOW + DAY).timestamp())
    assert living(dated)[NEW].valid_from == day == row(dated, "area", AREA["G1"]).valid_to
    assert {e.actor for e in rows(dated, "event", action="enact")} == {"system"}


def test_of_many_who_look_at_once_one_does_it(dated: Store) -> None:
    def look(_n: int) -> bool:
        return bring_into_force(dated, Pictures(dated), plan_id=1, now=NOW + DAY)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(look, range(4))) == [False, False, False, True]
    assert len(rows(dated, "event", action="enact")) == 1
    assert len(living(dated)) == 9


def test_a_plan_whose_grids_were_replaced_goes_back_to_who_drew_it(dated: Store) -> None:
    other = drafted(dated, HANDED)
    publish(dated, other)
    enact(dated, other)
    assert not bring_into_force(dated, Pictures(dated), plan_id=1, now=NOW + DAY)
    plan = row(dated, "plan", 1)
    assert (plan.state, plan.effective_at, plan.version) == ("changes_requested", None, 2)
    assert [n.what for n in plan_notices(dated, actor=actor("planner"))] == ["set_back"]
    assert due_plans(dated, NOW + 2 * DAY) == []
    assert len(rows(dated, "event", action="set_back")) == 1


def test_a_plan_that_was_withdrawn_before_its_day_is_not_due(dated: Store) -> None:
    with dated.write() as conn:
        conn.execute(update(schema.plan).values(state="withdrawn"))
    assert due_plans(dated, NOW + DAY) == []
    assert not bring_into_force(dated, Pictures(dated), plan_id=1, now=NOW + DAY)
    assert NEW not in living(dated)
