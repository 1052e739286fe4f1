"""One process's house with the small district in it, and the whole server around it."""

import importlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import update
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from data import clock, schema
from data.accounts import sign_in_demo
from data.settings import Settings
from data.store import open_store, set_meta
from pages import _house, _session
from pages._gate import SESSION_COOKIE
from pages._house import House
from tests import small_district

ORIGIN = "http://testserver"
MAIN = str(Path(__file__).parents[2] / "pages" / "main.py")


@contextmanager
def opened_house(var: Path, template: Path) -> Iterator[House]:
    """Make the small district, marked as a demo, the store of this process for a while."""
    path = var / "gridmap.db"
    shutil.copyfile(template, path)
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
def house(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[House]:
    """House of this process; nobody writes into its store but sessions."""
    with opened_house(tmp_path_factory.mktemp("pages"), sqlite_template) as found:
        yield found


@pytest.fixture
def own_house(house: House, tmp_path: Path, sqlite_template: Path) -> Iterator[House]:
    """House of one test that writes."""
    with opened_house(tmp_path, sqlite_template) as found:
        yield found
    _house.house.cache_clear()


@pytest.fixture(scope="session")
def server(house: House) -> Iterator[TestClient]:
    """Serve the real app, with Streamlit's routes and ours; nobody is signed in."""
    app: st.App = importlib.import_module("app").app
    with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch, own_house: House) -> Callable[..., AppTest]:
    """Give a function that opens a page as somebody, on a store of the test's own."""

    def opened(login: str, page: str, locale: str = "zh", **query: str) -> AppTest:
        token = sign_in_demo(own_house.store, login=login, now=clock.now()).token
        monkeypatch.setattr(_session, "token", lambda: token)
        monkeypatch.setattr(_session, "language", lambda: locale)
        at = AppTest.from_file(MAIN, default_timeout=30).run().switch_page(page)
        for name, value in query.items():
            at.query_params[name] = value
        return at.run()

    return opened


@pytest.fixture
def signed_in(house: House) -> Callable[[str], str]:
    """Give a function that opens a session for a login and gives its cookie."""
    return lambda login: sign_in_demo(house.store, login=login, now=clock.now()).token


@pytest.fixture
def as_command(signed_in: Callable[[str], str]) -> dict[str, str]:
    """Headers of a request of the command centre."""
    return {"cookie": f"{SESSION_COOKIE}={signed_in('command')}", "origin": ORIGIN}
