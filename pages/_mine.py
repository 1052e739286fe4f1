"""My figures: what I carry, what I did this week, and how it was judged."""

from datetime import timedelta
from typing import Final

import streamlit as st
from markupsafe import Markup

from data.assessment import assess
from data.people import PersonLoad, workload
from data.todo import done_since, week_start
from pages._desk import Desk, at_desk
from pages._format import NOTHING, count, percent
from pages._html import heading, join
from pages._text import Translate
from pages._workload import formula
from rules.assessment import Count
from rules.filters import IncidentFilter

MINE: Final = "mine"
DAYS: Final = 30


def _tile(name: str, value: str, tone: str = "") -> Markup:
    return Markup('<div><span>{}</span><b class="{}">{}</b></div>').format(
        name, f"gm-{tone}-text" if tone else "", value
    )


def _rate(found: Count | None, t: Translate) -> str:
    if found is None or found.rate is None:
        return NOTHING
    return t("{share} of {n}").format(share=percent(found.rate), n=count(found.out_of))


def _counts(desk: Desk, person_id: int) -> dict[str, Count]:
    """Measures of the last days; kept with the picture."""
    rows = assess(
        desk.store, desk.picture, scope=desk.scope, area_id=desk.place.root.id, by="person",
        since=desk.now - timedelta(days=DAYS), until=desk.now, now=desk.now,
        rulebook=desk.picture.rulebook,
    )  # fmt: skip
    return next((dict(row.counts) for row in rows if row.key == person_id), {})


def _load(desk: Desk, person_id: int) -> PersonLoad | None:
    people = workload(
        desk.picture, scope=desk.scope, area_id=desk.place.root.id, filter=IncidentFilter(),
        now=desk.now,
    )  # fmt: skip
    return next((p for p in people if p.person_id == person_id), None)


@st.fragment(key=MINE)
@at_desk
def draw_mine(desk: Desk) -> None:
    """Draw the figures of whoever is signed in."""
    t, person_id = desk.t, desk.visitor.actor.person_id
    if person_id is None:
        return
    load, counts = _load(desk, person_id), _counts(desk, person_id)
    since = week_start(desk.now, desk.picture.rulebook.calendar.zone)
    done = done_since(desk.picture, scope=desk.scope, person_id=person_id, since=since)
    late = load.overdue if load else 0
    tiles = (
        _tile(t("Open"), count(load.open if load else 0)),
        _tile(t("Overdue"), count(late), "bad" if late else ""),
        _tile(t("Done this week"), count(done)),
        _tile(t("Load"), percent(load.ratio if load else None)),
        _tile(t("On time"), _rate(counts.get("on_time"), t)),
        _tile(t("Satisfied"), _rate(counts.get("satisfaction"), t)),
    )
    st.html(heading(t("My figures"), t("Shares of the last {n} days").format(n=DAYS)))
    st.html(Markup('<div class="gm-tiles gm-mine">{}</div>').format(join(tiles)))
    if load is not None:
        st.html(
            Markup('<div class="gm-formula">{}</div>').format(
                t("Load: {formula}").format(formula=formula(load.load, t))
            )
        )
