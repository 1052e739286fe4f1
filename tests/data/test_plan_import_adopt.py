import pytest

from data.exporters.plan import Wish, export_plan
from data.importers.plan_adopt import adopt_assignment, look_at_assignment
from data.importers.plan_file import PlanFile
from data.importers.reading import UnreadableFile
from data.plan_making import Making, new_plan
from data.plan_rows import StalePlan
from rules.access import OutsideScope, Scope
from tests.data.plans import NOW, divided, laid_out, seen
from tests.small_district import AREA


def present(store):
    making = Making(AREA["C1"], "龙井方案")
    return new_plan(store, making=making, now=NOW, **seen(store))


def look(store, path, **more):
    return look_at_assignment(
        store, area_id=AREA["C1"], file=PlanFile(path), **{**seen(store), **more}
    )


def adopt(store, plan_id, found, version=1):
    return adopt_assignment(
        store, plan_id=plan_id, version=version, found=found, now=NOW, **seen(store)
    )


def table(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "assignment.csv"
    path.write_bytes(text.encode(encoding))
    return path


def homes(sheet):
    return {
        sheet.ground.homes[i].code: label
        for n, label in sheet.state.cells.items()
        for i in sheet.ground.cells[n].buildings
    }


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_written_assignment_read_into_the_same_draft_changes_nothing(
    district, tmp_path, form, locale
):
    plan_id = divided(district)
    wish = Wish(form, locale)
    body, _, _ = export_plan(district, plan_id=plan_id, wish=wish, now=NOW, **seen(district))
    path = tmp_path / f"a.{form}"
    path.write_bytes(body)
    before = laid_out(district, plan_id)
    report = adopt(district, plan_id, look(district, path, plan_id=plan_id))
    after = laid_out(district, plan_id)
    assert (after.state, after.plan.version) == (before.state, before.plan.version)
    assert (report.refused, report.accepted, report.counts["moving"]) == ((), 3, 0)


def test_a_written_assignment_makes_the_same_plan_elsewhere(district, tmp_path):
    wish = Wish("xlsx", "zh")
    body, _, _ = export_plan(
        district, plan_id=divided(district), wish=wish, now=NOW, **seen(district)
    )
    path = tmp_path / "a.xlsx"
    path.write_bytes(body)
    found = look(district, path)
    plan_id = present(district)
    report = adopt(district, plan_id, found)
    after = laid_out(district, plan_id)
    assert homes(after) == {"B1": "g8", "B2": "n1", "B3": "g9"}
    assert after.state.marks["n1"].name == "东网格"
    assert (after.log[-1].op, report.counts["moving"]) == ("assign", 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_of_any_encoding_is_one_edit_that_can_be_undone(district, tmp_path, encoding):
    path = table(tmp_path, "楼栋编码,网格\nB1,第2网格\nX9,第2网格\n", encoding)
    plan_id = present(district)
    found = look(district, path, plan_id=plan_id)
    report = adopt(district, plan_id, found)
    after = laid_out(district, plan_id)
    assert homes(after) == {"B1": "g9", "B2": "g8", "B3": "g9"}
    assert len(after.log) == 1
    assert [r.reason for r in report.refused] == ["unknown_building"]
    assert {n.key: n.values for n in report.notes}["not_listed"] == {"n": 2}


def test_a_draft_that_somebody_changed_is_left_alone(district, tmp_path):
    path = table(tmp_path, "楼栋编码,网格\nB3,第1网格\nB1,第2网格\n")
    plan_id = divided(district)
    found = look(district, path, plan_id=plan_id)
    with pytest.raises(StalePlan):
        adopt(district, plan_id, found, version=7)
    assert laid_out(district, plan_id).plan.version == 1


def test_a_plan_outside_the_scope_and_a_file_of_another_kind_are_refused(district, tmp_path):
    path = table(tmp_path, "楼栋编码,网格\nB1,第2网格\n")
    with pytest.raises(OutsideScope):
        look(district, path, scope=Scope(AREA["S2"]))
    with pytest.raises(UnreadableFile):
        look(district, tmp_path / "none.csv")
