"""The backup file: one zip for both stores, with a manifest that lets it be checked by itself.

``tables/<name>.jsonl`` has one row per line, a JSON list in the order of the manifest's columns,
geometry as hexadecimal WKB; ``media/…`` are the files beside the store. The manifest carries the
number of rows and the SHA-256 of each. Sessions are not kept: a restored store asks everyone to
sign in again.
"""

import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, Literal

import orjson
import shapely
from sqlalchemy import Connection, Table, select

from data import schema
from data.events import ChainReport, verify_rows
from data.media import PART

FORMAT: Final = "gridmap-backup-1"
MANIFEST: Final = "manifest.json"
LEFT_OUT: Final = frozenset({"session", "sign_in_failure"})
ROWS_AT_ONCE: Final = 5000

TABLES: Final[tuple[Table, ...]] = tuple(
    table for table in schema.metadata.sorted_tables if table.name not in LEFT_OUT
)
"""Tables of a backup; each comes after those it refers to."""

Fault = Literal["not_a_backup", "damaged", "digest", "rows", "chain", "newer", "unknown_table"]
Advance = Callable[[int], None]


class BadArchive(ValueError):
    """A file is no backup that can be restored; ``fault`` says why, ``part`` where."""

    def __init__(self, path: Path, fault: Fault, part: str = "") -> None:
        super().__init__(f"{path}: {fault} {part}".rstrip())
        self.path = path
        self.fault = fault
        self.part = part


@dataclass(frozen=True)
class TablePart:
    """One table in the manifest."""

    rows: int
    sha256: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. ``created_at`` is in seconds since 1970 UTC."""

    schema_version: str
    created_at: int
    district: str
    events: int
    head: str
    tables: Mapping[str, TablePart]
    media: Mapping[str, str]

    @property
    def rows(self) -> int:
        """Number of rows of all tables."""
        return sum(part.rows for part in self.tables.values())


def write_table(archive: zipfile.ZipFile, conn: Connection, table: Table) -> Iterator[TablePart]:
    """Write one table, yielding what is written so far after each portion of rows."""
    columns = tuple(str(column.name) for column in table.columns)
    shapes = [
        i for i, column in enumerate(table.columns) if isinstance(column.type, schema.Geometry)
    ]
    # Areas refer to their parents, which lie on the level above.
    order = [table.c.level, table.c.id] if table.name == "area" else list(table.primary_key)
    statement = select(table).order_by(*order).execution_options(yield_per=ROWS_AT_ONCE)
    digest, rows = hashlib.sha256(), 0
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as out:
        for portion in conn.execute(statement).partitions():
            lines = b"".join(_line(row, shapes) for row in portion)
            digest.update(lines)
            out.write(lines)
            rows += len(portion)
            yield TablePart(rows, digest.hexdigest(), columns)
    yield TablePart(rows, digest.hexdigest(), columns)


def _line(row: Sequence[Any], shapes: Sequence[int]) -> bytes:
    values = list(row)
    for i in shapes:
        values[i] = shapely.to_wkb(values[i], hex=True)
    return orjson.dumps(values) + b"\n"


def write_media(archive: zipfile.ZipFile, folder: Path) -> dict[str, str]:
    """Write the files beside the store and give their digests by name.

    Those still being written are left out; one that is taken back meanwhile had no row.
    """
    digests = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix != PART:
            name = path.relative_to(folder).as_posix()
            with suppress(FileNotFoundError):
                body = path.read_bytes()
                # Photos are compressed already.
                archive.writestr(f"media/{name}", body, zipfile.ZIP_STORED)
                digests[name] = hashlib.sha256(body).hexdigest()
    return digests


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Write the manifest; it comes last, for only then everything is known."""
    body = {"format": FORMAT, **asdict(manifest)}
    archive.writestr(MANIFEST, orjson.dumps(body, option=orjson.OPT_INDENT_2))


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a backup for reading.

    Raises
    ------
    BadArchive
        If it is no zip file, was cut off, or breaks off while it is read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise BadArchive(path, "damaged", str(error)) from error


