"""Drawing on a draft of the small district's first community, on both stores.

C1 has two grids: G1 with B1 (40 households, south-west) and B2 (30, north-east), G2 above with B3
(60). So the draft has three cells::

    29.39 +-------------+
          |  G2   B3    |
    29.38 +-------------+
          |  \\    B2    |
          |  B1 \\       |    G1: the border between the cells of B1 and B2 runs aslant
    29.37 +-------------+
       104.77        104.78
"""

import threading

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from data import schema
from data.events import events_of, verify_chain
from data.picture import Picture, Pictures
from data.plan_edits import edit
from data.plan_fork import Copy, fork
from data.plan_making import BadTitle, Making, NotPlannable, new_plan, plannable
from data.plan_rows import PLAN, StalePlan, plans
from data.plan_sheet import Sheet
from data.plans import sheet
from data.store import Store
from geo.coverage import check
from geo.crs import STORE_CRS, transform
from geo.cutting import CutsNothing
from rules.access import OutsideScope, Scope
from rules.boundary_plan import NotYourPlan
from rules.plan_commands import (
    Brush,
    Carve,
    Command,
    Drag,
    Go,
    Lasso,
    Lock,
    Merge,
    Move,
    MoveBorder,
    Redo,
    SetBand,
    Split,
    Undo,
)
from rules.plan_edits import BreaksGrid, Locked, NotEditable, NothingMoves, UnknownGrid
from rules.plan_log import NothingToRedo, NothingToUndo, UnknownPosition
from tests.small_district import AREA, NOW, actor, shape

REFUSALS = (
    BreaksGrid, Locked, NothingMoves, UnknownGrid, CutsNothing, NothingToRedo, NothingToUndo,
    UnknownPosition,
)  # fmt: skip
DISTRICT = Scope(AREA["D"])
G1, G2 = f"g{AREA['G1']}", f"g{AREA['G2']}"
WEST_EAST = ((104.765, 29.375), (104.785, 29.375))


class Desk:
    """A planner at a draft, who sees the newest version before each edit."""

    def __init__(self, store: Store, login: str = "planner") -> None:
        self.store = store
        self.pictures = Pictures(store)
        self.who = actor(login)

    def make(self, title: str = "调整") -> int:
        making = Making(AREA["C1"], title)
        return new_plan(
            self.store, self.picture, scope=DISTRICT, actor=self.who, making=making, now=NOW
        )

    @property
    def picture(self) -> Picture:
        return self.pictures.current(NOW)

    def sheet(self, plan_id: int, seq: int | None = None) -> Sheet:
        return sheet(
            self.store, self.picture, scope=DISTRICT, actor=self.who, plan_id=plan_id, seq=seq
        )

    def edit(self, plan_id: int, command: Command, version: int | None = None) -> Sheet:
        at = self.sheet(plan_id).plan.version if version is None else version
        return edit(
            self.store, self.picture, scope=DISTRICT, actor=self.who, plan_id=plan_id, version=at,
            command=command, now=NOW,
        )  # fmt: skip


@pytest.fixture
def desk(district: Store) -> Desk:
    return Desk(district)


def cell_of(found: Sheet, building: int) -> int:
    return next(c.number for c in found.cells if building in c.buildings)


def households(found: Sheet) -> dict[str, int]:
    return {
        label: int(found.households[found.part == i].sum()) for i, label in enumerate(found.order)
    }


def assert_sound(found: Sheet) -> None:
    grids = [
        shapely.coverage_union_all(found.shapes[found.part == i]) for i in range(len(found.order))
    ]
    assert check(np.array(grids, object), whole=found.ground.whole).holds
    assert all(grid.geom_type == "Polygon" for grid in grids)
    assert int(found.households.sum()) == 130


def test_new_draft_says_what_is_so_today(desk: Desk) -> None:
    found = desk.sheet(desk.make())
    assert households(found) == {G1: 70, G2: 60}
    assert [c.buildings for c in found.cells if c.buildings] == [(1,), (2,), (3,)]
    assert found.state.band == (300, 500)
    grids = transform(np.array([shape("G1"), shape("G2")], object), STORE_CRS, found.ground.crs)
    for i, grid in enumerate(grids):
        drawn = shapely.coverage_union_all(found.shapes[found.part == i])
        assert shapely.symmetric_difference(drawn, grid).area <= 0.01 * shapely.length(grid)
    assert_sound(found)


