import io
from pathlib import Path

import pytest

from data.__main__ import main
from data.commands import COMMANDS
from data.settings import read_settings
from data.store import open_store
from tests.small_district import fill


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"GRIDMAP_VAR": str(tmp_path / "var")}


@pytest.fixture
def filled(environ: dict[str, str]) -> dict[str, str]:
    assert main(["init"], environ) == 0
    store = open_store(read_settings(environ))
    fill(store)
    store.close()
    return environ


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_dry_run_of_init_writes_nothing(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--dry-run"], environ) == 0
    assert "from nothing to" in capsys.readouterr().out
    assert not Path(environ["GRIDMAP_VAR"]).exists()


def test_init_may_run_again(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert [main(["init"], environ) for _ in range(2)] == [0, 0]
    assert "up to date" in capsys.readouterr().out


def test_store_that_is_not_there_is_named_with_the_remedy(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"], environ) == 1
    assert "python -m data init" in capsys.readouterr().err
    assert not Path(environ["GRIDMAP_VAR"]).exists()


def test_chinese_environment_gets_chinese(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["check"], environ) == 1
    assert "请先运行" in capsys.readouterr().err


def test_bad_settings_are_usage_errors(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init"], {**environ, "GRIDMAP_PORT": "x", "GRIDMAP_HOST": ""}) == 2
    assert "GRIDMAP_PORT" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [[], ["nonsense"], ["user"], ["restore"]])
def test_wrong_use_exits_with_two(argv: list[str], environ: dict[str, str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(argv, environ)
    assert caught.value.code == 2


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_has_help_with_examples(
    command: str, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"], environ)
    assert caught.value.code == 0
    assert f"python -m data {command}" in capsys.readouterr().out.split("examples:")[1]


def test_check_says_sound_or_names_the_fault(
    filled: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.check.MIN_FREE_BYTES", 0)
    assert main(["check"], filled) == 0
    assert "sound" in capsys.readouterr().out
    monkeypatch.setattr("data.check.MIN_FREE_BYTES", 10**18)
    assert main(["check"], filled) == 1
    assert "FAULT" in capsys.readouterr().out


def test_backup_and_restore_round_trip(
    filled: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "b.zip"
    assert main(["backup", str(path), "--dry-run"], filled) == 0
    assert not path.exists()
    assert main(["backup", str(path)], filled) == 0
    assert main(["restore", str(path)], filled) == 1
    assert "--force" in capsys.readouterr().err
    assert main(["restore", str(path), "--dry-run"], filled) == 0
    assert main(["restore", str(path), "--force"], filled) == 0
    assert "sign in again" in capsys.readouterr().out
    assert main(["restore", str(path)], {"GRIDMAP_VAR": str(tmp_path / "other")}) == 0


def test_backup_without_a_name_goes_to_var(filled: dict[str, str]) -> None:
    assert main(["backup"], filled) == 0
    assert len(list(Path(filled["GRIDMAP_VAR"]).glob("backups/gridmap-*Z.zip"))) == 1


def test_file_that_is_no_backup_is_refused_in_words(
    filled: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "holiday.zip"
    path.write_bytes(b"PK\x03\x04 not really")
    assert main(["restore", str(path), "--force"], filled) == 1
    assert "damaged or was cut off" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "none.zip")], filled) == 1
    assert "No such file" in capsys.readouterr().err


def test_user_comes_in_by_standard_input(
    filled: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add = ["user", "add", "li.na", "--name", "李娜", "--role", "grid_lead", "--area",
           "510304001001001"]  # fmt: skip
    typed(monkeypatch, "Long-Enough-1\n")
    assert main([*add, "--dry-run"], filled) == 0
    typed(monkeypatch, "Long-Enough-1\n")
    assert main(add, filled) == 0
    assert main(["user", "list"], filled) == 0
    assert "li.na\t李娜\tGrid lead\t510304001001001" in capsys.readouterr().out
    typed(monkeypatch, "Long-Enough-1\n")
    assert main(add, filled) == 1
    assert "taken" in capsys.readouterr().err


@pytest.mark.parametrize("action", ["disable", "enable", "sign-out"])
def test_actions_on_an_account(
    action: str, filled: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["user", action, "lead", "--dry-run"], filled) == 0
    assert "nothing changed" in capsys.readouterr().out
    assert main(["user", action, "nobody", "--dry-run"], filled) == 1
    assert main(["user", action, "lead"], filled) == 0
    assert main(["user", action, "nobody"], filled) == 1


def test_weak_password_is_refused_with_reasons(
    filled: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "short\n")
    assert main(["user", "password", "lead", "--dry-run"], filled) == 1
    typed(monkeypatch, "short\n")
    assert main(["user", "password", "lead"], filled) == 1
    assert "at least 10" in capsys.readouterr().err
    typed(monkeypatch, "Long-Enough-1\n")
    assert main(["user", "password", "lead"], filled) == 0


def test_first_account_needs_boundaries(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["init"], environ)
    typed(monkeypatch, "Long-Enough-1\n")
    assert main(["user", "add", "x", "--name", "x", "--role", "command"], environ) == 1
    assert "Import boundaries first" in capsys.readouterr().err


def test_no_password_is_accepted_as_an_argument(filled: dict[str, str]) -> None:
    with pytest.raises(SystemExit):
        main(["user", "password", "lead", "Long-Enough-1"], filled)


def test_an_export_is_tried_out_first(filled: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "buildings.csv"
    export = ["export", "buildings", "--out", str(out)]
    assert main([*export, "--dry-run"], filled) == 0
    assert not out.exists()
    assert main(export, filled) == 0
    assert out.exists()
    assert main(export, filled) == 2
    assert main([*export, "--force", "--area", "nowhere"], filled) == 2
