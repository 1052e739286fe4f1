"""Plans that follow on another one: a copy, one back to the grids of before, one onto others."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal

from data import clock
from data.plan_fork import Copy, fork
from data.plan_making import LONGEST_TITLE, BadTitle
from data.plan_restart import NothingBefore, rebase, roll_back
from data.plan_rows import Plan
from data.store import StoreUnavailable
from pages._desk import Desk, take_desk
from pages._messages import words
from pages._plan_draw import say
from pages._text import later
from rules.access import OutsideScope
from rules.boundary_plan import PLANNERS, NotYourPlan
from rules.plan_log import UnknownPosition

Way = Literal["copy", "back", "onto"]
TITLES: Final[dict[Way, str]] = {
    "copy": later("{title} (copy)"),
    "back": later("{title}: back"),
    "onto": later("{title} (present grids)"),
}
REFUSALS: Final = (
    NothingBefore, BadTitle, NotYourPlan, UnknownPosition, OutsideScope, StoreUnavailable,
)  # fmt: skip


def _copied(desk: Desk, plan_id: int, title: str, seq: int | None, now: datetime) -> int:
    return fork(desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
                copy=Copy(plan_id, title, seq), now=now)  # fmt: skip


def _restarted(make: Callable[..., int]) -> Callable[..., int]:
    def made(desk: Desk, plan_id: int, title: str, _: int | None, now: datetime) -> int:
        return make(desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
                    plan_id=plan_id, title=title, now=now)  # fmt: skip

    return made


MAKE: Final[dict[Way, Callable[..., int]]] = {
    "copy": _copied,
    "back": _restarted(roll_back),
    "onto": _restarted(rebase),
}


def begin(way: Way, plan: Plan, *, said_in: int, seq: int | None = None) -> int | None:
    """Make the plan that follows on another and give its id; refused, say why and give none.

    ``said_in`` is the plan whose page says so, 0 the list; ``seq`` a position to copy from.
    """
    desk = take_desk()
    if desk is None:
        return None
    title = desk.t(TITLES[way]).format(title=plan.title)
    if len(title) > LONGEST_TITLE:
        title = plan.title
    try:
        return MAKE[way](desk, plan.id, title, seq, clock.now())
    except REFUSALS as error:
        say(said_in, words(error, desk.t))
    return None


def can_roll_back(desk: Desk, plan: Plan) -> bool:
    """Whether there is a way back to offer: to planners, once a plan has come into force."""
    return plan.in_force_at is not None and desk.visitor.actor.role in PLANNERS
