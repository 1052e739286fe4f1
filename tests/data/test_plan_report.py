import io
import json
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from data.exporters.plan import Wish, export_plan
from data.exporters.plan.document import Col, Paper
from data.exporters.plan.words import WORDS
from data.plan_comments import NewComment, comment
from data.plan_course import Asked, take_step
from data.plan_figures import before, figures
from data.plan_stability import stability
from rules.boundary_plan import PlanAction
from tests.data.plans import NOW, divided, laid_out, seen
from tests.small_district import actor

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def written(store, plan_id, locale="zh"):
    wish = Wish("docx", locale)
    return export_plan(store, plan_id=plan_id, wish=wish, now=NOW, **seen(store))


def opened(store, plan_id, locale="zh"):
    return docx.Document(io.BytesIO(written(store, plan_id, locale)[0]))


def rows(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def table_of(document, head):
    """Rows of the table whose heading row begins with some texts."""
    found = [rows(t) for t in document.tables if rows(t)[0][: len(head)] == head]
    assert len(found) == 1
    return found[0][1:]


def test_the_numbers_of_the_report_are_those_of_the_figures(district):
    plan_id = divided(district)
    sheet = laid_out(district, plan_id)
    was, now, bound = before(sheet), figures(sheet), stability(sheet).bound
    found = {r[1]: r[2:] for r in table_of(opened(district, plan_id), ["原则", "指标"])}
    assert found["网格数（个）"] == ["2", "3"]
    assert found["户数在区间内的网格"] == [f"{f.in_band}/{f.banded}" for f in (was, now)]
    assert found["最大偏离区间"] == [f"{f.worst_deviation:.1%}" for f in (was, now)]
    assert found["平均紧凑度（Polsby–Popper）"] == [f"{f.polsby_popper:.3f}" for f in (was, now)]
    assert found["网格间边界总长（公里）"] == [f"{f.border / 1000:.2f}" for f in (was, now)]
    assert found["被分割的小区（个）"] == [str(f.estates_split) for f in (was, now)]
    assert found["改变网格的户数"] == ["—", "30 户（23.1%）"]
    assert found["满足区间至少需调整的户数"] == ["—", str(bound)]
    assert found["涉及网格（个）"] == ["—", str(now.grids_touched)]
    assert found["服务范围变化的栋长（人）"] == ["—", str(now.chiefs_changed)]


def test_every_grid_and_every_group_that_moves_is_told(district):
    document = opened(district, divided(district))
    grids = [r[:5] + r[8:] for r in table_of(document, ["序号", "编码"])]
    assert grids == [
        ["1", "510304001001001", "第1网格", "70", "40", "0", "30"],
        ["2", "510304001001002", "第2网格", "60", "60", "0", "0"],
        ["3", "", "东网格（新设）", "—", "30", "30", "0"],
        ["", "", "合计", "130", "130", "30", "30"],
    ]
    assert table_of(document, ["原网格"]) == [
        ["1 第1网格", "3 东网格", "龙井小区", "龙井小区 2栋", "30", "张栋长"],
        ["合计", "", "", "1", "30", ""],
    ]


def test_the_course_of_the_review_and_its_words_are_told(district):
    plan_id = divided(district)
    words = NewComment("东边的楼离网格中心太远 {{7*7}} <b>", label="n1")
    comment(district, plan_id=plan_id, new=words, now=NOW, **seen(district))
    step(district, plan_id, "planner", PlanAction.SUBMIT)
    step(district, plan_id, "command", PlanAction.REQUEST_CHANGES, "请保持小区完整")
    document = opened(district, plan_id)
    head = dict(table_of(document, ["项目", "内容"]))
    assert head["方案名称"] == "龙井方案"
    assert head["所属社区"] == "大安区 龙井街道 龙井社区（510304001001）"
    assert (head["当前状态"], head["编制人"], head["会审人"]) == ("退回修改", "planner", "command")
    steps = [r[1:] for r in table_of(document, ["时间", "人员", "环节"])]
    assert steps[0][:2] == ["planner", "新建方案"]
    assert steps[-2:] == [
        ["planner", "提交会审", "—"], ["command", "退回修改", "请保持小区完整"],
    ]  # fmt: skip
    said = table_of(document, ["时间", "人员", "对象"])
    assert [r[1:] for r in said] == [["planner", "3 东网格", words.text, "待处理"]]


def step(store, plan_id, login, action, note=""):
    version = laid_out(store, plan_id).plan.version
    who = {**seen(store), "actor": actor(login)}
    take_step(store, plan_id=plan_id, version=version, asked=Asked(action, note), now=NOW, **who)


def test_findings_and_effect_are_told(district):
    document = opened(district, divided(district))
    checks = table_of(document, ["检查项"])
    assert ["小区被分割", "提请注意"] in [r[:2] for r in checks]
    assert ["必须整改"] not in [r[1:2] for r in checks]
    effect = dict(table_of(document, ["事项", "数量"]))
    assert effect["改变网格的楼栋"] == "1"
    assert effect["保持不变的网格"] == "1"
    assert effect["随楼栋、位置转移的未办结事项"] == "1"


def test_the_report_can_be_had_in_english(district):
    document = opened(district, divided(district), "en")
    text = "\n".join(p.text for p in document.paragraphs)
    assert "Review report of a boundary plan" in text
    said = [cell for table in document.tables for row in rows(table) for cell in row]
    assert not {zh for zh, _ in WORDS.values()} & set(said)


def test_word_is_told_chinese_fonts_and_repeats_the_headings_of_tables(district):
    body, media, name = written(district, divided(district))
    assert (media, name) == (WORD, "龙井方案-会审报告.docx")
    document = docx.Document(io.BytesIO(body))
    for run in (r for p in document.paragraphs for r in p.runs if r.text.strip()):
        assert run._element.rPr.rFonts.get(qn("w:eastAsia")) in {"仿宋", "黑体", "宋体"}
    for table in document.tables:
        first = table.rows[0]._tr.trPr
        assert first.find(qn("w:tblHeader")) is not None
    facts = document.core_properties
    assert (facts.author, facts.comments) == ("planner", "")


def test_the_maps_are_pictures_with_a_word_for_who_cannot_see_them(district):
    body, _, _ = written(district, divided(district))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = sorted(n for n in archive.namelist() if n.startswith("word/media/"))
        images = [Image.open(io.BytesIO(archive.read(n))) for n in names]
        xml = archive.read("word/document.xml").decode()
    assert len(images) == 3
    assert all(image.format == "PNG" and max(image.size) <= 1400 for image in images)
    assert xml.count('descr="图') == 3


def test_what_word_cannot_hold_is_left_out():
    paper = Paper(title="a\x00b", author="c\x07", at=NOW)
    paper.say("x\x1f\ufffe<w:p>&amp;")
    paper.table([Col("h", 3)], [["\x0by"]])
    document = docx.Document(io.BytesIO(paper.body()))
    assert [p.text for p in document.paragraphs if p.text] == ["x<w:p>&amp;"]
    assert rows(document.tables[0]) == [["h"], ["y"]]
    assert document.core_properties.title == "ab"


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_fill_in_the_same_values(key):
    zh, en = WORDS[key]
    assert zh
    assert en
    assert sorted(part.split("}")[0] for part in zh.split("{")[1:]) == sorted(
        part.split("}")[0] for part in en.split("{")[1:]
    )


def test_a_report_is_logged(district):
    plan_id = divided(district)
    written(district, plan_id)
    with district.read() as conn:
        last = conn.exec_driver_sql("SELECT after FROM event ORDER BY id DESC LIMIT 1").scalar()
    assert json.loads(last)["form"] == "docx"
