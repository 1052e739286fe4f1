"""Taking steps with incidents: the rules decide, the store keeps; each step is one event.

What a step changes, its event, the bodies that join and the notices to those concerned are
written in one transaction; a stale or illegal step writes nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from data import events, schema
from data.admission import INCIDENT, PERSON, admit_place
from data.areas import AreaTree
from data.cases import case_of, desk_of, find_row, level_of, photos_of
from data.notices import Told, tell
from data.picture import Picture
from data.store import Store
from rules.access import Actor, OutsideScope, Scope
from rules.casework import Case, Missing, Request, parts_of, possible, take
from rules.levels import Level
from rules.lifecycle import State, is_open
from rules.rulebook import DEFAULT, Rulebook
from rules.steps import Action, Need, Part, Step


class StaleSave(RuntimeError):
    """Somebody changed the incident in between; ``current_version`` is the one to look at."""

    def __init__(self, current_version: int) -> None:
        super().__init__(current_version)
        self.current_version = current_version


@dataclass(frozen=True)
class Open:
    """An incident as the rules see it, with what the actor may do with it.

    ``steps`` are those that can be taken now, ``desk_id`` the area whose desk it lies on, and
    ``bodies`` those that take part in its handling.
    """

    id: int
    version: int
    case: Case
    desk_id: int
    parts: frozenset[Part]
    steps: tuple[Step, ...]
    bodies: tuple[str, ...]


_I, _P = schema.incident.c, schema.person.c
_KEPT: Final = (
    "state", "desk_id", "assignee_id", "due_at", "step_due_at", "resumes_to", "left_minutes",
    "until_at", "satisfaction", "responded_at", "dispatched_at", "resolved_at", "fed_back_at",
    "evaluated_at", "evaluated_by", "closed_at", "urged", "merged_into_id",
)  # fmt: skip
"""Columns that a step may change; the event tells those that it did."""
_SAVE = (
    update(schema.incident)
    .where(_I.id == bindparam("of_id"), _I.version == bindparam("of_version"))
    .values(version=bindparam("new_version"), **{k: bindparam(f"new_{k}") for k in _KEPT})
)
_PERSON = select(_P.area_id).where(_P.id == bindparam("of_id"))
_BODIES = select(schema.incident_body.c.body).where(
    schema.incident_body.c.incident_id == bindparam("of_id")
)
_JOIN = insert(schema.incident_body)

_STAMPS: Final[dict[State, tuple[str, ...]]] = {
    State.ACCEPTED: ("responded_at",),
    State.DISPATCHED: ("responded_at", "dispatched_at"),
    State.IN_PROGRESS: ("responded_at",),
    State.RESOLVED: ("responded_at", "resolved_at"),
    State.FED_BACK: ("fed_back_at",),
    State.EVALUATED: ("evaluated_at",),
    State.CLOSED: ("responded_at", "resolved_at", "closed_at"),
    State.MERGED: ("closed_at",),
    State.REJECTED: ("responded_at", "closed_at"),
}
"""Times that a state fills in where they are still empty."""
_UNDONE: Final = ("resolved_at", "fed_back_at", "closed_at")
"""Times that an incident loses when it is open again."""


def act(  # noqa: PLR0913 - who, what, from which version, when, by which rules
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, number: str, version: int,
    request: Request, now: datetime, rulebook: Rulebook = DEFAULT, via: str = "spoken",
) -> int:  # fmt: skip
    """Take a step with an incident and give its new version.

    ``via`` says how an evaluation came about: ``spoken`` to a worker who records it, or ``link``.

    Raises
    ------
    OutsideScope
        If there is no such incident, person or other incident, or the scope does not hold it.
    StaleSave
        If ``version`` is not the current one.
    IllegalStep, NotYours, NoDesk, Missing
        If the rules refuse the step (:func:`rules.casework.take`).
    """
    with store.write() as conn:
        row = _found(conn, picture, scope, number)
        case = case_of(picture.tree, row)
        parts = parts_of(
            case, role=actor.role, level=level_of(picture.tree, actor), person=actor.person_id
        )
        return taken(
            conn, picture, row, request, by=actor.login, account_id=actor.account_id, parts=parts,
            scope=scope, version=version, now=now, rulebook=rulebook, via=via,
        )  # fmt: skip


def taken(  # noqa: PLR0913 - as act, for whom is known already
    conn: Connection, picture: Picture, row: Any, request: Request, *, by: str,
    account_id: int | None, parts: frozenset[Part], scope: Scope, version: int, now: datetime,
    rulebook: Rulebook, via: str,
) -> int:  # fmt: skip
    """Take a step inside the caller's transaction; see :func:`act`."""
    if row["version"] != version:
        raise StaleSave(int(row["version"]))
    case = case_of(picture.tree, row)
    # Counted here and not believed: a step that needs a photo has one, whoever asks for it.
    request = replace(request, photos=photos_of(conn, row["id"]))
    moved = take(case, request, parts=parts, now=now, rulebook=rulebook)
    if request.person is not None and moved.holder == request.person:
        _admit_person(conn, picture, scope, request.person)
    other = _other(conn, picture, scope, row, request) if request.action == Action.MERGE else None
    after = _columns(picture.tree, row, moved, request, now, via) | {
        "merged_into_id": other or row["merged_into_id"]
    }
    changed = {name: after[name] for name in _KEPT if after[name] != row[name]}
    conn.execute(
        _SAVE,
        {"of_id": row["id"], "of_version": version, "new_version": version + 1}
        | {f"new_{name}": after[name] for name in _KEPT},
    )
    _joined(conn, row["id"], request, by, now)
    events.append(
        conn, at=now, actor=by, action=request.action.value, subject=INCIDENT,
        subject_id=row["id"],
        before={"version": version, "state": row["state"]} | {k: row[k] for k in changed},
        after={"version": version + 1, "state": after["state"], "note": request.note.strip()}
        | changed | ({"bodies": list(request.bodies)} if request.bodies else {}),
    )  # fmt: skip
    tell(
        conn, picture.tree,
        Told(
            incident_id=row["id"], number=row["number"], what=_what(request, moved),
            holder=after["assignee_id"],
            desk_id=desk_of(picture.tree, row["area_id"], after["desk_id"]),
            was_holder=row["assignee_id"], by_account=account_id,
        ),
        now=now,
    )  # fmt: skip
    return version + 1


