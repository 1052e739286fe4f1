"""The tables of the building chiefs' page: duties, chiefs with their charge, posts not filled."""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st
from markupsafe import Markup

from data.chief_charge import charge
from data.chiefs import DUTIES, Chief, Service, Vacancy, is_overloaded
from pages._desk import Desk
from pages._format import count, due_words
from pages._html import badge, empty, heading, join
from pages._text import later
from pages._totals import item_link, linked
from rules.figures import HOUSEHOLDS_PER_CHIEF

ROW: Final = 34
MOST_ROWS: Final = 9
DUTY_NAMES: Final = {
    "publicity": later("Policy publicity"),
    "opinions": later("Residents' opinions"),
    "mediation": later("Mediation"),
    "safety": later("Safety checks"),
}


def duties_table(found: Service, desk: Desk) -> Markup:
    """Give the four duties with their calls, and how many chiefs did each."""
    t, calls = desk.t, found.calls
    lines = join(
        Markup('<tr><th>{}</th><td class="gm-n">{}</td><td class="gm-n">{}</td></tr>').format(
            t(DUTY_NAMES[duty]), count(calls[duty]),
            f"{count(sum(duty in one.calls for one in found.chiefs))} / {count(len(found.chiefs))}",
        )
        for duty in DUTIES
    )  # fmt: skip
    return Markup(
        '<table class="gm-table"><thead><tr><th>{}</th><th class="gm-n">{}</th>'
        '<th class="gm-n">{}</th></tr></thead><tbody>{}</tbody></table>'
    ).format(t("Duty"), t("Calls"), t("Chiefs"), lines)


def _frame(chiefs: tuple[Chief, ...], desk: Desk) -> pd.DataFrame:
    t, book = desk.t, desk.picture.rulebook
    return pd.DataFrame(
        {
            t("Building chief"): [c.name for c in chiefs],
            t("Area"): [c.area_name for c in chiefs],
            t("Households"): [
                f"{count(c.households)} ▲" if is_overloaded(c, book) else count(c.households)
                for c in chiefs
            ],
            t("Buildings"): [count(c.buildings) for c in chiefs],
            t("Open"): [count(c.open) for c in chiefs],
            t("Solved"): [count(c.solved) for c in chiefs],
            t("Calls"): [count(sum(c.calls.values())) for c in chiefs],
        },
        dtype="object",
    )


def _chosen(state: Any, chiefs: tuple[Chief, ...]) -> Chief | None:
    rows = state["selection"]["rows"] if state else []
    return chiefs[rows[0]] if rows and rows[0] < len(chiefs) else None


def draw_chiefs(desk: Desk, found: Service) -> None:
    """Draw the chiefs, most households first, and what the chosen one looks after."""
    t, mark = desk.t, desk.picture.rulebook.overloaded * HOUSEHOLDS_PER_CHIEF
    note = t("▲ above {n} households: overloaded").format(n=count(mark))
    st.html(heading(t("Chiefs and their areas"), note))
    if not found.chiefs:
        st.html(empty(t("No building chief is registered here.")))
        return
    state = st.dataframe(
        _frame(found.chiefs, desk), key=f"chiefs_{desk.place.at.id}", hide_index=True,
        on_select="rerun", selection_mode="single-row", row_height=ROW,
        height=ROW * min(MOST_ROWS, len(found.chiefs)) + ROW + 2, alt=t("Chiefs and their areas"),
    )  # fmt: skip
    chief = _chosen(state, found.chiefs)
    if chief is None:
        st.html(empty(t("Choose a chief to see the buildings and what is open in them.")))
    else:
        _draw_charge(desk, chief)


def _draw_charge(desk: Desk, chief: Chief) -> None:
    t = desk.t
    found = charge(
        desk.store, desk.picture, scope=desk.scope, person_id=chief.person_id, now=desk.now
    )
    homes = join(
        Markup("<li>{} <small>{}</small></li>").format(
            linked(home.label, f"/map?building={home.code}"),
            t("{n} households").format(n=count(home.households)),
        )
        for home in found.homes
    )
    items = join(
        Markup("<li>{} {} <small>{}</small></li>").format(
            linked(row.title, item_link(row.number)),
            badge(t("Overdue"), "bad") if row.overdue else "", due_words(row.due_at, desk.now, t),
        )
        for row in found.items
    )  # fmt: skip
    st.html(heading(chief.name, chief.area_name))
    st.html(Markup('<ul class="gm-cases">{}</ul>').format(items or _none(t("Nothing is open."))))
    st.html(Markup('<ul class="gm-cases">{}</ul>').format(homes))


def _none(text: str) -> Markup:
    return Markup("<li>{}</li>").format(empty(text))


def draw_vacancies(desk: Desk, found: Sequence[Vacancy]) -> None:
    """Draw the areas where inhabited buildings have no chief."""
    t = desk.t
    st.html(heading(t("Posts not filled"), t("{n} areas").format(n=count(len(found)))))
    if not found:
        st.html(empty(t("Every inhabited building here has a chief.")))
        return
    st.dataframe(
        pd.DataFrame(
            {
                t("Area"): [v.area_name for v in found],
                t("Buildings without chief"): [count(v.buildings) for v in found],
                t("Households"): [count(v.households) for v in found],
            },
            dtype="object",
        ),
        key=f"vacancies_{desk.place.at.id}", hide_index=True, row_height=ROW,
        height=ROW * min(6, len(found)) + ROW + 2, alt=t("Posts not filled"),
    )  # fmt: skip
