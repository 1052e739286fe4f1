"""A draft of the small district's first community on its way through review, on both stores.

The planner divides G1 (B1 with 40 households, B2 with 30) along the middle; street and command
review it. Another hand than the planner's approves; published for today it is in force at once.
"""

from datetime import timedelta

import pytest

from data import schema
from data.events import events_of, verify_chain
from data.picture import Picture, Pictures
from data.plan_comments import EmptyComment, NewComment, comment, comments, resolve
from data.plan_course import (
    Asked,
    HardFaults,
    NothingChanges,
    PastDate,
    StaleBase,
    is_stale,
    take_step,
)
from data.plan_edits import edit
from data.plan_making import Making, new_plan
from data.plan_rows import PLAN, Plan, StalePlan, read_plan
from data.plans import sheet
from data.store import Store
from rules.access import OutsideScope, Scope
from rules.boundary_plan import (
    IllegalPlanStep,
    NoReasonGiven,
    NotYourPlan,
    OwnPlan,
    PlanAction,
    PlanState,
)
from rules.plan_commands import Split
from tests.small_district import AREA, CODE, NOW, actor

DISTRICT = Scope(AREA["D"])
G1 = f"g{AREA['G1']}"
SUBMIT, APPROVE, PUBLISH = PlanAction.SUBMIT, PlanAction.APPROVE, PlanAction.PUBLISH


class Course:
    """One draft, and whoever takes its next step."""

    def __init__(self, store: Store, *, divided: bool = True) -> None:
        self.store, self.pictures = store, Pictures(store)
        making = Making(AREA["C1"], "调整")
        self.id = new_plan(
            store, self.picture, scope=DISTRICT, actor=actor("planner"), making=making, now=NOW
        )
        if divided:
            line = ((104.765, 29.375), (104.785, 29.375))
            edit(
                store, self.picture, scope=DISTRICT, actor=actor("planner"), plan_id=self.id,
                version=1, command=Split(G1, line), now=NOW,
            )  # fmt: skip

    @property
    def picture(self) -> Picture:
        return self.pictures.current(NOW)

    @property
    def plan(self) -> Plan:
        with self.store.read() as conn:
            return read_plan(
                conn, self.picture, scope=DISTRICT, actor=actor("planner"), plan_id=self.id
            )

    def take(self, action: PlanAction, login: str, **asked: object) -> PlanState:
        take_step(
            self.store, self.picture, scope=DISTRICT, actor=actor(login), plan_id=self.id,
            version=self.plan.version, asked=Asked(action, **asked), now=NOW,  # type: ignore[arg-type]
        )  # fmt: skip
        return self.plan.state


@pytest.fixture
def course(district: Store) -> Course:
    return Course(district)


def test_plan_published_for_today_is_in_force(course: Course) -> None:
    assert course.take(SUBMIT, "planner") == PlanState.SUBMITTED
    assert course.take(APPROVE, "street") == PlanState.APPROVED
    assert course.take(PUBLISH, "command") == PlanState.PUBLISHED
    assert course.plan.in_force_at == NOW
    tree = course.picture.tree
    assert [tree.get(i).code for i in tree.children(AREA["C1"])] == [
        CODE["G1"], CODE["G2"], f"{CODE['C1']}003",
    ]  # fmt: skip
    with course.store.read() as conn:
        actions = [e.action for e in events_of(conn, PLAN, course.id)]
        assert actions[:4] == ["enact", "publish", "approve", "submit"]
        assert verify_chain(conn).sound


def test_plan_published_for_a_later_day_waits(course: Course) -> None:
    course.take(SUBMIT, "planner")
    course.take(APPROVE, "street")
    course.take(PUBLISH, "planner", effective=NOW + timedelta(days=9))
    assert course.plan.in_force_at is None
    assert AREA["G1"] in course.picture.tree
    assert course.take(PlanAction.WITHDRAW, "command", note="推迟") == PlanState.WITHDRAWN


def test_plan_in_force_is_not_withdrawn(course: Course) -> None:
    for action, login in ((SUBMIT, "planner"), (APPROVE, "street"), (PUBLISH, "planner")):
        course.take(action, login)
    with pytest.raises(IllegalPlanStep):
        course.take(PlanAction.WITHDRAW, "command", note="后悔")


def test_yesterday_is_no_day_to_come_into_force(course: Course) -> None:
    course.take(SUBMIT, "planner")
    course.take(APPROVE, "street")
    with pytest.raises(PastDate):
        course.take(PUBLISH, "planner", effective=NOW - timedelta(days=1))
    assert course.plan.state == PlanState.APPROVED


