"""Assessment of people, areas and bodies: every measure with the cases behind it.

Each measure is first a list of cases (:mod:`data.measures`). The numbers are the lengths of these
lists, so what a number opens is always what it counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from sqlalchemy import Connection, bindparam, select

from data import schema
from data.areas import Ints
from data.casebook import Casebook, Period, load_casebook
from data.measures import cases_of
from data.picture import Picture, chunks
from data.store import Store
from data.subjects import By, Key, subjects
from rules.access import OutsideScope, Scope
from rules.assessment import MEASURES, Count, Overall, overall
from rules.rulebook import Rulebook

Part = Literal["out_of", "counted", "missing"]


@dataclass(frozen=True)
class Assessed:
    """Measures of one subject: a person or area by id, a body by key.

    ``names`` is the name in Chinese and English, ``counts`` has every measure that is defined for
    such a subject.
    """

    key: Key
    names: tuple[str, str]
    counts: Mapping[str, Count]
    overall: Overall


def assess(  # noqa: PLR0913 - whom, where, by what, when, by which rules
    store: Store, picture: Picture, *, scope: Scope, area_id: int, by: By, since: datetime,
    until: datetime, now: datetime, rulebook: Rulebook, only: frozenset[Key] | None = None,
) -> list[Assessed]:  # fmt: skip
    """Assess everybody or everything of an area, in the order of register, code or catalogue.

    ``only`` keeps the subjects with these keys.

    People are the staff of the area that the scope shows, with their cases anywhere in the
    scope; areas and bodies have the cases in the area.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    period = Period(since, until, now)
    book = _book(store, picture, period, rulebook)
    found = subjects(picture, book, scope=scope, area_id=area_id, by=by, only=only)
    size = len(found.keys)
    tables: dict[str, tuple[list[int], list[int]]] = {}
    for measure in MEASURES:
        cases = cases_of(measure, found, period)
        if cases is not None:
            counted = np.bincount(cases.whose[cases.counts], minlength=size).tolist()
            tables[measure] = counted, np.bincount(cases.whose, minlength=size).tolist()
    assessed = []
    for i, (key, names) in enumerate(zip(found.keys, found.names, strict=True)):
        if only is not None and key not in only:
            continue
        counts = {m: Count(counted[i], of[i]) for m, (counted, of) in tables.items()}
        verdict = overall(counts, rulebook.targets, few=rulebook.few)
        assessed.append(Assessed(key, names, counts, verdict))
    return assessed


def cases_behind(  # noqa: PLR0913 - as assess, and which number
    store: Store, picture: Picture, *, scope: Scope, area_id: int, by: By, since: datetime,
    until: datetime, now: datetime, rulebook: Rulebook, figure: str, key: Key,
    part: Part = "out_of",
) -> list[str]:  # fmt: skip
    """Give the items behind a number: numbers of incidents, of coverage codes of buildings.

    ``part`` is what the measure is out of, what is counted, or what is missing between both.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area, or ``key`` is not assessed there.
    """
    period = Period(since, until, now)
    book = _book(store, picture, period, rulebook)
    found = subjects(picture, book, scope=scope, area_id=area_id, by=by, only=frozenset({key}))
    if key not in found.keys:
        raise OutsideScope(by)
    cases = cases_of(figure, found, period)
    if cases is None:
        return []
    chosen = cases.whose == found.keys.index(key)
    if part != "out_of":
        chosen &= cases.counts if part == "counted" else ~cases.counts
    with store.read() as conn:
        return _labels(conn, MEASURES[figure].items, cases.item[chosen])


_I, _B = schema.incident.c, schema.building.c
_NUMBERS = select(_I.id, _I.number).where(_I.id.in_(bindparam("ids", expanding=True)))
_CODES = select(_B.id, _B.code).where(_B.id.in_(bindparam("ids", expanding=True)))


def _labels(conn: Connection, items: str, ids: Ints) -> list[str]:
    statement = _NUMBERS if items == "incident" else _CODES
    found: dict[int, str] = {}
    for part in chunks(ids.tolist()):
        found.update(conn.execute(statement, {"ids": part}).all())
    return sorted(found.values())


def _book(store: Store, picture: Picture, period: Period, rulebook: Rulebook) -> Casebook:
    """Read a period; one that is not over, up to its last begun minute, is kept for so long."""
    until = period.end if period.over else -(-period.end // 60) * 60

    def load() -> Casebook:
        with store.read() as conn:
            return load_casebook(
                conn, picture.tree, since=period.start, until=until, rulebook=rulebook
            )

    # The book holds on to its rulebook, so an id stays that of one and the same.
    key = ("casebook", picture.watermark, period.start, until, id(rulebook))
    return picture.memo.get(key, load)
