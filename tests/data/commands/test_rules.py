from pathlib import Path

import pytest

from data.__main__ import main
from data.commands.rules import _FAULTS, fault_words
from data.rulebook import Fault, parse_rulebook
from rules.rulebook import DEFAULT


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("LC_ALL", "C")
    return {"GRIDMAP_VAR": str(tmp_path)}


def test_show_writes_rules_that_check_takes(environ, tmp_path, capsys):
    assert main(["rules", "show"], environ) == 0
    shown = capsys.readouterr().out
    assert parse_rulebook(shown) == DEFAULT
    (tmp_path / "rules.toml").write_text(shown.replace("安全隐患", "隐患排查"), "utf-8")
    assert main(["rules", "check"], environ) == 0
    assert "8 kinds" in capsys.readouterr().out
    assert main(["rules", "show"], environ) == 0
    assert "隐患排查" in capsys.readouterr().out


def test_without_a_file_the_default_rules_hold(environ, capsys):
    assert main(["rules", "check"], environ) == 0
    assert "default rules" in capsys.readouterr().out


def test_check_names_every_fault_by_its_key(environ, tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text("lamps.yellow = 2\nkinds.hazard.resolve = 'soon'\n")
    assert main(["rules", "check", str(path)], environ) == 1
    told = capsys.readouterr().err
    assert f"{path} cannot be used" in told
    assert "lamps.yellow: Input should be less than 1" in told
    assert 'kinds.hazard.resolve: not a limit like "24 h clock" or "90 min work": soon' in told


def test_show_refuses_a_broken_file_in_words(environ, tmp_path, capsys, monkeypatch):
    (tmp_path / "rules.toml").write_text("lamps = ")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["rules", "show"], environ) == 1
    assert "无法使用" in capsys.readouterr().err


@pytest.mark.parametrize("code", _FAULTS)
def test_every_fault_has_words(code):
    english, chinese = fault_words(Fault("a.b", code, "{x}"))
    assert english.startswith("a.b: ")
    assert chinese.startswith("a.b：")
