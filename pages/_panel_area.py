"""The panel of an area: its figures, what is open, who carries how much, what came in."""

from typing import Final

import streamlit as st
from markupsafe import Markup

from data.figures import Summary, summary
from pages import _words
from pages._actions import draw_area_actions
from pages._desk import Desk
from pages._format import count, figure_text, percent
from pages._html import heading, join
from pages._items import draw_items
from pages._latest import draw_latest
from pages._trend import trend
from pages._workload import draw_workload
from rules.figures import FIGURES

TILES: Final = ("open", "overdue", "due_soon", "new", "load", "per_100", "satisfaction")
BEYOND: Final = ("per_100",)
"""Figures that the strip above the map does not show."""


def head(desk: Desk) -> Markup:
    """Give the name of the area, its level, code and households."""
    area = desk.place.area
    level = _words.level_name(area.level, desk.locale)
    homes = desk.t("{n} households").format(n=count(area.households))
    return Markup('<div class="gm-title"><h2>{}</h2><span>{} · {} · {}</span></div>').format(
        area.name, level, homes, area.code
    )


def tiles(found: Summary, desk: Desk) -> Markup:
    """Give the figures of the area; those that the strip above shows are left out there."""
    keys = BEYOND if desk.place.area.id == desk.place.at.id else TILES
    cells = [
        (_words.figure_name(key, desk.locale), figure_text(key, FIGURES[key].value(found.sums)))
        for key in keys
    ]
    on_time = found.sums.closed_on_time / found.sums.closed if found.sums.closed else None
    cells.append((desk.t("Closed on time"), percent(on_time)))
    if keys == BEYOND:
        cells.append((desk.t("Not assigned"), count(found.sums.unassigned)))
        cells.append((desk.t("Filtered items"), count(found.sums.items)))
    return Markup('<div class="gm-tiles">{}</div>').format(
        join(Markup("<div><span>{}</span><b>{}</b></div>").format(k, v) for k, v in cells)
    )


def kinds(found: Summary, desk: Desk) -> Markup:
    """Give how the items divide among the kinds, the most frequent first."""
    most = max(found.by_kind.values(), default=0)
    ordered = sorted(found.by_kind.items(), key=lambda pair: -pair[1])
    lines = join(
        Markup(
            '<div>{}</div><div class="gm-bar"><i style="width:{}%"></i></div><em>{}</em>'
        ).format(_words.kind_name(kind, desk.locale), f"{100 * n / most:.0f}", count(n))
        for kind, n in ordered
    )
    return Markup('<div class="gm-load gm-kinds">{}</div>').format(lines)


def draw_area(desk: Desk) -> None:
    """Draw the panel of the selected area."""
    found = summary(
        desk.picture, scope=desk.scope, area_id=desk.place.area.id, filter=desk.address.filter,
        now=desk.now,
    )  # fmt: skip
    st.html(head(desk))
    draw_area_actions(desk)
    st.html(tiles(found, desk))
    draw_items(desk, area_id=desk.place.area.id)
    if found.by_kind:
        st.html(heading(desk.t("By kind")))
        st.html(kinds(found, desk))
    st.html(trend(found, desk.t))
    draw_workload(desk)
    draw_latest(desk)
