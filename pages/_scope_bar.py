"""The bar above a service's page: which area, and over which time; both kept in the URL."""

from datetime import UTC, datetime
from typing import Final

import streamlit as st

from data.periods import window_start, year_of
from pages import _session
from pages._address import Address
from pages._desk import Desk
from pages._filters import period_words, periods
from pages._text import Translate
from rules.filters import DAYS, FIRST_YEAR, IncidentFilter
from rules.levels import Level

USUAL_DAYS: Final = 30
OWN: Final = ("at", "days", "year")
"""Parameters of the URL that the bar owns; a page's own stay as they are."""


def period_of_url(address: Address) -> int:
    """Give the time that the URL asks for: a calendar year, or a number of days before now."""
    return address.filter.year or address.filter.days or USUAL_DAYS


def window_of(address: Address, now: datetime) -> tuple[datetime, datetime]:
    """Give begin and end of the time that the URL asks for."""
    period = period_of_url(address)
    if period >= FIRST_YEAR:
        year = year_of(period)
        return datetime.fromtimestamp(year.since, UTC), datetime.fromtimestamp(year.until, UTC)
    return datetime.fromtimestamp(window_start(period, now), UTC), now


def window(desk: Desk) -> tuple[datetime, datetime]:
    """Give begin and end of the time that is shown."""
    return window_of(desk.address, desk.now)


def window_words(desk: Desk, t: Translate) -> str:
    """Name the time that is shown."""
    return period_words(period_of_url(desk.address), t)


def _go(parts: list[str]) -> None:
    period = _session.widget("s_period") or USUAL_DAYS
    chosen = IncidentFilter(
        days=period if period in DAYS and period != USUAL_DAYS else None,
        year=period if period >= FIRST_YEAR else None,
    )
    address = Address(at=_session.widget("s_area") or "", filter=chosen)
    kept = {name: value for name, value in _session.query().items() if name not in OWN}
    _session.go(address.to_query() | kept)
    st.rerun(parts)


def area_names(desk: Desk) -> dict[str, str]:
    """Name the areas to choose from by code: those of the scope above the grids."""
    tree, own = desk.picture.tree, desk.place.root
    first, last = tree.range(own.id)
    areas = [own, *(a for a in tree.areas[first + 1 : last] if a.level < Level.GRID)]
    return {
        area.code: f"{'　' * max(0, area.level - own.level)}{area.name}" for area in areas
    }  # fmt: skip


def draw_scope_bar(desk: Desk, parts: list[str]) -> None:
    """Draw the choices; ``parts`` of the page are drawn anew when one changes."""
    t, names = desk.t, area_names(desk)
    if len(names) > 1:
        at = desk.place.at.code
        _session.keep_widget("s_area", at if at in names else desk.place.root.code)
        st.selectbox(t("Area"), list(names), key="s_area", on_change=_go, args=(parts,),
                     format_func=lambda code: names.get(code, code))  # fmt: skip
    period = period_of_url(desk.address)
    _session.keep_widget("s_period", period)
    choices = [p for p in periods(desk.now, desk.address.filter.year) if p]
    st.selectbox(t("Time"), choices, key="s_period", on_change=_go, args=(parts,),
                 format_func=lambda n: period_words(n, t))  # fmt: skip
