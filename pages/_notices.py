"""What the bell lists: notices of incidents and of boundary plans, newest first, in words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from data.notices import Notice, mark_read, notices, unread
from data.plan_notices import (
    IN_FORCE,
    SET_BACK,
    PlanNotice,
    mark_plans_read,
    plan_notices,
    unread_of_plans,
)
from data.store import Store
from pages._format import ago, date_time
from pages._html import plain
from pages._text import Translate, later, pick
from rules.access import Actor
from rules.boundary_plan import PlanAction, step_of
from rules.steps import STEPS, Action

LISTED: Final = 15
WHAT: Final = {
    "report": later("New report"),
    "dissatisfied": later("Resident not satisfied, opened again"),
}
OF_PLANS: Final = {
    IN_FORCE: later("New grid borders are in force"),
    SET_BACK: later("The grids were replaced, please draw again"),
}


def what_words(what: str, locale: str, t: Translate) -> str:
    """Name what a notice tells of."""
    if what in set(Action):
        step = STEPS[Action(what)]
        return pick((step.zh, step.en), locale)
    return t(WHAT[what]) if what in WHAT else what


def plan_words(what: str, locale: str, t: Translate) -> str:
    """Name what a notice of a boundary plan tells of."""
    if what in set(PlanAction):
        step = step_of(PlanAction(what))
        return pick((step.zh, step.en), locale)
    return t(OF_PLANS[what]) if what in OF_PLANS else what


def latest(store: Store, actor: Actor) -> list[Notice | PlanNotice]:
    """Give the newest notices of an account, of incidents and plans alike."""
    found: list[Notice | PlanNotice] = list(notices(store, actor=actor, limit=LISTED))
    found += plan_notices(store, actor=actor, limit=LISTED)
    return sorted(found, key=lambda one: one.at, reverse=True)[:LISTED]


def all_unread(store: Store, actor: Actor) -> int:
    """How many notices of either kind an account has not read yet."""
    return unread(store, actor=actor) + unread_of_plans(store, actor=actor)


def key_of(one: Notice | PlanNotice) -> tuple[str, int]:
    """Tell a notice from all others."""
    return type(one).__name__, one.id


def read_up_to(
    store: Store, actor: Actor, shown: Sequence[Notice | PlanNotice], *, now: datetime
) -> None:
    """Mark as read what is on the list, and what is older."""
    for kind, mark in ((Notice, mark_read), (PlanNotice, mark_plans_read)):
        ids = [one.id for one in shown if isinstance(one, kind)]
        if ids:
            mark(store, actor=actor, up_to=max(ids), now=now)


def line(one: Notice | PlanNotice, *, fresh: bool, now: datetime, locale: str, t: Translate) -> str:
    """Give a notice as the label of its link; a ``fresh`` one is bold."""
    if isinstance(one, Notice):
        what, where = what_words(one.what, locale, t), one.number
    else:
        what, where = plan_words(one.what, locale, t), t("Boundary plans")
        if one.what == PlanAction.PUBLISH and one.effective:
            where = t("in force from {time}").format(time=date_time(one.effective, now))
    what, title = plain(what), plain(one.title)
    when = plain(ago(one.at, now, t))
    head = f"**{what}** · {title}" if fresh else f"{what} · {title}"
    return f"{head}  \n:small[:gray[{plain(where)} · {when}]]"
