"""Who carries how much: each worker's load against capacity, with the formula one click away."""

from typing import Final

import streamlit as st
from markupsafe import Markup

from data.people import PersonLoad, workload
from pages._desk import Desk
from pages._format import NOTHING, percent
from pages._html import empty, heading, join
from pages._text import Translate, later
from rules.kinds import Severity
from rules.rulebook import Rulebook
from rules.workload import Workload, standing

FULL_BAR: Final = 1.5
"""Load ratio at which a bar is full; beyond it the number says the rest."""

MOST_PEOPLE: Final = 12

HOW_IT_IS_COUNTED: Final = later(
    "Load = (standard effort of open items × severity factor {factors}"
    " + patrol and visits due) ÷ working time of the week for the grid."
    " Above {overloaded} overloaded, below {spare} spare."
)
_TONES: Final = {"overloaded": "bad", "spare": "good"}


def formula(load: Workload, t: Translate) -> str:
    """Give the numbers of the formula for one load, in minutes of a week."""
    effort = " + ".join(f"{s.minutes} × {s.factor:g}" for s in load.shares) or "0"
    return t("({effort} open + {patrol} patrol + {visits} visits) ÷ {capacity} minutes").format(
        effort=effort, patrol=load.patrol, visits=load.visits, capacity=load.capacity or NOTHING
    )


def explanation(book: Rulebook, t: Translate) -> str:
    """Say in words how a load is counted, with the factors and marks of this district."""
    factors = (f"{book.severity_weight[severity]:g}" for severity in sorted(Severity))
    return t(HOW_IT_IS_COUNTED).format(
        factors=" / ".join(factors), overloaded=percent(book.overloaded), spare=percent(book.spare)
    )


def tone_of(ratio: float | None, book: Rulebook) -> str:
    """Tell overloaded (bad) and spare (good) from what is in between."""
    named = standing(ratio, overloaded=book.overloaded, spare=book.spare)
    return _TONES.get(named, "")


def load_bar(person: PersonLoad, book: Rulebook, t: Translate) -> Markup:
    """Give the workload of one person against capacity; the line marks 100 %."""
    ratio = person.ratio
    width = 0.0 if ratio is None else min(ratio / FULL_BAR, 1.0) * 100
    items = t("{open} open, {overdue} overdue").format(open=person.open, overdue=person.overdue)
    name = Markup("<div>{}<small>{}</small></div>").format(person.name, items)
    bar = Markup(
        '<div class="gm-bar" title="{}"><i class="gm-{}" style="width:{}%"></i>'
        '<u style="left:{}%"></u></div>'
    ).format(formula(person.load, t), tone_of(ratio, book), f"{width:.0f}", f"{100 / FULL_BAR:.0f}")
    share = Markup('<em class="gm-{}-text">{}</em>').format(tone_of(ratio, book), percent(ratio))
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
    t, book = desk.t, desk.picture.rulebook
    people = people_of(desk)
    heavy = sum(tone_of(p.ratio, book) == "bad" for p in people)
    words = t("{n} people, {heavy} overloaded").format(n=len(people), heavy=heavy)
    st.html(heading(t("Workload against capacity"), words if people else ""))
    if not people:
        st.html(empty(t("No staff is registered here.")))
        return
    shown = people[:MOST_PEOPLE]
    lines = join(Markup("<li>{}: {}</li>").format(p.name, formula(p.load, t)) for p in shown)
    explained = Markup("<details><summary>{}</summary><p>{}</p><ul>{}</ul></details>").format(
        t("How this is counted"), explanation(book, t), lines
    )
    st.html(
        Markup('<div class="gm-load">{}</div><div class="gm-formula">{}</div>').format(
            join(load_bar(p, book, t) for p in shown), explained
        )
    )
