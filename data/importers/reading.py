"""Files in, records out: starts the reading process, waits, and takes what it left."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from geo.crs import Shapes

ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Limits:
    """What one file may cost: bytes of memory, seconds, rows."""

    memory: int = 3 << 30
    seconds: int = 300
    rows: int = 2_000_000


@dataclass(frozen=True)
class Request:
    """What to read: a file, one layer or sheet of it, its encoding, a condition on its rows.

    ``dimension`` (0 points, 1 lines, 2 polygons) chooses the layer when none is named.
    """

    path: Path
    layer: str | None = None
    encoding: str | None = None
    where: str | None = None
    dimension: int | None = None


class UnreadableFile(ValueError):
    """A file could not be read; ``reason`` is a key of the report's texts."""

    def __init__(self, path: Path, reason: str, detail: str = "") -> None:
        super().__init__(f"{path.name}: {reason} {detail}".strip())
        self.path = path
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Records:
    """Rows of one file: columns by name, a shape per row where the file has shapes.

    ``rows`` are the numbers a person sees (line of the table, count of the feature), ``broken``
    the positions whose shape could not be read at all.
    """

    columns: dict[str, list[Any]]
    rows: list[int]
    encoding: str
    layer: str = ""
    crs: str | None = None
    shapes: Shapes | None = None
    broken: frozenset[int] = field(default_factory=frozenset)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def headers(self) -> list[str]:
        """Names of the columns, in the order of the file."""
        return list(self.columns)


def read_records(request: Request, limits: Limits | None = None) -> Records:
    """Read a file in a process of its own.

    Raises
    ------
    UnreadableFile
        If the file is missing, damaged, of no known kind, or costs more than the limits.
    """
    limits = limits or Limits()
    if not request.path.is_file():
        raise UnreadableFile(request.path, "missing")
    with tempfile.TemporaryDirectory(prefix="gridmap-read-") as folder:
        out = Path(folder)
        job = {
            "path": str(request.path.resolve()), "out": folder, "layer": request.layer,
            "encoding": request.encoding, "where": request.where,
            "dimension": request.dimension, "memory": limits.memory,
            "seconds": limits.seconds, "rows": limits.rows,
        }  # fmt: skip
        _run([sys.executable, "-m", "data.importers.child"], job, request.path, limits)
        return collect(out)


def _run(command: Sequence[str], job: dict[str, Any], path: Path, limits: Limits) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, input=json.dumps(job), capture_output=True, text=True, check=False,
            cwd=ROOT, timeout=limits.seconds + 30,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(path, "too_slow", f"{limits.seconds} s") from error
    if done.returncode == 0:
        return
    if done.returncode == 3:
        refused = json.loads((Path(job["out"]) / "refused.json").read_text("utf-8"))
        raise UnreadableFile(path, refused["reason"], refused["detail"])
    if done.returncode == -24:  # SIGXCPU
        raise UnreadableFile(path, "too_slow", f"{limits.seconds} s")
    if done.returncode < 0 or done.returncode == 4 or "MemoryError" in done.stderr:
        raise UnreadableFile(path, "killed", f"{limits.memory >> 20} MiB")
    raise UnreadableFile(path, "damaged", done.stderr.strip().rpartition("\n")[2])


def collect(out: Path) -> Records:
    """Take what a reading process left in a folder (see data.importers.parsers.write)."""
    head = json.loads((out / "head.json").read_text("utf-8"))
    columns: dict[str, list[Any]] = head["columns"]
    shapes = None
    if head["shapes"]:
        ends = np.load(out / "ends.npy", allow_pickle=False)
        raw = (out / "shapes.wkb").read_bytes()
        cuts = [0, *ends.tolist()]
        shapes = shapely.from_wkb(np.array([raw[a:b] or None for a, b in pairwise(cuts)], object))
    rows = columns.pop("__row__", None)
    if rows is None:
        size = len(shapes) if shapes is not None else len(next(iter(columns.values()), []))
        rows = list(range(1, size + 1))
    return Records(
        columns, rows, head["encoding"], head["layer"], head["crs"],
        None if shapes is None else np.asarray(shapes, object), frozenset(head["broken"]),
    )  # fmt: skip


def joined(parts: Sequence[Records]) -> Records:
    """Several layers of one file as one; columns that a layer lacks are empty there."""
    if len(parts) == 1:
        return parts[0]
    names = list(dict.fromkeys(name for part in parts for name in part.columns))
    columns = {n: [v for p in parts for v in p.columns.get(n, [None] * len(p))] for n in names}
    starts = [sum(len(p) for p in parts[:i]) for i in range(len(parts))]
    shapes = [np.full(len(p), None, object) if p.shapes is None else p.shapes for p in parts]
    return Records(
        columns, [start + row for p, start in zip(parts, starts, strict=True) for row in p.rows],
        parts[0].encoding, ", ".join(p.layer for p in parts), parts[0].crs,
        np.concatenate(shapes),
        frozenset(start + b for p, start in zip(parts, starts, strict=True) for b in p.broken),
    )  # fmt: skip
