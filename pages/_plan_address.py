"""What the URL of a plan's page says, and how it is put into the URL.

What is looked at lives there: the plan, the tab of the panel, the chosen grid, an older position
or a proposal that the map shows.
"""

from dataclasses import dataclass
from typing import Final, Literal, Self, get_args

import streamlit as st

from pages import _session

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
