"""The places that an address may mean: ranked, with reasons, none taken silently unless sure."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from data.geocoder.candidate import Candidate
from data.geocoder.geocoder import geocode
from pages import _session
from pages._desk import Desk
from pages._html import note, plain
from pages._picked import ADDRESS, ASKED, CHOICE, Picked, choose, of_candidate
from pages._text import Translate, later

MOST: Final = 6
LONGEST: Final = 120
CANDIDATES: Final = "where_candidates"
RADIO: Final = "where_radio"

REASONS: Final = {
    "alias": later("a name that was taught"),
    "estate": later("the estate fits"),
    "name": later("the name fits"),
    "village": later("the village fits"),
    "road": later("the road fits"),
    "road_number": later("the house number fits"),
    "group": later("the group fits"),
    "building_number": later("the building number fits"),
    "area": later("the area fits"),
    "typo": later("spelt differently"),
    "partial": later("only a part of the name"),
    "number_missing": later("no building number given"),
    "number_unknown": later("this building number is not in the register"),
    "road_number_differs": later("the house number differs"),
    "group_differs": later("the group differs"),
    "area_differs": later("the area differs"),
    "unexplained": later("some words are left over"),
}
KINDS: Final = {
    "building": later("Building"),
    "estate": later("Estate"),
    "road": later("Road"),
    "area": later("Area"),
}


def caption(candidate: Candidate, t: Translate) -> str:
    """Say what kind of place a candidate is, how well it fits and why."""
    reasons = t(", ").join(t(REASONS[key]) for key in candidate.reasons if key in REASONS)
    fit = t("fits {n} %").format(n=round(100 * candidate.score))
    return " · ".join(filter(None, (t(KINDS[candidate.kind]), fit, reasons)))


def take_candidate(index: int) -> None:
    """Pick one of the candidates that are shown."""
    found: Sequence[Candidate] = _session.kept(CANDIDATES) or ()
    if index < len(found):
        choose(of_candidate(found[index]))


def _taken(after: Sequence[str]) -> None:
    index = _session.widget(RADIO)
    if index is not None:
        take_candidate(int(index))
    st.rerun(list(after))


def spots_of(found: Picked | None) -> tuple[tuple[tuple[float, float], ...], int]:
    """Give the candidates for the map, and which of them is picked (-1: none)."""
    shown: Sequence[Candidate] = _session.kept(CANDIDATES) or ()
    return tuple((c.lon, c.lat) for c in shown), _index(shown, found and found.choice)


def _index(shown: Sequence[Candidate], choice: object) -> int:
    return next((i for i, c in enumerate(shown) if of_candidate(c) == choice), -1)


def _asked(key: str, after: Sequence[str]) -> None:
    choose(None)
    _session.keep(ADDRESS, str(_session.widget(key) or "").strip())
    st.rerun(list(after))


def draw_candidates(desk: Desk, subject: str, text: str, *, after: Sequence[str]) -> None:
    """Draw the address field and what it may mean; only what is surely meant is picked."""
    t, key = desk.t, f"where_address_{subject}"
    if _session.kept(ADDRESS) is None:
        _session.keep(ADDRESS, text)
    st.text_input(
        t("Address"), value=text, key=key, max_chars=LONGEST, on_change=_asked,
        args=(key, after),
        placeholder=t("Road and number, estate and building, or what people call it"),
    )  # fmt: skip
    asked = _session.kept(ADDRESS)
    if not asked:
        _session.keep(CANDIDATES, ())
        return
    found = geocode(desk.picture, desk.store, scope=desk.scope, text=asked, limit=MOST)
    _session.keep(CANDIDATES, found.candidates)
    if _session.kept(ASKED) != (subject, asked):
        _session.keep(ASKED, (subject, asked))
        if found.accepted is not None:
            choose(of_candidate(found.accepted))
    if not found.candidates:
        st.html(note(t("Nothing in the register is called so. Tap on the map if you know where.")))
        return
    if found.accepted is None:
        st.html(note(t("Not clear enough to choose by itself. Which one is meant?")))
    index = _index(found.candidates, _session.kept(CHOICE))
    _session.keep_widget(RADIO, index if index >= 0 else None)
    st.radio(
        t("Possible places"), list(range(len(found.candidates))), key=RADIO, index=None,
        format_func=lambda i: plain(f"{i + 1}  {found.candidates[i].text}"),
        captions=[plain(caption(c, t)) for c in found.candidates],
        on_change=_taken, args=(after,),
    )  # fmt: skip