def test_open_items_count_at_their_building_or_on_their_land(desk: Desk) -> None:
    found = desk.sheet(desk.make())
    by_grid = {
        label: sum(c.open for c, p in zip(found.cells, found.part, strict=True) if p == i)
        for i, label in enumerate(found.order)
    }
    assert by_grid == {G1: 2, G2: 2}


def test_draft_is_kept_with_every_edit(desk: Desk) -> None:
    plan_id = desk.make()
    after = desk.edit(plan_id, Move((cell_of(desk.sheet(plan_id), 2),), G2))
    again = Desk(desk.store).sheet(plan_id)
    assert households(again) == {G1: 40, G2: 90}
    assert again.state.digest == after.state.digest == again.log[-1].digest
    assert again.plan.version == 2
    with desk.store.read() as conn:
        assert events_of(conn, PLAN, plan_id)[0].action == "redraw"
        assert verify_chain(conn).sound


@pytest.mark.parametrize(
    "command",
    [
        Lasso(((104.774, 29.374), (104.78, 29.374), (104.78, 29.3795), (104.774, 29.3795)), G2),
        Brush(((104.777, 29.377),), 30.0, G2),
        Drag(((104.777, 29.3805), (104.777, 29.378)), G1, G2),
    ],
    ids=["lasso", "brush", "drag"],
)
def test_tools_take_hold_of_the_cell_under_them(desk: Desk, command: Command) -> None:
    assert households(desk.edit(desk.make(), command)) == {G1: 40, G2: 90}


def test_split_gives_the_smaller_side_to_a_new_grid(desk: Desk) -> None:
    plan_id = desk.make()
    found = desk.edit(plan_id, Split(G1, WEST_EAST))
    assert households(found) == {G1: 40, G2: 60, "n1": 30}
    assert found.state.marks["n1"].name == "第3网格"
    assert_sound(found)
    again = Desk(desk.store).sheet(plan_id)
    assert shapely.equals_exact(again.shapes, found.shapes, 0).all()


def test_undone_split_leaves_no_trace(desk: Desk) -> None:
    plan_id = desk.make()
    before = desk.sheet(plan_id)
    desk.edit(plan_id, Split(G1, WEST_EAST))
    after = desk.edit(plan_id, Undo())
    assert after.state.digest == before.state.digest
    assert shapely.equals_exact(after.shapes, before.shapes, 0).all()
    assert households(desk.edit(plan_id, Redo())) == {G1: 40, G2: 60, "n1": 30}


def test_carved_grid_takes_what_the_ring_holds(desk: Desk) -> None:
    ring = ((104.774, 29.378), (104.779, 29.378), (104.779, 29.387), (104.774, 29.387))
    found = desk.edit(desk.make(), Carve(ring))
    assert households(found) == {G1: 70, G2: 0, "n1": 60}
    assert_sound(found)


def test_border_drawn_anew_moves_the_buildings_it_passes(desk: Desk) -> None:
    found = desk.edit(desk.make(), MoveBorder(G1, G2, WEST_EAST))
    assert households(found) == {G1: 40, G2: 90}
    assert_sound(found)


def test_merged_grids_are_one(desk: Desk) -> None:
    found = desk.edit(desk.make(), Merge(G2, G1))
    assert households(found) == {G2: 130}
    assert_sound(found)


@pytest.mark.parametrize(
    "command",
    [
        Split(G1, ((104.9, 29.9), (104.91, 29.9))),
        Split(G1, ((104.771, 29.375), (104.772, 29.375))),
        Split(G1, ((104.771, 29.375),)),
        Carve(((104.9, 29.9), (104.91, 29.9), (104.91, 29.91))),
        Carve(((104.771, 29.375), (104.772, 29.375))),
        MoveBorder(G1, G2, ((104.771, 29.375), (104.772, 29.375))),
    ],
)
def test_line_that_divides_nothing_is_refused(desk: Desk, command: Command) -> None:
    plan_id = desk.make()
    with pytest.raises(CutsNothing):
        desk.edit(plan_id, command)
    assert desk.sheet(plan_id).plan.version == 1


