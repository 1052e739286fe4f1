"""Backing up a store while it is in use, and restoring it on the same or the other database."""

import os
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, insert, select, text

from data import archive, events, schema
from data.append_only import lifted
from data.archive import BadArchive, Manifest
from data.migrations import known_versions, latest_version, schema_version, upgrade
from data.settings import Settings
from data.store import Store, StoreUnavailable, align_sequences, get_meta, open_store, set_meta
from data.swap import TargetInUse, remove_file, stamp, swap_in, to_one_file

__all__ = [
    "BadArchive",
    "Restored",
    "TargetInUse",
    "TargetNotEmpty",
    "backup",
    "restore",
    "verified",
]

Advance = Callable[[int], None]
_EMPTY_MAY_HOLD: Final = frozenset({"meta"})


class TargetNotEmpty(RuntimeError):
    """The store to restore into holds data, and nobody said that it may be replaced."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


@dataclass(frozen=True)
class Restored:
    """What was restored, and where the data that was replaced is kept."""

    manifest: Manifest
    kept: Path | None


def _quiet(_items: int) -> None:
    pass


def backup(store: Store, target: Path, *, now: datetime, advance: Advance = _quiet) -> Manifest:
    """Write one consistent state of the store, and the media beside it, to a new file.

    The store may be in use. The file appears under its name only when it is whole; it is readable
    by its owner alone, for it holds the record.

    Raises
    ------
    StoreUnavailable
        If the store cannot be read.
    OSError
        If the file cannot be written; nothing is left behind.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as out:
                manifest = _write(store, out, now=now, advance=advance)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(store: Store, out: zipfile.ZipFile, *, now: datetime, advance: Advance) -> Manifest:
    with store.read() as conn:
        tables = {}
        for table in archive.TABLES:
            done = 0
            for written in archive.write_table(out, conn, table):
                advance(written.rows - done)
                done = written.rows
                tables[str(table.name)] = written
        report = events.verify_chain(conn)
        district = get_meta(conn, "district_name") or ""
    manifest = Manifest(
        schema_version=latest_version(), created_at=int(now.timestamp()), district=district,
        events=report.events, head=report.head, tables=tables,
        media=archive.write_media(out, store.settings.var / "media"),
    )  # fmt: skip
    archive.write_manifest(out, manifest)
    return manifest


def verified(source: Path, *, advance: Advance = _quiet) -> Manifest:
    """Check a backup from end to end and give its manifest.

    Raises
    ------
    BadArchive
        If it is no backup, damaged, forged or of a newer program.
    OSError
        If it cannot be read.
    """
    with archive.opened(source) as opened:
        manifest = archive.read_manifest(opened, source, versions=known_versions())
        archive.verify(opened, source, manifest, advance)
    return manifest


def restore(
    settings: Settings, source: Path, *, now: datetime, force: bool = False,
    advance: Advance = _quiet,
) -> Restored:  # fmt: skip
    """Put a backup in the place of the store; either everything is replaced or nothing.

    The backup is checked first. SQLite: a new file is filled, checked and swapped in, the old one
    is kept beside it. PostgreSQL: one transaction; what was there is backed up first.

    Raises
    ------
    BadArchive
        If the backup is not sound.
    TargetNotEmpty
        If the store holds data and ``force`` is not given.
    TargetInUse
        If another program has the SQLite file open.
    StoreUnavailable
        If the store is away, full or locked.
    """
    manifest = verified(source, advance=advance)
    if settings.database_url.startswith("sqlite"):
        kept = _restore_file(settings, source, manifest, now=now, force=force, advance=advance)
    else:
        kept = _restore_server(settings, source, manifest, now=now, force=force, advance=advance)
    _restore_media(settings, source, manifest, now=now)
    return Restored(manifest, kept)


def _holds_data(conn: Connection) -> bool:
    return any(
        conn.execute(select(select(table).exists())).scalar_one()
        for table in archive.TABLES
        if table.name not in _EMPTY_MAY_HOLD
    )


def _load(
    conn: Connection, source: Path, manifest: Manifest, *, now: datetime, advance: Advance
) -> None:
    """Fill empty tables from a backup and seal the restoring itself into the log."""
    with archive.opened(source) as opened:
        for table in archive.TABLES:
            if part := manifest.tables.get(table.name):
                put = insert(table)
                for portion in archive.read_rows(opened, table.name, part.columns):
                    conn.execute(put, portion)
                    advance(len(portion))
    align_sequences(conn)
    for name, part in manifest.tables.items():
        table = schema.metadata.tables[name]
        found = conn.execute(select(func.count()).select_from(table)).scalar_one()
        if found != part.rows:
            raise BadArchive(source, "rows", name)
    if events.verify_chain(conn).head != manifest.head:
        raise BadArchive(source, "chain")
    # A new name: a server that remembers the old store must not mistake this one for it.
    before = get_meta(conn, "store_id")
    set_meta(conn, "store_id", uuid.uuid4().hex)
    events.append(
        conn, at=now, actor="system", action="restore", subject="store", subject_id=0,
        before=None, after={"from": before, "created_at": manifest.created_at},
    )  # fmt: skip


def _restore_file(
    settings: Settings, source: Path, manifest: Manifest, *, now: datetime, force: bool,
    advance: Advance,
) -> Path | None:  # fmt: skip
    old = open_store(settings, create=False)
    path = old.path or Path()
    try:
        if path.exists() and not force and _file_holds_data(old):
            raise TargetNotEmpty(str(path))
    finally:
        old.close()
    new = path.with_name(path.name + ".restoring")
    remove_file(new)
    try:
        fresh = open_store(replace(settings, database_url=f"sqlite:///{new}"))
        try:
            upgrade(fresh, store_id="")
            with fresh.write() as conn:
                conn.execute(schema.meta.delete())
                _load(conn, source, manifest, now=now, advance=advance)
        finally:
            fresh.close()
        to_one_file(new)
        return swap_in(path, new, now=now)
    finally:
        remove_file(new)


def _file_holds_data(store: Store) -> bool:
    try:
        with store.read() as conn:
            return schema_version(store) is not None and _holds_data(conn)
    except StoreUnavailable:
        return True  # what cannot be read may be somebody's data


def _restore_server(
    settings: Settings, source: Path, manifest: Manifest, *, now: datetime, force: bool,
    advance: Advance,
) -> Path | None:  # fmt: skip
    store = open_store(settings)
    try:
        upgrade(store, store_id=uuid.uuid4().hex)
        with store.read() as conn:
            holds_data = _holds_data(conn)
        where = store.writers.url.render_as_string(hide_password=True)
        if holds_data and not force:
            raise TargetNotEmpty(where)
        kept = None
        if holds_data:
            kept = settings.var / "backups" / f"replaced-{stamp(now)}.zip"
            backup(store, kept, now=now, advance=advance)
        names = ", ".join(table.name for table in schema.metadata.sorted_tables)
        with store.write() as conn:
            with lifted(conn, "event"), lifted(conn, "plan_event"):
                conn.execute(text(f"TRUNCATE {names}"))
            _load(conn, source, manifest, now=now, advance=advance)
        return kept
    finally:
        store.close()


def _restore_media(settings: Settings, source: Path, manifest: Manifest, *, now: datetime) -> None:
    folder = settings.var / "media"
    if not manifest.media and not folder.exists():
        return
    new = folder.with_name(f"media.restoring-{uuid.uuid4().hex[:8]}")
    with archive.opened(source) as opened:
        archive.extract_media(opened, manifest, new)
    if folder.exists():
        folder.rename(folder.with_name(f"media.replaced-{stamp(now)}"))
    new.rename(folder)
