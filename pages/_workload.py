"""Who carries how much: each worker's load against capacity, with the formula one click away."""

from typing import Final

import streamlit as st
from markupsafe import Markup

from data.people import PersonLoad, workload
from pages._desk import Desk
from pages._format import NOTHING, percent
from pages._html import empty, heading, join
from pages._text import Translate, later
from rules.figures import OVERLOADED, SPARE

FULL_BAR: Final = 1.5
"""Load ratio at which a bar is full; beyond it the number says the rest."""

MOST_PEOPLE: Final = 12

HOW_IT_IS_COUNTED: Final = later(
    "Load = (standard effort of open items × severity factor 1 / 1.2 / 1.5 / 2"
    " + patrol and visits due) ÷ working time of the week for the grid."
    " Above 120 % overloaded, below 50 % spare."
)


def formula(person: PersonLoad, t: Translate) -> str:
    """Give the numbers of the formula for one person, in minutes of a week."""
    return t("({effort} open + {duty} patrol and visits) ÷ {capacity} minutes").format(
        effort=round(person.effort), duty=person.duty_minutes, capacity=person.capacity or NOTHING
    )


def tone_of(ratio: float | None) -> str:
    """Tell overloaded (bad) and spare (good) from what is in between."""
    if ratio is None:
        return ""
    return "bad" if ratio > OVERLOADED else "good" if ratio < SPARE else ""


def load_bar(person: PersonLoad, t: Translate) -> Markup:
    """Give the workload of one person against capacity; the line marks 100 %."""
    ratio = person.ratio
    width = 0.0 if ratio is None else min(ratio / FULL_BAR, 1.0) * 100
    items = t("{open} open, {overdue} overdue").format(open=person.open, overdue=person.overdue)
    name = Markup("<div>{}<small>{}</small></div>").format(person.name, items)
    bar = Markup(
        '<div class="gm-bar" title="{}"><i class="gm-{}" style="width:{}%"></i>'
        '<u style="left:{}%"></u></div>'
    ).format(formula(person, t), tone_of(ratio), f"{width:.0f}", f"{100 / FULL_BAR:.0f}")
    share = Markup('<em class="gm-{}-text">{}</em>').format(tone_of(ratio), percent(ratio))
    return name + bar + share


def people_of(desk: Desk) -> list[PersonLoad]:
    """Give everybody's load in the selected area, the heaviest first; kept with the picture."""
    area_id, chosen, now = desk.place.area.id, desk.address.filter, desk.now
    return desk.picture.memo.get(
        ("workload", desk.scope, area_id, chosen, now),
        lambda: workload(
            desk.picture, scope=desk.scope, area_id=area_id, filter=chosen, now=now
        ),
    )  # fmt: skip


def draw_workload(desk: Desk) -> None:
    """Draw who carries how much."""
    t = desk.t
    people = people_of(desk)
    heavy = sum(tone_of(p.ratio) == "bad" for p in people)
    words = t("{n} people, {heavy} overloaded").format(n=len(people), heavy=heavy)
    st.html(heading(t("Workload against capacity"), words if people else ""))
    if not people:
        st.html(empty(t("No staff is registered here.")))
        return
    shown = people[:MOST_PEOPLE]
    lines = join(Markup("<li>{}: {}</li>").format(p.name, formula(p, t)) for p in shown)
    explained = Markup("<details><summary>{}</summary><p>{}</p><ul>{}</ul></details>").format(
        t("How this is counted"), t(HOW_IT_IS_COUNTED), lines
    )
    st.html(
        Markup('<div class="gm-load">{}</div><div class="gm-formula">{}</div>').format(
            join(load_bar(p, t) for p in shown), explained
        )
    )
