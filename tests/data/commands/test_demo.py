from pathlib import Path

import pytest

from data import schema
from data.__main__ import main
from data.commands import FAILED, OK
from data.demo.scales import tiny_plan
from data.settings import read_settings
from data.store import get_meta, open_store


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr("data.commands.demo.plan_of", lambda _scale, seed: tiny_plan(seed))


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    found = {"GRIDMAP_VAR": str(tmp_path / "var")}
    assert main(["init"], found) == OK
    return found


def version(environ: dict[str, str]) -> str | None:
    store = open_store(read_settings(environ))
    with store.read() as conn:
        found = get_meta(conn, "area_version")
    store.close()
    return found


def test_a_dry_run_says_what_would_be_made_and_makes_nothing(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--dry-run"], environ) == OK
    assert "92 grids" in capsys.readouterr().out
    assert version(environ) == "0"


def test_demo_is_made_once_and_replaced_only_by_force(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo"], environ) == OK
    shown = capsys.readouterr()
    assert "synthetic" in shown.out
    assert "land" in shown.err
    assert version(environ) == "1"
    assert main(["demo", "--if-empty"], environ) == OK
    assert main(["demo"], environ) == FAILED
    assert "--force" in capsys.readouterr().err
    assert version(environ) == "1"
    assert main(["demo", "--force", "--seed", "2"], environ) == OK
    assert version(environ) == "2"


def test_real_data_is_refused_in_words(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo"], environ) == OK
    store = open_store(read_settings(environ))
    with store.write() as conn:
        conn.execute(
            schema.batch.insert(),
            {"at": 0, "actor": "a", "what": "import", "source": "b", "report": "{}"},
        )
    store.close()
    assert main(["demo", "--force"], environ) == FAILED
    assert "real data" in capsys.readouterr().err
