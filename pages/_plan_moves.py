"""Every group of households that changes grid."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from data.plan_moves import MovedGroup, moved_groups
from pages import _session
from pages._format import count
from pages._html import empty, heading
from pages._plan_address import PLAN_MAP, look_at, plan_here
from pages._plan_desk import Bench
from pages._plan_map import point_at

ROW: Final = 34
NAMED: Final = 6
"""So many buildings are named; the others are counted."""


def homes_words(group: MovedGroup, bench: Bench) -> str:
    """Name the estate and the buildings of a group."""
    homes = bench.shown.ground.homes
    own = [homes[i].label.removeprefix(group.estate).strip() for i in group.buildings[:NAMED]]
    names = [name for name in own if name]
    more = len(group.buildings) - len(own)
    listed = bench.t(", ").join(names) + (f" +{more}" if more else "")
    return f"{group.estate} {listed}".strip()


def frame(groups: tuple[MovedGroup, ...], bench: Bench) -> pd.DataFrame:
    """Give the groups as the screen shows them: text only."""
    t = bench.t
    return pd.DataFrame(
        {
            t("From"): [bench.name(group.from_label) for group in groups],
            t("To"): [bench.name(group.to_label) for group in groups],
            t("Estate and buildings"): [homes_words(group, bench) for group in groups],
            t("Households"): [count(group.households) for group in groups],
            t("Building chief"): [t(", ").join(group.chiefs) or "–" for group in groups],
        },
        dtype="object",
    )


def _show(key: str, groups: tuple[MovedGroup, ...], cells: dict[int, int]) -> None:
    state: Any = _session.widget(key)
    rows = state["selection"]["rows"] if state else []
    if rows and rows[0] < len(groups):
        found = {cells[i] for i in groups[rows[0]].buildings if i in cells}
        point_at(cells=tuple(sorted(found)))
        look_at(plan_here(), PLAN_MAP)


def draw_moves(bench: Bench) -> None:
    """Draw the table; a chosen line is shown on the map."""
    t, groups = bench.t, moved_groups(bench.shown)
    total = t("{n} households").format(n=count(sum(group.households for group in groups)))
    st.html(heading(t("Who changes grid"), total))
    if not groups:
        st.html(empty(t("No household changes grid.")))
        return
    cells = {i: cell.number for cell in bench.shown.cells for i in cell.buildings}
    key = f"moves_{bench.plan.id}_{bench.shown.state.digest[:12]}"
    st.dataframe(
        frame(groups, bench), key=key, hide_index=True, row_height=ROW,
        height=ROW * min(16, len(groups)) + ROW + 2, selection_mode="single-row",
        on_select=lambda: _show(key, groups, cells), alt=t("Who changes grid"),
        column_config={t("Estate and buildings"): st.column_config.TextColumn(width="medium")},
    )  # fmt: skip
    st.html(empty(t("The map shows before, after and the difference; choose a line to see it.")))
