"""The course of a plan: submitted, reviewed, published, withdrawn; each step is one event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from data import events, schema
from data.picture import Picture
from data.plan_checks import checks
from data.plan_force import come_into_force
from data.plan_notices import tell_of_plan
from data.plan_rows import PLAN, StalePlan, advance, read_plan
from data.plan_sheet import Sheet
from data.plans import sheet_in
from data.store import Store
from rules.access import Actor, Scope
from rules.boundary_plan import PlanAction, PlanState, taken

GUARDED: Final = frozenset({PlanAction.SUBMIT, PlanAction.APPROVE, PlanAction.PUBLISH})
"""Steps that a plan takes only while nothing hard is wrong with it."""


class HardFaults(RuntimeError):
    """The plan breaks rules that no plan may break; ``rules`` are their names."""

    def __init__(self, rules: tuple[str, ...]) -> None:
        super().__init__(rules)
        self.rules = rules


class StaleBase(RuntimeError):
    """Another plan of the community came into force: the grids this one starts from are gone."""


class PastDate(ValueError):
    """A plan cannot come into force before today."""


class NothingChanges(RuntimeError):
    """The plan says what is so today: there is nothing to review."""


@dataclass(frozen=True)
class Asked:
    """A step that somebody wants to take: ``effective`` is when a publication takes force."""

    action: PlanAction
    note: str = ""
    effective: datetime | None = None


_P, _A = schema.plan.c, schema.area.c
_SAVE = (
    update(schema.plan)
    .where(_P.id == bindparam("of_id"))
    .values(state=bindparam("new_state"), effective_at=bindparam("new_effective"))
)
_LIVING = select(_A.id).where(_A.id.in_(bindparam("ids", expanding=True)), _A.valid_to.is_(None))
_WAITING = select(_P.id).where(
    _P.area_id == bindparam("of_area"), _P.state == PlanState.PUBLISHED.value,
    _P.in_force_at.is_(None),
)  # fmt: skip


def is_stale(conn: Connection, sheet: Sheet) -> bool:
    """Whether grids that a plan starts from have been replaced since."""
    ids = {mark.area for mark in sheet.start.marks.values() if mark.area is not None}
    living = set(conn.execute(_LIVING, {"ids": sorted(ids)}).scalars())
    return living != ids


def take_step(  # noqa: PLR0913 - who, what, from which version, when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int, version: int,
    asked: Asked, now: datetime,
) -> int:  # fmt: skip
    """Take a step with a plan and give its new version.

    A plan published for now comes into force in the same transaction, one for a later day when
    that day comes (:mod:`data.plan_force`).

    Raises
    ------
    OutsideScope
        If there is no such plan for the actor.
    StalePlan
        If ``version`` is not the current one.
    rules.boundary_plan.IllegalPlanStep, NotYourPlan, OwnPlan, NoReasonGiven
        If the rules refuse the step.
    HardFaults, NothingChanges, StaleBase, PastDate
        If the plan breaks a hard rule, changes nothing, starts from grids that were replaced (or
        are about to be), or is to take force in the past.
    """
    with store.write() as conn:
        plan = read_plan(conn, picture, scope=scope, actor=actor, plan_id=plan_id)
        if plan.version != version:
            raise StalePlan(plan.version)
        state = taken(
            asked.action, plan.standing, role=actor.role, login=actor.login, note=asked.note
        )
        sheet = sheet_in(conn, picture, scope=scope, actor=actor, plan_id=plan_id)
        if asked.action in GUARDED:
            _require_sound(conn, sheet)
        effective = _effective(asked, now) if state == PlanState.PUBLISHED else None
        after = advance(conn, plan, version=version)
        moment = int(effective.timestamp()) if effective else None
        conn.execute(_SAVE, {"of_id": plan.id, "new_state": state.value, "new_effective": moment})
        events.append(
            conn, at=now, actor=actor.login, action=asked.action.value, subject=PLAN,
            subject_id=plan.id, before={"state": plan.state.value},
            after={
                "state": state.value, "note": asked.note.strip(), "effective_at": moment,
                "digest": sheet.state.digest,
            },
        )  # fmt: skip
        tell_of_plan(conn, picture, sheet, what=asked.action.value, actor=actor, now=now)
        if effective is not None and effective <= now:
            come_into_force(conn, picture, sheet, now=now, actor=actor.login)
    return after


def _require_sound(conn: Connection, sheet: Sheet) -> None:
    if sheet.state.entries == sheet.start.entries:
        raise NothingChanges
    others = set(conn.execute(_WAITING, {"of_area": sheet.plan.area_id}).scalars())
    if others - {sheet.plan.id} or is_stale(conn, sheet):
        raise StaleBase
    wrong = sorted({finding.rule for finding in checks(sheet) if finding.hard})
    if wrong:
        raise HardFaults(tuple(wrong))


def _effective(asked: Asked, now: datetime) -> datetime:
    moment = asked.effective or now
    if moment.date() < now.date():
        raise PastDate
    return max(moment, now)
