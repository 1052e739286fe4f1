"""Is the record sound? Looks at everything that rules, and the store itself, cannot prevent."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from sqlalchemy import Connection, Select, Table, and_, func, select, text

from data import outbox, schema
from data.events import verify_chain
from data.media import size_of, strays
from data.migrations import latest_version, schema_version
from data.plan_replay import torn_plans
from data.store import Store
from geo.coverage import overlaps
from rules.levels import Level

MIN_FREE_BYTES: Final = 1_000_000_000
FILL_TOLERANCE: Final = 1e-4
"""Share of an area that its children may leave uncovered before it is worth a note."""


@dataclass(frozen=True)
class Finding:
    """Something a check found: which check, where, how often, an example, how grave.

    A finding that is not grave is a note: it may be meant.
    """

    code: str
    subject: str
    count: int = 1
    example: str = ""
    grave: bool = True


def check(store: Store) -> list[Finding]:
    """Check schema, file, event chain, plans, references, areas, places, media, and the disk.

    Raises
    ------
    StoreUnavailable
        If the store cannot be read.
    """
    version = schema_version(store)
    if version != latest_version():
        return [Finding("schema", "store", example=version or "-")]
    with store.read() as conn:
        return [
            *_file(store, conn),
            *_chain(conn),
            *_plans(conn),
            *_references(conn),
            *_closed_areas(conn),
            *_coverages(conn),
            *_places(conn),
            *_media(store, conn),
            *_messages(conn),
            *_disk(store),
        ]


def _file(store: Store, conn: Connection) -> Iterator[Finding]:
    if store.dialect == "sqlite":
        faults = [row[0] for row in conn.execute(text("PRAGMA integrity_check(100)"))]
        if faults != ["ok"]:
            yield Finding("file", "store", len(faults), str(faults[0]))


def _chain(conn: Connection) -> Iterator[Finding]:
    report = verify_chain(conn)
    if report.broken_at is not None:
        yield Finding("chain", "event", example=str(report.broken_at))


def _plans(conn: Connection) -> Iterator[Finding]:
    torn = torn_plans(conn)
    if torn:
        yield Finding("torn", "plan", len(torn), str(torn[0]))


def _counted(conn: Connection, code: str, subject: str, rows: Select[Any]) -> Iterator[Finding]:
    """Make a finding of rows whose first column names them, if there are any."""
    count = conn.execute(select(func.count()).select_from(rows.subquery())).scalar_one()
    if count:
        yield Finding(code, subject, count, str(conn.execute(rows.limit(1)).scalar_one()))


def _references(conn: Connection) -> Iterator[Finding]:
    for table in schema.metadata.sorted_tables:
        for key in table.foreign_keys:
            target = key.column.table.alias()
            wanted = target.c[key.column.name]
            orphans = (
                select(next(iter(table.primary_key)))
                .join_from(table, target, key.parent == wanted, isouter=True)
                .where(key.parent.is_not(None), wanted.is_(None))
            )
            yield from _counted(conn, "orphan", f"{table.name}.{key.parent.name}", orphans)


def _closed_areas(conn: Connection) -> Iterator[Finding]:
    area = schema.area
    for table, name in (
        (schema.building, schema.building.c.code),
        (schema.person, schema.person.c.name),
        (schema.account, schema.account.c.login),
    ):
        rows = select(name).join_from(
            table, area, and_(table.c.area_id == area.c.id, area.c.valid_to.is_not(None))
        )
        yield from _counted(conn, "closed_area", table.name, rows)


_AREAS = select(
    schema.area.c.id, schema.area.c.parent_id, schema.area.c.level, schema.area.c.code,
    schema.area.c.geom,
).where(schema.area.c.valid_to.is_(None))  # fmt: skip


def _coverages(conn: Connection) -> Iterator[Finding]:
    areas = conn.execute(_AREAS).all()
    for level in Level:
        here = [row for row in areas if row.level == level]
        shapes = np.array([row.geom for row in here], object)
        codes = np.array([row.code for row in here], object)
        broken = ~shapely.is_valid(shapes) if here else np.zeros(0, bool)
        if broken.any():
            yield Finding("shape", level.name, int(broken.sum()), codes[broken][0])
        elif len(here) > 1 and not shapely.coverage_is_valid(shapes, gap_width=0):
            pairs, _ = overlaps(shapes)
            faulty = np.unique(pairs)
            example = str(codes[faulty[0]]) if faulty.size else ""
            yield Finding("coverage", level.name, max(1, int(pairs.shape[1])), example)
    covered: dict[int, float] = {}
    for row in areas:
        if row.parent_id is not None:
            covered[row.parent_id] = covered.get(row.parent_id, 0.0) + row.geom.area
    loose = [
        row.code
        for row in areas
        if row.id in covered and abs(covered[row.id] / row.geom.area - 1) > FILL_TOLERANCE
    ]
    if loose:
        yield Finding("not_filled", "area", len(loose), loose[0], grave=False)


def _places(conn: Connection) -> Iterator[Finding]:
    shapes = {row.id: row.geom for row in conn.execute(_AREAS)}
    for table in (schema.building, schema.incident):
        count, example = _strays(conn, table, shapes)
        if count:
            yield Finding("outside_area", table.name, count, example, grave=False)


def _strays(conn: Connection, table: Table, shapes: dict[int, shapely.Geometry]) -> tuple[int, str]:
    """Count rows whose point is not in their area; half a metre past its border still is."""
    rows = select(table.c.id, table.c.area_id, table.c.lon, table.c.lat)
    if "place" in table.c:
        rows = rows.where(table.c.place != "outside")
    count, example = 0, ""
    for part in conn.execute(rows.execution_options(yield_per=50_000)).partitions():
        ids, areas, lon, lat = (np.array(column) for column in zip(*part, strict=True))
        order = np.argsort(areas, kind="stable")
        found, starts = np.unique(areas[order], return_index=True)
        for area_id, where in zip(found, np.split(order, starts[1:]), strict=True):
            shape = shapes.get(int(area_id))
            if shape is None:
                continue
            shapely.prepare(shape)
            missed = ~shapely.intersects_xy(shape, lon[where], lat[where])
            if missed.any():
                points = shapely.points(lon[where][missed], lat[where][missed])
                far = shapely.distance(shape, points) > 5e-6
                count += int(far.sum())
                example = example or (str(ids[where][missed][far][0]) if far.any() else "")
    return count, example


_FILES = select(schema.attachment.c.key, schema.attachment.c.size)


def _media(store: Store, conn: Connection) -> Iterator[Finding]:
    """Attachments whose file is missing or cut off, and files that belong to none."""
    sizes = {row.key: row.size for row in conn.execute(_FILES)}
    var = store.settings.var
    lost = [key for key, size in sizes.items() if size_of(var, key) != size]
    if lost:
        yield Finding("lost_file", "attachment", len(lost), lost[0])
    loose = [path.name for path in strays(var, sizes)]
    if loose:
        yield Finding("stray_file", "media", len(loose), loose[0], grave=False)


def _messages(conn: Connection) -> Iterator[Finding]:
    """Messages to the webhook that were given up, and those that cannot get through now."""
    for code, rows in (("given_up", outbox.GIVEN_UP), ("held_up", outbox.HELD_UP)):
        found = conn.execute(rows).all()
        if found:
            yield Finding(code, "outbox", len(found), found[-1].error or "-", grave=False)


def _disk(store: Store) -> Iterator[Finding]:
    folder = store.settings.var
    if folder.is_dir():
        free = shutil.disk_usage(folder).free
        size = store.path.stat().st_size if store.path and store.path.exists() else 0
        if free < max(MIN_FREE_BYTES, 2 * size):
            yield Finding("disk", str(folder), free // 1_000_000)
