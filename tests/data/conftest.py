"""Fixtures of the data floor: a store of either kind to restore into."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.settings import Settings
from tests.conftest import Server, on_both_stores


@pytest.fixture(params=on_both_stores)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a place to restore into, on both databases; it is empty."""
    var = tmp_path / "target"
    var.mkdir()
    if request.param == "sqlite":
        yield Settings(database_url=f"sqlite:///{var / 'gridmap.db'}", var=var)
        return
    postgis: Server = request.getfixturevalue("server")
    name = postgis.lend()
    yield Settings(database_url=postgis.url_of(name), var=var)
    postgis.take_back(name)