def test_plan_that_changes_nothing_is_not_reviewed(district: Store) -> None:
    with pytest.raises(NothingChanges):
        Course(district, divided=False).take(SUBMIT, "planner")


def test_plan_that_breaks_a_hard_rule_is_not_reviewed(course: Course) -> None:
    with course.store.write() as conn:
        # A building was registered after the plan was made; no cell holds it.
        row = conn.execute(schema.building.select().where(schema.building.c.id == 1)).one()
        values = {**row._mapping, "id": 99, "code": "LATER"}
        conn.execute(schema.building.insert().values(**values))
    course.pictures = Pictures(course.store)
    with pytest.raises(HardFaults) as refused:
        course.take(SUBMIT, "planner")
    assert refused.value.rules == ("building_missing",)


def test_of_two_plans_for_one_community_the_second_starts_anew(course: Course) -> None:
    second = Course(course.store)
    for action, login in ((SUBMIT, "planner"), (APPROVE, "street"), (PUBLISH, "planner")):
        course.take(action, login)
    with pytest.raises(StaleBase):
        second.take(SUBMIT, "planner")
    with second.store.read() as conn:
        found = sheet(
            second.store, second.picture, scope=DISTRICT, actor=actor("planner"), plan_id=second.id
        )
        assert is_stale(conn, found)


def test_plan_waits_for_the_one_that_is_about_to_come_into_force(course: Course) -> None:
    second = Course(course.store)
    course.take(SUBMIT, "planner")
    course.take(APPROVE, "street")
    course.take(PUBLISH, "planner", effective=NOW + timedelta(days=9))
    with pytest.raises(StaleBase):
        second.take(SUBMIT, "planner")


def test_stale_step_is_refused(course: Course) -> None:
    with pytest.raises(StalePlan):
        take_step(
            course.store, course.picture, scope=DISTRICT, actor=actor("planner"),
            plan_id=course.id, version=1, asked=Asked(SUBMIT), now=NOW,
        )  # fmt: skip
    assert course.plan.state == PlanState.DRAFT


def test_rules_of_the_course_hold(course: Course) -> None:
    with pytest.raises(NotYourPlan):
        course.take(SUBMIT, "command")
    course.take(SUBMIT, "planner")
    with pytest.raises(NotYourPlan):
        course.take(APPROVE, "planner")
    with pytest.raises(NoReasonGiven):
        course.take(PlanAction.REQUEST_CHANGES, "street")
    course.take(PlanAction.REQUEST_CHANGES, "street", note="二号网格太大")
    assert course.plan.state == PlanState.CHANGES_REQUESTED
    with course.store.read() as conn:
        last = events_of(conn, PLAN, course.id)[0]
    assert last.after is not None
    assert last.after["note"] == "二号网格太大"


def test_who_drew_does_not_approve_even_in_another_role(course: Course) -> None:
    planner = actor("planner")
    street = type(planner)(
        planner.account_id, planner.login, planner.name, actor("street").role, planner.area_id
    )
    course.take(SUBMIT, "planner")
    with pytest.raises(OwnPlan):
        take_step(
            course.store, course.picture, scope=DISTRICT, actor=street, plan_id=course.id,
            version=course.plan.version, asked=Asked(APPROVE), now=NOW,
        )  # fmt: skip


def test_comment_is_kept_on_its_place_and_resolved_once(course: Course) -> None:
    asked = {"scope": DISTRICT, "plan_id": course.id}
    number = comment(
        course.store, course.picture, actor=actor("street"), now=NOW,
        new=NewComment(" 这里是\x00\x1b校门 ", G1, (104.775, 29.376)), **asked,  # type: ignore[arg-type]
    )  # fmt: skip
    (found,) = comments(course.store, course.picture, actor=actor("planner"), **asked)  # type: ignore[arg-type]
    assert (found.id, found.text, found.label, found.place, found.resolved_by) == (
        number, "这里是校门", G1, (104.775, 29.376), None,
    )  # fmt: skip
    again = {"actor": actor("planner"), "comment_id": number, "now": NOW, **asked}
    resolve(course.store, course.picture, **again)  # type: ignore[arg-type]
    with pytest.raises(OutsideScope):
        resolve(course.store, course.picture, **again)  # type: ignore[arg-type]
    (found,) = comments(course.store, course.picture, actor=actor("planner"), **asked)  # type: ignore[arg-type]
    assert found.resolved_by == "planner"


@pytest.mark.parametrize("text", ["", "   ", "长" * 501])
def test_comment_without_a_word_is_refused(course: Course, text: str) -> None:
    with pytest.raises(EmptyComment):
        comment(
            course.store, course.picture, scope=DISTRICT, actor=actor("street"),
            plan_id=course.id, new=NewComment(text), now=NOW,
        )  # fmt: skip
