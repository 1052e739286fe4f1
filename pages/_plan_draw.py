"""What the panel does to a draft: commands carried out from a widget's callback."""

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from data import clock
from data.plan_edits import edit
from data.plan_proposals import NothingBetter
from data.plan_rows import StalePlan
from data.plan_sheet import Sheet
from data.plans import sheet
from data.store import StoreUnavailable
from geo.partition.problem import TooManyParts
from pages import _session
from pages._desk import Desk, take_desk
from pages._html import plain
from pages._messages import words
from pages._plan_address import PLAN_PARTS
from rules.access import OutsideScope
from rules.boundary_plan import NotYourPlan
from rules.plan_commands import Command
from rules.plan_edits import (
    BadBand,
    BadName,
    Locked,
    NotEditable,
    NothingMoves,
    UnknownGrid,
)
from rules.plan_log import NothingToRedo, NothingToUndo, UnknownPosition

SAID: Final = "plan_said"
STALE: Final = "plan_stale"
REFUSALS: Final = (
    NotYourPlan, NotEditable, Locked, NothingMoves, UnknownGrid, BadBand, BadName, NothingToUndo,
    NothingToRedo, UnknownPosition, NothingBetter, TooManyParts, OutsideScope, StoreUnavailable,
)  # fmt: skip

Stand = tuple[int, int]
"""Number and version of the plan that a widget was drawn from."""


def say(plan_id: int, text: str, tone: str = "bad") -> None:
    """Have the head say something of a plan, once."""
    _session.keep(SAID, (plan_id, text, tone))


def draw_said_of(plan_id: int) -> None:
    """Say what came of the last thing that was done with a plan, once; 0 is the list."""
    said = _session.kept(SAID)
    if said and said[0] == plan_id:
        _session.taken(SAID)
        show = st.success if said[2] == "good" else st.error
        show(plain(said[1]))


def carry_out(stand: Stand, find: Callable[[Sheet], Command]) -> None:
    """Carry out what ``find`` makes of the plan as it was seen, and redraw what it touches."""
    desk, (plan_id, version) = take_desk(), stand
    if desk is None:
        return
    try:
        _carried(desk, stand, find)
    except StalePlan:
        _session.keep(STALE, (plan_id, version))
    except REFUSALS as error:
        say(plan_id, words(error, desk.t))
    st.rerun(list(PLAN_PARTS))


def _carried(desk: Desk, stand: Stand, find: Callable[[Sheet], Command]) -> None:
    plan_id, version = stand
    asked: dict[str, Any] = {"scope": desk.scope, "actor": desk.visitor.actor, "plan_id": plan_id}
    found = sheet(desk.store, desk.picture, **asked)
    if found.plan.version != version:
        raise StalePlan(found.plan.version)
    edit(
        desk.store, desk.picture, **asked, version=version, command=find(found), now=clock.now()
    )  # fmt: skip


def command(stand: Stand, given: Command) -> None:
    """Carry out a command."""
    carry_out(stand, lambda _: given)