def _what(request: Request, moved: Case) -> str:
    unhappy = request.action == Action.EVALUATE and moved.state == State.REOPENED
    return "dissatisfied" if unhappy else request.action.value


def opened(store: Store, picture: Picture, *, scope: Scope, actor: Actor, number: str) -> Open:
    """Give an incident as the rules see it, and what this actor may do with it.

    Raises
    ------
    OutsideScope
        If there is none, or the scope does not hold it.
    """
    with store.read() as conn:
        row = _found(conn, picture, scope, number)
        bodies = tuple(conn.execute(_BODIES, {"of_id": row["id"]}).scalars())
    case = case_of(picture.tree, row)
    level = level_of(picture.tree, actor)
    parts = parts_of(case, role=actor.role, level=level, person=actor.person_id)
    desk_id = desk_of(picture.tree, row["area_id"], row["desk_id"])
    return Open(
        row["id"], row["version"], case, desk_id, parts, possible(case, parts), bodies
    )  # fmt: skip


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _found(conn: Connection, picture: Picture, scope: Scope, number: str) -> Any:
    row = find_row(conn, number)
    if row is None:
        raise OutsideScope(INCIDENT)
    admit_place(picture, scope, row["area_id"], row["building_id"])
    return row


def _admit_person(conn: Connection, picture: Picture, scope: Scope, person_id: int) -> None:
    """Refuse a person who is unknown or whose area lies outside the scope."""
    area_id = conn.execute(_PERSON, {"of_id": person_id}).scalar_one_or_none()
    if area_id is None or not picture.tree.covers(scope.area_id, area_id):
        raise OutsideScope(PERSON)


def _other(conn: Connection, picture: Picture, scope: Scope, row: Any, request: Request) -> int:
    """Incident that this one is merged into: another one, still open, in the scope."""
    found = _found(conn, picture, scope, request.other)
    if found["id"] == row["id"] or not is_open(State(found["state"])):
        raise Missing(Need.OTHER)
    return int(found["id"])


def _columns(
    tree: AreaTree, row: Any, moved: Case, request: Request, now: datetime, via: str
) -> dict[str, Any]:
    """Columns of the incident after a step."""
    moment = int(now.timestamp())
    stamped = _STAMPS.get(moved.state, ())
    again = is_open(moved.state) and not is_open(State(row["state"]))
    times = {
        name: None if again and name in _UNDONE
        else moment if name in stamped and row[name] is None
        else row[name]
        for name in ("responded_at", "dispatched_at", "resolved_at", "fed_back_at",
                     "evaluated_at", "closed_at")
    }  # fmt: skip
    heard = request.action == Action.EVALUATE
    if heard:
        times["evaluated_at"] = moment
    desk = row["desk_id"]
    if request.action in {Action.ESCALATE, Action.HAND_DOWN}:
        desk = _desk_at(tree, row["area_id"], moved.desk)
    return times | {
        "state": moved.state.value, "assignee_id": moved.holder, "desk_id": desk,
        "due_at": _seconds(moved.due_at), "step_due_at": _seconds(moved.step_due_at),
        "resumes_to": moved.resumes_to.value if moved.resumes_to else None,
        "left_minutes": moved.left_minutes, "until_at": _seconds(moved.until),
        "satisfaction": moved.score, "evaluated_by": via if heard else row["evaluated_by"],
        "urged": row["urged"] + (request.action == Action.URGE),
    }  # fmt: skip


def _desk_at(tree: AreaTree, area_id: int, level: Level) -> int:
    """Area around an incident that is nearest to a level, seen from below."""
    own = tree.areas[max(tree.places.get(area_id, 0), 0)].id
    path = [tree.get(i) for i in tree.ancestors(own)]
    return next((a.id for a in reversed(path) if a.level <= level), path[0].id)


def _joined(conn: Connection, incident_id: int, request: Request, by: str, now: datetime) -> None:
    if request.action != Action.JOIN:
        return
    there = set(conn.execute(_BODIES, {"of_id": incident_id}).scalars())
    fresh: list[dict[str, Any]] = [
        {"incident_id": incident_id, "body": body, "joined_at": int(now.timestamp()), "actor": by}
        for body in dict.fromkeys(request.bodies)
        if body not in there
    ]
    if fresh:
        conn.execute(_JOIN, fresh)