def read_manifest(archive: zipfile.ZipFile, path: Path, *, versions: Sequence[str]) -> Manifest:
    """Read the manifest of a backup made by one of the schema ``versions``.

    Raises
    ------
    BadArchive
        If there is none, or it is of a newer program.
    """
    try:
        body = orjson.loads(archive.read(MANIFEST))
        if body.pop("format") != FORMAT:
            raise BadArchive(path, "newer")
        tables = {
            name: TablePart(part["rows"], part["sha256"], tuple(part["columns"]))
            for name, part in body.pop("tables").items()
        }
        manifest = Manifest(tables=tables, **body)
    except (KeyError, TypeError, AttributeError, orjson.JSONDecodeError) as error:
        raise BadArchive(path, "not_a_backup") from error
    if manifest.schema_version not in versions:
        raise BadArchive(path, "newer", manifest.schema_version)
    known = {table.name: set(table.columns.keys()) for table in TABLES}
    for name, part in manifest.tables.items():
        if name not in known or not set(part.columns) <= known[name]:
            raise BadArchive(path, "unknown_table", name)
    if "event" not in manifest.tables or not all(map(_stays_inside, manifest.media)):
        raise BadArchive(path, "not_a_backup")
    return manifest


def _stays_inside(name: str) -> bool:
    """Whether the name of a file leads to a place inside the folder it is put in."""
    parts = PurePosixPath(name).parts
    return bool(parts) and ".." not in parts and parts[0] != "/" and "\\" not in name


def read_rows(
    archive: zipfile.ZipFile, name: str, columns: Sequence[str]
) -> Iterator[list[dict[str, Any]]]:
    """Read the rows of one table in portions, geometry as shapes."""
    table = schema.metadata.tables[name]
    shapes = [c for c in columns if isinstance(table.c[c].type, schema.Geometry)]
    portion: list[dict[str, Any]] = []
    with archive.open(f"tables/{name}.jsonl") as file:
        for line in file:
            row = dict(zip(columns, orjson.loads(line), strict=True))
            for column in shapes:
                row[column] = shapely.from_wkb(row[column])
            portion.append(row)
            if len(portion) == ROWS_AT_ONCE:
                yield portion
                portion = []
    if portion:
        yield portion


def verify(archive: zipfile.ZipFile, path: Path, manifest: Manifest, advance: Advance) -> None:
    """Check every part against the manifest, and the event chain, before anything is replaced.

    Raises
    ------
    BadArchive
        At the first part that does not fit.
    """
    for name, part in manifest.tables.items():
        digest, rows = hashlib.sha256(), 0
        with _part(archive, path, f"tables/{name}.jsonl") as file:
            for line in file:
                digest.update(line)
                rows += 1
                if rows % ROWS_AT_ONCE == 0:
                    advance(ROWS_AT_ONCE)
        advance(rows % ROWS_AT_ONCE)
        if rows != part.rows:
            raise BadArchive(path, "rows", name)
        if digest.hexdigest() != part.sha256:
            raise BadArchive(path, "digest", name)
    for name, expected in manifest.media.items():
        with _part(archive, path, f"media/{name}") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != expected:  # type: ignore[arg-type]
                raise BadArchive(path, "digest", name)
    report = chain_of(archive, manifest)
    if not report.sound or (report.events, report.head) != (manifest.events, manifest.head):
        raise BadArchive(path, "chain", str(report.broken_at or report.events))


@contextmanager
def _part(archive: zipfile.ZipFile, path: Path, name: str) -> Iterator[IO[bytes]]:
    try:
        file = archive.open(name)
    except KeyError as error:
        raise BadArchive(path, "damaged", name) from error
    with file:
        yield file


def chain_of(archive: zipfile.ZipFile, manifest: Manifest) -> ChainReport:
    """Check the event chain that a backup holds."""
    portions = read_rows(archive, "event", manifest.tables["event"].columns)
    return verify_rows(row for portion in portions for row in portion)


def extract_media(archive: zipfile.ZipFile, manifest: Manifest, folder: Path) -> None:
    """Write the files of a checked backup into a new folder."""
    folder.mkdir(parents=True)
    for name in manifest.media:
        target = folder.joinpath(*PurePosixPath(name).parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(f"media/{name}") as source, target.open("wb") as out:
            shutil.copyfileobj(source, out)
