"""What happened last in the selected area."""

import streamlit as st
from markupsafe import Markup

from data.activity import Happening, latest
from pages import _words
from pages._desk import Desk
from pages._format import date_time
from pages._html import badge, empty, heading, join


def happening(found: Happening, desk: Desk) -> Markup:
    """Give one line of what happened."""
    new = found.step == "reported"
    words = desk.t("reported") if new else desk.t("resolved")
    return Markup("<li><time>{}</time><p>{} {}<br><small>{} · {}</small></p></li>").format(
        date_time(found.at, desk.now), badge(words, "plain" if new else "good"), found.row.title,
        _words.kind_name(found.row.kind, desk.locale), found.row.area_name,
    )  # fmt: skip


def draw_latest(desk: Desk) -> None:
    """Draw what happened last."""
    found = latest(
        desk.store, desk.picture, scope=desk.scope, area_id=desk.place.area.id,
        filter=desk.address.filter, now=desk.now,
    )  # fmt: skip
    st.html(heading(desk.t("Latest events")))
    if not found:
        st.html(empty(desk.t("Nothing has happened yet.")))
        return
    lines = join(happening(one, desk) for one in found)
    st.html(Markup('<ul class="gm-events">{}</ul>').format(lines))
