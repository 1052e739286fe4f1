"""What a part of the map page works with in one run: who, where, when, in which words."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Concatenate, Final, ParamSpec

import streamlit as st

from data import clock
from data.areas import Area, AreaTree
from data.picture import Picture
from data.store import Store, StoreUnavailable
from layers.desk import still
from pages import _session
from pages._address import Address
from pages._gate import Visitor
from pages._house import house
from pages._html import note
from pages._messages import words
from pages._text import Translate, texts
from rules.access import OutsideScope, Scope
from rules.filters import View
from rules.levels import Level

log = logging.getLogger(__name__)

MAP: Final = "map"
PANEL: Final = "panel"
FIGURES: Final = "figures"
FILTERS: Final = "filters"
TRAIL: Final = "trail"
ALL: Final = (MAP, TRAIL, FILTERS, FIGURES, PANEL)
"""Keys of the fragments, for ``st.rerun``."""


class NoAreas(LookupError):
    """The record holds no area that this account could look at."""


@dataclass(frozen=True)
class Place:
    """Where the page is: the area drawn, the area selected, and the levels on offer."""

    at: Area
    area: Area
    root: Area
    levels: tuple[Level, ...]
    level: Level | None
    lost: bool

    def view(self, address: Address) -> View:
        """Give the view of the map that belongs to this place."""
        return View(
            area_id=self.at.id, level=self.level, figure=address.figure,
            classing=address.classing, filter=address.filter,
        )  # fmt: skip


def find_place(tree: AreaTree, scope: Scope, address: Address) -> Place:
    """Look up the codes of the URL; what the scope does not hold becomes the scope's own area.

    For a grid that a boundary plan closed its heir stands, so that a bookmark leads on. ``lost``
    says that something asked for is not there, without saying whether it exists.

    Raises
    ------
    NoAreas
        If the scope's own area is not in the record.
    """
    if scope.area_id not in tree:
        raise NoAreas
    root = tree.get(scope.area_id)

    def seen(code: str) -> Area | None:
        found = tree.standing(code) if code else None
        return found if found and tree.covers(root.id, found.id) else None

    at = seen(address.at) or root
    area = seen(address.area) or at
    lost = bool((address.at and not seen(address.at)) or (address.area and not seen(address.area)))
    first, last = tree.range(at.id)
    below = sorted({Level(int(n)) for n in tree.level[first + 1 : last]})
    level = address.level if address.level in below[1:] else None
    return Place(at, area, root, tuple(below), level, lost)


@dataclass(frozen=True)
class Desk:
    """Everything that a fragment needs to draw itself."""

    visitor: Visitor
    store: Store
    picture: Picture
    now: datetime
    locale: str
    t: Translate
    address: Address
    place: Place
    stale: StoreUnavailable | None = None

    @property
    def scope(self) -> Scope:
        """What the actor may see."""
        return self.visitor.grid_scope

    @property
    def view(self) -> View:
        """The view that the map shows."""
        return self.place.view(self.address)


def _picture(now: datetime) -> tuple[Picture, StoreUnavailable | None]:
    pictures = house().pictures
    try:
        return pictures.current(now), None
    except StoreUnavailable as error:
        last = pictures.last()
        if last is None:
            raise
        return last, error


def take_desk() -> Desk | None:
    """Set the desk for one run, or say in words why there is none and what to do next."""
    t = texts(_session.language())
    visitor = _session.visitor()
    if visitor is None:
        st.html(note(t("You are signed out."), t("Sign in again"), "/sign-in"))
        return None
    # The map's figures stand still for some seconds; the page shows the same ones.
    now = still(clock.now())
    address = Address.from_query(_session.query())
    try:
        picture, stale = _picture(now)
        place = find_place(picture.tree, visitor.grid_scope, address)
    except StoreUnavailable as error:
        st.html(note(words(error, t), t("Try again"), "/"))
        return None
    except NoAreas:
        st.html(note(t("There are no areas yet. An administrator can import boundaries.")))
        return None
    return Desk(visitor, house().store, picture, now, _session.language(), t, address, place, stale)


Given = ParamSpec("Given")


def at_desk(draw: Callable[Concatenate[Desk, Given], None]) -> Callable[Given, None]:
    """Give a part of the page that sets its own desk and answers broken rules in words."""

    @wraps(draw)
    def drawn(*args: Given.args, **more: Given.kwargs) -> None:
        desk = take_desk()
        if desk is None:
            return
        try:
            draw(desk, *args, **more)
        except (StoreUnavailable, OutsideScope) as error:
            log.info("%s: %s", draw.__name__, error)
            st.html(note(words(error, desk.t)))

    return drawn


def goes(address: Address, *parts: str) -> None:
    """Move the page to ``address`` from a widget's callback and redraw only these parts."""
    _session.go(address.to_query())
    st.rerun(list(parts or ALL))


def here() -> Address:
    """Give the address of this moment, for callbacks."""
    return Address.from_query(_session.query())


def with_figure(figure: str) -> Address:
    """Give the present address with another figure."""
    return replace(here(), figure=figure)
