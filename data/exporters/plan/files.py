"""Files of a plan: its grids as shapes, its assignment as a table, its review report."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection, bindparam, select

from data import schema
from data.events import append
from data.exporters.forms import MEDIA_TYPES, render, workbook
from data.exporters.plan.report import write_report
from data.exporters.plan.review import review
from data.exporters.plan.tables import building_table, grid_table, group_table
from data.exporters.plan.vector import Encoding, geojson, geopackage, shapefile
from data.picture import Picture, chunks
from data.plan_sheet import Sheet
from data.plans import sheet
from data.store import Store
from geo.crs import STORE_CRS
from rules.access import Actor, Scope

File = tuple[bytes, str, str]
"""Bytes, media type and name of a file."""

PlanForm = Literal["gpkg", "geojson", "shp", "csv", "xlsx", "docx"]
Metric = Literal["degrees", "metres"]


@dataclass(frozen=True)
class Wish:
    """What a file shall be: its form, language, reference system, and encoding of a Shapefile."""

    form: PlanForm
    locale: str
    metric: Metric = "degrees"
    encoding: Encoding = "UTF-8"

    @property
    def chinese(self) -> bool:
        """Whether headings are Chinese."""
        return self.locale.startswith("zh")


DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_B = schema.building.c
_ADDRESSES = select(_B.id, _B.address).where(_B.id.in_(bindparam("ids", expanding=True)))


def export_plan(  # noqa: PLR0913 - which plan, for whom, and what the file shall be
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int, wish: Wish,
    now: datetime, seq: int | None = None,
) -> File:  # fmt: skip
    """Write a file of a plan, as it stands or as it stood at ``seq``, and log the export.

    Raises
    ------
    OutsideScope
        If there is no such plan, or the actor may not see it.
    rules.plan_log.UnknownPosition
        If the plan never stood there.
    """
    table = sheet(store, picture, scope=scope, actor=actor, plan_id=plan_id, seq=seq)
    if wish.form == "docx":
        found = review(store, picture, scope=scope, actor=actor, sheet=table, now=now)
        body, media = write_report(found, chinese=wish.chinese), DOCX
    else:
        with store.read() as conn:
            addresses = addresses_of(conn, table)
        body, media = _WRITERS[wish.form](table, addresses, wish)
    after = {"what": "plan", "plan": plan_id, "form": wish.form, "state": table.state.digest}
    with store.write() as conn:
        append(
            conn, at=now, actor=actor.login, action="export", subject="export",
            subject_id=table.plan.area_id, before=None, after=after,
        )  # fmt: skip
    return body, media, name_of(table, wish)


def name_of(table: Sheet, wish: Wish) -> str:
    """Give the name of a file: the plan's title and what the file is."""
    title = "".join(c if c.isalnum() or c in "-_ ()（）" else "_" for c in table.plan.title).strip()
    what = _WHAT[wish.form][0 if wish.chinese else 1]
    return f"{title}-{what}.{_SUFFIX.get(wish.form, wish.form)}"


def addresses_of(conn: Connection, table: Sheet) -> dict[int, str]:
    """Give the addresses of a plan's buildings, by id."""
    ids = sorted(table.ground.homes)
    return {
        r.id: r.address for part in chunks(ids) for r in conn.execute(_ADDRESSES, {"ids": part})
    }


Addresses = dict[int, str]
Written = tuple[bytes, str]


def _crs(table: Sheet, wish: Wish) -> str:
    return table.ground.crs if wish.metric == "metres" else STORE_CRS


def _gpkg(table: Sheet, _: Addresses, wish: Wish) -> Written:
    body = geopackage(grid_table(table), crs=_crs(table, wish))
    return body, MEDIA_TYPES["gpkg"]


def _geojson(table: Sheet, _: Addresses, __: Wish) -> Written:
    return geojson(grid_table(table)), MEDIA_TYPES["geojson"]


def _shp(table: Sheet, _: Addresses, wish: Wish) -> Written:
    found = grid_table(table)
    body = shapefile(found, crs=_crs(table, wish), encoding=wish.encoding)
    return body, "application/zip"


def _csv(table: Sheet, addresses: Addresses, wish: Wish) -> Written:
    body, media, _ = render(building_table(table, addresses), "csv", chinese=wish.chinese)
    return body, media


def _xlsx(table: Sheet, addresses: Addresses, wish: Wish) -> Written:
    sheets = [building_table(table, addresses), grid_table(table), group_table(table)]
    return workbook(sheets, chinese=wish.chinese), MEDIA_TYPES["xlsx"]


_WRITERS: Final[dict[PlanForm, Callable[[Sheet, Addresses, Wish], Written]]] = {
    "gpkg": _gpkg, "geojson": _geojson, "shp": _shp, "csv": _csv, "xlsx": _xlsx,
}  # fmt: skip
_SUFFIX: Final[dict[PlanForm, str]] = {"shp": "zip"}
_WHAT: Final[dict[PlanForm, tuple[str, str]]] = {
    "gpkg": ("网格", "grids"), "geojson": ("网格", "grids"), "shp": ("网格", "grids"),
    "csv": ("楼栋归属", "assignment"), "xlsx": ("楼栋归属", "assignment"),
    "docx": ("会审报告", "review report"),
}  # fmt: skip
