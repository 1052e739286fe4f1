import uuid
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from data import schema
from data.migrations import (
    NewerSchema,
    NoPostgis,
    known_versions,
    latest_version,
    schema_version,
    upgrade,
)
from data.settings import Settings
from data.store import Store, get_meta, open_store
from tests.conftest import Server, on_both_stores


def described(engine: Engine) -> dict[str, object]:
    """Tables with columns, indexes and foreign keys as the database sees them.

    SQLite tells neither name nor timing of a foreign key that was added with its column.
    """
    seen = inspect(engine)
    tables = sorted(set(seen.get_table_names()) & set(schema.metadata.tables))
    return {
        table: (
            [
                (c["name"], str(c["type"]), c["nullable"], str(c["default"]))
                for c in seen.get_columns(table)
            ],
            seen.get_pk_constraint(table),
            sorted(
                ({**key, "name": "", "options": {}} for key in seen.get_foreign_keys(table)),
                key=str,
            ),
            sorted((u["name"], u["column_names"]) for u in seen.get_unique_constraints(table)),
            sorted(
                (
                    i["name"],
                    i["column_names"],
                    i["unique"],
                    str(i["dialect_options"].get("sqlite_where", "")),
                )
                for i in seen.get_indexes(table)
            ),
        )
        for table in tables
    }


def test_migrated_store_has_exactly_the_tables_of_the_schema(
    sqlite_store: Store, settings: Settings
) -> None:
    url = f"sqlite:///{settings.var / 'direct.db'}"
    direct = open_store(Settings(database_url=url, var=settings.var))
    with direct.write() as conn:
        schema.metadata.create_all(conn)
    migrated, meant = described(sqlite_store.readers), described(direct.readers)
    direct.close()
    assert migrated.keys() == schema.metadata.tables.keys()
    for table, description in meant.items():
        assert migrated[table] == description


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_every_column_and_index_exists_on_both_stores(store: Store) -> None:
    seen = inspect(store.readers)
    for name, table in schema.metadata.tables.items():
        assert [c["name"] for c in seen.get_columns(name)] == [c.name for c in table.columns]
        assert {i.name for i in table.indexes} <= {i["name"] for i in seen.get_indexes(name)}


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
@pytest.mark.parametrize("store", on_both_stores[1:], indirect=True)
def test_postgis_has_geometry_of_cgcs2000_with_an_index(store: Store) -> None:
    with store.read() as conn:
        srid = conn.execute(text("SELECT Find_SRID('public', 'area', 'geom')")).scalar_one()
    assert srid == 4490
    assert "ix_area_geom" in {i["name"] for i in inspect(store.readers).get_indexes("area")}


@pytest.mark.postgis
def test_database_whose_owner_may_not_create_postgis_is_named(
    server: Server, tmp_path: Path
) -> None:
    role = f"gridmap_owner_{uuid.uuid4().hex[:8]}"
    with server.admin.connect() as conn:
        conn.execute(text(f"CREATE ROLE {role} LOGIN"))
        conn.execute(text(f"CREATE DATABASE {role} OWNER {role}"))
    url = server.url.set(database=role, username=role).render_as_string(hide_password=False)
    store = open_store(Settings(database_url=url, var=tmp_path))
    try:
        with pytest.raises(NoPostgis, match="permission denied"):
            upgrade(store, store_id="x")
        assert schema_version(store) is None
    finally:
        store.close()
        with server.admin.connect() as conn:
            conn.execute(text(f"DROP DATABASE {role}"))
            conn.execute(text(f"DROP ROLE {role}"))


def test_second_upgrade_changes_nothing(store: Store) -> None:
    with store.read() as conn:
        before = get_meta(conn, "store_id")
    assert upgrade(store, store_id="other") == (latest_version(), latest_version())
    with store.read() as conn:
        assert get_meta(conn, "store_id") == before == "test"


def test_fresh_store_has_no_version(settings: Settings) -> None:
    store = open_store(settings)
    assert schema_version(store) is None
    assert upgrade(store, store_id="x") == (None, latest_version())
    assert schema_version(store) == latest_version() == known_versions()[-1]
    store.close()


def test_store_of_a_newer_program_is_left_alone(store: Store) -> None:
    with store.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchema) as caught:
        upgrade(store, store_id="x")
    assert caught.value.found == "9999"
