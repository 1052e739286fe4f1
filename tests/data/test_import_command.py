import io
import json

import pytest

from data.__main__ import main
from data.importers.texts import DETECTED, FILE, LINES, NOTES, REASONS


@pytest.fixture
def environ(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    found = {"GRIDMAP_VAR": str(tmp_path / "var")}
    assert main(["init"], found) == 0
    return found


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "items.csv"
    path.write_text(
        "编号,类型,上报时间,经度,纬度\n"
        "1,噪音,2026-06-01 08:00,104.775,29.375\n"
        "2,噪音,2026-06-01 09:00,104.776,29.376\n"
        "3,噪音,昨天,104.776,29.376\n",
        encoding="gbk",
    )
    return path


def run(*arguments, environ):
    return main(["import", *map(str, arguments)], environ)


def test_without_a_terminal_nothing_is_written_unless_confirmed(environ, table, capsys):
    assert run("incidents", table, environ=environ) == 2
    out = capsys.readouterr()
    assert "EPSG:4326" in out.out
    assert "gb18030" in out.out
    assert "--yes" in out.err


class Terminal(io.StringIO):
    """A person at a terminal who types an answer."""

    def isatty(self):
        return True


@pytest.mark.parametrize(("answer", "code"), [("n", 2), ("", 2), ("y", 3)])
def test_a_person_is_shown_a_sample_and_asked(environ, table, capsys, monkeypatch, answer, code):
    monkeypatch.setattr("sys.stdin", Terminal(answer + "\n"))
    assert run("incidents", table, environ=environ) == code
    out = capsys.readouterr().out
    assert "number 1; " in out
    assert "噪音" in out
    assert ("2 rows written" in out) is (code == 3)


def test_a_dry_run_reports_and_a_run_writes_what_it_said(environ, table, capsys, tmp_path):
    report = tmp_path / "report.json"
    assert run("incidents", table, "--dry-run", "--json-report", report, environ=environ) == 3
    planned = json.loads(report.read_text("utf-8"))
    assert planned["dry_run"]
    assert (planned["accepted"], planned["reasons"]) == (2, {"not_a_time": 1})
    assert planned["rows"][0]["row"] == 4
    assert run("incidents", table, "--yes", "--json-report", report, environ=environ) == 3
    done = json.loads(report.read_text("utf-8"))
    same = ("accepted", "counts", "rows", "detection", "mapping")
    assert {k: done[k] for k in same} == {k: planned[k] for k in same}
    assert "2 rows written, 1 refused" in capsys.readouterr().out


def test_strict_writes_nothing_when_a_row_is_refused(environ, table, capsys):
    assert run("incidents", table, "--yes", "--strict", environ=environ) == 3
    assert "0 rows written" in capsys.readouterr().out
    assert run("incidents", table, "--yes", environ=environ) == 3
    assert "2 rows written" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--map", "number=nowhere"], "编号"),
        (["--map", "number"], "number"),
        (["--kind-map", "噪音=vandalism"], "vandalism"),
        (["--time-zone", "Mars/Base"], "Mars/Base"),
        (["--crs", "EPSG:999999"], "EPSG:999999"),
        (["--lookup", "类型=types.csv:id:name"], "does not exist"),
    ],
)
def test_wrong_options_are_named_and_nothing_is_written(environ, table, capsys, arguments, words):
    assert run("incidents", table, "--yes", *arguments, environ=environ) == 2
    assert words in capsys.readouterr().err


def test_unreadable_files_are_said_in_words(environ, tmp_path, capsys):
    assert run("boundaries", tmp_path / "gone.shp", "--yes", environ=environ) == 2
    assert "does not exist" in capsys.readouterr().err


def test_every_text_stands_in_both_languages():
    for texts in (REASONS, FILE, DETECTED, NOTES, LINES):
        for key, pair in texts.items():
            assert len(pair) == 2, key
            assert any("一" <= c <= "鿿" for c in pair[0]), key
            assert not any("一" <= c <= "鿿" for c in pair[1]), key
