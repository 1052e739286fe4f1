"""What goes along with the land, written: buildings, incidents, people, accounts, taught names."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, update

from data import events, schema
from data.admission import INCIDENT, PERSON
from data.events import Draft
from data.plan_effect import Effect
from data.plan_items import Item

REGRID: Final = "regrid"
"""Action of the events of what came to another grid."""
ACCOUNT: Final = "account"

_B, _I, _P = schema.building.c, schema.incident.c, schema.person.c
_U, _L = schema.account.c, schema.alias.c
_OF: Final = "of_id"
_HOME = (
    update(schema.building)
    .where(_B.id == bindparam(_OF))
    .values(area_id=bindparam("area"), chief_id=bindparam("chief"))
)
_ITEM = (
    update(schema.incident)
    .where(_I.id == bindparam(_OF))
    .values(area_id=bindparam("area"), desk_id=bindparam("desk"), version=_I.version + 1)
)
_PERSON = update(schema.person).where(_P.id == bindparam(_OF)).values(area_id=bindparam("area"))
_ACCOUNT = (
    update(schema.account)
    .where(_U.id == bindparam(_OF))
    .values(area_id=bindparam("area"), version=_U.version + 1)
)
_ALIAS = (
    update(schema.alias)
    .where(_L.id == bindparam(_OF))
    .values(area_id=bindparam("area"), version=_L.version + 1)
)


def follow(
    conn: Connection, plan_id: int, effect: Effect, areas: Mapping[str, int], *, now: datetime,
    actor: str,
) -> None:  # fmt: skip
    """Lead everything to the new grids, whose area ids are given by label.

    Incidents, people and accounts get an event each; buildings are told of in that of the plan.
    """
    _each(conn, _HOME, [
        {_OF: home.id, "area": areas[home.after], "chief": home.next_chief}
        for home in effect.homes
        if areas[home.after] != home.before or home.chief != home.next_chief
    ])  # fmt: skip
    _each(conn, _ITEM, [
        {_OF: item.id, "area": areas[item.after], "desk": _desk(item, areas)}
        for item in effect.items
    ])  # fmt: skip
    _each(conn, _PERSON, [
        {_OF: post.id, "area": areas[post.after]} for post in effect.staff if post.after
    ])  # fmt: skip
    for query, rows in ((_ACCOUNT, effect.accounts), (_ALIAS, effect.aliases)):
        _each(conn, query, [{_OF: row.id, "area": areas[row.after]} for row in rows])
    said = (
        Draft(now, actor, REGRID, subject, row_id, before, {**after, "plan": plan_id})
        for subject, row_id, before, after in _told(effect, areas)
    )
    events.append_all(conn, said)


def _each(conn: Connection, query: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        conn.execute(query, rows)


def _desk(item: Item, areas: Mapping[str, int]) -> int | None:
    return areas[item.after] if item.desk else item.desk_id


def _told(
    effect: Effect, areas: Mapping[str, int]
) -> Iterable[tuple[str, int, dict[str, Any], dict[str, Any]]]:
    for item in effect.items:
        yield (
            INCIDENT, item.id,
            {"version": item.version, "area_id": item.before, "desk_id": item.desk_id},
            {
                "version": item.version + 1, "area_id": areas[item.after],
                "desk_id": _desk(item, areas),
            },
        )  # fmt: skip
    for post in effect.staff:
        if post.after:
            yield PERSON, post.id, {"area_id": post.before}, {"area_id": areas[post.after]}
    for account in effect.accounts:
        yield ACCOUNT, account.id, {"area_id": account.before}, {"area_id": areas[account.after]}
