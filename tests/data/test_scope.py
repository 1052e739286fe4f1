"""No answer holds anything outside its scope, and each equals the plain answer."""

from dataclasses import replace
from datetime import datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.areas import AreaTree
from data.buildings import building, buildings_in_tiles
from data.casework import act
from data.columns import select
from data.figures import area_sums, summary
from data.handling import NewIncident, report_incident
from data.incidents import incident, list_incidents
from data.people import workload
from data.picture import Picture, Pictures
from data.points import point_clusters, points
from data.search import search
from data.store import Store, watermark
from rules.access import OutsideScope, Role, Scope
from rules.casework import Request
from rules.deadlines import CHINA
from rules.figures import Sums
from rules.filters import IncidentFilter
from rules.kinds import SEVERITY_WEIGHT, Severity
from rules.lifecycle import State, is_open
from rules.steps import Action
from tests import small_district
from tests.data.records import DAY, NOW, Record, keeps, make, some_filter, stored

SECOND = int(NOW.timestamp())


def households(record: Record, scope: Scope, area_id: int) -> int:
    """Of the leaves, else of the buildings, else as registered; a chief's: of the buildings."""
    within = record.inside(area_id)
    if scope.buildings is not None:
        mine = [b for b in record.buildings if b["id"] in scope.buildings]
        return sum(b["households"] for b in mine if b["area_id"] in within)

    def of(area: dict) -> int:
        children = [a for a in record.areas if a["parent_id"] == area["id"]]
        if not children:
            own = [b["households"] for b in record.buildings if b["area_id"] == area["id"]]
            return area["households"] or sum(own)
        return sum(of(child) for child in children) or area["households"]

    return of(next(a for a in record.areas if a["id"] == area_id))


def plain_sums(record: Record, scope: Scope, area_id: int, chosen: IncidentFilter) -> Sums:
    seen = record.visible(scope, area_id)
    days = chosen.days or 365
    kept = [i for i in seen if keeps(chosen, i, status=False)]
    still = [i for i in kept if is_open(State(i["state"]))]
    timeless = replace(chosen, days=None, year=None)

    def falls(moment: int) -> bool:
        """Whether a moment lies in the calendar year, else in the days before now."""
        if chosen.year:
            return datetime.fromtimestamp(moment, CHINA).year == chosen.year
        return moment >= SECOND - days * DAY

    closed = [
        i
        for i in seen
        if keeps(timeless, i, status=False)
        and not is_open(State(i["state"]))
        and falls(i["resolved_at"])
    ]
    within = record.inside(area_id)
    staff = [p for p in record.people if p["area_id"] in within]
    if scope.buildings is not None:
        chiefs = {b["chief_id"] for b in record.buildings if b["id"] in scope.buildings}
        staff = [p for p in staff if p["id"] in chiefs]
    homes = [b for b in record.buildings if b["area_id"] in within]
    keepers = [p for p in staff if scope.buildings is not None or p["duty"] == "building_chief"]
    if scope.buildings is not None:
        homes = [b for b in homes if b["id"] in scope.buildings]
    return Sums(
        households=households(record, scope, area_id),
        items=sum(keeps(chosen, i) for i in seen),
        open=len(still),
        overdue=sum(i["due_at"] < SECOND for i in still),
        due_soon=sum(SECOND <= i["due_at"] < SECOND + DAY for i in still),
        new=sum(i["reported_at"] >= SECOND - DAY for i in kept),
        unassigned=sum(i["assignee_id"] is None for i in still),
        reported=sum(falls(i["reported_at"]) for i in kept),
        closed=len(closed),
        closed_on_time=sum(i["resolved_at"] <= i["due_at"] for i in closed),
        evaluated=sum(i["satisfaction"] is not None for i in closed),
        satisfied=sum((i["satisfaction"] or 0) >= 4 for i in closed),
        effort=round(
            sum(i["effort_minutes"] * SEVERITY_WEIGHT[Severity(i["severity"])] for i in still), 1
        ),
        duty=sum(p["patrol_minutes"] + p["visit_minutes"] for p in staff),
        capacity=sum(p["capacity_minutes"] for p in staff),
        chiefs=len(keepers),
        chiefless=sum(b["chief_id"] is None and b["households"] > 0 for b in homes),
    )


