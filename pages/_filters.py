"""The filter bar: what is shown, coloured how, and since when; all of it kept in the URL."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import streamlit as st

from pages import _session, _words
from pages._address import CLASSINGS, Address
from pages._desk import FIGURES as FIGURES_PART
from pages._desk import FILTERS, MAP, PANEL, Desk, at_desk, goes, here
from pages._html import plain
from pages._text import Translate, later
from rules.deadlines import CHINA
from rules.figures import FIGURES
from rules.filters import DAYS, FIRST_YEAR, MAX_TEXT, STATUSES, IncidentFilter
from rules.kinds import KINDS, SERVICES, SEVERITIES, SOURCES, Severity
from rules.levels import Level
from rules.lifecycle import State, is_open

ALL_TIME: Final = 0
YEARS: Final = 5
"""Calendar years on offer, the present one included."""

STATUS_NAMES: Final = {"open": later("Open"), "closed": later("Closed"), "all": later("All")}
CLASSING_NAMES: Final = {"quantiles": later("Quantiles"), "equal": later("Equal steps")}


def states_for(status: str) -> tuple[State, ...]:
    """States that a coarse status leaves to choose from."""
    return tuple(s for s in State if status == "all" or is_open(s) == (status == "open"))


def periods(now: datetime, *also: int | None) -> list[int]:
    """Give the windows on offer: all time, numbers of days, and the last calendar years."""
    this = now.astimezone(CHINA).year
    years = {*range(this, this - YEARS, -1), *filter(None, also)}
    return [ALL_TIME, *DAYS, *sorted(years, reverse=True)]


def period_words(period: int, t: Translate) -> str:
    """Name a window: a number of days before now, or a calendar year."""
    if period >= FIRST_YEAR:
        return t("Year {n}").format(n=period)
    return t("Last {n} days").format(n=period) if period else t("Any time")


def _choice(name: str, fallback: Any) -> Any:
    value = _session.widget(name)
    return fallback if value is None else value


def _changed() -> None:
    """Read every control and move to the address that they say."""
    status = _choice("f_status", "open")
    period = _choice("f_days", ALL_TIME)
    chosen = IncidentFilter(
        status=status,
        kinds=tuple(k for k in KINDS if k in _choice("f_kinds", [])),
        states=tuple(s for s in states_for(status) if s in _choice("f_states", [])),
        sources=tuple(s for s in SOURCES if s in _choice("f_sources", [])),
        severities=tuple(s for s in SEVERITIES if s in _choice("f_severities", [])),
        days=period if period in DAYS else None,
        year=period if period >= FIRST_YEAR else None,
        overdue=bool(_choice("f_overdue", False)),
        unassigned=bool(_choice("f_unassigned", False)),
        text=str(_choice("f_text", "")).strip()[:MAX_TEXT],
        services=tuple(s for s in SERVICES if s in _choice("f_services", [])),
        subkinds=here().filter.subkinds,
    )
    address = Address.from_query(
        here().filtered(chosen).to_query()
        | {
            "figure": _choice("m_figure", ""),
            "classing": _choice("m_classing", ""),
        }
    )
    goes(address, FILTERS, FIGURES_PART, MAP, PANEL)


def _level_changed(own: Level) -> None:
    """Draw another level; the level of the area's own parts needs no word in the URL."""
    chosen = Level(_choice("m_level", own))
    goes(replace(here(), level=None if chosen == own else chosen), FILTERS, MAP)


def _without(part: str, value: Any) -> None:
    """Take one active filter away."""
    address = here()
    now: Any = getattr(address.filter, part)
    left: Any = tuple(v for v in now if v != value) if isinstance(now, tuple) else value
    goes(
        address.filtered(replace(address.filter, **{part: left})),
        FILTERS, FIGURES_PART, MAP, PANEL,
    )  # fmt: skip


def _reset() -> None:
    goes(here().filtered(IncidentFilter()), FILTERS, FIGURES_PART, MAP, PANEL)


def active(chosen: IncidentFilter, locale: str, t: Translate) -> list[tuple[str, str, Any]]:
    """Give what restricts beyond the coarse choices: words, field, value that takes it away."""
    found: list[tuple[str, str, Any]] = []
    found += [(_words.kind_name(k, locale), "kinds", k) for k in chosen.kinds]
    found += [(_words.state_name(s, locale), "states", s) for s in chosen.states]
    found += [(_words.severity_name(s, locale), "severities", s) for s in chosen.severities]
    found += [(_words.source_name(s, locale), "sources", s) for s in chosen.sources]
    found += [(_words.service_name(s, locale), "services", s) for s in chosen.services]
    found += [(_words.subkind_name("", s, locale), "subkinds", s) for s in chosen.subkinds]
    if chosen.overdue:
        found.append((t("Overdue only"), "overdue", False))
    if chosen.unassigned:
        found.append((t("Not assigned"), "unassigned", False))
    if chosen.text:
        found.append((t("“{text}”").format(text=chosen.text), "text", ""))
    return found


