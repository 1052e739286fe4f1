"""One sheet in four forms. Text stays text: no form turns a cell into a formula or a link."""

import csv
import io
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import orjson
import pyogrio.raw
import shapely
import xlsxwriter

from geo.crs import STORE_CRS, Shapes

Form = Literal["xlsx", "csv", "geojson", "gpkg"]
MEDIA_TYPES: Final[dict[Form, str]] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}
XLSX_ROWS: Final = 1_048_575
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\0")


class TooManyRows(ValueError):
    """More rows than an Excel sheet holds; CSV has no such limit."""

    def __init__(self, rows: int) -> None:
        super().__init__(rows)
        self.rows = rows


@dataclass(frozen=True)
class Column:
    """A column: key for programs, heading for people; ``words`` maps stored keys to names."""

    key: str
    zh: str
    en: str
    form: Literal["text", "number", "time"] = "text"
    words: Mapping[Any, tuple[str, str]] | None = None


@dataclass(frozen=True)
class Sheet:
    """Rows of plain values, a shape for each, and the zone its times are told in.

    Times are seconds since 1970 UTC; ``None`` is an empty cell.
    """

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    shapes: Shapes
    zone: tzinfo


def render(sheet: Sheet, form: Form, *, chinese: bool) -> tuple[bytes, str, str]:
    """Write a sheet; gives the bytes, the media type and the file name.

    Tables for people have headings and words of the language; GeoJSON and GeoPackage keep the
    keys, so that programs (our own import too) can rely on them.

    Raises
    ------
    TooManyRows
        If an Excel sheet cannot hold the rows.
    """
    body = _WRITERS[form](sheet, chinese)
    return body, MEDIA_TYPES[form], f"{sheet.zh if chinese else sheet.en}.{form}"


def _shown(sheet: Sheet, *, chinese: bool) -> list[list[Any]]:
    """Rows as people read them: words for keys, local times."""
    readers = [_reader(column, sheet.zone, chinese=chinese) for column in sheet.columns]
    return [[r(v) for r, v in zip(readers, row, strict=True)] for row in sheet.rows]


def _reader(column: Column, zone: tzinfo, *, chinese: bool) -> Callable[[Any], Any]:
    if column.form == "time":
        return lambda v: None if v is None else datetime.fromtimestamp(v, zone).replace(tzinfo=None)
    words = column.words
    if words is not None:
        at = 0 if chinese else 1
        return lambda v: words[v][at] if v in words else v
    return lambda v: v


def _heads(sheet: Sheet, *, chinese: bool) -> list[str]:
    return [column.zh if chinese else column.en for column in sheet.columns]


def workbook(sheets: Sequence[Sheet], *, chinese: bool) -> bytes:
    """Write an Excel file with a page for each sheet.

    Raises
    ------
    TooManyRows
        If a page cannot hold its rows.
    """
    longest = max((len(sheet.rows) for sheet in sheets), default=0)
    if longest > XLSX_ROWS:
        raise TooManyRows(longest)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
         "constant_memory": True, "nan_inf_to_errors": True},
    )  # fmt: skip
    for sheet in sheets:
        _page(book, sheet, chinese=chinese)
    book.close()
    return out.getvalue()


def _page(book: xlsxwriter.Workbook, sheet: Sheet, *, chinese: bool) -> None:
    page = book.add_worksheet((sheet.zh if chinese else sheet.en)[:31])
    text = book.add_format({"num_format": "@"})
    time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, 18 if column.form == "text" else 14)
    page.freeze_panes(1, 0)
    head = book.add_format({"bold": True, "bottom": 1})
    for at, name in enumerate(_heads(sheet, chinese=chinese)):
        page.write_string(0, at, name, head)
    for y, row in enumerate(_shown(sheet, chinese=chinese), 1):
        for x, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            if value is None:
                continue
            if column.form == "time":
                page.write_datetime(y, x, value, time)
            elif column.form == "number":
                page.write_number(y, x, value)
            else:
                page.write_string(y, x, str(value), text)
    page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _xlsx(sheet: Sheet, chinese: bool) -> bytes:
    return workbook([sheet], chinese=chinese)


def _csv(sheet: Sheet, chinese: bool) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_heads(sheet, chinese=chinese))
    writer.writerows([_cell(v) for v in row] for row in _shown(sheet, chinese=chinese))
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return "" if value is None else value


def _keyed(sheet: Sheet) -> list[list[Any]]:
    """Rows as programs read them: keys and UTC times."""
    times = [column.form == "time" for column in sheet.columns]
    return [
        [_utc(v) if is_time and v is not None else v for v, is_time in zip(row, times, strict=True)]
        for row in sheet.rows
    ]


def _utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _geojson(sheet: Sheet, _chinese: bool) -> bytes:
    keys = [column.key for column in sheet.columns]
    features = [
        {"type": "Feature", "properties": dict(zip(keys, row, strict=True)),
         "geometry": orjson.Fragment(text)}
        for row, text in zip(_keyed(sheet), shapely.to_geojson(sheet.shapes), strict=True)
    ]  # fmt: skip
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _gpkg(sheet: Sheet, _chinese: bool) -> bytes:
    rows = _keyed(sheet)
    values = [
        np.array([np.nan if row[at] is None else row[at] for row in rows], float)
        if column.form == "number"
        else np.array([row[at] if row[at] is None else str(row[at]) for row in rows], object)
        for at, column in enumerate(sheet.columns)
    ]
    areal = shapely.get_dimensions(sheet.shapes).max(initial=0) == 2
    shapes = sheet.shapes
    if areal:
        polygons = shapely.get_type_id(shapes) == 3
        shapes = shapes.copy()
        shapes[polygons] = [shapely.MultiPolygon([s]) for s in shapes[polygons]]
    # A file of its own: GDAL must never open the store's own file (two copies of SQLite).
    with tempfile.TemporaryDirectory(prefix="gridmap-export-") as folder:
        path = Path(folder) / "out.gpkg"
        pyogrio.raw.write(
            str(path), shapely.to_wkb(shapes), values, [c.key for c in sheet.columns],
            geometry_type="MultiPolygon" if areal else "Point", crs=STORE_CRS, layer=sheet.name,
            driver="GPKG",
        )  # fmt: skip
        return path.read_bytes()


_WRITERS: Final[dict[Form, Callable[[Sheet, bool], bytes]]] = {
    "xlsx": _xlsx,
    "csv": _csv,
    "geojson": _geojson,
    "gpkg": _gpkg,
}
