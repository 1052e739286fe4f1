"""What the reading process does: files in, plain columns and WKB out. Never call it in a server."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import pyogrio.raw
import python_calamine
import shapely

from data.importers.encodings import dbf_encoding, decode

VECTOR: Final = {".gpkg", ".shp", ".geojson", ".json", ".kml", ".pbf", ".fgb"}
SHEETS: Final = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
TEXTS: Final = {".csv", ".txt", ".tsv"}
MAX_UNPACKED: Final = 2 << 30
_SHAPE_PARTS: Final = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
_DIMENSION: Final = {"Point": 0, "LineString": 1, "Polygon": 2}


class Refused(ValueError):
    """The file is refused; ``reason`` is a key of the report's texts."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Parsed:
    """One table as it stands in the file; ``wkb`` is ``None`` for tables without shapes."""

    columns: dict[str, list[Any]]
    encoding: str
    first_row: int = 1
    layer: str = ""
    crs: str | None = None
    wkb: list[bytes | None] | None = None
    broken: list[int] = field(default_factory=list)


def read(path: Path, job: Mapping[str, Any]) -> Parsed:
    """Read a file by the kind its name tells.

    Raises
    ------
    Refused
        If the file is of no known kind, damaged, too large, or needs a choice of layer.
    """
    kind = path.suffix.lower()
    if kind == ".zip":
        path, kind = _unpacked_shapefile(path, Path(job["out"])), ".shp"
    if kind in SHEETS:
        return _sheet(path, job.get("layer"))
    if kind in TEXTS:
        return _text(path, job.get("encoding"))
    if kind in VECTOR:
        return _vector(path, job)
    raise Refused("unknown_format", kind)


def _table(rows: list[list[str]], encoding: str, layer: str = "") -> Parsed:
    """Columns of rows whose heading is the first row that is at least half full."""
    width = max((sum(bool(c) for c in row) for row in rows[:50]), default=0)
    if not width:
        raise Refused("empty")
    start = next(i for i, row in enumerate(rows) if sum(bool(c) for c in row) * 2 >= width)
    names: list[str] = []
    for at, cell in enumerate(rows[start]):
        name = cell.strip() or f"column_{at + 1}"
        names.append(name if name not in names else f"{name}_{at + 1}")
    body = [(n, row) for n, row in enumerate(rows[start + 1 :], start + 2) if any(row)]
    columns: dict[str, list[Any]] = {
        name: [row[at].strip() if at < len(row) else "" for _, row in body]
        for at, name in enumerate(names)
    }
    columns["__row__"] = [n for n, _ in body]
    return Parsed(columns, encoding, layer=layer)


def _text(path: Path, encoding: str | None) -> Parsed:
    text, found = decode(path.read_bytes(), encoding)
    head = text[: text.find("\n") if "\n" in text else None]
    delimiter = max(",;\t|", key=head.count)
    csv.field_size_limit(1 << 20)
    return _table(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), found)


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat(sep=" ") if hasattr(value, "hour") else value.isoformat())
    return str(value)


