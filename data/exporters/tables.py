"""What is exported: incidents, areas with their figures, buildings. No personal columns."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import shapely
from sqlalchemy import Connection, bindparam
from sqlalchemy import select as sql_select

from data import schema
from data.areas import AreaTree, Ints, shapes
from data.buildings import open_counts
from data.columns import select
from data.events import append
from data.exporters.forms import Column, Form, Sheet, render
from data.figures import area_sums
from data.picture import Picture, chunks
from data.store import Store, get_meta
from rules.access import Scope
from rules.deadlines import CHINA
from rules.figures import FIGURES
from rules.filters import IncidentFilter
from rules.kinds import KINDS, SEVERITIES, SOURCES, Kind, Severity
from rules.levels import LABELS as LEVELS
from rules.levels import Level
from rules.lifecycle import LABELS as STATES

File = tuple[bytes, str, str]
_PLACE: Final = {
    "exact": ("精确", "Exact"), "building": ("楼栋", "Building"),
    "grid": ("网格", "Grid"), "outside": ("辖区外", "Outside"),
}  # fmt: skip
_SEVERITIES: Final = {s.name.lower(): names for s, names in SEVERITIES.items()}
_PATH: Final = (
    Column("street", "街道/镇", "Street/town"),
    Column("community", "社区/村", "Community/village"),
    Column("grid", "网格", "Grid"),
)
_POINT: Final = (
    Column("lon", "经度", "Longitude", "number"),
    Column("lat", "纬度", "Latitude", "number"),
)

INCIDENT_COLUMNS: Final = (
    Column("number", "事件编号", "Number"),
    Column("kind", "事件大类", "Kind"),
    Column("subkind", "事件小类", "Sub-kind"),
    Column("title", "标题", "Title"),
    Column("address", "地址", "Address"),
    Column(
        "severity", "严重程度", "Severity", words={s.name.lower(): n for s, n in SEVERITIES.items()}
    ),
    Column("state", "状态", "State", words={s.value: n for s, n in STATES.items()}),
    Column("source", "来源", "Source", words=SOURCES),
    *_PATH,
    Column("area_code", "网格编码", "Area code"),
    Column("reported_at", "上报时间", "Reported at", "time"),
    Column("due_at", "截止时间", "Due at", "time"),
    Column("resolved_at", "处置时间", "Resolved at", "time"),
    Column("closed_at", "办结时间", "Closed at", "time"),
    Column("effort_minutes", "处置工时", "Effort minutes", "number"),
    Column("satisfaction", "满意度", "Satisfaction", "number"),
    Column("place", "位置精度", "Place", words=_PLACE),
    *_POINT,
)
_I, _B = schema.incident.c, schema.building.c
_INCIDENTS = sql_select(
    _I.id, _I.area_id, _I.number, _I.kind, _I.subkind, _I.title, _I.address, _I.severity,
    _I.state, _I.source, _I.reported_at, _I.due_at, _I.resolved_at, _I.closed_at,
    _I.effort_minutes, _I.satisfaction, _I.place, _I.lon, _I.lat,
).where(_I.id.in_(bindparam("ids", expanding=True)))  # fmt: skip


def _incident_columns(kinds: Mapping[str, Kind]) -> tuple[Column, ...]:
    """Columns with the names of kinds as the district has them; old sub-kinds keep theirs."""
    subkinds = {
        key: names
        for catalogue in (KINDS, kinds)
        for kind in catalogue.values()
        for key, names in kind.subkinds.items()
    }
    words = {"kind": {k.key: (k.zh, k.en) for k in kinds.values()}, "subkind": subkinds}
    return tuple(
        replace(column, words=words[column.key]) if column.key in words else column
        for column in INCIDENT_COLUMNS
    )


def export_incidents(  # noqa: PLR0913 - told where, what, for whom and in which form
    store: Store, picture: Picture, *, scope: Scope, area_id: int, filter: IncidentFilter,
    now: datetime, form: Form, locale: str, actor: str = "system",
) -> File:  # fmt: skip
    """Write the incidents that a filter keeps, latest first, and log the export.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    data.exporters.forms.TooManyRows
        If an Excel sheet cannot hold them.
    """
    rows = select(
        picture.columns, picture.tree, scope=scope, area_id=area_id, filter=filter, now=now
    )[::-1]
    paths = _Paths(picture.tree)
    with store.read() as conn:
        zone = _zone(conn)
        found = {
            record.id: record
            for part in chunks(picture.columns.id[rows].tolist())
            for record in conn.execute(_INCIDENTS, {"ids": part})
        }
    # An incident that went away since the picture was taken is left out.
    records = [found[i] for i in picture.columns.id[rows].tolist() if i in found]
    cells = [
        (
            *record[2:7], Severity(record.severity).name.lower(), *record[8:10],
            *paths.of(record.area_id), *record[10:],
        )
        for record in records
    ]  # fmt: skip
    columns = _incident_columns(picture.rulebook.kinds)
    points = shapely.points([r.lon for r in records], [r.lat for r in records])
    sheet = Sheet("incidents", "事件", "incidents", columns, cells, _array(points), zone)
    return _finish(store, sheet, form, locale, _Log("incidents", area_id, filter, now, actor))


_FIGURE_COLUMNS: Final = tuple(
    Column(f.key, f.zh, f.en, "number") for f in FIGURES.values() if f.key != "items"
)
AREA_COLUMNS: Final = (
    Column("code", "编码", "Code"),
    Column("name", "名称", "Name"),
    Column("level", "层级", "Level", words={int(k): v for k, v in LEVELS.items()}),
    Column("parent_code", "上级编码", "Parent code"),
    Column("households", "户数", "Households", "number"),
    *_FIGURE_COLUMNS,
    Column("items", "筛选事项", "Filtered items", "number"),
)


def export_areas(  # noqa: PLR0913
    store: Store, picture: Picture, *, scope: Scope, area_id: int, filter: IncidentFilter,
    now: datetime, form: Form, locale: str, actor: str = "system", level: Level | None = None,
) -> File:  # fmt: skip
    """Write the areas below one (of ``level``, else its children) with shapes and figures.

    An area without any below it is written itself.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    tree = picture.tree
    tree.admit(scope, area_id)
    wanted = level or tree.child_level(area_id)
    ids = tree.at_level(area_id, wanted) if wanted is not None else [area_id]
    sums = area_sums(picture, scope=scope, area_ids=ids, filter=filter, now=now)
    with store.read() as conn:
        zone, found = _zone(conn), shapes(conn, ids)
    kept = [i for i in ids if i in found]
    cells = []
    for i in kept:
        area = tree.get(i)
        parent = tree.get(area.parent_id).code if area.parent_id is not None else None
        values = [FIGURES[c.key].value(sums[i]) for c in _FIGURE_COLUMNS]
        cells.append(
            (area.code, area.name, int(area.level), parent, area.households,
             *(None if v is None else round(v, 4) for v in values), sums[i].items)
        )  # fmt: skip
    polygons = _array([found[i] for i in kept])
    sheet = Sheet("areas", "区域", "areas", AREA_COLUMNS, cells, polygons, zone)
    return _finish(store, sheet, form, locale, _Log("areas", area_id, filter, now, actor))


