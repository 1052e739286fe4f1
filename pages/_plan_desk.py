"""What a part of a plan's page works with: the plan on the table, what of it is looked at, by whom.

Three fragments make the page: head, map and panel. What is looked at lives in the URL: the plan,
the tab of the panel, the chosen grid, an older position or a proposal that the map shows.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Concatenate, Final, Literal, ParamSpec, Self, get_args

import streamlit as st

from data.plan_offers import UnknownOffer, as_offered
from data.plan_rows import Plan
from data.plan_sheet import Sheet
from data.plans import sheet
from data.store import StoreUnavailable
from pages import _session
from pages._desk import Desk, take_desk
from pages._html import note
from pages._messages import words
from pages._text import Translate
from rules.access import OutsideScope
from rules.boundary_plan import EDITABLE, PLANNERS
from rules.plan_log import UnknownPosition

log = logging.getLogger(__name__)

PLAN_HEAD: Final = "plan_head"
PLAN_MAP: Final = "plan_map"
PLAN_PANEL: Final = "plan_panel"
PLAN_PARTS: Final = (PLAN_HEAD, PLAN_MAP, PLAN_PANEL)
"""Keys of the fragments, for ``st.rerun``."""

Tab = Literal["grids", "totals", "propose", "checks", "moves", "history"]
TABS: Final[tuple[Tab, ...]] = get_args(Tab)
MOST_DIGITS: Final = 12


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


@dataclass(frozen=True)
class PlanAddress:
    """What the URL of a plan's page says, not yet looked up.

    ``seq`` is an older position to look at, ``proposal`` the key of a proposal.
    """

    plan: int = 0
    tab: Tab = "grids"
    grid: str = ""
    seq: int | None = None
    proposal: str = ""

    @classmethod
    def from_query(cls, query: dict[str, str]) -> Self:
        """Read the URL's parameters; unknown names and values are ignored."""
        return cls(
            plan=_number(query.get("plan", "")) or 0,
            tab=next((tab for tab in TABS if tab == query.get("tab")), "grids"),
            grid=query.get("grid", "")[: MOST_DIGITS + 1],
            seq=_number(query.get("seq", "")),
            proposal=query.get("proposal", "")[:64],
        )

    def to_query(self) -> dict[str, str]:
        """Give the parameters that differ from the default, in a fixed order."""
        found = {
            "plan": str(self.plan) if self.plan else "",
            "tab": self.tab if self.tab != "grids" else "",
            "grid": self.grid,
            "seq": "" if self.seq is None else str(self.seq),
            "proposal": self.proposal,
        }
        return {name: value for name, value in found.items() if value}


def plan_here() -> PlanAddress:
    """Give the address of this moment, for callbacks."""
    return PlanAddress.from_query(_session.query())


def look_at(address: PlanAddress, *parts: str) -> None:
    """Move the page to ``address`` from a widget's callback and redraw only these parts."""
    _session.go(address.to_query())
    st.rerun(list(parts or PLAN_PARTS))


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
            return Bench(desk, address, found, as_offered(found, address.proposal))
        if address.seq is not None:
            shown = sheet(desk.store, desk.picture, **asked, seq=address.seq)
            return Bench(desk, address, found, shown)
    except (UnknownOffer, UnknownPosition):
        address = replace(address, seq=None, proposal="")
    return Bench(desk, address, found, found)


Given = ParamSpec("Given")


def at_plan(draw: Callable[Concatenate[Bench, Given], None]) -> Callable[Given, None]:
    """Give a part of the page that takes the plan of the URL and answers in words without it."""

    @wraps(draw)
    def drawn(*args: Given.args, **more: Given.kwargs) -> None:
        desk = take_desk()
        if desk is None:
            return
        try:
            draw(take_bench(desk), *args, **more)
        except (StoreUnavailable, OutsideScope) as error:
            log.info("%s: %s", draw.__name__, error)
            st.html(note(words(error, desk.t), desk.t("Boundary plans"), "/plans"))

    return drawn
