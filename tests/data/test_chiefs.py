"""The building chiefs of the small district: homes, calls, results, posts, and who sees them."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from data import schema
from data.chief_charge import charge
from data.chiefs import SOLVED, is_overloaded, service, vacancies
from data.columns import select
from data.picture import Pictures
from data.store import Store
from rules.access import OutsideScope, Scope
from rules.rulebook import DEFAULT
from tests.small_district import AREA, BUILDING, INCIDENT, NOW, NUMBER, PERSON

DISTRICT = Scope(AREA["D"])
SINCE = NOW - timedelta(days=30)


def of(store: Store, area: str = "D", scope: Scope = DISTRICT):
    picture = Pictures(store).current(NOW)
    return service(store, picture, scope=scope, area_id=AREA[area], since=SINCE, until=NOW, now=NOW)


def called(store: Store, person: str, building: str, kind: str, days: int) -> None:
    with store.write() as conn:
        conn.execute(
            insert(schema.visit),
            {"building_id": BUILDING[building], "person_id": PERSON[person], "kind": kind,
             "at": int((NOW - timedelta(days=days)).timestamp())},
        )  # fmt: skip


def test_chiefs_stand_by_households_with_what_is_open_in_their_homes(district: Store) -> None:
    found = of(district)
    assert [(c.name, c.households, c.buildings) for c in found.chiefs] == [
        ("张栋长", 70, 2), ("李栋长", 50, 1),
    ]  # fmt: skip
    first, second = found.chiefs
    assert (first.open, first.overdue) == (2, 1)  # I1 in B1, I2 in B2
    assert (second.open, second.overdue) == (1, 1)  # I8 in B5
    assert found.households == 120


def test_calls_of_the_window_are_counted_by_duty_and_patrols_are_none(district: Store) -> None:
    for kind, days in (("publicity", 2), ("publicity", 3), ("safety", 40), ("patrol", 1)):
        called(district, "chief of B1", "B1", kind, days)
    called(district, "worker of G1", "B1", "safety", 1)
    found = of(district)
    assert found.chiefs[0].calls == {"publicity": 2}
    assert found.calls == {"publicity": 2}


def test_problems_solved_equal_the_items_behind_them(district: Store) -> None:
    with district.write() as conn:
        conn.execute(
            update(schema.incident)
            .where(schema.incident.c.id.in_([INCIDENT["I3"], INCIDENT["I9"], INCIDENT["I1"]]))
            .values(service="chief", assignee_id=PERSON["chief of B1"])
        )
    found = of(district)
    picture = Pictures(district).current(NOW)
    behind = select(
        picture.columns, picture.tree, scope=DISTRICT, area_id=AREA["D"], filter=SOLVED, now=NOW
    )
    assert found.solved == len(behind) == 2
    assert found.chiefs[0].solved == 2
    assert of(district, "S2").solved == 1


def test_posts_that_are_not_filled_are_told_by_area(sqlite_district: Store) -> None:
    picture = Pictures(sqlite_district).current(NOW)
    found = vacancies(picture, scope=DISTRICT, area_id=AREA["D"])
    assert [(v.area_id, v.buildings, v.households) for v in found] == [
        (AREA["G2"], 1, 60), (AREA["G3"], 1, 20), (AREA["G8"], 1, 10),
    ]  # fmt: skip
    assert vacancies(picture, scope=DISTRICT, area_id=AREA["G1"]) == []


def test_a_chief_sees_the_own_homes_and_no_other_chief(sqlite_district: Store) -> None:
    own = Scope(AREA["G1"], frozenset({BUILDING["B1"], BUILDING["B2"]}))
    found = of(sqlite_district, "G1", own)
    assert [chief.name for chief in found.chiefs] == ["张栋长"]
    assert found.vacancies == ()


def test_a_scope_holds_no_chiefs_of_others(sqlite_district: Store) -> None:
    picture = Pictures(sqlite_district).current(NOW)
    street = Scope(AREA["S1"])
    assert [c.name for c in of(sqlite_district, "S1", street).chiefs] == ["张栋长"]
    with pytest.raises(OutsideScope):
        of(sqlite_district, "S2", street)
    with pytest.raises(OutsideScope):
        charge(sqlite_district, picture, scope=street, person_id=PERSON["chief of B5"], now=NOW)


def test_what_a_chief_looks_after_is_told_building_by_building(sqlite_district: Store) -> None:
    picture = Pictures(sqlite_district).current(NOW)
    found = charge(
        sqlite_district, picture, scope=DISTRICT, person_id=PERSON["chief of B1"], now=NOW
    )
    assert [home.code for home in found.homes] == ["B1", "B2"]
    assert [row.number for row in found.items] == [NUMBER["I2"], NUMBER["I1"]]


@pytest.mark.parametrize(("homes", "heavy"), [(90, False), (91, True)])
def test_a_chief_is_overloaded_above_a_fifth_more_than_a_hundred_homes(
    sqlite_district: Store, homes: int, heavy: bool
) -> None:
    with sqlite_district.write() as conn:
        conn.execute(
            update(schema.building).where(schema.building.c.id == 1).values(households=homes)
        )
    assert is_overloaded(of(sqlite_district).chiefs[0], DEFAULT) == heavy
