"""The course of a plan is told with its words, and only to who may see the plan."""

import pytest

from data.plan_comments import NewComment, comment
from data.plan_course import Asked, take_step
from data.plan_edits import edit
from data.plan_history import actors_of, authors, base_replaced, turns
from data.plan_rows import plans
from data.plan_summary import Summary, summaries
from data.store import Store
from rules.access import OutsideScope, Scope
from rules.boundary_plan import PlanAction
from rules.plan_commands import Move, Rename
from tests.data.plans import NOW, divided, laid_out, seen
from tests.small_district import AREA, actor


def redrawn(store: Store, plan_id: int, command: Move | Rename) -> None:
    version = laid_out(store, plan_id).plan.version
    edit(store, **seen(store), plan_id=plan_id, version=version, command=command, now=NOW)


def test_steps_are_told_with_their_words_and_edits_are_not(district: Store) -> None:
    plan_id = divided(district)
    redrawn(district, plan_id, Rename("n1", "北网格"))
    comment(district, **seen(district), plan_id=plan_id, new=NewComment("好"), now=NOW)
    take_step(
        district, **seen(district), plan_id=plan_id, version=2,
        asked=Asked(PlanAction.SUBMIT, " 请会审 "), now=NOW,
    )  # fmt: skip
    found = turns(district, **seen(district), plan_id=plan_id)
    assert [(one.action, one.note) for one in found] == [
        ("plan", ""), ("comment", ""), ("submit", "请会审"),
    ]  # fmt: skip
    assert actors_of(district, **seen(district), plan_id=plan_id).keys() == {"planner"}


def test_another_area_hears_nothing(district: Store) -> None:
    plan_id = divided(district)
    foreign = {**seen(district), "scope": Scope(AREA["S2"]), "actor": actor("street")}
    for ask in (turns, actors_of):
        with pytest.raises(OutsideScope):
            ask(district, **foreign, plan_id=plan_id)  # type: ignore[operator]
    assert authors(district, **foreign) == {}


def test_a_summary_follows_the_plan(district: Store) -> None:
    plan_id = divided(district)

    def summary() -> Summary:
        given = seen(district)
        rows = plans(district, **given)
        picture = given.pop("picture")
        return summaries(district, picture, rows, **given)[plan_id]

    assert summary() == Summary(moved=30, touched=2)
    redrawn(district, plan_id, Move(laid_out(district, plan_id).state.members["n1"], "g8"))
    assert summary() == Summary(moved=0, touched=0)


def test_grids_that_are_replaced_are_noticed(district: Store) -> None:
    plan_id = divided(district)
    other = laid_out(district, divided(district))
    assert not base_replaced(seen(district)["picture"], other)
    for at, action in enumerate((PlanAction.SUBMIT, PlanAction.APPROVE, PlanAction.PUBLISH), 1):
        by = actor("command") if action == PlanAction.APPROVE else actor("planner")
        take_step(district, **{**seen(district), "actor": by}, plan_id=plan_id, version=at,
                  asked=Asked(action), now=NOW)  # fmt: skip
    assert base_replaced(seen(district)["picture"], other)
