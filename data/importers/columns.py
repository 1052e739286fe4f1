"""Which column of a file is which of ours: by what was asked, by memory, by usual headings."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

Synonyms = Mapping[str, Sequence[str]]

_POINT: Final = {
    "lon": ("经度", "lng", "lon", "long", "longitude", "x", "x坐标", "坐标x", "东坐标", "easting",
            "point_x", "gps经度", "事件经度"),
    "lat": ("纬度", "lat", "latitude", "y", "y坐标", "坐标y", "北坐标", "northing", "point_y",
            "gps纬度", "事件纬度"),
}  # fmt: skip

AREA: Final[Synonyms] = {
    "code": ("网格编码", "网格代码", "网格编号", "社区编码", "社区代码", "街道编码", "行政区划代码",
             "区划代码", "编码", "代码", "编号", "grid_code", "area_code", "adcode", "gridid",
             "code", "id", "bm", "dm", "wgbm", "nc_id"),
    "name": ("网格名称", "社区名称", "街道名称", "村名", "名称", "网格名", "name", "grid_name",
             "area_name", "mc", "wgmc", "full_name"),
    "parent": ("上级编码", "所属社区", "所属街道", "上级", "parent", "parent_code", "sssq", "ssjd"),
    "households": ("户数", "总户数", "households", "hs"),
    "kind": ("网格类型", "类型", "kind", "type"),
}  # fmt: skip

BUILDING: Final[Synonyms] = {
    "code": ("楼栋编码", "楼栋代码", "楼栋编号", "建筑编码", "编码", "code", "building_code", "id",
             "uid", "bm", "osm_id"),
    "name": ("楼栋名称", "楼栋号", "楼栋", "楼号", "栋号", "名称", "name", "building_name", "mc"),
    "estate": ("小区", "小区名称", "院落", "estate", "compound", "xq"),
    "address": ("地址", "详细地址", "门牌", "address", "dz"),
    "floors": ("层数", "楼层数", "地上层数", "floors", "levels", "building:levels", "cs"),
    "units": ("单元数", "单元", "units", "dys"),
    "households": ("户数", "总户数", "households", "hs"),
}  # fmt: skip

INCIDENT: Final[Synonyms] = {
    **_POINT,
    "number": ("事件编号", "工单编号", "工单号", "案件编号", "编号", "number", "srnumber", "ticket",
               "case_id", "incident_number", "request_id", "id"),
    "kind": ("事件大类", "事件类型", "大类", "类型", "类别", "kind", "category", "type",
             "type_name"),
    "subkind": ("事件小类", "小类", "subkind", "subcategory", "sub_type"),
    "title": ("事件标题", "标题", "主题", "事件名称", "title", "subject", "summary"),
    "address": ("地址", "事发地址", "发生地点", "地点", "事件地址", "位置描述", "address",
                "location"),
    "severity": ("严重程度", "事件等级", "紧急程度", "severity", "priority"),
    "state": ("状态", "办理状态", "处置状态", "state", "status"),
    "source": ("来源", "事件来源", "上报渠道", "source", "channel"),
    "reported_at": ("上报时间", "受理时间", "登记时间", "发生时间", "创建时间", "reported_at",
                    "created_date", "created_at", "created", "opened", "requested_datetime"),
    "responded_at": ("响应时间", "responded_at"),
    "dispatched_at": ("派单时间", "派遣时间", "dispatched_at"),
    "resolved_at": ("处置时间", "处置完成时间", "resolved_at", "resolution_date"),
    "closed_at": ("办结时间", "结案时间", "归档时间", "closed_at", "closed_date", "closed"),
    "due_at": ("截止时间", "办理期限", "到期时间", "due_at", "due_date", "expected_datetime"),
    "effort_minutes": ("处置工时", "工时分钟", "effort_minutes"),
    "satisfaction": ("满意度", "satisfaction", "rating"),
    "area_code": ("网格编码", "网格编号", "所属网格编码", "grid_code", "area_code"),
    "building_code": ("楼栋编码", "building_code"),
}  # fmt: skip

ASSIGNMENT: Final[Synonyms] = {
    "building": ("楼栋编码", "楼栋代码", "楼栋编号", "建筑编码", "楼栋", "building code",
                 "building_id", "building", "code", "geoid20", "geo_id", "id", "bm"),
    "grid_code": ("规划网格编码", "新网格编码", "调整后网格编码", "grid code planned", "网格编码",
                  "网格代码", "网格编号", "grid_code", "grid_id", "district", "zone", "wgbm"),
    "grid_name": ("规划网格名称", "新网格名称", "调整后网格", "grid name planned", "网格名称",
                  "网格", "grid_name", "grid", "wgmc"),
    "label": ("规划网格标识", "grid label planned", "label"),
}  # fmt: skip
"""Columns of an assignment: which grid each building goes to."""

BASE: Final[Synonyms] = {
    "name": ("名称", "道路名称", "路名", "name", "mc"),
    "class": ("等级", "道路等级", "highway", "waterway", "railway", "fclass", "class"),
}

PERSONAL: Final = (
    "姓名", "上报人", "联系人", "当事人", "电话", "手机", "联系电话", "手机号", "身份证",
    "身份证号",
    "reporter", "reporter_name", "reporter_phone", "phone", "mobile", "contact", "id_card",
)  # fmt: skip
"""Headings of personal data: never taken by themselves, only when the command names them."""


class UnknownColumn(LookupError):
    """A column was named that the file does not have."""

    def __init__(self, name: str, headers: Sequence[str]) -> None:
        super().__init__(name)
        self.name = name
        self.headers = tuple(headers)


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Strip a heading or name of width, case, spaces, underscores and brackets."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_\-./]|\(.*?\)|\[.*?\]|[*:]", "", folded) or folded


def map_columns(
    headers: Sequence[str],
    synonyms: Synonyms,
    *,
    asked: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Column of the file for each field of ours that one could be found for.

    What was asked for comes first, then what an earlier import of the same headings used, then
    the first usual heading. No column serves two fields unless it was asked to.

    Raises
    ------
    UnknownColumn
        If a column was asked for that the file does not have.
    """
    found: dict[str, str] = {}
    for name, column in (asked or {}).items():
        if column not in headers:
            raise UnknownColumn(column, headers)
        found[name] = column
    for name, column in (remembered or {}).items():
        if name not in found and column in headers:
            found[name] = column
    by_heading = {plain(header): header for header in reversed(headers)}
    for name, usual in synonyms.items():
        columns = (by_heading.get(plain(heading)) for heading in usual)
        free = (column for column in columns if column and column not in found.values())
        first = next(free, None)
        if name not in found and first is not None:
            found[name] = first
    return found


def personal_columns(headers: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """Columns that look personal and are left out."""
    known = {plain(name) for name in PERSONAL}
    return [h for h in headers if plain(h) in known and h not in mapping.values()]
