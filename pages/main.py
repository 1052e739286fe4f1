"""The frame around every page: who is signed in, where one can go, and the page itself."""

from pathlib import Path
from typing import Final

import streamlit as st
from markupsafe import Markup
from streamlit.navigation.page import Page

from data.store import StoreUnavailable, get_meta
from pages import _session
from pages._gate import Visitor
from pages._house import house
from pages._html import badge, join, note, plain
from pages._text import LOCALE_NAMES, LOCALES, Translate, pick, texts
from rules.access import LABELS

FOLDER: Final = Path(__file__).parent


@st.cache_data(ttl=60, show_spinner=False)
def district(store_url: str) -> tuple[str, bool]:  # noqa: ARG001 - one answer per store
    """Name of the district and whether its record is synthetic."""
    with house().store.read() as conn:
        return get_meta(conn, "district_name") or "", get_meta(conn, "demo") == "1"


def brand(t: Translate) -> Markup:
    """Give the head of the screen: mark, district, and the label of demo data."""
    try:
        name, demo = district(house().settings.database_url)
    except StoreUnavailable:
        name, demo = "", False
    mark = Markup('<span class="gm-mark" aria-hidden="true">{}</span>').format(
        Markup("<i></i>") * 9
    )
    title = Markup("<b>{}</b><span>{}</span>").format(
        name or t("Grid Map"), t("Grid Map") if name else ""
    )
    label = badge(t("Demo data"), "warn") if demo else Markup("")
    return Markup('<div class="gm-brand">{}<div>{}</div>{}</div>').format(mark, title, label)


def account_menu(visitor: Visitor, mine: Page, locale: str, t: Translate) -> None:
    """Draw the menu of the person signed in: language, account, sign-out."""
    actor = visitor.actor
    with st.popover(plain(actor.name), key="account", type="tertiary", icon=":material/person:"):
        role = pick(LABELS[actor.role], locale)
        links = join(
            Markup('<a href="/language?to={}"{}>{}</a>').format(
                key, Markup(' aria-current="true"') if key == locale else "", LOCALE_NAMES[key]
            )
            for key in LOCALES
        )
        head = Markup("<b>{}</b><span>{} · {}</span>").format(actor.name, role, actor.login)
        languages = Markup('<nav class="gm-langs">{}</nav>').format(links)
        st.html(Markup('<div class="gm-menu">{}{}</div>').format(head, languages))
        st.page_link(mine, label=plain(mine.title))
        leave = Markup('<form method="post" action="/sign-out"><button>{}</button></form>')
        st.html(Markup('<div class="gm-menu">{}</div>').format(leave.format(t("Sign out"))))


def run() -> None:
    """Draw the frame and the page that the URL names."""
    locale = _session.language()
    visitor = _session.visitor()
    locale = _session.language()
    t = texts(locale)
    pages = [
        st.Page(
            FOLDER / "command_map.py", title=t("Command map"), url_path="map", default=True,
        ),
        st.Page(FOLDER / "account.py", title=t("My account"), url_path="account"),
    ]  # fmt: skip
    page = st.navigation(pages, position="hidden")
    st.set_page_config(page_title=f"{page.title} · {t('Grid Map')}", layout="wide")
    st.html(FOLDER / "_style.css")
    if visitor is None:
        st.html(note(t("You are signed out."), t("Sign in again"), "/sign-in"))
        return
    with st.container(key="frame", horizontal=True, vertical_alignment="center"):
        st.html(brand(t))
        for entry in pages[:1]:
            st.page_link(entry, label=plain(entry.title))
        account_menu(visitor, pages[1], locale, t)
    page.run()


run()
