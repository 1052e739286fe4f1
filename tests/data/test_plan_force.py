"""What is true after a plan came into force, on a community of two grids, on both stores."""

import os
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random
from select import select as select_fds
from time import perf_counter

import numpy as np
import pytest
import shapely
from sqlalchemy import update

from data import schema
from data.check import check
from data.events import verify_chain
from data.picture import Pictures
from data.plan_course import Asked, take_step
from data.plan_edits import edit
from data.plan_effect import preview
from data.plan_force import NotDue, come_into_force
from data.plan_land import BaseReplaced
from data.plan_making import Making, Target, new_plan
from data.plan_restart import NothingBefore, roll_back
from data.plans import sheet_in
from data.store import Store, open_store
from rules.boundary_plan import PlanAction
from rules.plan_commands import Split
from rules.plan_state import Mark
from tests.data.enacted import (
    G1,
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
from tests.small_district import ACCOUNT, AREA, BUILDING, CODE, INCIDENT, NOW, PERSON, actor, square

LATER = NOW + timedelta(days=3)
NEW = f"{CODE['C1']}003"


def contents(store: Store) -> dict[str, list[tuple]]:
    """All that the record holds, table by table, shapes as text."""
    return {
        name: [tuple(str(value) for value in found) for found in rows(store, name)]
        for name in schema.metadata.tables
    }


def test_a_grid_that_lives_on_keeps_its_code_and_a_new_one_gets_the_next(district: Store) -> None:
    before = row(district, "area", AREA["G1"])
    done = enacted(district, SPLIT)
    grids = living(district)
    heir, new = grids[CODE["G1"]], grids[NEW]
    assert heir.id == done.areas["g8"] != AREA["G1"]
    assert (heir.name, heir.kind, heir.parent_id) == (before.name, before.kind, before.parent_id)
    assert (new.name, new.kind, new.parent_id) == ("新网格", "general", AREA["C1"])
    assert (heir.households, new.households) == (40, 30)
    closed = row(district, "area", AREA["G1"])
    assert (closed.valid_to, closed.heir_id) == (int(NOW.timestamp()), heir.id)
    assert heir.valid_from == new.valid_from == int(NOW.timestamp())
    for found in (heir, new):
        assert shapely.contains_xy(found.geom, found.lon, found.lat)


def test_a_grid_that_the_plan_leaves_alone_keeps_its_row(district: Store) -> None:
    before = row(district, "area", AREA["G2"])
    enacted(district, SPLIT)
    assert row(district, "area", AREA["G2"]) == before


def test_a_new_name_alone_makes_a_new_row(sqlite_district: Store) -> None:
    renamed = Mark("龙井北网格", "general", CODE["G2"], AREA["G2"])
    done = enacted(sqlite_district, (*SPLIT[:2], Target(NORTH, renamed, "g9")))
    found = living(sqlite_district)[CODE["G2"]]
    assert (found.id, found.name) == (done.areas["g9"], "龙井北网格")
    assert row(sqlite_district, "area", AREA["G2"]).heir_id == found.id


@pytest.mark.parametrize("targets", [SPLIT, HANDED, MERGED])
def test_grids_of_all_communities_still_share_their_borders_to_the_last_digit(
    district: Store, targets
) -> None:
    before = {r.id: r.geom for r in rows(district, "area")}
    enacted(district, targets)
    grids = list(living(district).values())
    shapes = np.array([grid.geom for grid in grids], object)
    assert shapely.coverage_is_valid(shapes, gap_width=0)
    assert shapely.coverage_union_all(shapes).equals(before[AREA["D"]])
    for found in rows(district, "area"):
        if found.id in before:
            assert found.geom.equals(before[found.id])
    assert [f for f in check(district) if f.grave] == []


def test_a_neighbour_gets_the_vertex_where_a_new_border_meets_it(district: Store) -> None:
    enacted(district, SPLIT)
    meets = (104.78, 29.375)
    for name in ("G3", "C1", "C2"):
        corners = shapely.get_coordinates(row(district, "area", AREA[name]).geom)
        assert np.hypot(*(corners - meets).T).min() < 2e-7
        assert len(corners) == len(set(map(tuple, corners))) + 1
    untouched = shapely.get_coordinates(row(district, "area", AREA["G5"]).geom)
    assert len(untouched) == 5


def test_borders_that_stay_keep_their_very_vertices(sqlite_district: Store) -> None:
    enacted(sqlite_district, SPLIT)
    grids = living(sqlite_district)
    corners = {tuple(c) for c in shapely.get_coordinates(square("G1"))}
    mine = [grids[code].geom for code in (CODE["G1"], NEW)]
    assert corners <= {tuple(c) for c in shapely.get_coordinates(mine)}
    assert sum(len(shapely.get_coordinates(one)) for one in mine) == 10
    assert grids[CODE["G1"]].geom.symmetric_difference(LOWER).length < 0.05


def test_lineage_accounts_for_all_households_and_land_of_a_closed_grid(district: Store) -> None:
    enacted(district, HANDED)
    found = rows(district, "lineage")
    grids = living(district)
    told = {(r.old_id, r.new_id): (r.households, r.kind) for r in found}
    g1, g2 = grids[CODE["G1"]].id, grids[CODE["G2"]].id
    assert told == {
        (AREA["G1"], g1): (40, "kept"), (AREA["G1"], g2): (30, "transferred"),
        (AREA["G2"], g2): (60, "kept"),
    }  # fmt: skip
    land = sum(r.square_metres for r in found if r.old_id == AREA["G1"])
    whole = sum(r.square_metres for r in found if r.old_id == AREA["G2"])
    assert land == pytest.approx(whole, rel=1e-3)


def test_a_grid_that_is_merged_away_is_stood_for_by_the_one_it_went_into(district: Store) -> None:
    done = enacted(district, MERGED)
    g1 = done.areas["g8"]
    assert row(district, "area", AREA["G2"]).heir_id == g1
    assert {r.kind for r in rows(district, "lineage", old_id=AREA["G2"])} == {"merged"}
    assert row(district, "person", PERSON["lead of G2"]).area_id == g1
    tree = Pictures(district).current(NOW).tree
    assert tree.places[AREA["G2"]] == tree.places[AREA["G1"]] == tree.number(g1)
    assert tree.get(g1).households == 130
    assert CODE["G2"] not in living(district)


def test_buildings_and_their_open_items_go_along_and_closed_ones_stay(district: Store) -> None:
    done = enacted(district, SPLIT)
    heir, new = done.areas["g8"], done.areas["n1"]
    homes = {r.code: r.area_id for r in rows(district, "building")}
    assert (homes["B1"], homes["B2"], homes["B3"]) == (heir, new, AREA["G2"])
    items = {i: row(district, "incident", n) for i, n in INCIDENT.items()}
    assert (items["I1"].area_id, items["I2"].area_id) == (heir, new)
    assert items["I3"].area_id == AREA["G1"]  # closed
    assert (items["I4"].area_id, items["I5"].area_id) == (AREA["G2"], AREA["G2"])
    assert (items["I1"].version, items["I3"].version, items["I4"].version) == (2, 1, 1)
    assert items["I2"].assignee_id == PERSON["lead of G1"]  # whoever knows the case keeps it


def test_an_item_without_a_building_goes_where_its_point_lies(district: Store) -> None:
    upper, lower = UPPER.centroid, LOWER.centroid
    with district.write() as conn:
        for key, point, place in (
            ("I4", upper, "exact"), ("I7", upper, "grid"), ("I11", lower, "exact"),
        ):  # fmt: skip
            conn.execute(
                update(schema.incident).where(schema.incident.c.id == INCIDENT[key])
                .values(area_id=AREA["G1"], desk_id=AREA["G1"], lon=point.x, lat=point.y,
                        place=place)
            )  # fmt: skip
    done = enacted(district, SPLIT)
    heir, new = done.areas["g8"], done.areas["n1"]
    found = {k: row(district, "incident", INCIDENT[k]) for k in ("I4", "I7", "I11")}
    assert {k: r.area_id for k, r in found.items()} == {"I4": new, "I7": heir, "I11": heir}
    assert {k: r.desk_id for k, r in found.items()} == {"I4": new, "I7": heir, "I11": heir}


def test_a_desk_above_the_grids_keeps_its_item(sqlite_district: Store) -> None:
    with sqlite_district.write() as conn:
        conn.execute(
            update(schema.incident).where(schema.incident.c.id == INCIDENT["I1"])
            .values(desk_id=AREA["S1"])
        )  # fmt: skip
    enacted(sqlite_district, SPLIT)
    assert row(sqlite_district, "incident", INCIDENT["I1"]).desk_id == AREA["S1"]


def test_people_and_accounts_follow_the_heir_and_a_chief_most_of_the_homes(district: Store) -> None:
    done = enacted(district, SPLIT)
    heir = done.areas["g8"]
    for person in ("lead of G1", "worker of G1", "chief of B1"):
        assert row(district, "person", PERSON[person]).area_id == heir
    for login in ("lead", "chief"):
        found = row(district, "account", ACCOUNT[login][0])
        assert (found.area_id, found.version) == (heir, 2)
    assert row(district, "account", ACCOUNT["community"][0]).version == 1


def test_a_chief_moves_with_the_larger_part_of_the_homes(sqlite_district: Store) -> None:
    with sqlite_district.write() as conn:
        conn.execute(
            update(schema.building).where(schema.building.c.id == BUILDING["B1"])
            .values(households=20)
        )  # fmt: skip
    done = enacted(sqlite_district, SPLIT)
    assert row(sqlite_district, "person", PERSON["chief of B1"]).area_id == done.areas["n1"]
    assert row(sqlite_district, "account", ACCOUNT["chief"][0]).area_id == done.areas["n1"]
    assert row(sqlite_district, "person", PERSON["lead of G1"]).area_id == done.areas["g8"]
    assert row(sqlite_district, "building", BUILDING["B1"]).chief_id is None


def test_a_building_in_another_grid_than_its_chief_loses_the_chief(district: Store) -> None:
    done = enacted(district, SPLIT)
    assert row(district, "building", BUILDING["B1"]).chief_id == PERSON["chief of B1"]
    assert row(district, "building", BUILDING["B2"]).chief_id is None
    assert [home.code for home in done.effect.torn] == ["B2"]


@pytest.mark.parametrize(
    ("entry", "chief"), [(f"p{PERSON['chief of B1']}", PERSON["chief of B1"]), ("n1", None)]
)
def test_the_plan_says_who_looks_after_a_building(district: Store, entry: str, chief) -> None:
    done = enacted(district, SPLIT, {BUILDING["B2"]: entry})
    assert row(district, "building", BUILDING["B1"]).chief_id == PERSON["chief of B1"]
    assert row(district, "building", BUILDING["B2"]).chief_id == chief
    assert done.effect.torn == ()


def test_words_for_places_follow_and_where_they_clash_stay_behind(district: Store) -> None:
    spot, far = UPPER.centroid, NORTH.centroid

    def alias(n, text, area, point):
        return {"id": n, "text": text, "label": text, "area_id": AREA[area], "lon": point.x,
                "lat": point.y, "created_at": 0, "actor": "lead"}  # fmt: skip

    with district.write() as conn:
        conn.execute(schema.alias.insert(), [
            alias(1, "老井", "G1", spot), alias(2, "戏台", "G1", spot), alias(3, "戏台", "G2", far),
        ])  # fmt: skip
    done = enacted(district, HANDED)
    at = {r.id: r.area_id for r in rows(district, "alias")}
    assert at == {1: done.areas["g9"], 2: done.areas["g9"], 3: AREA["G2"]}


def test_a_picture_shows_all_of_it_at_once(district: Store) -> None:
    pictures = Pictures(district)
    before = pictures.current(NOW)
    done = enacted(district, SPLIT)
    after = pictures.current(NOW)
    assert after.area_version != before.area_version
    new = after.tree.number(done.areas["n1"])
    at = after.buildings.area[after.buildings.id == BUILDING["B2"]]
    items = after.columns.id[after.columns.area == new]
    assert (at.tolist(), items.tolist()) == ([new], [INCIDENT["I2"]])
    assert after.staff.area[after.staff.id == 1].tolist() == [after.tree.number(done.areas["g8"])]


def test_the_code_of_a_closed_grid_leads_to_its_heir(district: Store) -> None:
    enacted(district, MERGED)
    tree = Pictures(district).current(NOW).tree
    merged = living(district)[CODE["G1"]].id
    assert tree.standing(CODE["G2"]) == tree.get(merged)
    assert tree.standing(CODE["G1"]) == tree.get(merged)
    assert tree.by_code(CODE["G2"]) is None
    assert tree.standing("nothing") is None


def test_the_log_tells_of_the_plan_and_of_everything_that_moved(district: Store) -> None:
    enacted(district, SPLIT)
    with district.read() as conn:
        assert verify_chain(conn).sound
    told = {(r.subject, r.subject_id) for r in rows(district, "event", action="regrid")}
    assert told == {
        ("incident", INCIDENT["I1"]), ("incident", INCIDENT["I2"]),
        *(("person", PERSON[p]) for p in ("lead of G1", "worker of G1", "chief of B1")),
        ("account", ACCOUNT["lead"][0]), ("account", ACCOUNT["chief"][0]),
    }  # fmt: skip
    [plan] = rows(district, "event", action="enact")
    assert f'"chiefs":{{"{BUILDING["B2"]}":[{PERSON["chief of B1"]},null]}}' in plan.after


def test_the_plan_before_is_superseded(district: Store) -> None:
    enacted(district, SPLIT)
    areas = {r.code: r.id for r in living(district).values()}
    targets = (
        Target(LOWER.union(UPPER), G1, f"g{areas[CODE['G1']]}"),
        Target(NORTH, G2, "g9"),
    )
    enacted(district, targets, now=LATER)
    first, second = rows(district, "plan")
    assert (first.state, second.state) == ("superseded", "published")
    assert second.in_force_at == int(LATER.timestamp())
    tree = Pictures(district).current(LATER).tree
    assert tree.places[AREA["G1"]] == tree.number(living(district)[CODE["G1"]].id)
    assert tree.places[areas[NEW]] == tree.places[AREA["G1"]]


def test_a_plan_comes_into_force_once(district: Store) -> None:
    plan_id = drafted(district, SPLIT)
    with pytest.raises(NotDue):
        enact(district, plan_id)  # a draft
    publish(district, plan_id, LATER)
    with pytest.raises(NotDue):
        enact(district, plan_id)  # not yet
    enact(district, plan_id, LATER)
    whole = contents(district)
    with pytest.raises(NotDue):
        enact(district, plan_id, LATER)
    assert contents(district) == whole


def test_a_plan_over_grids_that_were_replaced_is_refused(district: Store) -> None:
    first, second = drafted(district, SPLIT), drafted(district, HANDED)
    for plan_id in (first, second):
        publish(district, plan_id)
    enact(district, first)
    with pytest.raises(BaseReplaced):
        enact(district, second)
    with pytest.raises(BaseReplaced):
        preview(district, laid_out(district, second))


def test_borders_that_an_import_moved_refuse_the_plan(sqlite_district: Store) -> None:
    plan_id = drafted(sqlite_district, SPLIT)
    publish(sqlite_district, plan_id)
    with sqlite_district.write() as conn:
        conn.execute(update(schema.area).where(schema.area.c.id == AREA["G1"]).values(geom=LOWER))
    with pytest.raises(BaseReplaced):
        enact(sqlite_district, plan_id)


class Interrupted(Exception):
    """Stands for whatever goes wrong before the transaction is over."""


def test_what_fails_in_the_middle_has_changed_nothing(district: Store) -> None:
    plan_id = drafted(district, SPLIT)
    publish(district, plan_id)
    before, who = contents(district), seen(district)
    with pytest.raises(Interrupted), district.write() as conn:  # noqa: PT012 - inside, at its end
        found = sheet_in(conn, plan_id=plan_id, **who)
        come_into_force(conn, who["picture"], found, now=NOW, actor="planner")
        raise Interrupted
    assert contents(district) == before


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_process_that_is_killed_has_done_all_or_nothing(sqlite_district: Store) -> None:
    random, ended = Random(4), Counter()
    plan_id = drafted(sqlite_district, SPLIT)
    publish(sqlite_district, plan_id)
    before, settings = contents(sqlite_district), sqlite_district.settings
    sqlite_district.close()  # so that all is in the file
    saved = sqlite_district.path.read_bytes()
    start = perf_counter()
    enact(sqlite_district, plan_id)
    took, after = perf_counter() - start, contents(sqlite_district)
    for _ in range(20):
        sqlite_district.close()
        for name in ("", "-wal", "-shm"):
            Path(f"{sqlite_district.path}{name}").unlink(missing_ok=True)
        sqlite_district.path.write_bytes(saved)
        child = os.fork()
        if child == 0:
            try:
                enact(open_store(settings), plan_id)
            finally:
                os._exit(0)
        # The child is at work or done; both are right, and over the rounds both happen.
        select_fds([], [], [], random.uniform(0, 2 * took))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = contents(sqlite_district)
        assert found in (before, after)
        ended[found == after] += 1
    assert ended[False]


def test_a_preview_says_what_will_happen_and_does_nothing(district: Store) -> None:
    plan_id = drafted(district, SPLIT)
    before = contents(district)
    effect = preview(district, laid_out(district, plan_id))
    assert contents(district) == before
    assert [(grid.label, grid.code) for grid in effect.grids] == [("g8", CODE["G1"]), ("n1", NEW)]
    assert [home.code for home in effect.moved_homes] == ["B2"]
    assert [item.id for item in effect.moved_items] == [INCIDENT["I2"]]
    assert [item.id for item in effect.items] == [INCIDENT["I1"], INCIDENT["I2"]]
    assert [home.code for home in effect.torn] == ["B2"]


def test_charges_alone_close_no_grid(district: Store) -> None:
    done = enacted(district, (), {BUILDING["B3"]: f"p{PERSON['chief of B5']}"})
    assert row(district, "building", BUILDING["B3"]).chief_id == PERSON["chief of B5"]
    assert done.effect.grids == ()
    assert len(living(district)) == 8
    assert rows(district, "lineage") == []


WEST, EAST = shapely.box(104.81, 29.37, 104.815, 29.38), shapely.box(104.815, 29.37, 104.82, 29.38)


@pytest.fixture
def undivided(district: Store) -> Store:
    """A fifth community east of G7, without grids: two homes and three open items."""
    land = WEST.union(EAST)
    spots = {"B7": WEST.centroid, "B8": EAST.centroid}
    with district.write() as conn:
        conn.execute(schema.area.insert(), {
            "id": 50, "parent_id": AREA["S2"], "level": 5, "code": "510304002003", "name": "新社区",
            "kind": "community", "lon": 104.815, "lat": 29.375, "geom": land,
        })  # fmt: skip
        conn.execute(schema.building.insert(), [
            {"id": 60 + n, "code": code, "area_id": 50, "households": 30, "lon": spot.x,
             "lat": spot.y, "tile": 1, "geom": spot.buffer(1e-4)}
            for n, (code, spot) in enumerate(spots.items())
        ])  # fmt: skip
        conn.execute(schema.incident.insert(), [
            {"id": 70 + n, "number": f"Y{n}", "kind": "hazard", "title": "x", "severity": 2,
             "state": "reported", "source": "patrol", "area_id": 50, "desk_id": 50,
             "building_id": home, "lon": EAST.centroid.x, "lat": 29.372, "place": place,
             "reported_at": 0, "due_at": 1, "effort_minutes": 10}
            for n, (home, place) in enumerate(((60, "building"), (None, "exact"),
                                               (None, "unplaced")))
        ])  # fmt: skip
    return district


def test_a_community_without_grids_gets_its_first_ones(undivided: Store) -> None:
    who = seen(undivided)
    making = Making(50, "首划", targets=(Target(WEST, Mark("西")), Target(EAST, Mark("东"))))
    plan_id = new_plan(undivided, making=making, now=NOW, **who)
    publish(undivided, plan_id)
    done = enact(undivided, plan_id)
    grids = {grid.name: grid for grid in living(undivided).values() if grid.parent_id == 50}
    assert [grids[n].code for n in ("西", "东")] == ["510304002003001", "510304002003002"]
    assert {r.code: r.area_id for r in rows(undivided, "building")}["B8"] == grids["东"].id
    at = [row(undivided, "incident", 70 + n).area_id for n in range(3)]
    assert at == [grids["西"].id, grids["东"].id, 50]  # nobody knows yet where the last one is
    assert rows(undivided, "lineage") == []
    assert row(undivided, "area", 50).valid_to is None
    assert len(done.effect.moved_homes) == 2
    with pytest.raises(NothingBefore):
        roll_back(undivided, plan_id=plan_id, title="恢复", now=NOW, **seen(undivided))


def test_a_plan_drawn_by_hand_goes_its_whole_course(district: Store) -> None:
    """A line cuts G1 and its cells; two other accounts review it; its day is today."""
    plan_id, hour = drafted(district, ()), timedelta(hours=1)
    line = Split("g8", ((104.7699, 29.3751), (104.776, 29.3752), (104.7801, 29.3758)))
    who = seen(district)
    edit(district, plan_id=plan_id, version=1, command=line, now=NOW, **who)
    for version, (action, login) in enumerate(
        ((PlanAction.SUBMIT, "planner"), (PlanAction.APPROVE, "street"),
         (PlanAction.PUBLISH, "command")), start=2,
    ):  # fmt: skip
        now = NOW + version * hour
        take_step(
            district, Pictures(district).current(now), scope=who["scope"], actor=actor(login),
            plan_id=plan_id, version=version, asked=Asked(action), now=now,
        )  # fmt: skip
    grids = living(district)
    shapes = np.array([grid.geom for grid in grids.values()], object)
    assert NEW in grids
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes, gap_width=0)
    assert [f for f in check(district) if f.grave] == []
    assert {r.area_id for r in rows(district, "building", code="B2")} == {grids[NEW].id}
    assert row(district, "plan", plan_id).in_force_at == int(now.timestamp())
