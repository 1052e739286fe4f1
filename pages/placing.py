"""The queue of reports without a place: each is laid on the map by hand, its words are learnt."""

from typing import Final

import streamlit as st

from data import clock
from data.casework import StaleSave
from data.geocoder.geocoder import NothingToTeach
from data.incidents import IncidentRow
from data.placing import NotYourDesk, place_incident, unplaced
from data.store import StoreUnavailable
from pages import _session
from pages._desk import Desk, at_desk, take_desk
from pages._format import ago, count
from pages._html import empty, heading, note, plain
from pages._messages import words
from pages._picked import CHOICE, Choice, forget
from pages._where import draw_where
from rules.access import OutsideScope

QUEUE: Final = "queue"
LAY: Final = "lay"
CHOSEN: Final = "placing_chosen"
SAID: Final = "placing_said"
TEACH: Final = "placing_teach"
LONGEST: Final = 60


def _choose(number: str) -> None:
    _session.keep(CHOSEN, number)
    _session.taken(SAID)
    forget()
    st.rerun()


def _save(row: IncidentRow) -> None:
    """Lay the report where it was pointed at, and remember what the place is called."""
    desk = take_desk()
    choice: Choice | None = _session.kept(CHOICE)
    if desk is None:
        return
    if choice is None:
        _session.keep(SAID, desk.t("Choose a place first."))
        st.rerun([LAY])
        return
    try:
        place_incident(
            desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
            number=row.number, version=row.version, spot=choice.spot,
            teach=str(_session.widget(f"{TEACH}_{row.id}") or "") or None, now=clock.now(),
        )  # fmt: skip
    except (
        OutsideScope, NotYourDesk, StaleSave, NothingToTeach, StoreUnavailable,
    ) as error:  # fmt: skip
        _session.keep(SAID, words(error, desk.t))
        st.rerun([LAY])
        return
    _session.keep(SAID, desk.t("Placed: {title}").format(title=row.title))
    _session.taken(CHOSEN)
    forget()
    st.rerun()


def _draw_queue(desk: Desk, rows: list[IncidentRow]) -> None:
    t = desk.t
    st.html(heading(t("Reports without a place"), t("{n} in all").format(n=count(len(rows)))))
    with st.container(key="queue"):
        for row in rows:
            told = " · ".join(filter(None, (row.address, ago(row.reported_at, desk.now, t))))
            st.button(
                f"{plain(row.title)}  \n:small[{plain(told)}]", key=f"place_{row.id}",
                on_click=_choose, args=(row.number,), width="stretch",
                type="primary" if row.number == _session.kept(CHOSEN) else "secondary",
            )  # fmt: skip


@st.fragment(key=LAY)
@at_desk
def draw_lay(desk: Desk, row: IncidentRow) -> None:
    """Draw what is remembered of the place, and the button that lays the report there."""
    t = desk.t
    st.text_input(
        t("Remember these words for the place (empty: do not)"), value=row.address[:LONGEST],
        key=f"{TEACH}_{row.id}", max_chars=LONGEST,
    )  # fmt: skip
    said = _session.kept(SAID)
    if said:
        st.html(note(said))
    st.button(
        t("Place it here"), key="lay", type="primary", width="stretch",
        icon=":material/pin_drop:", on_click=_save, args=(row,),
    )  # fmt: skip


@at_desk
def draw_page(desk: Desk) -> None:
    """Draw the queue, and beside it the place of the one that was chosen."""
    t = desk.t
    rows = unplaced(desk.store, desk.picture, scope=desk.scope, now=desk.now)
    row = next((r for r in rows if r.number == _session.kept(CHOSEN)), None)
    with st.container(key="grid"):
        left, right = st.columns([40, 60], gap="medium")
        with left:
            _draw_queue(desk, rows)
            said = _session.kept(SAID) if row is None else None
            if said:
                st.html(note(said))
            if not rows:
                st.html(empty(t("Every open report has its place.")))
        with right:
            if row is not None:
                st.html(heading(row.title, row.number))
                draw_where(row.number, "address", row.address, [LAY])
                draw_lay(row)
            elif rows:
                st.html(note(t("Choose a report from the list to place it.")))


draw_page()
