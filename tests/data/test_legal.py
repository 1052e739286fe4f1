"""The legal affairs centre: cases by stage and year, companies, staff, all within a scope."""

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from sqlalchemy import insert, update

from data import schema
from data.columns import select
from data.legal import ALL_CASES, companies, officers, stages
from data.picture import Pictures
from data.store import Store
from data.totals import yearly, years_of
from rules.access import OutsideScope, Scope
from rules.filters import IncidentFilter
from rules.lifecycle import State
from tests.small_district import AREA, INCIDENT, NOW, NUMBER

DISTRICT = Scope(AREA["D"])
S1 = Scope(AREA["S1"])


@pytest.fixture
def served(district: Store) -> Store:
    """Three cases of the centre: I1 and I3 for one company, I11 for another."""
    with district.write() as conn:
        for key, party, subkind in (("I1", "示例甲有限公司", "checkup"),
                                    ("I3", "示例甲有限公司", "checkup"),
                                    ("I11", "示例乙有限公司", "consultation")):  # fmt: skip
            conn.execute(
                update(schema.incident)
                .where(schema.incident.c.id == INCIDENT[key])
                .values(service="legal", party=party, subkind=subkind)
            )
        conn.execute(
            insert(schema.person),
            {"duty": "legal_officer", "name": "法务员", "area_id": AREA["D"]},
        )
    return district


def test_cases_stand_at_their_states(served: Store) -> None:
    picture = Pictures(served).current(NOW)
    found = stages(picture, scope=DISTRICT, now=NOW)
    assert found[State.IN_PROGRESS] == found[State.CLOSED] == found[State.RETURNED] == 1
    assert sum(found.values()) == 3
    assert sum(stages(picture, scope=S1, now=NOW).values()) == 2


def test_companies_have_their_cases_latest_first_and_only_those_of_the_scope(
    served: Store,
) -> None:
    picture = Pictures(served).current(NOW)
    found = companies(served, picture, scope=DISTRICT, filter=ALL_CASES, now=NOW)
    assert [(c.name, len(c.cases), c.open) for c in found] == [
        ("示例乙有限公司", 1, 1), ("示例甲有限公司", 2, 1),
    ]  # fmt: skip
    assert [case.number for case in found[1].cases] == [NUMBER["I1"], NUMBER["I3"]]
    for one, other in pairwise(found[1].cases):
        assert one.reported_at >= other.reported_at
    near = companies(served, picture, scope=S1, filter=ALL_CASES, now=NOW)
    assert [c.name for c in near] == ["示例甲有限公司"]


def test_totals_by_year_equal_the_items_that_their_filter_keeps(served: Store) -> None:
    picture = Pictures(served).current(NOW)
    for by, name in (("kind", "kinds"), ("subkind", "subkinds")):
        found = yearly(
            picture, scope=DISTRICT, area_id=AREA["D"], filter=IncidentFilter("all"), by=by, now=NOW
        )
        assert sum(found.values()) == 12
        for (key, year), number in found.items():
            chosen = IncidentFilter("all", year=year, **{name: (key,)})
            rows = select(
                picture.columns, picture.tree, scope=DISTRICT, area_id=AREA["D"], filter=chosen,
                now=NOW,
            )  # fmt: skip
            assert len(rows) == number
    with pytest.raises(OutsideScope):
        yearly(picture, scope=S1, area_id=AREA["S2"], filter=ALL_CASES, by="kind", now=NOW)


def test_a_year_begins_at_midnight_in_china(sqlite_district: Store) -> None:
    picture = Pictures(sqlite_district).current(NOW)
    assert set(years_of(picture.columns.reported).tolist()) == {2024, 2026}
    eve = NOW.replace(year=2025, month=12, day=31, hour=15, minute=59, second=59)
    edge = [int(eve.timestamp()), int((eve + timedelta(seconds=1)).timestamp())]
    assert years_of(np.array(edge)).tolist() == [2025, 2026]


def test_the_centres_staff_are_its_officers(served: Store) -> None:
    picture = Pictures(served).current(NOW)
    (one,) = officers(picture)
    assert picture.staff.names[one] == "法务员"
