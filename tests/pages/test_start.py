"""The server starts with the right options and files, and says so when it cannot."""

import ast
from pathlib import Path

import pytest
import streamlit as st
from starlette.testclient import TestClient

from data.settings import Settings
from pages import _start
from pages._preload import link_header, streamlit_parts


def test_a_wrong_option_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "get_option", lambda name: name != "server.enableAgentApi")
    with pytest.raises(_start.WrongServerOption, match="postScriptGC"):
        _start.check_options()


def test_the_options_of_the_repository_are_right(server: TestClient) -> None:
    assert server.app
    _start.check_options()


def test_only_known_hosts_may_open_a_websocket(tmp_path: Path) -> None:
    settings = Settings("sqlite:///x", tmp_path, public_origin="https://map.example")
    options = _start.server_options(settings)
    assert "map.example" in options["server.allowedHosts"]
    assert "*" not in options["server.allowedHosts"]


def test_named_files_exist(server: TestClient, as_command: dict[str, str]) -> None:
    links = [part.split(">")[0].lstrip(" <") for part in link_header().decode().split(",")]
    assert len(links) > 15
    for link in links:
        if not link.startswith("/assets/"):
            assert server.get(link, headers=as_command).status_code == 200, link


def test_a_part_that_a_release_lacks_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "Html.x1.js").touch()
    assert streamlit_parts(tmp_path) == ["/static/js/Html.x1.js"]


def test_the_component_is_imported_by_no_module_of_the_start() -> None:
    """Outside the run of a page it registers itself nowhere: "Component not found"."""
    folder = Path(__file__).parents[2]
    started = ["app.py", *(f"pages/{n}.py" for n in ("_start", "_gate", "_headers", "_preload"))]
    for name in started:
        tree = ast.parse((folder / name).read_text("utf-8"))
        modules = {getattr(n, "module", "") or "" for n in ast.walk(tree)} | {
            alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names
        }
        assert not {"streamlit_folium", "pages._map", "pages.command_map"} & modules, name
