"""The frame around every page: who is signed in, where one can go, and the page itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import streamlit as st
from markupsafe import Markup
from streamlit.navigation.page import Page

from data.store import StoreUnavailable, get_meta
from pages import _session
from pages._bell import draw_bell
from pages._draft import FIELD, HANDLING
from pages._gate import Visitor
from pages._house import house
from pages._html import badge, join, note, plain
from pages._text import LOCALE_NAMES, LOCALES, Translate, later, pick, texts
from rules.access import ASSESSMENT, LABELS, Role
from rules.boundary_plan import READERS
from rules.casework import DESK_ROLES

FOLDER: Final = Path(__file__).parent
EVERYBODY: Final = frozenset(Role)


@dataclass(frozen=True)
class Entry:
    """One page: its file, its title and path, the roles it exists for, and where its link is."""

    file: str
    title: str
    url_path: str
    roles: frozenset[Role] = EVERYBODY
    link: Literal["frame", "account", "none"] = "frame"


PAGES: Final[tuple[Entry, ...]] = (
    Entry("command_map.py", later("Command map"), "map"),
    Entry("my_grid.py", later("My grid"), "my-grid", FIELD),
    Entry("report.py", later("Report"), "report", HANDLING),
    Entry("dispatch.py", later("Dispatch board"), "dispatch", DESK_ROLES),
    Entry("placing.py", later("To be placed"), "placing", DESK_ROLES),
    Entry("chiefs.py", later("Building chiefs"), "chiefs", DESK_ROLES | {Role.BUILDING_CHIEF}),
    Entry("plans.py", later("Boundary plans"), "plans", READERS),
    Entry("plan.py", later("Boundary plan"), "plan", READERS, link="none"),
    Entry("legal.py", later("Legal affairs"), "legal", frozenset({Role.COMMAND, Role.LEGAL})),
    Entry("assessment.py", later("Assessment"), "assessment", ASSESSMENT),
    Entry("item.py", later("Item"), "item", link="none"),
    Entry("account.py", later("My account"), "account", link="account"),
)
"""Every page, in the order of the links."""

HOME: Final[Mapping[Role, str]] = dict.fromkeys(FIELD, "my-grid") | {
    Role.LEGAL: "legal", Role.PLANNER: "plans",
}  # fmt: skip
"""Path of the page that a role starts at; the command map where none is named."""

START: Final = "start"
"""Name of the page at the root of the server, which shows the same as the home page."""


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


def account_menu(visitor: Visitor, mine: list[Page], locale: str, t: Translate) -> None:
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
        for page in mine:
            st.page_link(page, label=plain(page.title))
        leave = Markup('<form method="post" action="/sign-out"><button>{}</button></form>')
        st.html(Markup('<div class="gm-menu">{}</div>').format(leave.format(t("Sign out"))))


def entries(role: Role | None) -> list[Entry]:
    """Give the pages of a role, its home page first; who is signed out has the first one only."""
    if role is None:
        return [PAGES[0]]
    mine = [entry for entry in PAGES if role in entry.roles]
    return sorted(mine, key=lambda entry: entry.url_path != HOME.get(role, PAGES[0].url_path))


def page_of(entry: Entry, t: Translate) -> Page:
    """Give the page of an entry at its own path."""
    return st.Page(FOLDER / entry.file, title=t(entry.title), url_path=entry.url_path)


def stray(mine: list[Entry], t: Translate) -> list[Page]:
    """Give a page for an address at which this person has none: it says so and leads back."""
    asked = _session.path()
    if not asked or "/" in asked or asked in {START, *(entry.url_path for entry in mine)}:
        return []
    words = t("There is no such page, or it is not for your role.")

    def say() -> None:
        st.html(note(words, t("To the start page"), "/"))

    return [st.Page(say, title=t("No such page"), url_path=asked)]


def run() -> None:
    """Draw the frame and the page that the URL names."""
    locale = _session.language()
    visitor = _session.visitor()
    locale = _session.language()
    t = texts(locale)
    mine = entries(visitor.actor.role if visitor else None)
    pages = {entry: page_of(entry, t) for entry in mine}
    # The home page has two addresses: its own, which means the same to everybody, and the root.
    home = st.Page(FOLDER / mine[0].file, title=t(mine[0].title), url_path=START, default=True)
    page = st.navigation([home, *pages.values(), *stray(mine, t)], position="hidden")
    st.set_page_config(page_title=f"{page.title} · {t('Grid Map')}", layout="wide")
    st.html(FOLDER / "_style.css")
    if visitor is None:
        st.html(note(t("You are signed out."), t("Sign in again"), "/sign-in"))
        return
    with st.container(key="frame", horizontal=True, vertical_alignment="center"):
        st.html(brand(t))
        with st.container(key="pages", horizontal=True, vertical_alignment="center"):
            for entry in (entry for entry in mine if entry.link == "frame"):
                shown = home if entry == mine[0] and page is home else pages[entry]
                st.page_link(shown, label=plain(shown.title))
        draw_bell()
        account_menu(visitor, [pages[e] for e in mine if e.link == "account"], locale, t)
    page.run()


run()
