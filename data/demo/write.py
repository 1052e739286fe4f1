"""Bulk writing into the store, and taking an older demo out of it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import shapely
from sqlalchemy import Connection, Table, bindparam, delete, func, select, update

from data import schema
from data.append_only import lifted
from data.store import get_meta

CHUNK: Final = 20_000

_HOLD_DATA: Final = (
    schema.area, schema.building, schema.person, schema.incident, schema.base_feature,
)  # fmt: skip


class StoreNotEmpty(RuntimeError):
    """The store holds a demo already, and it was not asked to replace it."""


class HoldsRealData(RuntimeError):
    """The store holds data that is no demo; a demo never replaces that."""


def holds_data(conn: Connection) -> bool:
    """Whether the store holds areas, buildings, staff, incidents or a base map."""
    return any(conn.execute(select(t.c.id).limit(1)).first() for t in _HOLD_DATA)


def holds_real_data(conn: Connection) -> bool:
    """Whether any of it was not made by a demo."""
    if not holds_data(conn):
        return False
    imported = select(schema.batch.c.id).where(schema.batch.c.what != "demo").limit(1)
    return get_meta(conn, "demo") != "1" or conn.execute(imported).first() is not None


def require_room(conn: Connection, *, force: bool) -> None:
    """Refuse to write over data.

    Raises
    ------
    HoldsRealData
        If there is data that is no demo, forced or not.
    StoreNotEmpty
        If there is a demo and ``force`` is not given.
    """
    if holds_real_data(conn):
        raise HoldsRealData
    if holds_data(conn) and not force:
        raise StoreNotEmpty


def next_id(conn: Connection, table: Table) -> int:
    """Id after the largest one in use."""
    return int(conn.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()) + 1


def clear_demo(conn: Connection, *, now: int) -> int:
    """Take out everything of the old demo but its areas, which are closed; give their largest id.

    Accounts made by people stay; they are moved to the new areas by :func:`move_accounts`.
    """
    with lifted(conn, "plan_event"):
        conn.execute(delete(schema.plan_event))
    for table in (
        schema.lineage, schema.plan_notice, schema.plan_comment, schema.plan_cell, schema.plan,
        schema.evaluation_link, schema.notice, schema.attachment, schema.incident_body,
        schema.visit, schema.alias,
    ):  # fmt: skip
        conn.execute(delete(table))
    demo = select(schema.account.c.id).where(schema.account.c.demo)
    conn.execute(delete(schema.session).where(schema.session.c.account_id.in_(demo)))
    conn.execute(delete(schema.account).where(schema.account.c.demo))
    conn.execute(update(schema.account).values(person_id=None))
    for table in (
        schema.view, schema.incident, schema.building, schema.person, schema.base_feature,
    ):  # fmt: skip
        conn.execute(delete(table))
    conn.execute(update(schema.area).where(schema.area.c.valid_to.is_(None)).values(valid_to=now))
    return next_id(conn, schema.area) - 1


_AREAS: Final = select(schema.area.c.id, schema.area.c.parent_id, schema.area.c.code)
_ACCOUNTS: Final = select(schema.account.c.id, schema.account.c.area_id)
_MOVE: Final = (
    update(schema.account)
    .where(schema.account.c.id == bindparam("of_id"))
    .values(area_id=bindparam("area"))
)


def move_accounts(conn: Connection, *, last_old: int, root_id: int) -> None:
    """Give kept accounts the new area of the same code, then delete the old areas.

    Where there is none, as for a grid that a plan made, it is that of the nearest area above whose
    code there is; the root only where not even the old root's is.
    """
    rows = conn.execute(_AREAS).all()
    old = {row.id: row for row in rows if row.id <= last_old}
    new = {row.code: row.id for row in rows if row.id > last_old}
    for account in conn.execute(_ACCOUNTS).all():
        at = old.get(account.area_id)
        while at is not None and at.code not in new:
            at = old.get(at.parent_id)
        conn.execute(_MOVE, {"of_id": account.id, "area": new[at.code] if at else root_id})
    conn.execute(delete(schema.area).where(schema.area.c.id <= last_old))


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    found = iter(rows)
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def bulk_insert(
    conn: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Write rows in chunks (COPY on PostgreSQL) in the caller's transaction; give their number."""
    shape = columns.index("geom") if "geom" in columns else None
    names = ", ".join(f'"{name}"' for name in columns)
    postgres = conn.dialect.name == "postgresql"
    count = 0
    for chunk in _chunks(rows):
        values = chunk if shape is None else _with_bytes(chunk, shape, postgres=postgres)
        if postgres:
            cursor = conn.connection.cursor()
            with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            conn.exec_driver_sql(
                f"INSERT INTO {table.name} ({names}) VALUES ({marks})",  # noqa: S608 - our names
                [tuple(row) for row in values],
            )
        count += len(chunk)
    return count


def _with_bytes(
    rows: Sequence[Sequence[Any]], shape: int, *, postgres: bool
) -> list[Sequence[Any]]:
    shapes = [row[shape] for row in rows]
    raw: Any
    if postgres:
        raw = shapely.to_wkb(
            shapely.set_srid(shapes, schema.STORE_SRID), hex=True, include_srid=True
        )
    else:
        raw = shapely.to_wkb(shapes)
    return [(*row[:shape], r, *row[shape + 1 :]) for row, r in zip(rows, raw, strict=True)]