def ids_of(rows: list[dict]) -> set[int]:
    return {row["id"] for row in rows}


def check_area(
    record: Record, store: Store, picture: Picture, scope: Scope, area_id: int,
    chosen: IncidentFilter,
) -> None:  # fmt: skip
    asked = {"scope": scope, "area_id": area_id, "filter": chosen, "now": NOW}
    right = ids_of([i for i in record.visible(scope, area_id) if keeps(chosen, i)])
    rows = select(picture.columns, picture.tree, **asked)
    assert set(picture.columns.id[rows].tolist()) == right
    listed, total = list_incidents(store, picture, limit=1000, **asked)
    assert {row.id for row in listed} == right
    assert total == len(listed) == len(right)
    assert set(points(picture, **asked).id.tolist()) == right
    assert point_clusters(picture, zoom=8, **asked).count.sum() == len(right)
    found = area_sums(picture, scope=scope, area_ids=[area_id], filter=chosen, now=NOW)
    assert found == {area_id: plain_sums(record, scope, area_id, chosen)}
    told = summary(picture, **asked)
    assert told.sums == found[area_id]
    assert sum(told.by_kind.values()) == sum(told.by_state.values()) == len(right)
    check_people(record, picture, scope, area_id, chosen)


def check_people(
    record: Record, picture: Picture, scope: Scope, area_id: int, chosen: IncidentFilter
) -> None:
    within = record.inside(area_id)
    seen = record.visible(scope, scope.area_id)
    chiefs = {b["chief_id"] for b in record.buildings if b["id"] in (scope.buildings or ())}
    right = {}
    for person in record.people:
        mine = [
            i
            for i in seen
            if i["assignee_id"] == person["id"]
            and is_open(State(i["state"]))
            and keeps(chosen, i, status=False)
        ]
        shown = person["area_id"] in within
        if scope.buildings is not None:
            shown = shown and person["id"] in chiefs
        if shown and (mine or person["capacity_minutes"]):
            right[person["id"]] = (len(mine), sum(i["due_at"] < SECOND for i in mine))
    found = workload(picture, scope=scope, area_id=area_id, filter=chosen, now=NOW)
    assert {p.person_id: (p.open, p.overdue) for p in found} == right


def check_refused(store: Store, picture: Picture, scope: Scope, area_id: int) -> None:
    asked = {"scope": scope, "area_id": area_id, "filter": IncidentFilter(), "now": NOW}
    for ask in (
        lambda: select(picture.columns, picture.tree, **asked),
        lambda: list_incidents(store, picture, **asked),
        lambda: points(picture, **asked),
        lambda: point_clusters(picture, zoom=9, **asked),
        lambda: summary(picture, **asked),
        lambda: workload(picture, **asked),
        lambda: area_sums(
            picture, scope=scope, area_ids=[scope.area_id, area_id],
            filter=IncidentFilter(), now=NOW,
        ),
    ):  # fmt: skip
        with pytest.raises(OutsideScope):
            ask()