BUILDING_COLUMNS: Final = (
    Column("code", "楼栋编码", "Code"),
    Column("estate", "小区", "Estate"),
    Column("name", "楼栋", "Building"),
    Column("address", "地址", "Address"),
    Column("floors", "层数", "Floors", "number"),
    Column("units", "单元数", "Units", "number"),
    Column("households", "户数", "Households", "number"),
    Column("open", "未办结", "Open", "number"),
    Column("overdue", "超期", "Overdue", "number"),
    *_PATH,
    Column("area_code", "网格编码", "Area code"),
    *_POINT,
)
_BUILDINGS = sql_select(
    _B.id, _B.area_id, _B.code, _B.estate, _B.name, _B.address, _B.floors, _B.units,
    _B.households, _B.lon, _B.lat, _B.geom,
).where(_B.id.in_(bindparam("ids", expanding=True)))  # fmt: skip


def export_buildings(  # noqa: PLR0913
    store: Store, picture: Picture, *, scope: Scope, area_id: int, filter: IncidentFilter,
    now: datetime, form: Form, locale: str, actor: str = "system",
) -> File:  # fmt: skip
    """Write the buildings of an area with footprints and open items, and log the export.

    The items are those that the filter keeps, whatever it says of open and closed.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    first, last = picture.tree.admit(scope, area_id)
    register = picture.buildings
    ids: Ints = register.id[(register.area >= first) & (register.area < last)]
    if scope.buildings is not None:
        ids = ids[np.isin(ids, sorted(scope.buildings))]
    paths = _Paths(picture.tree)
    counts = open_counts(picture, scope=scope, now=now, filter=filter)
    with store.read() as conn:
        zone = _zone(conn)
        records = [
            record
            for part in chunks(ids.tolist())
            for record in conn.execute(_BUILDINGS, {"ids": part})
        ]
    records.sort(key=lambda r: str(r.code))
    cells = [
        (
            *record[2:9], *counts.get(record.id, (0, 0)), *paths.of(record.area_id), record.lon,
            record.lat,
        )
        for record in records
    ]  # fmt: skip
    footprints = _array([record.geom for record in records])
    sheet = Sheet("buildings", "楼栋", "buildings", BUILDING_COLUMNS, cells, footprints, zone)
    log = _Log("buildings", area_id, filter, now, actor)
    return _finish(store, sheet, form, locale, log)


class _Paths:
    """Street, community and grid names, and the code, of the areas that rows lie in."""

    def __init__(self, tree: AreaTree) -> None:
        self._tree = tree
        self._kept: dict[int, tuple[str | None, ...]] = {}

    def of(self, area_id: int) -> tuple[str | None, ...]:
        """Names on the three levels (``None`` where there is none) and the area's code."""
        if area_id not in self._kept:
            number = self._tree.places.get(area_id)
            names: dict[Level, str] = {}
            code = None
            if number is not None:
                living = self._tree.areas[number]
                code = living.code
                path = (self._tree.get(i) for i in self._tree.ancestors(living.id))
                names = {area.level: area.name for area in path}
            levels = (Level.STREET, Level.COMMUNITY, Level.GRID)
            self._kept[area_id] = (*(names.get(level) for level in levels), code)
        return self._kept[area_id]


def _array(found: Any) -> Any:
    out = np.empty(len(found), object)
    out[:] = found
    return out


def _zone(conn: Connection) -> tzinfo:
    try:
        return ZoneInfo(get_meta(conn, "time_zone") or "Asia/Shanghai")
    except (ZoneInfoNotFoundError, ValueError):
        return CHINA


class _Log:
    """What the event of an export says."""

    def __init__(
        self, what: str, area_id: int, filter: IncidentFilter, at: datetime, actor: str
    ) -> None:
        self.what, self.area_id, self.filter = what, area_id, filter
        self.at, self.actor = at, actor


def _finish(store: Store, sheet: Sheet, form: Form, locale: str, log: _Log) -> File:
    body = render(sheet, form, chinese=locale.startswith("zh"))
    after = {"what": log.what, "form": form, "rows": len(sheet.rows), "filter": asdict(log.filter)}
    with store.write() as conn:
        append(
            conn, at=log.at, actor=log.actor, action="export", subject="export",
            subject_id=log.area_id, before=None, after=after,
        )  # fmt: skip
    return body
