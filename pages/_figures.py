"""The strip of figures above the map; each one colours the map when it is clicked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st
from markupsafe import Markup

from data.figures import Summary, summary
from pages import _words
from pages._desk import FIGURES as FIGURES_PART
from pages._desk import FILTERS, MAP, Desk, at_desk, goes, with_figure
from pages._format import count, figure_text, percent
from pages._html import plain
from pages._text import Translate, later
from rules.figures import FIGURES, Sums
from rules.workload import Standing

STRIP: Final = ("open", "overdue", "due_soon", "new", "load", "satisfaction")
WEEK: Final = 7


@dataclass(frozen=True)
class Aside:
    """What stands beside a figure: words, and whether it is good or bad news."""

    words: str
    tone: str = ""


def _arrow(change: float) -> str:
    return "↑" if change > 0 else "↓" if change < 0 else "→"


def net_flow(found: Summary) -> int:
    """By how much the open incidents grew over the last seven days: reported minus closed."""
    week = found.trend[-WEEK:]
    return sum(day.reported - day.closed for day in week)


def _open(found: Summary, t: Translate) -> Aside:
    flow = net_flow(found)
    tone = "bad" if flow > 0 else "good" if flow < 0 else ""
    return Aside(t("{arrow} {n} in 7 days").format(arrow=_arrow(flow), n=abs(flow)), tone)


def _of_open(part: int, sums: Sums, t: Translate) -> Aside:
    return Aside(
        t("{share} of open").format(share=percent(part / sums.open if sums.open else None))
    )


def _new(found: Summary, t: Translate) -> Aside:
    before = found.trend[:-1]
    mean = sum(day.reported for day in before) / len(before) if before else 0.0
    change = found.sums.new - mean
    return Aside(t("{arrow} daily mean {n}").format(arrow=_arrow(change), n=f"{mean:.1f}"))


_STANDINGS: Final[dict[Standing, tuple[str, str]]] = {
    "unknown": (later("no staff registered"), ""),
    "overloaded": (later("overloaded"), "bad"),
    "spare": (later("spare capacity"), "good"),
    "balanced": (later("balanced"), ""),
}


def _load(found: Summary, t: Translate) -> Aside:
    words, tone = _STANDINGS[found.standing]
    return Aside(t(words), tone)


ASIDES: Final[dict[str, Callable[[Summary, Translate], Aside]]] = {
    "open": _open,
    "overdue": lambda found, t: _of_open(found.sums.overdue, found.sums, t),
    "due_soon": lambda found, t: _of_open(found.sums.due_soon, found.sums, t),
    "new": _new,
    "load": _load,
    "satisfaction": lambda found, t: Aside(
        t("{n} evaluated").format(n=count(found.sums.evaluated))
    ),
}


def card(key: str, found: Summary, *, on: bool, locale: str, t: Translate) -> Markup:
    """Give one figure as a card."""
    aside = ASIDES[key](found, t)
    return Markup(
        '<div class="gm-figure{}"><span>{}</span><b class="{}">{}</b><em class="{}">{}</em></div>'
    ).format(
        " gm-on" if on else "",
        _words.figure_name(key, locale),
        "gm-bad-text" if key == "overdue" and found.sums.overdue else "",
        figure_text(key, FIGURES[key].value(found.sums)),
        f"gm-{aside.tone}" if aside.tone else "",
        aside.words,
    )


def _colour_by(figure: str) -> None:
    goes(with_figure(figure), FIGURES_PART, FILTERS, MAP)


@st.fragment(key=FIGURES_PART)
@at_desk
def draw_figures(desk: Desk) -> None:
    """Draw the strip for the area on the map."""
    found = summary(
        desk.picture, scope=desk.scope, area_id=desk.place.at.id, filter=desk.address.filter,
        now=desk.now,
    )  # fmt: skip
    with st.container(key="figures", horizontal=True):
        for key in STRIP:
            with st.container(key=f"figure_{key}"):
                on = desk.address.figure == key
                st.html(card(key, found, on=on, locale=desk.locale, t=desk.t))
                label = desk.t("Colour the map by: {figure}").format(
                    figure=_words.figure_name(key, desk.locale)
                )
                st.button(plain(label), key=f"by_{key}", on_click=_colour_by, args=(key,))