def check_single_things(record: Record, store: Store, picture: Picture, scope: Scope) -> None:
    seen = ids_of(record.visible(scope, scope.area_id))
    within = record.inside(scope.area_id)
    houses = {
        b["id"]
        for b in record.buildings
        if b["area_id"] in within and (scope.buildings is None or b["id"] in scope.buildings)
    }
    tiles = {b["tile"] for b in record.buildings}
    drawn = buildings_in_tiles(store, picture, scope=scope, keys=tiles, now=NOW)
    assert {row.id for row in drawn} == houses
    for row in record.incidents:
        if row["id"] in seen:
            assert incident(store, picture, scope=scope, number=row["number"]).row.id == row["id"]
        else:
            with pytest.raises(OutsideScope):
                incident(store, picture, scope=scope, number=row["number"])
            check_not_moved(store, picture, scope, row["number"])
        found = search(store, picture, scope=scope, text=row["number"], limit=500)
        assert (row["id"] in {h.id for h in found if h.kind == "incident"}) == (row["id"] in seen)
    for row in record.buildings:
        if row["id"] in houses:
            assert building(store, picture, scope=scope, code=row["code"]).id == row["id"]
        else:
            with pytest.raises(OutsideScope):
                building(store, picture, scope=scope, code=row["code"])
    for text in ("龙井", "片", "栋", "5103", "1", "井盖", "n-", "park"):
        for hit in search(store, picture, scope=scope, text=text, limit=500):
            allowed = {"area": within, "building": houses, "incident": seen}[hit.kind]
            assert hit.id in allowed


def check_not_moved(store: Store, picture: Picture, scope: Scope, number: str) -> None:
    with store.read() as conn:
        before = watermark(conn)
    with pytest.raises(OutsideScope):
        act(
            store, picture, scope=scope, actor=small_district.actor("command"), number=number,
            version=1, request=Request(Action.NOTE, note="看过"), now=NOW,
        )  # fmt: skip
    with store.read() as conn:
        assert watermark(conn) == before


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_answer_is_the_plain_answer_inside_the_scope(seed, sqlite_template):
    random = Random(seed)
    record = make(random)
    with stored(sqlite_template, record) as store:
        picture = Pictures(store).current(NOW)
        for scope in record.scopes(random):
            chosen = some_filter(random)
            within = record.inside(scope.area_id)
            for area in record.areas:
                if area["id"] in within:
                    check_area(record, store, picture, scope, area["id"], chosen)
                else:
                    check_refused(store, picture, scope, area["id"])
            check_refused(store, picture, scope, 5_000_000)
            check_single_things(record, store, picture, scope)


def test_a_scope_without_buildings_sees_no_incident(sqlite_district):
    picture = Pictures(sqlite_district).current(NOW)
    scope = Scope(small_district.AREA["G1"], frozenset())
    asked = {"scope": scope, "area_id": scope.area_id, "filter": IncidentFilter("all"), "now": NOW}
    assert list_incidents(sqlite_district, picture, **asked) == ([], 0)
    assert summary(picture, **asked).sums == Sums()


def test_a_report_outside_the_scope_is_refused_and_nothing_is_written(sqlite_district):
    picture = Pictures(sqlite_district).current(NOW)
    lead = small_district.actor("lead")
    assert lead.role is Role.GRID_LEAD
    elsewhere = small_district.corner("G5")
    for new in (
        NewIncident("hazard", "x", elsewhere[0] + 0.005, elsewhere[1] + 0.005),
        NewIncident("hazard", "x", 0.0, 0.0),
        NewIncident("hazard", "x", building_id=small_district.BUILDING["B5"]),
        NewIncident("hazard", "x", building_id=4711),
        NewIncident("hazard", "x"),
    ):
        with pytest.raises(OutsideScope):
            report_incident(
                sqlite_district, picture, scope=Scope(lead.area_id), actor=lead, new=new, now=NOW
            )
    with sqlite_district.read() as conn:
        assert watermark(conn) == picture.watermark


def test_unknown_areas_are_refused_like_those_outside(sqlite_district):
    tree: AreaTree = Pictures(sqlite_district).current(NOW).tree
    for unknown in (0, -1, 16, 10**12):
        with pytest.raises(OutsideScope):
            tree.admit(Scope(tree.root_id), unknown)
        with pytest.raises(OutsideScope):
            tree.admit(Scope(unknown), tree.root_id)
