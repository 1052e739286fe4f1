"""The log of what is not finished: how each incident came to where it stands.

Read back from the rows that were written, so that log and record tell the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from data import schema
from data.demo.standing import PAUSED_AFTER
from data.events import Draft, append_all
from rules.deadlines import add_limit
from rules.kinds import Severity
from rules.lifecycle import OPEN_STATES, State
from rules.rulebook import DEFAULT
from rules.steps import Action

ACTOR: Final = "demo"
"""Who took the made-up steps."""

_I, _P = schema.incident.c, schema.person.c
_UNFINISHED: Final = (*OPEN_STATES, State.RESOLVED, State.FED_BACK, State.EVALUATED)
_ROWS = (
    select(schema.incident)
    .where(_I.state.in_([state.value for state in _UNFINISHED]), _I.id >= bindparam("since"))
    .order_by(_I.id)
)
_WORKERS = select(_P.area_id, _P.id).where(_P.duty == "grid_worker").order_by(_P.id.desc())
_VERSION = (
    update(schema.incident)
    .where(_I.id == bindparam("of_id"))
    .values(version=bindparam("new_version"))
)
_TOLD: Final = ("number", "kind", "subkind", "severity", "area_id", "building_id")
_NOTES: Final = {
    Action.SUSPEND: "等待材料与当事人到场，到期恢复办理",
    Action.SEND_BACK: "不属于本岗位职责，请重新派单",
    Action.ESCALATE: "本级难以解决，请上级协调有关单位",
    Action.RESOLVE: "已到现场处置完毕",
    Action.FEED_BACK: "已将处置结果告知居民",
}
_TOLD_STATES: Final = frozenset({State.FED_BACK, State.EVALUATED})


@dataclass
class _Course:
    """One incident while its steps are told; ``now`` holds the columns as they stand."""

    row: Any
    drafts: list[Draft] = field(default_factory=list)
    now: dict[str, Any] = field(default_factory=dict)

    def begin(self) -> None:
        row, severity = self.row, Severity(self.row.severity)
        limit = DEFAULT.limits(row.kind, row.subkind, severity).respond
        reported = datetime.fromtimestamp(row.reported_at, UTC)
        respond = int(add_limit(reported, limit, DEFAULT.calendar).timestamp())
        self.now = {"state": State.REPORTED.value, "step_due_at": respond}
        told = {name: getattr(row, name) for name in _TOLD} | {"state": State.REPORTED.value}
        self.drafts.append(
            Draft(reported, ACTOR, "report", "incident", row.id, before=None, after=told)
        )

    def step(self, action: Action, at: int, state: State, **changes: Any) -> None:
        fresh = {"state": state.value, **changes}
        changed = {k: v for k, v in fresh.items() if v != self.now.get(k)}
        version = len(self.drafts)
        self.drafts.append(
            Draft(
                datetime.fromtimestamp(at, UTC),
                ACTOR,
                action.value,
                "incident",
                self.row.id,
                before={"version": version, "state": self.now["state"]}
                | {k: self.now.get(k) for k in changed},
                after={"version": version + 1, "state": state.value, "note": _NOTES.get(action, "")}
                | changed,
            )
        )  # fmt: skip
        self.now |= fresh


def write_history(conn: Connection, *, since: int, now: datetime) -> int:
    """Log the unfinished incidents from id ``since`` on; give the number of events."""
    workers = {row.area_id: row.id for row in conn.execute(_WORKERS)}
    moment = int(now.timestamp())
    told: list[_Course] = []
    for row in conn.execute(_ROWS, {"since": since}):
        course = _Course(row)
        _tell(course, workers.get(row.area_id), moment)
        told.append(course)
    drafts = sorted((d for course in told for d in course.drafts), key=lambda d: d.at)
    append_all(conn, drafts)
    versions = [
        {"of_id": course.row.id, "new_version": len(course.drafts)}
        for course in told
        if len(course.drafts) > 1
    ]
    if versions:
        conn.execute(_VERSION, versions)
    return len(drafts)


def _tell(course: _Course, worker: int | None, now: int) -> None:
    row, state = course.row, State(course.row.state)
    course.begin()
    if row.responded_at is None:
        return
    course.step(
        Action.ACCEPT, row.responded_at, State.ACCEPTED,
        responded_at=row.responded_at, step_due_at=row.due_at,
    )  # fmt: skip
    if row.dispatched_at is None:
        if state == State.ESCALATED:
            _escalated(course, row.responded_at)
        return
    course.step(
        Action.DISPATCH, row.dispatched_at, State.DISPATCHED,
        dispatched_at=row.dispatched_at, assignee_id=row.assignee_id or worker,
    )  # fmt: skip
    if state == State.DISPATCHED:
        return
    first, *later = _moments(row, state, now)
    course.step(Action.START, first, State.IN_PROGRESS)
    _held(course, state, later)


def _moments(row: Any, state: State, now: int) -> Sequence[int]:
    """Moments of the steps after the dispatch, in order."""
    start, end = row.dispatched_at, row.resolved_at or now
    if state == State.REOPENED:
        end = row.evaluated_at
    shares = (0.2, 0.4, PAUSED_AFTER, 0.8)
    return [start + round(share * (end - start)) for share in shares]


def _held(course: _Course, state: State, later: Sequence[int]) -> None:
    """Tell what became of an incident in hand."""
    row = course.row
    match state:
        case State.SUSPENDED:
            course.step(
                Action.SUSPEND, later[1], state, step_due_at=row.step_due_at, due_at=row.due_at,
                resumes_to=row.resumes_to, left_minutes=row.left_minutes, until_at=row.until_at,
            )  # fmt: skip
        case State.RETURNED:
            course.step(Action.SEND_BACK, later[1], state, assignee_id=None)
        case State.ESCALATED:
            _escalated(course, later[1])
        case State.REOPENED:
            _ended(course, State.FED_BACK, later[0], later[2])
            course.step(
                Action.EVALUATE, row.evaluated_at, state, assignee_id=None, resolved_at=None,
                fed_back_at=None, evaluated_at=row.evaluated_at, evaluated_by=row.evaluated_by,
                satisfaction=row.satisfaction, due_at=row.due_at, step_due_at=row.step_due_at,
            )  # fmt: skip
        case State.RESOLVED | State.FED_BACK | State.EVALUATED:
            _ended(course, state, row.resolved_at, row.fed_back_at)
        case _:
            pass


def _escalated(course: _Course, at: int) -> None:
    row = course.row
    course.step(
        Action.ESCALATE, at, State.ESCALATED, assignee_id=None, desk_id=row.desk_id,
        step_due_at=row.due_at,
    )  # fmt: skip


def _ended(course: _Course, state: State, resolved: int, fed_back: int | None) -> None:
    """Tell the resolution, and as far as it came what the resident was told and said."""
    row = course.row
    due = row.step_due_at if state == State.RESOLVED else None
    course.step(Action.RESOLVE, resolved, State.RESOLVED, resolved_at=resolved, step_due_at=due)
    if state not in _TOLD_STATES or fed_back is None:
        return
    due = row.step_due_at if state == State.FED_BACK else None
    course.step(Action.FEED_BACK, fed_back, State.FED_BACK, fed_back_at=fed_back, step_due_at=due)
    if state == State.EVALUATED:
        course.step(
            Action.EVALUATE, row.evaluated_at, state, evaluated_at=row.evaluated_at,
            evaluated_by=row.evaluated_by, satisfaction=row.satisfaction,
            step_due_at=row.step_due_at,
        )  # fmt: skip
