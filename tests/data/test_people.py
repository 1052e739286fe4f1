from dataclasses import replace

import pytest

from data.figures import area_sums
from data.people import area_workload, workload
from data.picture import Pictures
from rules.access import Scope
from rules.figures import load_ratio
from rules.filters import IncidentFilter
from rules.kinds import SEVERITY_WEIGHT, Severity
from rules.rulebook import DEFAULT
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


def test_the_parts_are_the_numbers_of_the_formula(district):
    worker = loads(district, "G1")[PERSON["worker of G1"]]
    [share] = worker.load.shares
    assert (share.severity, share.minutes, share.factor) == (Severity.SERIOUS, 60, 1.5)
    assert (worker.load.patrol, worker.load.visits, worker.load.capacity) == (60, 30, 600)
    assert (worker.load.effort, worker.load.ratio) == (worker.effort, worker.ratio)


def test_an_area_carries_what_the_figures_say(district):
    picture = Pictures(district).current(NOW)
    chief = Scope(AREA["G1"], frozenset({BUILDING["B1"]}))
    for scope, area in [(Scope(AREA["D"]), name) for name in AREA] + [(chief, "G1")]:
        asked = {"scope": scope, "filter": IncidentFilter(), "now": NOW}
        load = area_workload(picture, area_id=AREA[area], **asked)
        sums = area_sums(picture, area_ids=[AREA[area]], **asked)[AREA[area]]
        assert (load.effort, load.duty, load.capacity) == (sums.effort, sums.duty, sums.capacity)
        assert load.ratio == load_ratio(sums.effort, sums.duty, sums.capacity)


def test_a_district_weighs_by_its_own_factors(sqlite_district):
    book = replace(DEFAULT, severity_weight={**SEVERITY_WEIGHT, Severity.SERIOUS: 3.0})
    picture = Pictures(sqlite_district, book).current(NOW)
    asked = {"scope": Scope(AREA["D"]), "filter": IncidentFilter(), "now": NOW}
    found = {p.person_id: p for p in workload(picture, area_id=AREA["G1"], **asked)}
    assert found[PERSON["worker of G1"]].effort == 180.0
    assert area_sums(picture, area_ids=[AREA["G1"]], **asked)[AREA["G1"]].effort == 180.0 + 216.0