def _sheet(path: Path, name: str | None) -> Parsed:
    if path.suffix.lower() in {".xlsx", ".xlsm", ".xlsb", ".ods"}:
        _check_unpacked(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.PasswordError as error:
        raise Refused("encrypted") from error
    except (python_calamine.CalamineError, OSError) as error:
        raise Refused("damaged", str(error)) from error
    if name and name not in book.sheet_names:
        raise Refused("choose_layer", ", ".join(book.sheet_names))
    for sheet in [name] if name else book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        if rows:
            return _table([[_cell(c) for c in row] for row in rows], "utf-8", sheet)
    raise Refused("empty")


def _check_unpacked(path: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise Refused("damaged", str(error)) from error
    if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
        raise Refused("bomb")
    return archive


def _unpacked_shapefile(path: Path, out: Path) -> Path:
    """Unpack the one Shapefile of an archive under names of our own."""
    archive = _check_unpacked(path)
    members = {m.filename: m for m in archive.infolist() if not m.is_dir()}
    stems = [name[:-4] for name in members if name.lower().endswith(".shp")]
    stems = [stem for stem in stems if not stem.startswith("__MACOSX")]
    if len(stems) != 1:
        raise Refused("choose_layer" if stems else "no_shapefile", ", ".join(stems))
    for name, member in members.items():
        suffix = name[len(stems[0]) :].lower()
        if name.startswith(stems[0]) and suffix in _SHAPE_PARTS:
            try:
                (out / f"layer{suffix}").write_bytes(archive.read(member))
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
                raise Refused("damaged", str(error)) from error
    return out / "layer.shp"


def _vector(path: Path, job: Mapping[str, Any]) -> Parsed:
    encoding = job.get("encoding") or None
    if path.suffix.lower() == ".shp" and not encoding:
        encoding = dbf_encoding(path)
    try:
        names = _layers(path, job)
        parts = [_layer(path, name, encoding, job) for name in names]
    except pyogrio.errors.DataSourceError as error:
        raise Refused("damaged", str(error)) from error
    except pyogrio.errors.DataLayerError as error:
        raise Refused("bad_query", str(error)) from error
    return parts[0] if len(parts) == 1 else _joined(parts)


def _layers(path: Path, job: Mapping[str, Any]) -> list[str]:
    """Names of the layers to read: the one asked for, or the only one of the wanted kind."""
    found = [(str(n), str(kind)) for n, kind in pyogrio.list_layers(path) if kind is not None]
    if job.get("layer"):
        if job["layer"] not in {n for n, _ in found}:
            raise Refused("choose_layer", ", ".join(n for n, _ in found))
        return [job["layer"]]
    wanted = job.get("dimension")
    fitting = [
        n
        for n, kind in found
        if wanted is None or _DIMENSION.get(kind.split()[0].removeprefix("Multi"), wanted) == wanted
    ]
    if path.suffix.lower() == ".kml" and fitting:
        return fitting
    if len(fitting) != 1:
        raise Refused("choose_layer" if found else "empty", ", ".join(n for n, _ in found))
    return fitting


def _layer(path: Path, name: str, encoding: str | None, job: Mapping[str, Any]) -> Parsed:
    info, _, wkb, values = pyogrio.raw.read(
        path, layer=name, encoding=encoding, where=job.get("where") or None,
        max_features=job.get("rows"), force_2d=True, datetime_as_string=True,
    )  # fmt: skip
    shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    broken = [i for i, (raw, s) in enumerate(zip(wkb, shapes, strict=True)) if raw and s is None]
    columns = {
        str(field): [_plain(v) for v in column]
        for field, column in zip(info["fields"], values, strict=True)
    }
    return Parsed(
        columns, str(encoding or info.get("encoding") or "utf-8"), 1, name,
        info["crs"], [None if s is None else bytes(shapely.to_wkb(s)) for s in shapes], broken,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bytes):
        return None
    return None if isinstance(value, float) and np.isnan(value) else value


def _joined(parts: list[Parsed]) -> Parsed:
    names = list(dict.fromkeys(n for part in parts for n in part.columns))
    sizes = [len(part.wkb or []) for part in parts]
    columns = {
        n: [
            v for p, size in zip(parts, sizes, strict=True) for v in p.columns.get(n, [None] * size)
        ]
        for n in names
    }
    columns["layer"] = [p.layer for p, size in zip(parts, sizes, strict=True) for _ in range(size)]
    starts = np.cumsum([0, *sizes])
    return Parsed(
        columns, parts[0].encoding, 1, ", ".join(p.layer for p in parts), parts[0].crs,
        [w for p in parts for w in p.wkb or []],
        [int(s) + b for p, s in zip(parts, starts, strict=False) for b in p.broken],
    )  # fmt: skip


def write(out: Path, parsed: Parsed) -> None:
    """Leave a table in the folder ``out``: JSON for the columns, one file of WKB and its ends."""
    head = {
        "columns": parsed.columns,
        "encoding": parsed.encoding,
        "first_row": parsed.first_row,
        "layer": parsed.layer,
        "crs": parsed.crs,
        "broken": parsed.broken,
        "shapes": parsed.wkb is not None,
    }
    if parsed.wkb is not None:
        np.save(out / "ends.npy", np.cumsum([len(w or b"") for w in parsed.wkb], dtype=np.int64))
        with (out / "shapes.wkb").open("wb") as file:
            file.writelines(_bytes(parsed.wkb))
    (out / "head.json").write_text(json.dumps(head, ensure_ascii=False), encoding="utf-8")


def _bytes(wkb: list[bytes | None]) -> Iterator[bytes]:
    return (w for w in wkb if w)
