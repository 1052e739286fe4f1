"""One process's house with the small district in it, and the whole server around it."""

import importlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import update
from starlette.testclient import TestClient

from data import clock, schema
from data.accounts import sign_in_demo
from data.settings import Settings
from data.store import open_store, set_meta
from pages import _house
from pages._gate import SESSION_COOKIE
from pages._house import House
from tests import small_district

ORIGIN = "http://testserver"


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[House]:
    """House of this process; the small district is marked as a demo."""
    var = tmp_path_factory.mktemp("pages")
    path = var / "gridmap.db"
    shutil.copyfile(sqlite_template, path)
    store = small_district.fill(open_store(Settings(f"sqlite:///{path}", var)))
    with store.write() as conn:
        set_meta(conn, "demo", "1")
        conn.execute(update(schema.account).values(demo=True))
    store.close()
    before = os.environ.get("GRIDMAP_VAR")
    os.environ["GRIDMAP_VAR"] = str(var)
    _house.house.cache_clear()
    yield _house.house()
    _house.house().store.close()
    _house.house.cache_clear()
    os.environ.pop("GRIDMAP_VAR")
    if before is not None:
        os.environ["GRIDMAP_VAR"] = before


@pytest.fixture(scope="session")
def server(house: House) -> Iterator[TestClient]:
    """Serve the real app, with Streamlit's routes and ours; nobody is signed in."""
    app: st.App = importlib.import_module("app").app
    with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def signed_in(house: House) -> Callable[[str], str]:
    """Give a function that opens a session for a login and gives its cookie."""
    return lambda login: sign_in_demo(house.store, login=login, now=clock.now()).token


@pytest.fixture
def as_command(signed_in: Callable[[str], str]) -> dict[str, str]:
    """Headers of a request of the command centre."""
    return {"cookie": f"{SESSION_COOKIE}={signed_in('command')}", "origin": ORIGIN}
