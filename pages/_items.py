"""The table of incidents: sorted by due time, one row to open."""

from datetime import datetime
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.incidents import IncidentRow, list_incidents
from pages import _session, _words
from pages._desk import MAP, PANEL, Desk, goes, here
from pages._format import count, date_time, due_words
from pages._html import empty, heading
from pages._text import Translate
from rules.filters import IncidentFilter
from rules.lifecycle import is_open

PAGE: Final = 100
TABLE: Final = "items"


def due_cell(row: IncidentRow, now: datetime, t: Translate) -> str:
    """Say how the deadline stands; of a closed incident, when it was reported."""
    return due_words(row.due_at, now, t) if is_open(row.state) else date_time(row.reported_at, now)


def table(rows: list[IncidentRow], *, now: datetime, locale: str, t: Translate) -> pd.DataFrame:
    """Give the rows as the screen shows them: text only."""
    return pd.DataFrame(
        {
            t("Deadline"): [due_cell(row, now, t) for row in rows],
            t("Incident"): [row.title for row in rows],
            t("State"): [_words.state_name(row.state, locale) for row in rows],
            t("With"): [row.assignee_name or t("Not assigned") for row in rows],
        },
        dtype="object",
    )


def picked(state: Any) -> int | None:
    """Row of a table's selection: the row chosen, or that of the cell clicked."""
    selection = state.get("selection", {}) if state else {}
    rows, cells = selection.get("rows", []), selection.get("cells", [])
    return rows[0] if rows else cells[0][0] if cells else None


def _open(key: str, numbers: list[str]) -> None:
    """Open the incident of the row that was clicked, or close it when it was unselected."""
    row = picked(_session.widget(key))
    number = numbers[row] if row is not None and row < len(numbers) else ""
    goes(here().with_incident(number), PANEL, MAP)


def title(status: str, t: Translate) -> str:
    """Name what the list holds."""
    names = {
        "open": t("Open, by due time"),
        "closed": t("Closed, latest first"),
        "all": t("All, open ones first"),
    }
    return names[status]


def draw_items(
    desk: Desk, *, area_id: int, building_id: int | None = None, chosen_number: str = ""
) -> None:
    """Draw the incidents of an area or a building that the filter keeps; one may be chosen."""
    t, chosen = desk.t, desk.address.filter
    rows, total = list_incidents(
        desk.store, desk.picture, scope=desk.scope, area_id=area_id, building_id=building_id,
        filter=chosen, now=desk.now, limit=PAGE,
    )  # fmt: skip
    shown = t("{n} of {total}").format(n=len(rows), total=count(total)) if total > len(rows) else ""
    st.html(heading(title(chosen.status, t), shown or t("{n} in all").format(n=count(total))))
    if not rows:
        st.html(empty(nothing(chosen, t)))
        return
    numbers = [row.number for row in rows]
    key = f"{TABLE}_{area_id}_{building_id or 0}_{chosen_number}"
    at = [(numbers.index(chosen_number), t("Incident"))] if chosen_number in numbers else []
    st.dataframe(
        table(rows, now=desk.now, locale=desk.locale, t=t),
        key=key, hide_index=True, on_select=partial(_open, key, numbers),
        selection_mode="single-cell", selection_default={"selection": {"cells": at}},
        column_config={t("Incident"): st.column_config.TextColumn(width="medium")},
        alt=title(chosen.status, t),
    )  # fmt: skip


def nothing(chosen: IncidentFilter, t: Translate) -> str:
    """Say why a list is empty and what to do next."""
    if chosen == IncidentFilter():
        return t("Nothing is open here.")
    return t("Nothing here fits the filter. Widen it or reset it above.")
