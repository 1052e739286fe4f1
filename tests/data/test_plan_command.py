import io
import json
import zipfile

import docx
import pytest

from data.__main__ import main
from data.settings import read_settings
from data.store import open_store
from tests.data.plans import divided, laid_out
from tests.small_district import CODE, fill

C1 = CODE["C1"]


@pytest.fixture
def environ(tmp_path, monkeypatch):
    """Store of the small district with the divided plan, number 1."""
    monkeypatch.setenv("LC_ALL", "C")
    found = {"GRIDMAP_VAR": str(tmp_path / "var")}
    assert main(["init"], found) == 0
    store = open_store(read_settings(found))
    fill(store)
    assert divided(store) == 1
    store.close()
    return found


def run(*arguments, environ):
    return main(["plan", *map(str, arguments)], environ)


def sheet(environ, plan_id):
    store = open_store(read_settings(environ))
    found = laid_out(store, plan_id)
    store.close()
    return found


def test_plans_are_listed_with_community_state_and_author(environ, capsys):
    assert run("list", environ=environ) == 0
    assert capsys.readouterr().out == f"1\tDraft\t{C1} 龙井社区\t龙井方案\tplanner\n"


def test_the_form_follows_the_name_of_the_file(environ, tmp_path):
    for name in ("a.gpkg", "a.json", "a.zip", "a.csv", "a.xlsx", "a.docx"):
        assert run("export", 1, "--out", tmp_path / name, environ=environ) == 0
    assert zipfile.is_zipfile(tmp_path / "a.zip")
    assert json.loads((tmp_path / "a.json").read_text())["type"] == "FeatureCollection"
    document = docx.Document(io.BytesIO((tmp_path / "a.docx").read_bytes()))
    assert document.paragraphs[1].text == "Review report of a boundary plan"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("9", "--out", "x.csv"), "no plan 9"), (("1", "--out", "x.what"), "--form"),
     (("1", "--out", "x.csv", "--seq", "8"), "never stood at 8")],
)  # fmt: skip
def test_what_cannot_be_written_is_said(environ, capsys, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    assert run("export", *arguments, environ=environ) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("x.*"))


def test_a_file_is_not_overwritten_unless_forced(environ, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("mine")
    assert run("export", 1, "--out", path, environ=environ) == 2
    assert path.read_text() == "mine"
    assert run("export", 1, "--out", path, "--force", environ=environ) == 0


def test_grids_are_looked_at_first_and_then_made_a_plan(environ, tmp_path, capsys):
    path = tmp_path / "plan.zip"
    assert run("export", 1, "--out", path, "--metres", "--encoding", "GBK", environ=environ) == 0
    asked = ("import", path, "--community", C1, "--title", "六月方案")
    assert run(*asked, "--dry-run", environ=environ) == 0
    assert "2 grids are living ones by their code" in capsys.readouterr().out
    assert run(*asked, environ=environ) == 2
    assert "--yes" in capsys.readouterr().err
    assert run(*asked, "--yes", environ=environ) == 0
    assert "plan 2 made: 六月方案" in capsys.readouterr().out
    assert sheet(environ, 2).state.marks == sheet(environ, 1).state.marks


def test_a_table_changes_a_draft_or_makes_one(environ, tmp_path, capsys):
    path = tmp_path / "table.csv"
    path.write_text("楼栋编码,网格\nB2,第1网格\nX9,第1网格\n", encoding="gbk")
    report = tmp_path / "report.json"
    assert run("import", path, "--plan", 1, "--yes", environ=environ) == 3
    assert "plan 1 was changed" in capsys.readouterr().out
    assert list(sheet(environ, 1).state.marks) == ["g8", "g9"]
    assert run("import", path, "--plan", 1, "--yes", environ=environ) == 3
    assert "plan 1 says so already" in capsys.readouterr().out
    asked = ("import", path, "--community", C1, "--yes", "--json-report", report)
    assert run(*asked, environ=environ) == 3
    assert "plan 2 made: table" in capsys.readouterr().out
    assert json.loads(report.read_text("utf-8"))["reasons"] == {"unknown_building": 1}


@pytest.mark.parametrize(
    ("name", "where", "said"),
    [("none.csv", ("--community", C1), "does not exist"), ("a.csv", ("--plan", "7"), "no such"),
     ("a.csv", ("--community", "77"), "no such"), ("a.gpkg", ("--plan", "1"), "--community"),
     ("bad.csv", ("--plan", "1"), "it has: 楼栋编码, 户数, 层数"),
     ("bad.geojson", ("--community", C1), "damaged")],
)  # fmt: skip
def test_what_cannot_be_read_is_said(environ, tmp_path, capsys, name, where, said):
    (tmp_path / "a.csv").write_text("楼栋编码,网格\nB2,第1网格\n", "utf-8")
    (tmp_path / "bad.csv").write_text("楼栋编码,户数,层数\nB2,1,2\n", "utf-8")
    (tmp_path / "bad.geojson").write_text("{")
    assert run("import", tmp_path / name, *where, "--yes", environ=environ) == 2
    assert said in capsys.readouterr().err
