"""Replacing one SQLite file by another, without a moment in which there is none."""

import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path


class TargetInUse(RuntimeError):
    """Another program has the store open."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


def stamp(now: datetime) -> str:
    """Give the moment as part of a file name."""
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def to_one_file(path: Path) -> None:
    """Bring an SQLite file to rest: no write-ahead log beside it, everything on the disk."""
    with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode=DELETE")
        conn.execute("PRAGMA journal_mode=WAL")
    _to_disk(path)


def _to_disk(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    os.fsync(number)
    os.close(number)


def swap_in(path: Path, new: Path, *, now: datetime) -> Path | None:
    """Put a new file in the place of ``path``; give the name under which the old one is kept.

    Raises
    ------
    TargetInUse
        If another program has the old file open; then nothing was done.
    """
    kept = None
    if path.exists():
        try:
            # Leaving WAL mode needs the file for itself: it fails while a server has it open.
            to_one_file(path)
        except sqlite3.OperationalError as error:
            raise TargetInUse(str(path)) from error
        except sqlite3.DatabaseError:
            pass  # damaged: it is kept as it is
        kept = _free_name(path.with_name(f"{path.name}.replaced-{stamp(now)}"))
        os.link(path, kept)
        # A log left beside a damaged file must be gone before: it would be played into the new.
        for rest in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + rest).rename(f"{kept}{rest}")
    new.replace(path)
    _to_disk(path.parent)
    return kept


def _free_name(wanted: Path) -> Path:
    names = (wanted.with_name(f"{wanted.name}-{n}" if n else wanted.name) for n in range(1000))
    return next(name for name in names if not name.exists())


def remove_file(path: Path) -> None:
    """Remove an SQLite file with all that lies beside it, as far as it is there."""
    for rest in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + rest).unlink(missing_ok=True)
