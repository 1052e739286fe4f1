"""What the page of one incident shows beyond its row: parties, clocks, names of the log."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from data import schema
from data.admission import INCIDENT, admit_place
from data.picture import Picture
from data.store import Store
from rules.access import OutsideScope, Scope


@dataclass(frozen=True)
class Item:
    """The parties of an incident, and what happened around it.

    ``body`` answers for it, ``party`` is the organisation that a legal service was for, ``urged``
    counts the times it was urged, ``merged_into`` and ``merged_here`` are numbers, ``names`` are
    the account holders' names by login of the log.
    """

    body: str
    party: str
    urged: int
    evaluated_by: str
    merged_into: str
    merged_here: tuple[str, ...]
    names: dict[str, str]


_I, _E = schema.incident.c, schema.event.c
_INTO = schema.incident.alias()
_FIND = (
    select(
        _I.id, _I.area_id, _I.building_id, _I.body, _I.party, _I.urged, _I.evaluated_by,
        _INTO.c.number.label("into_number"),
    )
    .select_from(schema.incident.outerjoin(_INTO, _INTO.c.id == _I.merged_into_id))
    .where(_I.number == bindparam("of_number"))
)  # fmt: skip
_MERGED = select(_I.number).where(_I.merged_into_id == bindparam("of_id")).order_by(_I.id).limit(50)
_NAMES = (
    select(schema.account.c.login, schema.account.c.name)
    .join_from(schema.account, schema.event, _E.actor == schema.account.c.login)
    .where(_E.subject == INCIDENT, _E.subject_id == bindparam("of_id"))
    .distinct()
)


def item(store: Store, picture: Picture, *, scope: Scope, number: str) -> Item:
    """Give the parties of an incident.

    Raises
    ------
    OutsideScope
        If there is no such incident, or the scope does not hold it.
    """
    with store.read() as conn:
        row = conn.execute(_FIND, {"of_number": number}).one_or_none()
        if row is None:
            raise OutsideScope(INCIDENT)
        admit_place(picture, scope, row.area_id, row.building_id)
        asked = {"of_id": row.id}
        return Item(
            body=row.body,
            party=row.party,
            urged=row.urged,
            evaluated_by=row.evaluated_by,
            merged_into=row.into_number or "",
            merged_here=tuple(conn.execute(_MERGED, asked).scalars()),
            names={row.login: row.name for row in conn.execute(_NAMES, asked)},
        )
