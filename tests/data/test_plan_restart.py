"""Going back to the grids of before a plan, and setting a draft upon grids that replaced its own.

Random plans deal the cells of the small district's first community out to up to four grids; twelve
more buildings stand there, so that borders run every which way.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from random import Random

import numpy as np
import pytest
import shapely
from sqlalchemy import insert, update

from data import schema
from data.check import check
from data.plan_making import Target
from data.plan_restart import NothingBefore, rebase, roll_back
from data.plan_rows import Entry, append_entry
from data.store import Store
from geo.crs import STORE_CRS, metric_crs, transform
from geo.tiles import tile_key
from rules.access import OutsideScope, Scope
from rules.plan_log import Record
from rules.plan_state import CELL, GRID, LOCK_GRID, Mark, applied, change_to, mark_value
from tests.data.enacted import (
    G2,
    HANDED,
    LOWER,
    MERGED,
    NORTH,
    SPLIT,
    UPPER,
    drafted,
    enact,
    enacted,
    laid_out,
    living,
    publish,
    row,
    rows,
    seen,
)
from tests.small_district import AREA, BUILDING, CODE, INCIDENT, NOW, PERSON, actor

DAY = timedelta(days=1)


def back(store: Store, plan_id: int, now=NOW + DAY) -> int:
    """Roll a plan back, through to the new grids; gives the id of the plan that does it."""
    made = roll_back(store, plan_id=plan_id, title="恢复原网格", now=now, **seen(store, now))
    publish(store, made, now)
    enact(store, made, now)
    return made


def metres(shape: shapely.Geometry) -> shapely.Geometry:
    return transform(np.array([shape], object), STORE_CRS, metric_crs(104.77))[0]


def same_land(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    differs = shapely.area(shapely.symmetric_difference(metres(one), metres(other)))
    return bool(differs < 0.01 * shapely.length(metres(one)))


def duties(store: Store) -> dict[str, tuple]:
    """Code of the grid and the chief of each building."""
    code = {r.id: r.code for r in rows(store, "area")}
    return {r.code: (code[r.area_id], r.chief_id) for r in rows(store, "building")}


def seats(store: Store) -> dict[int, str]:
    code = {r.id: r.code for r in rows(store, "area")}
    return {r.id: code[r.area_id] for r in rows(store, "person")}


@pytest.mark.parametrize("targets", [SPLIT, HANDED, MERGED])
def test_rolling_back_restores_borders_codes_homes_chiefs_and_seats(
    district: Store, targets: Sequence[Target]
) -> None:
    grids, homes, people = living(district), duties(district), seats(district)
    enacted(district, targets)
    back(district, 1)
    found = living(district)
    assert found.keys() == grids.keys()
    for code, grid in grids.items():
        assert (found[code].name, found[code].kind) == (grid.name, grid.kind)
        assert same_land(found[code].geom, grid.geom)
    assert duties(district) == homes
    assert seats(district) == people
    open_items = {i: row(district, "incident", INCIDENT[i]).area_id for i in ("I1", "I2", "I5")}
    assert open_items == {
        "I1": found[CODE["G1"]].id, "I2": found[CODE["G1"]].id, "I5": found[CODE["G2"]].id,
    }  # fmt: skip
    assert [f for f in check(district) if f.grave] == []


def test_a_rollback_is_a_draft_like_any_other(sqlite_district: Store) -> None:
    enacted(sqlite_district, MERGED)
    made = roll_back(sqlite_district, plan_id=1, title="恢复", now=NOW, **seen(sqlite_district))
    plan = row(sqlite_district, "plan", made)
    assert (plan.state, plan.origin, plan.origin_id) == ("draft", "rollback", 1)
    sheet = laid_out(sqlite_district, made)
    assert {m.code for m in sheet.state.marks.values()} == {CODE["G1"], CODE["G2"]}
    assert sheet.state.chiefs == {}
    assert len(sheet.log) == 1


def test_what_followed_a_merged_grid_goes_back_with_it(district: Store) -> None:
    """An account of a post that no person holds, and an item placed no closer than its grid."""
    keeper = {
        "id": 90, "login": "post-2", "name": "第2网格岗位", "role": "grid_lead",
        "area_id": AREA["G2"], "password": "x", "created_at": 0,
    }  # fmt: skip
    with district.write() as conn:
        conn.execute(insert(schema.account), keeper)
        conn.execute(
            update(schema.incident).where(schema.incident.c.id == INCIDENT["I4"])
            .values(place="grid", desk_id=AREA["G2"])
        )  # fmt: skip
    enacted(district, MERGED)
    merged = living(district)[CODE["G1"]].id
    assert row(district, "account", 90).area_id == merged
    assert row(district, "incident", INCIDENT["I4"]).area_id == merged
    rolled = back(district, 1)
    revived = living(district)[CODE["G2"]].id
    assert row(district, "account", 90).area_id == revived
    item = row(district, "incident", INCIDENT["I4"])
    assert (item.area_id, item.desk_id) == (revived, revived)
    back(district, rolled, NOW + 2 * DAY)
    assert row(district, "account", 90).area_id == living(district)[CODE["G1"]].id


def test_an_account_that_somebody_moved_since_does_not_go_back(sqlite_district: Store) -> None:
    store = sqlite_district
    with store.write() as conn:
        conn.execute(update(schema.account).where(schema.account.c.login == "lead")
                     .values(area_id=AREA["G2"], person_id=None))  # fmt: skip
    enacted(store, MERGED)
    with store.write() as conn:
        conn.execute(update(schema.account).where(schema.account.c.login == "lead")
                     .values(area_id=AREA["C1"]))  # fmt: skip
    back(store, 1)
    [found] = rows(store, "account", login="lead")
    assert found.area_id == AREA["C1"]


def test_a_closed_grid_that_is_revived_stands_for_itself_again(district: Store) -> None:
    enacted(district, MERGED)
    back(district, 1)
    revived = living(district)[CODE["G2"]]
    assert row(district, "area", AREA["G2"]).heir_id == revived.id
    assert revived.id != AREA["G2"]


def test_going_back_beyond_several_plans_gives_each_building_its_first_chief(
    district: Store,
) -> None:
    homes = duties(district)
    enacted(district, SPLIT)
    ids = {code: grid.id for code, grid in living(district).items()}
    later = (
        Target(LOWER.union(NORTH), G2, "g9"),
        Target(UPPER, Mark("新网格"), f"g{ids[CODE['C1'] + '003']}"),
    )
    enacted(district, later, {BUILDING["B3"]: f"p{PERSON['chief of B5']}"}, NOW + DAY)
    assert duties(district) != homes
    back(district, 1, NOW + 2 * DAY)
    assert duties(district) == homes
    assert {r.code for r in living(district).values()} >= {CODE["G1"], CODE["G2"]}


def test_a_plan_that_never_was_in_force_has_nothing_before_it(sqlite_district: Store) -> None:
    plan_id = drafted(sqlite_district, SPLIT)
    with pytest.raises(NothingBefore):
        roll_back(sqlite_district, plan_id=plan_id, title="恢复", now=NOW, **seen(sqlite_district))


@pytest.mark.parametrize("again", [roll_back, rebase])
def test_plans_outside_the_scope_are_not_there(sqlite_district: Store, again) -> None:
    enacted(sqlite_district, SPLIT)
    who = seen(sqlite_district) | {"scope": Scope(AREA["S2"]), "actor": actor("planner")}
    with pytest.raises(OutsideScope):
        again(sqlite_district, plan_id=1, title="恢复", now=NOW, **who)


def test_a_draft_is_set_upon_the_grids_that_replaced_its_own(district: Store) -> None:
    mine = drafted(district, HANDED, {BUILDING["B3"]: "n7"})
    enacted(district, SPLIT)
    made = rebase(district, plan_id=mine, title="再划", now=NOW + DAY, **seen(district, NOW + DAY))
    plan = row(district, "plan", made)
    assert (plan.state, plan.origin, plan.origin_id) == ("draft", "rebase", mine)
    sheet = laid_out(district, made, NOW + DAY)
    assert sheet.state.chiefs == {BUILDING["B3"]: "n7"}
    publish(district, made, NOW + DAY)
    enact(district, made, NOW + DAY)
    found = living(district)
    assert found.keys() >= {CODE["G1"], CODE["G2"]}
    assert same_land(found[CODE["G1"]].geom, LOWER)
    assert same_land(found[CODE["G2"]].geom, UPPER.union(NORTH))
    assert CODE["C1"] + "003" not in found


def test_a_rebased_draft_keeps_its_band(sqlite_district: Store) -> None:
    mine = drafted(sqlite_district, HANDED)
    with sqlite_district.write() as conn:
        conn.execute(
            update(schema.plan).where(schema.plan.c.id == mine)
            .values(start=rows_start(conn, mine).replace("300-500", "80-120"))
        )  # fmt: skip
    made = rebase(sqlite_district, plan_id=mine, title="再划", now=NOW, **seen(sqlite_district))
    assert laid_out(sqlite_district, made).state.band == (80, 120)


def rows_start(conn, plan_id: int) -> str:
    plan = schema.plan.c
    return str(conn.execute(schema.plan.select().where(plan.id == plan_id)).one().start)


def peopled(store: Store, random: Random) -> None:
    """Put twelve more buildings into G1 and G2, and an open item without a building into each."""
    homes, items = [], []
    for n in range(12):
        lon, lat = random.uniform(104.7702, 104.7798), random.uniform(29.3702, 29.3898)
        grid = AREA["G1"] if lat < 29.38 else AREA["G2"]
        homes.append({
            "id": 100 + n, "code": f"X{n}", "area_id": grid, "lon": lon, "lat": lat,
            "households": random.randint(0, 60), "tile": int(tile_key(lon, lat)),
            "chief_id": PERSON["chief of B1"] if grid == AREA["G1"] and n % 2 else None,
            "geom": shapely.box(lon - 1e-5, lat - 1e-5, lon + 1e-5, lat + 1e-5),
        })  # fmt: skip
        items.append({
            "id": 100 + n, "number": f"X-{n}", "kind": "hazard", "title": "x", "severity": 2,
            "state": "reported", "source": "patrol", "area_id": grid, "desk_id": grid,
            "building_id": 100 + n if n % 3 else None, "lon": lon, "lat": lat,
            "reported_at": 0, "due_at": 1, "effort_minutes": 10,
        })  # fmt: skip
    with store.write() as conn:
        conn.execute(insert(schema.building), homes)
        conn.execute(insert(schema.incident), items)


def shuffled(store: Store, random: Random) -> int:
    """Draft a plan that deals some cells out to grids anew, new ones among them."""
    plan_id = drafted(store, ())
    sheet = laid_out(store, plan_id)
    labels = [*sheet.start.marks, "n1", "n2"][: random.randint(2, 4)]
    to = {n: random.choice(labels) for n in sheet.start.cells if random.random() < 0.5}
    after = {**sheet.start.cells, **to}
    values: dict[str, str | None] = {f"{CELL}{n}": label for n, label in after.items()}
    used = set(after.values())
    values |= {GRID + k: mark_value(Mark(f"新{k}")) for k in used - set(sheet.start.marks)}
    values |= {
        key: None for k in set(sheet.start.marks) - used for key in (GRID + k, LOCK_GRID + k)
    }
    change = change_to(sheet.start, values)
    state = applied(sheet.start, change)
    with store.write() as conn:
        record = Record(1, "edit", 0, 1, change)
        append_entry(conn, plan_id, Entry(record, "adopt", NOW, "planner", state.digest))
    with store.write() as conn:
        conn.execute(update(schema.plan).where(schema.plan.c.id == plan_id).values(version=2))
    return plan_id


def whole(store: Store) -> None:
    """Check that nothing is lost: every home and open item is in one living grid."""
    grids = {g.id: g for g in living(store).values()}
    homes = rows(store, "building")
    assert {h.area_id for h in homes} <= grids.keys()
    for grid in grids.values():
        if grid.valid_from:
            assert grid.households == sum(h.households for h in homes if h.area_id == grid.id)
    at_home = {h.id: h.area_id for h in homes}
    for item in rows(store, "incident"):
        if item.state in {"reported", "accepted", "dispatched", "in_progress", "suspended"}:
            assert item.area_id in grids
            assert item.building_id is None or item.area_id == at_home[item.building_id]
            assert item.desk_id is None or item.desk_id == item.area_id
    shapes = np.array([g.geom for g in grids.values()], object)
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes, gap_width=0)
    mine = [g.geom for g in grids.values() if g.parent_id == AREA["C1"]]
    assert same_land(shapely.coverage_union_all(mine), row(store, "area", AREA["C1"]).geom)


def settled_lineage(store: Store, plan_id: int, homes: dict[int, int]) -> None:
    """Check that what went from each closed grid is all that it had."""
    found: dict[int, int] = {}
    for one in rows(store, "lineage", plan_id=plan_id):
        found[one.old_id] = found.get(one.old_id, 0) + one.households
    assert found == {old: homes.get(old, 0) for old in found}
    closed = {a.id for a in rows(store, "area") if a.valid_to and a.heir_id}
    assert found.keys() <= closed


@pytest.mark.parametrize("seed", range(25))
def test_no_plan_loses_anything_and_every_plan_can_be_undone(
    sqlite_district: Store, seed: int
) -> None:
    random, store = Random(seed), sqlite_district
    peopled(store, random)
    before = living(store)
    first, chiefs = duties(store), {r.id: r.chief_id for r in rows(store, "building")}
    had: dict[int, int] = {}
    for home in rows(store, "building"):
        had[home.area_id] = had.get(home.area_id, 0) + home.households
    plan_id = shuffled(store, random)
    if not json.loads(rows(store, "plan_event")[0].change):
        return
    publish(store, plan_id)
    enact(store, plan_id)
    whole(store)
    settled_lineage(store, plan_id, had)
    back(store, plan_id)
    whole(store)
    after = living(store)
    assert after.keys() == before.keys()
    for code, grid in before.items():
        assert same_land(after[code].geom, grid.geom)
    assert duties(store) == first
    assert {r.id: r.chief_id for r in rows(store, "building")} == chiefs
