"""All that the review report of a plan tells, gathered from the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from data.picture import Picture
from data.plan_checks import checks
from data.plan_comments import Comment, comments
from data.plan_effect import Effect, preview
from data.plan_figures import PlanFigures, before, figures
from data.plan_history import Turn, actors_of, turns
from data.plan_land import BaseReplaced
from data.plan_moves import MovedGroup, moved_groups
from data.plan_pictures import numbers
from data.plan_sheet import Sheet
from data.plan_stability import Stability, stability
from data.store import Store
from rules.access import Actor, Scope
from rules.boundary_plan import PlanAction
from rules.levels import Level
from rules.plan_checks import Finding
from rules.plan_state import Mark


@dataclass(frozen=True, eq=False)
class Review:
    """What the report says.

    ``place`` are the names of the areas down to the community, ``code`` is the community's;
    ``names`` are by login; ``effect`` is missing where the plan has had its effect.
    """

    sheet: Sheet
    place: tuple[str, ...]
    code: str
    was: PlanFigures
    now: PlanFigures
    bound: Stability
    groups: tuple[MovedGroup, ...]
    findings: tuple[Finding, ...]
    turns: tuple[Turn, ...]
    names: Mapping[str, str]
    comments: tuple[Comment, ...]
    effect: Effect | None
    at: datetime
    zone: tzinfo

    @property
    def marks(self) -> dict[str, Mark]:
        """Marks of all grids of before and after."""
        return {**self.sheet.start.marks, **self.sheet.state.marks}

    @property
    def numbers(self) -> dict[str, int]:
        """Number of each grid on the maps."""
        return numbers(self.sheet)

    @property
    def reviewers(self) -> list[str]:
        """Logins of who approved it or asked for changes, in order."""
        steps = {PlanAction.APPROVE.value, PlanAction.REQUEST_CHANGES.value}
        return list(dict.fromkeys(turn.actor for turn in self.turns if turn.action in steps))

    def name(self, login: str) -> str:
        """Name of an account; its login where there is none."""
        return self.names.get(login, login)


def review(
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, sheet: Sheet, now: datetime
) -> Review:
    """Gather what the report of a plan tells; raises ``OutsideScope`` as reading the plan does."""
    tree, area_id, plan_id = picture.tree, sheet.plan.area_id, sheet.plan.id
    path = [tree.get(i) for i in tree.ancestors(area_id)]
    return Review(
        sheet=sheet,
        place=tuple(area.name for area in path if area.level >= Level.DISTRICT),
        code=tree.get(area_id).code,
        was=before(sheet),
        now=figures(sheet),
        bound=stability(sheet),
        groups=moved_groups(sheet),
        findings=checks(sheet),
        turns=turns(store, picture, scope=scope, actor=actor, plan_id=plan_id),
        names=actors_of(store, picture, scope=scope, actor=actor, plan_id=plan_id),
        comments=comments(store, picture, scope=scope, actor=actor, plan_id=plan_id),
        effect=_effect(store, sheet),
        at=now,
        zone=picture.rulebook.calendar.zone,
    )  # fmt: skip


def _effect(store: Store, sheet: Sheet) -> Effect | None:
    if sheet.plan.in_force_at is not None:
        return None
    try:
        return preview(store, sheet)
    except BaseReplaced:
        return None
