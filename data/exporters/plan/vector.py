"""Grids of a plan as GeoJSON, GeoPackage or Shapefile, with the same fields in each."""

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import orjson
import pyogrio.raw
import shapely
from numpy.typing import NDArray

from data.exporters.forms import Column
from data.exporters.forms import Sheet as Table
from geo.crs import STORE_CRS, transform

Shapes = NDArray[np.object_]
Encoding = Literal["UTF-8", "GBK"]

STEM: Final = "grids"
_DECIMALS: Final = 7


def rounded(shapes: Shapes) -> Shapes:
    """Shapes in degrees to seven decimals, about 1 cm; what shares a border still shares it."""
    return np.asarray(shapely.transform(shapes, lambda xy: np.round(xy, _DECIMALS)), object)


def geojson(table: Table) -> bytes:
    """Write a table as GeoJSON in CGCS2000 degrees."""
    keys = [column.key for column in table.columns]
    features = [
        {"type": "Feature", "properties": dict(zip(keys, row, strict=True)),
         "geometry": orjson.Fragment(text)}
        for row, text in zip(table.rows, shapely.to_geojson(rounded(table.shapes)), strict=True)
    ]  # fmt: skip
    name = {"type": "FeatureCollection", "name": table.name}
    return orjson.dumps({**name, "features": features})


def geopackage(table: Table, *, crs: str = STORE_CRS) -> bytes:
    """Write a table as GeoPackage in a reference system, degrees unless told."""
    with tempfile.TemporaryDirectory(prefix="gridmap-plan-") as folder:
        path = Path(folder) / f"{STEM}.gpkg"
        _write(path, table, crs, driver="GPKG")
        return path.read_bytes()


def shapefile(table: Table, *, crs: str = STORE_CRS, encoding: Encoding = "UTF-8") -> bytes:
    """Write a table as a zipped Shapefile with the meaning of its fields beside it.

    The ``.cpg`` names the encoding of the texts; GBK is for programs that know no other.
    """
    out = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="gridmap-plan-") as folder:
        path = Path(folder) / f"{STEM}.shp"
        _write(path, table, crs, driver="ESRI Shapefile", encoding=encoding)
        path.with_suffix(".cpg").write_text(encoding, "ascii")
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)
            archive.writestr("README.txt", readme(table, crs, encoding).encode("utf-8-sig"))
    return out.getvalue()


def readme(table: Table, crs: str, encoding: str) -> str:
    """Tell what the fields of a Shapefile mean, in Chinese and English."""
    lines = [f"{STEM}.shp  {crs}  {encoding}", ""]
    for column in table.columns:
        lines.append(f"{column.key:<10}  {column.zh} / {column.en}")
        words = column.words or {}
        lines += [f"{'':<12}{key} = {zh} / {en}" for key, (zh, en) in words.items()]
    return "\r\n".join([*lines, ""])


def _write(path: Path, table: Table, crs: str, **options: Any) -> None:
    shapes = rounded(table.shapes) if crs == STORE_CRS else transform(table.shapes, STORE_CRS, crs)
    many = [s if s.geom_type == "MultiPolygon" else shapely.MultiPolygon([s]) for s in shapes]
    # A file of its own: GDAL must never open the store's own file (two copies of SQLite).
    pyogrio.raw.write(
        str(path), shapely.to_wkb(np.array(many, object)), _values(table),
        [column.key for column in table.columns], geometry_type="MultiPolygon", crs=crs,
        layer=STEM, **options,
    )  # fmt: skip


def _values(table: Table) -> list[NDArray[Any]]:
    return [_array([row[at] for row in table.rows], c) for at, c in enumerate(table.columns)]


def _array(values: list[Any], column: Column) -> NDArray[Any]:
    if column.form != "number":
        return np.array([str(v) for v in values], object)
    whole = all(isinstance(v, int) for v in values)
    return np.array(values, np.int64 if whole else float)
