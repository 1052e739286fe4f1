"""The demo's boundary plans: one in review, one begun, each sound."""

from pathlib import Path

import pytest

from data.accounts import actor_of, sign_in_demo
from data.demo.build import make_demo
from data.demo.plan import district_plan
from data.demo.plans import write_plans
from data.picture import Pictures
from data.plan_checks import checks
from data.plan_rows import plans
from data.plans import sheet
from data.store import Store
from rules.access import Scope
from rules.boundary_plan import PlanState
from tests.small_district import NOW


@pytest.fixture
def demo(sqlite_store: Store, tmp_path: Path) -> Store:
    make_demo(sqlite_store, district_plan(1), seed=1, now=NOW)
    return sqlite_store


def test_a_plan_is_in_review_and_one_is_begun(demo: Store) -> None:
    assert write_plans(demo, seed=1, now=NOW) == 2
    actor = actor_of(demo, sign_in_demo(demo, login="planner", now=NOW).token, now=NOW)
    assert actor is not None
    picture = Pictures(demo).current(NOW)
    asked = {"scope": Scope(picture.tree.root_id), "actor": actor}
    found = plans(demo, picture, **asked)
    assert [plan.state for plan in found] == [PlanState.DRAFT, PlanState.SUBMITTED]
    laid = [sheet(demo, picture, plan_id=plan.id, **asked) for plan in found]
    assert not [one for each in laid for one in checks(each) if one.hard]
    assert len(laid[1].state.marks) == len(laid[1].start.marks) + 1