@pytest.mark.parametrize(
    "command", [Lasso((), G2), Brush((), 5.0, G2), Brush(((0.0, 0.0),), 5.0, G2), Move((), G2)]
)
def test_tool_that_touches_nothing_changes_nothing(desk: Desk, command: Command) -> None:
    plan_id = desk.make()
    with pytest.raises(NothingMoves):
        desk.edit(plan_id, command)


def test_locked_grid_is_neither_cut_nor_crossed(desk: Desk) -> None:
    plan_id = desk.make()
    desk.edit(plan_id, Lock(f"lock:grid:{G1}"))
    for command in (Split(G1, WEST_EAST), MoveBorder(G1, G2, WEST_EAST), Merge(G2, G1)):
        with pytest.raises(Locked):
            desk.edit(plan_id, command)


def test_second_planner_with_an_old_version_is_refused_and_nothing_is_lost(desk: Desk) -> None:
    plan_id = desk.make()
    other = Desk(desk.store, "planner")
    seen = other.sheet(plan_id).plan.version
    desk.edit(plan_id, SetBand(250, 450))
    with pytest.raises(StalePlan) as refused:
        other.edit(plan_id, SetBand(200, 400), seen)
    assert refused.value.current_version == 2
    assert desk.sheet(plan_id).state.band == (250, 450)


