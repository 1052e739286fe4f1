"""Boundary plans of the demo, drawn as a planner would: one in review, one just begun."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select

from data import schema
from data.picture import Picture, Pictures
from data.plan_comments import NewComment, comment
from data.plan_course import Asked, take_step
from data.plan_edits import edit
from data.plan_making import Making, new_plan
from data.plan_proposals import Ask, adopt, propose
from data.plan_sheet import Sheet
from data.plans import sheet
from data.sessions import actor_from
from data.store import Store
from rules.access import Actor, Scope
from rules.boundary_plan import PlanAction
from rules.plan_commands import Command, SetBand

REVIEWED: Final = ("华大社区", "华大社区网格减负方案")
BEGUN: Final = ("广华社区", "广华社区网格调整草案")
LESS: Final = (300, 420)
"""Band of the plan in review: today's grids are above it, so that it asks for one more."""
NOTES: Final = (
    "各网格均已接近上限，近两年新增住户较多，拟增设一个网格，尽量少动现有住户。",
    "请规划员核对新网格边界是否沿主干道，涉及住户请提前告知。",
)

_ACCOUNT = select(schema.account).where(schema.account.c.login == bindparam("of_login"))


@dataclass
class _Planner:
    """The demo's planner at work on a store."""

    store: Store
    pictures: Pictures
    now: datetime

    @property
    def picture(self) -> Picture:
        return self.pictures.current(self.now)

    @property
    def scope(self) -> Scope:
        return Scope(self.picture.tree.root_id)

    def who(self, login: str) -> Actor:
        with self.store.read() as conn:
            return actor_from(conn.execute(_ACCOUNT, {"of_login": login}).one())

    def make(self, community: str, title: str) -> Sheet:
        tree = self.picture.tree
        area = next(area for area in tree.areas if area.name == community)
        plan_id = new_plan(
            self.store, self.picture, scope=self.scope, actor=self.who("planner"),
            making=Making(area.id, title), now=self.now,
        )  # fmt: skip
        return sheet(
            self.store, self.picture, scope=self.scope, actor=self.who("planner"), plan_id=plan_id
        )

    def edit(self, found: Sheet, command: Command) -> Sheet:
        return edit(
            self.store, self.picture, scope=self.scope, actor=self.who("planner"),
            plan_id=found.plan.id, version=found.plan.version, command=command, now=self.now,
        )  # fmt: skip

    def say(self, found: Sheet, login: str, new: NewComment) -> None:
        comment(
            self.store, self.picture, scope=self.scope, actor=self.who(login),
            plan_id=found.plan.id, new=new, now=self.now,
        )  # fmt: skip


def write_plans(store: Store, *, seed: int, now: datetime) -> int:
    """Make the plans of the demo and give their number; each goes through the same rules.

    A plan whose community the demo does not have is left out.
    """
    at = _Planner(store, Pictures(store), now)
    written = 0
    for community, title in (REVIEWED, BEGUN):
        if not any(area.name == community for area in at.picture.tree.areas):
            continue
        begun = at.make(community, title)
        if title == REVIEWED[1]:
            _review(at, begun, seed)
        written += 1
    return written


def _review(at: _Planner, begun: Sheet, seed: int) -> None:
    """Draw a plan that asks for one grid more, and bring it into review."""
    drawn = at.edit(begun, SetBand(*LESS))
    drawn = at.edit(drawn, adopt(propose(drawn, Ask(), count=40, seed=seed)[0]))
    at.say(drawn, "planner", NewComment(NOTES[0]))
    take_step(
        at.store, at.picture, scope=at.scope, actor=at.who("planner"), plan_id=drawn.plan.id,
        version=drawn.plan.version, asked=Asked(PlanAction.SUBMIT), now=at.now,
    )  # fmt: skip
    at.say(drawn, "street", NewComment(NOTES[1]))