def _pills(
    label: str, key: str, options: Sequence[Any], chosen: Sequence[Any], name: Callable[[Any], str]
) -> None:
    _session.keep_widget(key, list(chosen))
    st.pills(
        label, options, selection_mode="multi", key=key, on_change=_changed, wrap=True,
        format_func=lambda option: plain(name(option)),
    )  # fmt: skip


def _select(
    label: str, key: str, options: Sequence[Any], chosen: Any, name: Callable[[Any], str]
) -> None:
    _session.keep_widget(key, chosen)
    st.selectbox(
        label, options, key=key, on_change=_changed, format_func=name, filter_mode=None,
        label_visibility="collapsed",
    )  # fmt: skip


def _more(desk: Desk) -> None:
    """Draw the popover with the finer choices."""
    t, locale, chosen = desk.t, desk.locale, desk.address.filter
    _pills(t("Kind"), "f_kinds", list(KINDS), chosen.kinds,
           lambda k: _words.kind_name(k, locale))  # fmt: skip
    states = states_for(chosen.status)
    _pills(t("State"), "f_states", states, [s for s in chosen.states if s in states],
           lambda s: _words.state_name(s, locale))  # fmt: skip
    _pills(t("Severity"), "f_severities", list(SEVERITIES), chosen.severities,
           lambda s: _words.severity_name(Severity(s), locale))  # fmt: skip
    _pills(t("Service"), "f_services", list(SERVICES), chosen.services,
           lambda s: _words.service_name(s, locale))  # fmt: skip
    _pills(t("Source"), "f_sources", list(SOURCES), chosen.sources,
           lambda s: _words.source_name(s, locale))  # fmt: skip
    with st.container(horizontal=True):
        for key, label, value in (
            ("f_overdue", t("Overdue only"), chosen.overdue),
            ("f_unassigned", t("Not assigned"), chosen.unassigned),
        ):
            _session.keep_widget(key, value)
            st.toggle(label, key=key, on_change=_changed)
    _session.keep_widget("m_classing", desk.address.classing)
    st.segmented_control(
        t("Classes of the map"), CLASSINGS, key="m_classing", on_change=_changed, required=True,
        format_func=lambda key: t(CLASSING_NAMES[key]),
    )  # fmt: skip


def _how(desk: Desk) -> None:
    """Draw what the areas are coloured by, at which level, in which classes."""
    t, locale, address = desk.t, desk.locale, desk.address
    colour, level_words = t("Colour: {figure}"), t("Level: {level}")
    _select(t("Colour by"), "m_figure", list(FIGURES), address.figure,
            lambda key: colour.format(figure=_words.figure_name(key, locale)))  # fmt: skip
    levels = desk.place.levels or (desk.place.at.level,)
    _session.keep_widget("m_level", desk.place.level or levels[0])
    st.selectbox(
        t("Level"), levels, key="m_level", on_change=_level_changed, args=(levels[0],),
        format_func=lambda n: level_words.format(level=_words.level_name(Level(n), locale)),
        filter_mode=None,
        label_visibility="collapsed",
    )  # fmt: skip


def _chips(desk: Desk) -> None:
    found = active(desk.address.filter, desk.locale, desk.t)
    for words, part, value in found:
        st.button(
            plain(words), key=f"chip_{part}_{value}_{words}", icon=":material/close:",
            icon_position="right", on_click=_without, args=(part, value), wrap=False,
        )  # fmt: skip
    if found or desk.address.filter != IncidentFilter():
        st.button(desk.t("Reset"), key="f_reset", type="tertiary", on_click=_reset)


@st.fragment(key=FILTERS)
@at_desk
def draw_filters(desk: Desk) -> None:
    """Draw the bar."""
    t, chosen = desk.t, desk.address.filter
    with st.container(key="filters", horizontal=True, vertical_alignment="center", wrap=False):
        _session.keep_widget("f_status", chosen.status)
        st.segmented_control(
            t("Status"), STATUSES, key="f_status", on_change=_changed, required=True,
            format_func=lambda key: t(STATUS_NAMES[key]), label_visibility="collapsed",
        )  # fmt: skip
        _select(t("Reported within"), "f_days", periods(desk.now, chosen.year),
                chosen.year or chosen.days or ALL_TIME, lambda n: period_words(n, t))  # fmt: skip
        _session.keep_widget("f_text", chosen.text)
        st.text_input(
            t("Text"), key="f_text", max_chars=MAX_TEXT, on_change=_changed, type="search",
            placeholder=t("Number, title, address"), label_visibility="collapsed",
        )  # fmt: skip
        with st.popover(t("More filters"), key="more", icon=":material/tune:"):
            _more(desk)
        with st.container(key="chips", horizontal=True, vertical_alignment="center", wrap=False):
            _chips(desk)
        with st.container(key="how", horizontal=True, vertical_alignment="center", wrap=False):
            _how(desk)
