"""Fixtures that every floor may use: settings, an empty store, and the small district.

The store fixtures run on SQLite and, when ``GRIDMAP_TEST_POSTGIS`` names a server, on PostGIS
as well, on databases made for this run of the tests.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine, make_url

from data import schema
from data.migrations import latest_version, upgrade
from data.settings import Settings
from data.store import Store, open_store
from tests import chromium as browser
from tests import small_district

# A busy machine must not fail a property; slow properties show up in --durations.
settings.register_profile("gridmap", deadline=None)
settings.load_profile("gridmap")

POSTGIS = os.environ.get("GRIDMAP_TEST_POSTGIS", "")

on_both_stores = [
    "sqlite",
    pytest.param(
        "postgis",
        marks=[
            pytest.mark.postgis,
            pytest.mark.skipif(not POSTGIS, reason="GRIDMAP_TEST_POSTGIS is not set"),
        ],
    ),
]


@pytest.fixture(scope="session", autouse=True)
def cheap_hashing() -> Iterator[None]:
    """Hash passwords with the cheapest parameters, as the small district does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("data.hashing._HASHER", small_district.HASHER)
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless browser for the session: Playwright cannot be started twice in a process."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=browser.PATH or None, args=browser.QUIET
        )
        yield opened
        opened.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a store in a fresh folder; nothing is set up yet."""
    return Settings(database_url=f"sqlite:///{tmp_path / 'gridmap.db'}", var=tmp_path)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated, empty SQLite file."""
    path = tmp_path_factory.mktemp("template") / "gridmap.db"
    store = open_store(Settings(database_url=f"sqlite:///{path}", var=path.parent))
    upgrade(store, store_id="test")
    store.close()
    return path


class Server:
    """The PostGIS server of the tests: lends migrated, empty databases and drops them at the end.

    A database that comes back is emptied and lent again: making one takes half a second.
    """

    def __init__(self, url: str, var: Path) -> None:
        self.url = make_url(url).set(drivername="postgresql+psycopg")
        self._var = var
        self.admin = create_engine(self.url, isolation_level="AUTOCOMMIT")
        self._free: list[str] = []
        self._all: list[str] = []

    def url_of(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    def lend(self) -> str:
        return self._free.pop() if self._free else self._made()

    def _made(self) -> str:
        name = f"gridmap_test_{uuid.uuid4().hex[:12]}"
        with self.admin.connect() as conn:
            conn.exec_driver_sql(f"CREATE DATABASE {name}")
        self._all.append(name)
        opened = open_store(Settings(database_url=self.url_of(name), var=self._var))
        upgrade(opened, store_id="test")
        opened.close()
        return name

    def take_back(self, name: str) -> None:
        tables = ", ".join([*schema.metadata.tables, "alembic_version"])
        engine = create_engine(self.url_of(name))
        with engine.begin() as conn:
            for sql in (
                "ALTER TABLE event DISABLE TRIGGER event_no_change",
                "ALTER TABLE plan_event DISABLE TRIGGER plan_event_no_change",
                f"TRUNCATE {tables} RESTART IDENTITY",
                "ALTER TABLE event ENABLE TRIGGER event_no_change",
                "ALTER TABLE plan_event ENABLE TRIGGER plan_event_no_change",
                f"INSERT INTO alembic_version VALUES ('{latest_version()}')",
                "INSERT INTO meta VALUES ('store_id','test'), ('area_version','0'), ('demo','0')",
            ):
                conn.exec_driver_sql(sql)
        engine.dispose()
        self._free.append(name)

    def close(self) -> None:
        with self.admin.connect() as conn:
            for name in self._all:
                conn.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        self.admin.dispose()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """PostGIS server that lends databases."""
    if not POSTGIS:
        pytest.skip("GRIDMAP_TEST_POSTGIS is not set")
    found = Server(POSTGIS, tmp_path_factory.mktemp("postgis"))
    yield found
    found.close()


@pytest.fixture(params=on_both_stores)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Migrated, empty store, on both databases."""
    if request.param == "sqlite":
        path = tmp_path / "gridmap.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        opened = open_store(Settings(database_url=f"sqlite:///{path}", var=tmp_path))
        yield opened
        opened.close()
        return
    postgis: Server = request.getfixturevalue("server")
    name = postgis.lend()
    opened = open_store(Settings(database_url=postgis.url_of(name), var=tmp_path))
    yield opened
    opened.close()
    postgis.take_back(name)


@pytest.fixture
def district(store: Store) -> Store:
    """Store that holds the small district, on both databases."""
    return small_district.fill(store)


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """Migrated, empty store on SQLite only: for tests where the database makes no difference."""
    path = tmp_path / "gridmap.db"
    shutil.copyfile(sqlite_template, path)
    opened = open_store(Settings(database_url=f"sqlite:///{path}", var=tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def sqlite_district(sqlite_store: Store) -> Store:
    """Small district on SQLite only."""
    return small_district.fill(sqlite_store)
