"""The session of one browser tab: who it is, in which language, and what it remembers.

The only module that touches ``st.session_state``. What should survive a reload or be shared
belongs in the URL (``pages._address``), not here.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

from data import clock
from data.settings import Settings
from data.store import StoreUnavailable
from pages._gate import LANGUAGE_COOKIE, SESSION_COOKIE, Visitor, visitor_of
from pages._house import house
from pages._text import choose_locale

_VISITOR: Final = "_visitor"
_SEEN_AT: Final = "_seen_at"
_LOCALE: Final = "_locale"
_LAST_EVENT: Final = "_last_event"
_ABOUT: Final = "_about_"
_KEPT: Final = "_kept_"


def token() -> str | None:
    """Session cookie of the browser that opened this tab."""
    found: str | None = st.context.cookies.get(SESSION_COOKIE)
    return found


def visitor() -> Visitor | None:
    """Who is signed in right now, asked anew at every run so that a sign-out bites at once.

    While the store is away, the answer of the last run counts for as long as a session may be
    idle: the screen keeps its last picture.
    """
    now = clock.now()
    try:
        found = visitor_of(house(), token())
    except StoreUnavailable:
        seen_at = st.session_state.get(_SEEN_AT)
        idle = timedelta(minutes=house().settings.idle_minutes)
        kept: Visitor | None = st.session_state.get(_VISITOR)
        return kept if seen_at and now - seen_at < idle else None
    st.session_state[_VISITOR] = found
    st.session_state[_SEEN_AT] = now
    return found


def language() -> str:
    """Language of this tab: the switch, then the account, then the browser."""
    kept: Visitor | None = st.session_state.get(_VISITOR)
    chosen: str | None = st.session_state.get(_LOCALE)
    return choose_locale(
        chosen,
        st.context.cookies.get(LANGUAGE_COOKIE),
        kept.actor.locale if kept else None,
        st.context.locale,
    )


def keep_widget(key: str, value: Any) -> None:
    """Set a widget to ``value`` before it is drawn; leaves half-typed text alone when equal."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def widget(key: str) -> Any:
    """Value of a widget, for its callback."""
    return st.session_state.get(key)


def path() -> str:
    """Path of the address that the tab was opened at, without slashes around it."""
    return urlsplit(st.context.url or "").path.strip("/")


def origin(settings: Settings) -> str:
    """Address of the server as people reach it: as configured, else as this tab was opened."""
    opened = urlsplit(st.context.url or "")
    here = f"{opened.scheme}://{opened.netloc}" if opened.netloc else ""
    return settings.public_origin or here or f"http://{settings.host}:{settings.port}"


def query() -> dict[str, str]:
    """Parameters of the URL; of a repeated one, the last."""
    return st.query_params.to_dict()


def go(parameters: Mapping[str, str]) -> None:
    """Put new parameters into the URL: one step of the browser's history."""
    if st.query_params.to_dict() != dict(parameters):
        st.query_params.from_dict(dict(parameters))


def turn(part: str, subject: str) -> int:
    """Give 0 or 1: the other one whenever a part of the page is about something else."""
    before, side = st.session_state.get(_ABOUT + part, ("", 0))
    side = side if before == subject else 1 - side
    st.session_state[_ABOUT + part] = subject, side
    return int(side)


def last_event() -> int:
    """Give the number of the last thing heard from the map."""
    found: int = st.session_state.get(_LAST_EVENT, 0)
    return found


def remember_event(number: int) -> None:
    """Remember what has been heard from the map."""
    st.session_state[_LAST_EVENT] = number


def keep(name: str, value: Any) -> None:
    """Keep something of this tab until it is taken or the tab is closed."""
    st.session_state[_KEPT + name] = value


def kept(name: str) -> Any:
    """Give what is kept under a name; ``None`` where there is nothing."""
    return st.session_state.get(_KEPT + name)


def taken(name: str) -> Any:
    """Give what is kept under a name and forget it."""
    return st.session_state.pop(_KEPT + name, None)
