"""The tables of a plan: its grids, where each building goes, and who changes grid."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from data.exporters.forms import Column
from data.exporters.forms import Sheet as Table
from data.plan_figures import figures
from data.plan_land import grids_of
from data.plan_moves import moved_groups
from data.plan_pictures import numbers
from data.plan_sheet import Sheet
from rules.deadlines import CHINA

KINDS: Final = {"general": ("普通网格", "General"), "dedicated": ("专属网格", "Dedicated")}
VERDICTS: Final = {
    "within": ("在区间内", "In band"), "below": ("不足", "Below"), "above": ("超出", "Above"),
    "dedicated": ("专属网格不限", "Dedicated: none"),
}  # fmt: skip
YES_NO: Final = {True: ("是", "Yes"), False: ("否", "No")}

GRID_COLUMNS: Final = (
    Column("number", "序号", "Number", "number"),
    Column("label", "标识", "Label"),
    Column("code", "网格编码", "Grid code"),
    Column("name", "网格名称", "Grid name"),
    Column("kind", "网格类型", "Kind", words=KINDS),
    Column("buildings", "楼栋数", "Buildings", "number"),
    Column("households", "户数", "Households", "number"),
    Column("band", "户数区间", "Band", words=VERDICTS),
    Column("area_ha", "面积（公顷）", "Area (ha)", "number"),
    Column("compact", "紧凑度", "Compactness", "number"),
    Column("moved_in", "划入户数", "Households moved in", "number"),
    Column("moved_out", "划出户数", "Households moved out", "number"),
)
"""Keys are field names of Shapefiles too: ASCII, ten characters at most."""

BUILDING_COLUMNS: Final = (
    Column("code", "楼栋编码", "Building code"),
    Column("address", "地址", "Address"),
    Column("estate", "小区", "Estate"),
    Column("households", "户数", "Households", "number"),
    Column("code_now", "现网格编码", "Grid code now"),
    Column("grid_now", "现网格名称", "Grid name now"),
    Column("grid_code", "规划网格编码", "Grid code planned"),
    Column("grid", "规划网格名称", "Grid name planned"),
    Column("moved", "是否调整", "Moved", words=YES_NO),
    Column("label", "规划网格标识", "Grid label planned"),
)

GROUP_COLUMNS: Final = (
    Column("from", "原网格", "From grid"),
    Column("to", "新网格", "To grid"),
    Column("estate", "小区", "Estate"),
    Column("buildings", "楼栋数", "Buildings", "number"),
    Column("households", "户数", "Households", "number"),
    Column("chiefs", "现栋长", "Chiefs now"),
)


def grid_table(sheet: Sheet) -> Table:
    """Give the grids of a plan by number, with shapes in CGCS2000 degrees.

    Numbers are those of the maps in the review report.
    """
    number, found, shapes = numbers(sheet), figures(sheet), grids_of(sheet)
    order = sorted(range(len(sheet.order)), key=lambda at: number[sheet.order[at]])
    rows = [
        (
            number[g.label], g.label, g.mark.code, g.mark.name, g.mark.kind, g.buildings,
            g.households, g.verdict, round(g.hectares, 4), round(g.polsby_popper, 4), g.moved_in,
            g.moved_out,
        )
        for g in (found.grids[at] for at in order)
    ]  # fmt: skip
    return Table("grids", "网格", "grids", GRID_COLUMNS, rows, shapes[order], CHINA)


def building_table(sheet: Sheet, addresses: Mapping[int, str]) -> Table:
    """Give each building with its grid now and in the plan, by code; ``addresses`` by id."""
    rows: list[tuple[Any, ...]] = []
    for cell in sheet.cells:
        old, new = sheet.origin(cell.number), sheet.state.cells[cell.number]
        was, to = sheet.start.marks[old], sheet.state.marks[new]
        grids = (was.code, was.name, to.code, to.name, old != new, new)
        homes = [sheet.ground.homes[i] for i in cell.buildings]
        rows += [
            (home.code, addresses.get(home.id, ""), home.estate, home.households, *grids)
            for home in homes
        ]
    rows.sort(key=lambda row: str(row[0]))
    return _plain("buildings", "楼栋", BUILDING_COLUMNS, rows)


def group_table(sheet: Sheet) -> Table:
    """Give every group of households that changes grid."""
    before, after = sheet.start.marks, sheet.state.marks
    rows = [
        (
            before[g.from_label].name, after[g.to_label].name, g.estate, len(g.buildings),
            g.households, "、".join(g.chiefs),
        )
        for g in moved_groups(sheet)
    ]  # fmt: skip
    return _plain("moved", "调整户群", GROUP_COLUMNS, rows)


def _plain(name: str, zh: str, columns: tuple[Column, ...], rows: list[tuple[Any, ...]]) -> Table:
    return Table(name, zh, name, columns, rows, np.empty(0, object), CHINA)
