"""Words of review: on a whole plan, on one of its grids, or pinned to a place on its map."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update

from data import events, schema
from data.picture import Picture
from data.plan_rows import PLAN, read_plan
from data.store import Store
from rules.access import Actor, OutsideScope, Scope

LONGEST: Final = 500


class EmptyComment(ValueError):
    """A comment without a word, or with too many."""


@dataclass(frozen=True)
class Comment:
    """One comment; ``label`` names a grid or is empty, ``place`` is longitude and latitude."""

    id: int
    label: str
    place: tuple[float, float] | None
    text: str
    at: datetime
    actor: str
    resolved_by: str | None


@dataclass(frozen=True)
class NewComment:
    """A comment to be made."""

    text: str
    label: str = ""
    place: tuple[float, float] | None = None


_C = schema.plan_comment.c
_ALL = select(schema.plan_comment).where(_C.plan_id == bindparam("of_plan")).order_by(_C.id)
_DONE = (
    update(schema.plan_comment)
    .where(_C.id == bindparam("of_id"), _C.plan_id == bindparam("of_plan"),
           _C.resolved_at.is_(None))
    .values(resolved_at=bindparam("moment"), resolved_by=bindparam("who"))
)  # fmt: skip


def comments(
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int
) -> tuple[Comment, ...]:
    """Give the comments of a plan, oldest first; raises ``OutsideScope``."""
    with store.read() as conn:
        read_plan(conn, picture, scope=scope, actor=actor, plan_id=plan_id)
        return tuple(_comment(row) for row in conn.execute(_ALL, {"of_plan": plan_id}))


def comment(  # noqa: PLR0913 - who, on what, when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int,
    new: NewComment, now: datetime,
) -> int:  # fmt: skip
    """Write a comment and give its id.

    Raises
    ------
    OutsideScope
        If there is no such plan for the actor.
    EmptyComment
        If there is no word in it, or more than ``LONGEST`` letters that can be seen.
    """
    text = "".join(c for c in new.text if c == "\n" or c.isprintable()).strip()
    if not text or len(text) > LONGEST:
        raise EmptyComment
    lon, lat = new.place or (None, None)
    with store.write() as conn:
        read_plan(conn, picture, scope=scope, actor=actor, plan_id=plan_id)
        row = {
            "plan_id": plan_id, "label": new.label, "lon": lon, "lat": lat, "text": text,
            "at": int(now.timestamp()), "actor": actor.login,
        }  # fmt: skip
        key = conn.execute(insert(schema.plan_comment).values(**row)).inserted_primary_key
        number = int(key[0]) if key is not None else 0
        events.append(
            conn, at=now, actor=actor.login, action="comment", subject=PLAN, subject_id=plan_id,
            before=None, after={"comment": number, "label": new.label, "text": text},
        )  # fmt: skip
    return number


def resolve(  # noqa: PLR0913 - who, what, when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int,
    comment_id: int, now: datetime,
) -> None:  # fmt: skip
    """Mark a comment as dealt with; raises ``OutsideScope`` if the plan has no such open one."""
    with store.write() as conn:
        read_plan(conn, picture, scope=scope, actor=actor, plan_id=plan_id)
        asked = {
            "of_id": comment_id, "of_plan": plan_id, "moment": int(now.timestamp()),
            "who": actor.login,
        }  # fmt: skip
        if not conn.execute(_DONE, asked).rowcount:
            raise OutsideScope(PLAN)
        events.append(
            conn, at=now, actor=actor.login, action="resolve_comment", subject=PLAN,
            subject_id=plan_id, before=None, after={"comment": comment_id},
        )  # fmt: skip


def _comment(row: Any) -> Comment:
    place = None if row.lon is None else (float(row.lon), float(row.lat))
    return Comment(
        row.id, row.label, place, row.text, datetime.fromtimestamp(row.at, UTC), row.actor,
        row.resolved_by,
    )  # fmt: skip
