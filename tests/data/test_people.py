import pytest

from data.people import workload
from data.picture import Pictures
from rules.access import Scope
from rules.filters import IncidentFilter
from tests.small_district import AREA, BUILDING, NOW, PERSON


def loads(store, area, *, scope=None, chosen=None):
    found = workload(
        Pictures(store).current(NOW), scope=scope or Scope(AREA["D"]), area_id=AREA[area],
        filter=chosen or IncidentFilter(), now=NOW,
    )  # fmt: skip
    return {person.person_id: person for person in found}


def test_effort_is_weighted_and_held_against_capacity(district):
    found = loads(district, "G1")
    worker, lead = found[PERSON["worker of G1"]], found[PERSON["lead of G1"]]
    assert (worker.open, worker.overdue, worker.effort) == (1, 0, 90.0)
    assert worker.ratio == pytest.approx((90 + 90) / 600)
    assert (lead.open, lead.overdue, lead.effort) == (1, 1, 216.0)
    assert (lead.name, lead.duty, lead.area_name) == ("网格长1", "grid_lead", "第1网格")


def test_the_heaviest_comes_first(sqlite_district):
    ratios = [person.ratio for person in loads(sqlite_district, "D").values()]
    assert ratios == sorted(ratios, reverse=True)


def test_chiefs_without_capacity_or_items_are_left_out(sqlite_district):
    assert PERSON["chief of B1"] not in loads(sqlite_district, "D")


def test_the_filter_counts_but_not_its_status(sqlite_district):
    closed = loads(sqlite_district, "G1", chosen=IncidentFilter("closed", kinds=("dispute",)))
    assert closed[PERSON["lead of G1"]].open == 1
    assert closed[PERSON["worker of G1"]].open == 0


def test_a_chief_sees_no_other_staff(sqlite_district):
    scope = Scope(AREA["G1"], frozenset({BUILDING["B1"]}))
    assert loads(sqlite_district, "G1", scope=scope) == {}
