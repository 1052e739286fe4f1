"""Files beside the store, in ``var/media``: each whole or not there, none without need.

A file is written before its row and never changed. A row without its file cannot be; a file
without a row is harmless and can be swept.
"""

import errno
import os
import secrets
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from data.store import Reason, StoreFull, StoreUnavailable

SMALL: Final = ".small"
"""What the name of a photo's small copy ends with."""
PART: Final = ".part"
STRAY_AFTER: Final = timedelta(days=1)
"""Until then a file without a row may belong to an upload that is under way."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def new_key() -> str:
    """Give a name that nobody can guess."""
    return secrets.token_hex(16)


def path_of(var: Path, name: str) -> Path:
    """Give the file of a key, or of a key's small copy."""
    return var / "media" / name


def put(var: Path, name: str, content: bytes) -> None:
    """Write a file that is there whole, and on the disk, or not at all.

    Raises
    ------
    StoreFull, StoreUnavailable
        If it cannot be written; nothing is left behind.
    """
    target = path_of(var, name)
    part = target.with_name(name + PART)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
        _keep_names(target.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        if error.errno in _FULL:
            raise StoreFull(str(error)) from error
        reason: Reason = "read_only" if error.errno in _READ_ONLY else "away"
        raise StoreUnavailable(reason, str(error)) from error


def _keep_names(folder: Path) -> None:
    """Bring the folder itself to the disk, so that a power cut loses no new name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(var: Path, name: str) -> None:
    """Remove a file, if it is there."""
    path_of(var, name).unlink(missing_ok=True)


def size_of(var: Path, name: str) -> int | None:
    """Give the number of bytes of a file, ``None`` if it is not there."""
    try:
        return path_of(var, name).stat().st_size
    except FileNotFoundError:
        return None


def strays(var: Path, keys: Collection[str]) -> Iterator[Path]:
    """Give the files that belong to none of the keys."""
    folder = var / "media"
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.removesuffix(SMALL) not in keys:
            yield path


def old_strays(var: Path, keys: Collection[str], *, now: datetime) -> Iterator[Path]:
    """Give the strays that no upload under way can still need."""
    before = (now - STRAY_AFTER).timestamp()
    for path in strays(var, keys):
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < before:
                yield path