def test_of_two_edits_at_once_one_is_kept_whole(desk: Desk) -> None:
    plan_id = desk.make()
    outcome: list[str] = []

    def draw(low: int) -> None:
        try:
            Desk(desk.store).edit(plan_id, SetBand(low, 450), 1)
            outcome.append("kept")
        except StalePlan:
            outcome.append("refused")

    threads = [threading.Thread(target=draw, args=(low,)) for low in (100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["kept", "refused"]
    found = Desk(desk.store).sheet(plan_id)
    assert found.plan.version == 2
    assert len(found.log) == 1


def test_fork_has_the_whole_history_and_goes_its_own_way(desk: Desk) -> None:
    plan_id = desk.make()
    desk.edit(plan_id, Split(G1, WEST_EAST))
    desk.edit(plan_id, SetBand(20, 90))
    copy = fork(
        desk.store, desk.picture, scope=DISTRICT, actor=desk.who,
        copy=Copy(plan_id, "另一种分法", seq=1), now=NOW,
    )  # fmt: skip
    found = desk.sheet(copy)
    assert found.state.digest == desk.sheet(plan_id, seq=1).state.digest
    desk.edit(copy, Undo())
    assert households(desk.sheet(copy)) == {G1: 70, G2: 60}
    assert households(desk.sheet(plan_id)) == {G1: 40, G2: 60, "n1": 30}


def test_older_state_is_shown_without_changing_the_plan(desk: Desk) -> None:
    plan_id = desk.make()
    desk.edit(plan_id, Split(G1, WEST_EAST))
    assert households(desk.sheet(plan_id, seq=0)) == {G1: 70, G2: 60}
    assert households(desk.sheet(plan_id)) == {G1: 40, G2: 60, "n1": 30}
    with pytest.raises(UnknownPosition):
        desk.sheet(plan_id, seq=9)


def test_plan_in_review_is_not_redrawn(desk: Desk) -> None:
    plan_id = desk.make()
    with desk.store.write() as conn:
        conn.execute(update(schema.plan).values(state="submitted"))
    with pytest.raises(NotEditable):
        Desk(desk.store).edit(plan_id, SetBand(20, 90))


@pytest.mark.parametrize("login", ["command", "street", "community"])
def test_only_planners_draw(desk: Desk, login: str) -> None:
    plan_id = desk.make()
    with pytest.raises(NotYourPlan):
        Desk(desk.store, login).edit(plan_id, SetBand(20, 90))
    with pytest.raises(NotYourPlan):
        Desk(desk.store, login).make()


@pytest.mark.parametrize("login", ["lead", "chief", "admin"])
def test_roles_without_plans_see_none(desk: Desk, login: str) -> None:
    plan_id = desk.make()
    other = Desk(desk.store, login)
    assert plans(desk.store, desk.picture, scope=DISTRICT, actor=other.who) == []
    with pytest.raises(OutsideScope):
        other.sheet(plan_id)


def test_plan_of_another_street_does_not_exist(desk: Desk) -> None:
    plan_id = desk.make()
    there = {"scope": Scope(AREA["S2"]), "actor": desk.who}
    assert plans(desk.store, desk.picture, **there) == []
    for wrong in (plan_id, 999, 0, -1, 2**31, 10**30):
        with pytest.raises(OutsideScope):
            sheet(desk.store, desk.picture, plan_id=wrong, **there)
    with pytest.raises(OutsideScope):
        new_plan(desk.store, desk.picture, making=Making(AREA["C1"], "x"), now=NOW, **there)


def test_only_communities_of_grids_are_planned(desk: Desk) -> None:
    found = [a.id for a in plannable(desk.picture, DISTRICT)]
    assert found == [AREA[name] for name in ("C1", "C2", "C3", "C4")]
    for wrong in ("D", "S1", "G1"):
        with pytest.raises(NotPlannable):
            new_plan(
                desk.store, desk.picture, scope=DISTRICT, actor=desk.who,
                making=Making(AREA[wrong], "x"), now=NOW,
            )  # fmt: skip


@pytest.mark.parametrize("title", ["", "  ", "\x00\u202e", "长" * 81])
def test_plan_needs_a_title(desk: Desk, title: str) -> None:
    with pytest.raises(BadTitle):
        desk.make(title)


def test_a_title_is_one_line_that_can_be_seen(desk: Desk) -> None:
    made = desk.make(" 方案\u3000一\r\n\x00\u202e")
    assert desk.sheet(made).plan.title == "方案 一"


SPOTS = st.tuples(st.floats(104.769, 104.781), st.floats(29.369, 29.391))
LABELS = st.sampled_from([G1, G2, "n1", "n2"])
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(Move, st.tuples(st.integers(1, 12)), LABELS),
    st.builds(Split, LABELS, st.tuples(SPOTS, SPOTS)),
    st.builds(Carve, st.tuples(SPOTS, SPOTS, SPOTS, SPOTS)),
    st.builds(Merge, LABELS, LABELS),
    st.builds(MoveBorder, LABELS, LABELS, st.tuples(SPOTS, SPOTS, SPOTS)),
    st.builds(Brush, st.tuples(SPOTS, SPOTS), st.floats(0, 200), LABELS),
    st.builds(Lock, LABELS.map("lock:grid:{}".format)),
    st.builds(Undo), st.builds(Redo), st.builds(Go, st.integers(0, 12)),
)  # fmt: skip


@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(commands=st.lists(COMMANDS, min_size=5, max_size=25))
def test_no_sequence_of_edits_breaks_the_map(
    sqlite_district: Store, commands: list[Command]
) -> None:
    desk = Desk(sqlite_district)
    plan_id = desk.make()
    for command in commands:
        try:
            found = desk.edit(plan_id, command)
        except REFUSALS:
            continue
        assert_sound(found)
    kept, fresh = desk.sheet(plan_id), Desk(sqlite_district).sheet(plan_id)
    assert fresh.state.digest == kept.state.digest
    assert shapely.equals_exact(fresh.shapes, kept.shapes, 0).all()


def test_replay_of_a_thousand_edits_gives_the_same_plan(sqlite_district: Store) -> None:
    desk = Desk(sqlite_district)
    plan_id = desk.make()
    version = 1
    for i in range(500):
        for command in (SetBand(100 + i, 700), Undo() if i % 3 else Redo()):
            try:
                version = desk.edit(plan_id, command, version).plan.version
            except (NothingToRedo, NothingToUndo):
                continue
    found = desk.sheet(plan_id)
    assert len(found.log) > 800
    assert Desk(sqlite_district).sheet(plan_id).state.digest == found.state.digest
