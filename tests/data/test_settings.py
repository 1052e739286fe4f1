from pathlib import Path

import pytest

from data.settings import BadSetting, read_settings


def test_nothing_set_gives_sqlite_under_var(tmp_path: Path) -> None:
    found = read_settings({"GRIDMAP_VAR": str(tmp_path)})
    assert found.database_url == f"sqlite:///{tmp_path}/gridmap.db"
    assert (found.host, found.port) == ("127.0.0.1", 8501)
    assert (found.idle_minutes, found.absolute_hours) == (30, 8)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_means_the_same_driver(scheme: str) -> None:
    found = read_settings({"GRIDMAP_DATABASE_URL": f"{scheme}://u@h/db"})
    assert found.database_url == "postgresql+psycopg://u@h/db"


def test_empty_values_count_as_unset() -> None:
    assert read_settings({"GRIDMAP_PORT": " ", "GRIDMAP_TILE_URL": ""}) == read_settings({})


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(
            {
                "GRIDMAP_DATABASE_URL": "mysql://h/db",
                "GRIDMAP_PORT": "80000",
                "GRIDMAP_IDLE_MINUTES": "ten",
                "GRIDMAP_SECURE_COOKIE": "yes",
                "GRIDMAP_TILE_URL": "http://tiles/{z}/{x}.png",
                "GRIDMAP_TILE_DATUM": "bd09",
                "GRIDMAP_WEBHOOK_URL": "file:///etc/passwd",
                "GRIDMAP_WEBHOOK_FORM": "mail",
            }
        )
    assert set(caught.value.faults) == {
        "GRIDMAP_DATABASE_URL", "GRIDMAP_PORT", "GRIDMAP_IDLE_MINUTES", "GRIDMAP_SECURE_COOKIE",
        "GRIDMAP_TILE_URL", "GRIDMAP_TILE_DATUM", "GRIDMAP_WEBHOOK_URL", "GRIDMAP_WEBHOOK_FORM",
    }  # fmt: skip
