"""Same problem near here? Asked before a report is filed, so that it is not filed twice."""

from typing import Final

import streamlit as st

from data.nearby import Similar, similar_incidents
from pages import _words
from pages._desk import Desk
from pages._draft import Draft
from pages._format import ago, count
from pages._html import heading, plain
from pages._picked import Picked
from pages._text import Translate, later

LIKELY: Final = 0.5
"""Score from which something near by is shown."""
SPEAKING: Final = frozenset({"kind", "title"})
"""Being in the same building alone makes nothing the same problem."""

REASONS: Final = {
    "building": later("the same building"),
    "kind": later("the same kind"),
    "subkind": later("the same sub-kind"),
    "title": later("like words"),
    "open": later("still open"),
}


def reason_words(one: Similar, t: Translate) -> str:
    """Say why it may be the same."""
    away = t("{n} m away").format(n=count(one.metres))
    return t(", ").join([away, *(t(REASONS[key]) for key in one.reasons if key in REASONS)])


def draw_duplicates(desk: Desk, draft: Draft, found: Picked) -> None:
    """Draw what may be the same problem, each with a way to its own page; nothing if there is."""
    t = desk.t
    near = similar_incidents(
        desk.store, desk.picture, scope=desk.scope, kind=draft.kind, subkind=draft.subkind,
        lon=found.lon, lat=found.lat, title=draft.title, now=desk.now,
        building_id=found.choice.spot.building_id, limit=3,
    )  # fmt: skip
    likely = [one for one in near if one.score >= LIKELY and SPEAKING & set(one.reasons)]
    if not likely:
        return
    with st.container(key="duplicates"):
        st.html(heading(t("Same problem near here?")))
        for one in likely:
            told = " · ".join((
                _words.state_name(one.row.state, desk.locale), reason_words(one, t),
                ago(one.row.reported_at, desk.now, t),
            ))  # fmt: skip
            st.page_link(
                "item.py", label=f"{plain(one.row.title)}  \n:small[{plain(told)}]",
                query_params={"incident": one.row.number},
            )  # fmt: skip
