"""The browser libraries are pinned, copied as listed, and fetched once."""

import json
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from layers import assets
from layers.assets import ASSETS, ROOT, AssetsMissing, asset_routes, complete, localise


def fetch(work: Path, *, without: str = "") -> None:
    for source in ASSETS:
        if source != without:
            path = work / "node_modules" / source
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"/* {source} */" * 100, "utf-8")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    made: list[Path] = []

    def npm_ci(work: Path) -> None:
        made.append(work)
        fetch(work)

    monkeypatch.setattr(assets, "_npm_ci", npm_ci)
    return made


def test_exactly_the_listed_files_are_copied(tmp_path: Path, calls: list[Path]) -> None:
    assert localise(tmp_path)
    found = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert found == {*ASSETS.values(), ".lock"}


def test_the_second_time_nothing_is_fetched(tmp_path: Path, calls: list[Path]) -> None:
    localise(tmp_path)
    assert complete(tmp_path)
    assert not localise(tmp_path)
    assert len(calls) == 1


def test_a_lost_file_is_fetched_again(tmp_path: Path, calls: list[Path]) -> None:
    localise(tmp_path)
    (tmp_path / next(iter(ASSETS.values()))).unlink()
    assert localise(tmp_path)


def test_a_file_that_npm_did_not_bring_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = next(iter(ASSETS))
    monkeypatch.setattr(assets, "_npm_ci", lambda work: fetch(work, without=lost))
    with pytest.raises(AssetsMissing) as missing:
        localise(tmp_path)
    assert missing.value.wanted == (lost,)
    assert not complete(tmp_path)


def test_the_command_says_what_it_did(
    tmp_path: Path, calls: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert assets.main(["--into", str(tmp_path)]) == 0
    assert assets.main(["--into", str(tmp_path)]) == 0
    assert "ready in" in capsys.readouterr().err.splitlines()[-1]


def test_the_lock_file_pins_digests_and_names_no_host() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = {name: body for name, body in lock["packages"].items() if name}
    assert packages
    for body in packages.values():
        assert body["integrity"].startswith("sha512-")
        assert "resolved" not in body


def test_assets_are_served_compressed_and_kept_a_year(tmp_path: Path, calls: list[Path]) -> None:
    localise(tmp_path)
    client = TestClient(Starlette(routes=asset_routes(tmp_path)))
    for name in ASSETS.values():
        answer = client.get(f"/assets/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-encoding"] == "gzip"
        assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", [".lock", "../package.json", "%2e%2e/package.json", "leaflet.js"])
def test_nothing_else_is_served(tmp_path: Path, calls: list[Path], path: str) -> None:
    localise(tmp_path)
    client = TestClient(Starlette(routes=asset_routes(tmp_path)))
    assert client.get(f"/assets/{path}").status_code == 404
