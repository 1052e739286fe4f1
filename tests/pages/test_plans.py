"""The list of boundary plans and the page of one, as each role sees them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from data import schema
from data.plan_edits import edit
from data.plan_reasons import Reason
from data.plan_rows import Plan, plans
from geo.partition.causes import Kind
from pages._house import House
from pages._plan_words import WHY
from pages._text import texts
from rules.boundary_plan import PlanState
from rules.plan_checks import CAUSES
from rules.plan_commands import Move, Rename
from tests.data.plans import NOW, divided, laid_out, seen
from tests.small_district import AREA

Visit = Callable[..., AppTest]


@pytest.fixture
def plan_id(own_house: House) -> int:
    """A draft that divides the first grid of the first community."""
    return divided(own_house.store)


def shown(at: AppTest) -> str:
    """All HTML of the page, without the style sheet."""
    assert not at.exception
    return " ".join(e.value for e in at.get("html") if "<style>" not in (e.value or ""))


def kept(house: House, plan_id: int) -> Plan:
    """The row of a plan."""
    return next(one for one in plans(house.store, **seen(house.store)) if one.id == plan_id)


def click(at: AppTest, key: str) -> AppTest:
    """Press a button by its key."""
    return at.button(key=key).click().run()


def test_the_list_says_what_a_plan_moves(visit: Visit, plan_id: int) -> None:
    page = shown(visit("planner", "plans.py"))
    assert "变动 30 户，涉及 2 个网格" in page
    assert "草案" in page
    assert plan_id


@pytest.mark.parametrize(("login", "there"), [("street", True), ("community", True)])
def test_reviewers_see_the_plans_of_their_area_and_begin_none(
    visit: Visit, plan_id: int, login: str, there: bool
) -> None:
    at = visit(login, "plans.py")
    assert ("龙井社区" in shown(at)) is there
    assert not [b for b in at.button if (b.key or "").startswith(("new_plan", "copy_"))]
    assert plan_id


def test_a_plan_is_begun_for_a_community(visit: Visit, own_house: House) -> None:
    at = visit("planner", "plans.py")
    at.selectbox(key="new_plan_area").set_value(AREA["C2"])
    at.text_input(key="new_plan_title").set_value("调整方案")
    click(at, "new_plan_begin")
    found = plans(own_house.store, **seen(own_house.store))
    assert [(one.title, one.area_id) for one in found] == [("调整方案", AREA["C2"])]


def test_a_plan_without_a_title_is_refused_in_words(visit: Visit, own_house: House) -> None:
    at = visit("planner", "plans.py")
    at.selectbox(key="new_plan_area").set_value(AREA["C2"])
    click(at, "new_plan_begin")
    assert at.error[0].value == r"标题为 1 至 80 个字。"
    assert plans(own_house.store, **seen(own_house.store)) == []


def test_a_plan_that_is_not_there_is_told_in_words(visit: Visit, plan_id: int) -> None:
    foreign = shown(visit("planner", "plan.py", plan=str(plan_id + 9)))
    assert "不在您的管辖范围内，或者不存在" in foreign


def test_the_grids_stand_in_the_table_with_their_verdict(visit: Visit, plan_id: int) -> None:
    page = shown(visit("planner", "plan.py", plan=str(plan_id)))
    for word in ("第1网格", "东网格", "偏少", "3 个网格中 0 个在 300–500 户之间"):
        assert word in page


def test_every_tab_answers_each_role(visit: Visit, plan_id: int) -> None:
    for login in ("planner", "command", "community"):
        for tab in ("grids", "totals", "propose", "checks", "moves", "history"):
            assert shown(visit(login, "plan.py", plan=str(plan_id), tab=tab))


def test_english_has_no_chinese_words_of_ours(visit: Visit, plan_id: int) -> None:
    for tab in ("grids", "totals", "propose", "checks", "history"):
        page = shown(visit("planner", "plan.py", "en", plan=str(plan_id), tab=tab))
        for word in ("网格数", "户数", "草案", "建议", "调整前", "分钟"):
            assert word not in page


def test_a_chosen_grid_opens_and_can_be_locked(
    visit: Visit, own_house: House, plan_id: int
) -> None:
    at = visit("planner", "plan.py", plan=str(plan_id))
    click(at, "pick_n1")
    assert at.query_params["grid"] == "n1"
    click(at, "grid_lock")
    assert laid_out(own_house.store, plan_id).state.locked_grids == {"n1"}


def test_a_reader_of_a_plan_can_change_nothing(visit: Visit, plan_id: int) -> None:
    at = visit("command", "plan.py", plan=str(plan_id), grid="n1")
    keys = {b.key for b in at.button}
    assert "pick_n1" in keys
    assert not keys & {"grid_lock", "grid_fix", "undo_one", "plan_do_submit"}


def test_somebody_elses_edit_offers_the_new_state_or_a_copy(
    visit: Visit, own_house: House, plan_id: int
) -> None:
    at = visit("planner", "plan.py", plan=str(plan_id), grid="n1")
    version = kept(own_house, plan_id).version
    edit(own_house.store, **seen(own_house.store), plan_id=plan_id, version=version,
         command=Rename("n1", "北网格"), now=NOW)  # fmt: skip
    click(at, "grid_lock")
    assert "期间有人改动了本方案" in shown(at)
    click(at, "stale_copy")
    copy = int(at.query_params["plan"][0])
    assert copy != plan_id
    assert laid_out(own_house.store, copy).state.marks["n1"].name == "东网格"
    assert laid_out(own_house.store, plan_id).state.marks["n1"].name == "北网格"


def test_a_plan_goes_its_course_through_two_pairs_of_hands(
    visit: Visit, own_house: House, plan_id: int
) -> None:
    at = visit("planner", "plan.py", plan=str(plan_id))
    click(click(at, "plan_do_submit"), "plan_step_take")
    assert kept(own_house, plan_id).state == PlanState.SUBMITTED
    at = visit("command", "plan.py", plan=str(plan_id))
    click(click(at, "plan_do_approve"), "plan_step_take")
    click(click(at, "plan_do_publish"), "plan_step_take")
    assert kept(own_house, plan_id).in_force_at is not None
    at = visit("planner", "plans.py")
    click(at, f"back_{plan_id}")
    assert "恢复原网格：龙井方案" in {
        one.title for one in plans(own_house.store, **seen(own_house.store))
    }


def test_changes_are_requested_only_with_a_word_why(
    visit: Visit, own_house: House, plan_id: int
) -> None:
    click(click(visit("planner", "plan.py", plan=str(plan_id)), "plan_do_submit"), "plan_step_take")
    at = visit("street", "plan.py", plan=str(plan_id))
    click(click(at, "plan_do_request_changes"), "plan_step_take")
    assert at.error[0].value == "请说明理由。"
    at.text_area(key="plan_step_note").set_value("东边的小区不要分开")
    click(at, "plan_step_take")
    assert kept(own_house, plan_id).state == PlanState.CHANGES_REQUESTED
    said = shown(visit("planner", "plan.py", plan=str(plan_id), tab="history"))
    assert "东边的小区不要分开" in said


def test_a_comment_on_a_grid_is_kept_and_dealt_with(
    visit: Visit, own_house: House, plan_id: int
) -> None:
    at = visit("community", "plan.py", plan=str(plan_id), tab="history", grid="n1")
    at.text_area(key="comment_text_0").set_value("{{7*7}} <b>太大</b>")
    click(at, "comment_write")
    assert [field.value for field in at.text_area] == [""]
    assert "{{7*7}} &lt;b&gt;太大&lt;/b&gt;" in shown(at)
    with own_house.store.read() as conn:
        row = conn.execute(select(schema.plan_comment)).one()
    assert row.label == "n1"
    click(at, f"comment_done_{row.id}")
    assert "已处理" in shown(at)


def test_a_step_of_the_history_leads_back_and_no_branch_is_lost(
    visit: Visit, own_house: House, plan_id: int
) -> None:
    sheet = laid_out(own_house.store, plan_id)
    east = sheet.state.members["n1"]
    edit(own_house.store, **seen(own_house.store), plan_id=plan_id, version=sheet.plan.version,
         command=Move(east, "g8"), now=NOW)  # fmt: skip
    at = visit("planner", "plan.py", plan=str(plan_id), tab="history")
    click(at, "step_to_1")
    assert laid_out(own_house.store, plan_id).state.digest == sheet.state.digest
    click(at, "undo_one")
    assert not laid_out(own_house.store, plan_id).state.marks.get("n1")
    assert {"step_to_0", "step_to_1", "step_to_2"} <= {b.key for b in at.button}


def test_the_band_is_set_and_a_wrong_one_refused(
    visit: Visit, own_house: House, plan_id: int
) -> None:
    at = visit("planner", "plan.py", plan=str(plan_id), tab="totals")
    at.number_input(key="band_low").set_value(30)
    at.number_input(key="band_high").set_value(60)
    at.button[[b.label for b in at.button].index("设定范围")].click().run()
    assert laid_out(own_house.store, plan_id).state.band == (30, 60)
    at.number_input(key="band_low").set_value(90)
    at.button[[b.label for b in at.button].index("设定范围")].click().run()
    assert at.error[0].value == "户数范围需填两个数，小数在前。"


def test_a_proposal_is_looked_at_before_it_is_taken_over(
    visit: Visit, own_house: House, plan_id: int
) -> None:
    at = visit("planner", "plan.py", plan=str(plan_id), tab="propose")
    at.number_input(key="ask_grids").set_value(2)
    at.checkbox(key="ask_estates").set_value(False)
    at.button[[b.label for b in at.button].index("生成方案")].click().run()
    before = laid_out(own_house.store, plan_id).state.digest
    offers = [b for b in at.button if (b.key or "").startswith("offer_")]
    assert offers
    offers[0].click().run()
    assert at.query_params["proposal"]
    assert "尚未写入本方案" in shown(at)
    assert laid_out(own_house.store, plan_id).state.digest == before
    click(at, "adopt")
    assert laid_out(own_house.store, plan_id).state.digest != before
    assert "proposal" not in at.query_params


@pytest.mark.parametrize("kind", sorted(CAUSES))
def test_every_cause_of_a_missed_band_has_its_words(
    visit: Visit, plan_id: int, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    monkeypatch.setattr("pages._plan_grid.reasons", lambda _: {"n1": Reason(kind, ())})
    page = shown(visit("planner", "plan.py", plan=str(plan_id), grid="n1"))
    said = WHY[kind].format(n=0) if kind in WHY else CAUSES[kind][1]
    assert said not in page
    assert (texts("zh")(WHY[kind]).format(n=0) if kind in WHY else CAUSES[kind][0]) in page


def test_proposals_on_a_plan_in_review_are_said_to_be_for_drafts(
    visit: Visit, plan_id: int
) -> None:
    click(click(visit("planner", "plan.py", plan=str(plan_id)), "plan_do_submit"), "plan_step_take")
    for login in ("planner", "street"):
        at = visit(login, "plan.py", plan=str(plan_id), tab="propose")
        assert "推荐方案只用于草案；本方案目前为“会审中”" in shown(at)
        assert not at.number_input


def test_a_step_that_was_undone_is_told_from_one_of_another_branch(
    visit: Visit, own_house: House, plan_id: int
) -> None:
    sheet = laid_out(own_house.store, plan_id)
    for version, name in enumerate(("东一", "东二"), sheet.plan.version):
        edit(own_house.store, **seen(own_house.store), plan_id=plan_id, version=version,
             command=Rename("n1", name), now=NOW)  # fmt: skip
    at = click(visit("planner", "plan.py", plan=str(plan_id), tab="history"), "undo_one")
    assert "（已撤销）" in at.button(key="step_to_3").label
    version = laid_out(own_house.store, plan_id).plan.version
    edit(own_house.store, **seen(own_house.store), plan_id=plan_id, version=version,
         command=Rename("n1", "东三"), now=NOW)  # fmt: skip
    at = visit("planner", "plan.py", plan=str(plan_id), tab="history")
    assert "（分支）" in at.button(key="step_to_3").label


def test_a_grid_that_the_plan_never_had_is_not_spoken_of(visit: Visit, plan_id: int) -> None:
    at = visit("street", "plan.py", plan=str(plan_id), tab="history", grid="g777")
    assert at.text_area(key="comment_text_0").label == "针对整个方案"
