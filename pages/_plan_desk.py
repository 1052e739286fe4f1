"""What a part of a plan's page works with: the plan on the table, what of it is looked at, by whom.

Three fragments make the page: head, map and panel (:mod:`pages._plan_address`).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import streamlit as st

from data.plan_offers import UnknownOffer, as_offered
from data.plan_rows import Plan
from data.plan_sheet import Sheet
from data.plans import sheet
from data.store import StoreUnavailable
from pages._desk import Desk, take_desk
from pages._html import note
from pages._messages import words
from pages._plan_address import PlanAddress, plan_here
from pages._text import Translate
from rules.access import OutsideScope
from rules.boundary_plan import EDITABLE, PLANNERS
from rules.plan_log import UnknownPosition

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bench:
    """A plan on the table: as it stands, and as it is looked at (of before, or as proposed)."""

    desk: Desk
    address: PlanAddress
    sheet: Sheet
    shown: Sheet

    @property
    def t(self) -> Translate:
        """The words of the screen."""
        return self.desk.t

    @property
    def plan(self) -> Plan:
        """The plan's row."""
        return self.sheet.plan

    @property
    def stand(self) -> tuple[int, int]:
        """Number and version of the plan, for callbacks: what they were when it was drawn."""
        return self.plan.id, self.plan.version

    @property
    def drawable(self) -> bool:
        """Whether whoever looks may redraw the plan now."""
        return self.plan.state in EDITABLE and self.desk.visitor.actor.role in PLANNERS

    def name(self, label: str) -> str:
        """Name of a grid, also of one that the plan dissolves, without the community's own name."""
        marks = {**self.shown.start.marks, **self.sheet.state.marks, **self.shown.state.marks}
        name = marks[label].name if label in marks else label
        return name.removeprefix(self.desk.picture.tree.get(self.plan.area_id).name) or name


def take_bench(desk: Desk) -> Bench:
    """Put the plan of the URL on the table.

    Raises
    ------
    OutsideScope
        If there is no such plan, or it is not for whoever asks.
    """
    address = plan_here()
    asked: dict[str, Any] = {
        "scope": desk.scope,
        "actor": desk.visitor.actor,
        "plan_id": address.plan,
    }
    found = sheet(desk.store, desk.picture, **asked)
    try:
        if address.proposal:
            return _laid(desk, address, found, as_offered(found, address.proposal))
        if address.seq is not None:
            shown = sheet(desk.store, desk.picture, **asked, seq=address.seq)
            return _laid(desk, address, found, shown)
    except (UnknownOffer, UnknownPosition):
        address = replace(address, seq=None, proposal="")
    return _laid(desk, address, found, found)


def _laid(desk: Desk, address: PlanAddress, found: Sheet, shown: Sheet) -> Bench:
    """Give the bench; a grid that the plan never had is not looked at."""
    known = {*found.start.marks, *found.state.marks, *shown.state.marks}
    grid = address.grid if address.grid in known else ""
    return Bench(desk, replace(address, grid=grid), found, shown)


Given = ParamSpec("Given")
Draw = Callable[Concatenate[Bench, Given], None]
Drawn = Callable[Given, None]


def _at_bench(draw: Draw[Given], silent: type[Exception] | tuple[()]) -> Drawn[Given]:
    """Give a part of the page that takes the plan of the URL; ``silent`` errors leave it empty."""

    @wraps(draw)
    def drawn(*args: Given.args, **more: Given.kwargs) -> None:
        desk = take_desk()
        if desk is None:
            return
        try:
            draw(take_bench(desk), *args, **more)
        except silent:
            return
        except (StoreUnavailable, OutsideScope) as error:
            log.info("%s: %s", draw.__name__, error)
            st.html(note(words(error, desk.t), desk.t("Boundary plans"), "/plans"))

    return drawn


def at_plan(draw: Draw[Given]) -> Drawn[Given]:
    """Give a part of the page that takes the plan of the URL; that there is none, the head says."""
    return _at_bench(draw, OutsideScope)


def heads_plan(draw: Draw[Given]) -> Drawn[Given]:
    """Give the part of the page that says so when the URL names no plan to be seen."""
    return _at_bench(draw, ())
