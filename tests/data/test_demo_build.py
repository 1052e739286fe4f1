"""A small made-up district and city, written to the store and read back."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from sqlalchemy import func, insert, select, update

from data import accounts, schema
from data.areas import load_tree
from data.cases import case_of
from data.check import check
from data.demo import DEMO_PASSWORD
from data.demo.build import TooEarly, make_demo
from data.demo.plan import district_plan
from data.demo.scales import CITY_GRIDS, city_plan, province_plan, tiny_plan
from data.demo.standing import UNHELD
from data.demo.write import HoldsRealData, StoreNotEmpty
from data.events import Event, events_since, verify_chain
from data.picture import Pictures
from data.settings import Settings
from data.store import Store, get_meta, open_store
from rules.access import Role
from rules.casework import Request, filed, parts_of, possible, take
from rules.deadlines import add_limit
from rules.levels import Level
from rules.lifecycle import OPEN_STATES, State
from rules.rulebook import DEFAULT
from rules.steps import Part, next_step

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "gridmap.db"
    shutil.copyfile(sqlite_template, path)
    store = open_store(Settings(database_url=f"sqlite:///{path}", var=path.parent))
    make_demo(store, tiny_plan(1), seed=1, now=NOW)
    store.close()
    return path


@pytest.fixture
def filled(template: Path, tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "gridmap.db"
    source = sqlite3.connect(template)
    source.execute("VACUUM INTO ?", (str(path),))
    source.close()
    store = open_store(Settings(database_url=f"sqlite:///{path}", var=tmp_path))
    yield store
    store.close()


def count(store: Store, table: object) -> int:
    with store.read() as conn:
        return int(conn.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[call-overload]


def test_a_demo_is_written_labelled_and_sound(filled: Store) -> None:
    assert [f for f in check(filled) if f.grave] == []
    with filled.read() as conn:
        assert get_meta(conn, "demo") == "1"
        assert get_meta(conn, "district_name") == "示例甲区"
        assert get_meta(conn, "area_version") == "1"
        event = events_since(conn, 0)[-1]
        assert verify_chain(conn).sound
        tree = load_tree(conn, at=NOW)
    assert (event.action, event.subject) == ("demo", "batch")
    assert tree.get(tree.root_id).level == Level.DISTRICT
    assert len(tree.at_level(tree.root_id, Level.GRID)) == 92
    assert count(filled, schema.incident) == 4_000


def test_every_building_and_incident_lies_in_its_grid(filled: Store) -> None:
    area, building, incident = schema.area, schema.building, schema.incident
    with filled.read() as conn:
        for table in (building, incident):
            rows = conn.execute(
                select(table.c.lon, table.c.lat, area.c.geom).join(
                    area, table.c.area_id == area.c.id
                )
            ).all()
            shapes = np.array([row.geom for row in rows], object)
            inside = shapely.contains_xy(shapes, [r.lon for r in rows], [r.lat for r in rows])
            assert inside.all()
        sequence = conn.execute(
            select(area.c.parent_id, area.c.lon, area.c.code)
            .where(area.c.level == int(Level.GRID))
            .order_by(area.c.code)
        ).all()
    for a, b in pairwise(sequence):
        assert len(b.code) == 15
        assert a.parent_id != b.parent_id or a.lon <= b.lon


def test_one_account_of_each_role_opens_with_the_published_password(filled: Store) -> None:
    offered = accounts.demo_accounts(filled)
    assert {account.role for account in offered} == set(Role)
    for account in offered:
        entered = accounts.sign_in(
            filled, login=account.login, password=DEMO_PASSWORD, address="::1", now=NOW
        )
        scope = accounts.scope_of(filled, entered.actor)
        if account.role == Role.BUILDING_CHIEF:
            assert scope.buildings


def test_the_same_seed_and_time_give_the_same_rows(sqlite_template: Path, tmp_path: Path) -> None:
    rows = []
    for name in ("first.db", "second.db"):
        shutil.copyfile(sqlite_template, tmp_path / name)
        store = open_store(Settings(database_url=f"sqlite:///{tmp_path / name}", var=tmp_path))
        make_demo(store, tiny_plan(1), seed=1, now=NOW)
        with store.read() as conn:
            rows.append([
                conn.execute(select(table).order_by(table.c.id)).all()
                for table in (schema.area, schema.person, schema.building, schema.incident,
                              schema.visit, schema.event)
            ])  # fmt: skip
        store.close()
    assert rows[0] == rows[1]


def test_a_demo_is_replaced_only_when_forced_and_people_keep_their_accounts(
    store: Store,
) -> None:
    make_demo(store, tiny_plan(1), seed=1, now=NOW)
    with store.read() as conn:
        root = load_tree(conn, at=NOW).root_id
    accounts.create_account(
        store, accounts.NewAccount("wang", "王", Role.COMMAND, root),
        password="Anders-2026-x", actor="system", now=NOW,
    )  # fmt: skip
    with pytest.raises(StoreNotEmpty):
        make_demo(store, tiny_plan(2), seed=2, now=NOW)
    made = make_demo(store, tiny_plan(2), seed=2, now=NOW, force=True)
    assert made.area_version == 2
    assert count(store, schema.incident) == 4_000
    kept = {a.login: a for a in accounts.list_accounts(store, now=NOW)}
    assert kept["wang"].area_code == "519902"
    assert [f for f in check(store) if f.grave] == []


def test_an_account_of_a_grid_that_the_new_demo_lacks_goes_no_higher_than_it_must(
    filled: Store,
) -> None:
    with filled.read() as conn:
        tree = load_tree(conn, at=NOW)
    grid = next(area for area in tree.areas if area.level == Level.GRID)
    assert grid.parent_id is not None
    accounts.create_account(
        filled, accounts.NewAccount("lead-7", "王", Role.GRID_LEAD, grid.id),
        password="Anders-2026-x", actor="system", now=NOW,
    )  # fmt: skip
    with filled.write() as conn:
        conn.execute(update(schema.area).where(schema.area.c.id == grid.id).values(code="made-7"))
    make_demo(filled, tiny_plan(1), seed=1, now=NOW, force=True)
    kept = {a.login: a for a in accounts.list_accounts(filled, now=NOW)}
    assert kept["lead-7"].area_code == tree.get(grid.parent_id).code


def test_real_data_is_never_replaced(filled: Store) -> None:
    with filled.write() as conn:
        conn.execute(
            insert(schema.batch),
            {"at": 0, "actor": "a", "what": "import", "source": "b", "report": "{}"},
        )
    with pytest.raises(HoldsRealData):
        make_demo(filled, tiny_plan(2), seed=2, now=NOW, force=True)
    assert count(filled, schema.incident) == 4_000


def test_a_city_nests_its_districts(store: Store) -> None:
    make_demo(store, tiny_plan(1, scale="city"), seed=1, now=NOW)
    assert count(store, schema.incident) == 6_000
    with store.read() as conn:
        tree = load_tree(conn, at=NOW)
        area = schema.area
        shapes = conn.execute(select(area.c.geom).where(area.c.level == int(Level.GRID))).scalars()
        grids = list(shapes)
    assert [tree.get(i).name for i in tree.children(tree.root_id)] == ["示例甲区", "示例乙区"]
    assert shapely.coverage_is_valid(grids)


def test_plans_have_the_sizes_they_promise() -> None:
    city, province = city_plan(1), province_plan(1)
    assert sum(d.grids for d in city.districts) == CITY_GRIDS == 5_000
    assert city.incidents == 1_000_000
    assert len(province.cities) == 12
    assert sum(d.grids for d in province.districts) == 30_000
    for plan in (city, province):
        codes = [u.code for d in plan.districts for u in d.units]
        assert len(set(codes)) == len(codes)
        assert len({d.prefix for d in plan.districts}) == len(plan.districts)


def test_a_demo_needs_the_year_2023_to_be_over(store: Store) -> None:
    with pytest.raises(TooEarly):
        make_demo(store, district_plan(1), seed=1, now=datetime(2023, 6, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def busy(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A demo with enough incidents for every state; tests only read it."""
    path = tmp_path_factory.mktemp("busy") / "gridmap.db"
    shutil.copyfile(sqlite_template, path)
    store = open_store(Settings(database_url=f"sqlite:///{path}", var=path.parent))
    make_demo(store, replace(tiny_plan(1), incidents=45_000), seed=1, now=NOW)
    yield store
    store.close()


def unfinished(store: Store) -> list[Any]:
    wanted = [s.value for s in (*OPEN_STATES, State.RESOLVED, State.FED_BACK, State.EVALUATED)]
    with store.read() as conn:
        statement = select(schema.incident).where(schema.incident.c.state.in_(wanted))
        return list(conn.execute(statement).mappings())


def test_every_unfinished_incident_has_an_owner_and_a_next_step(busy: Store) -> None:
    tree = Pictures(busy).current(NOW).tree
    rows = unfinished(busy)
    assert {State(row["state"]) for row in rows} >= OPEN_STATES
    for row in rows:
        case = case_of(tree, row)
        command = parts_of(case, role=Role.COMMAND, level=Level.DISTRICT, person=None)
        ways = [step for step in possible(case, command | {Part.HOLDER}) if step.ahead]
        assert ways, row["number"]
        assert Part.DESK in command
        assert case.step_due_at is not None
        assert (case.holder is None) == (case.state in UNHELD), row["number"]
        assert row["desk_id"] is not None
        assert row["body"] in DEFAULT.bodies


def test_the_next_step_can_really_be_taken(busy: Store) -> None:
    tree = Pictures(busy).current(NOW).tree
    for row in unfinished(busy):
        case = case_of(tree, row)
        ahead = next_step(case.state)
        assert ahead is not None
        request = Request(
            ahead.action, note="好", person=1, score=5, consent=True, until=NOW + timedelta(days=9)
        )
        moved = take(case, request, parts=frozenset(Part), now=NOW, rulebook=DEFAULT)
        assert moved.step_due_at is None or moved.step_due_at >= case.reported_at


def test_steps_are_due_as_the_rules_say(busy: Store) -> None:
    tree = Pictures(busy).current(NOW).tree
    for row in unfinished(busy):
        case = case_of(tree, row)
        limits = DEFAULT.limits(case.kind, case.subkind, case.severity)
        match case.state:
            case State.REPORTED:
                wanted = filed(case, DEFAULT).step_due_at
            case State.RESOLVED:
                wanted = add_limit(moment(row["resolved_at"]), limits.feedback, DEFAULT.calendar)
            case State.FED_BACK:
                wanted = moment(row["fed_back_at"]) + timedelta(days=DEFAULT.evaluation_days)
            case State.EVALUATED:
                wanted = add_limit(moment(row["evaluated_at"]), limits.feedback, DEFAULT.calendar)
            case State.SUSPENDED:
                wanted = case.until
                assert case.until is not None
                assert case.until > NOW
                assert case.resumes_to is not None
            case _:
                wanted = case.due_at
        assert case.step_due_at == wanted, (row["number"], case.state)


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_the_log_tells_how_unfinished_incidents_came_to_stand(busy: Store) -> None:
    rows = unfinished(busy)
    told: dict[int, list[Event]] = {}
    with busy.read() as conn:
        for event in events_since(conn, 0)[:-1]:
            told.setdefault(event.subject_id, []).append(event)
    assert set(told) == {row["id"] for row in rows}
    for row in rows:
        steps = told[row["id"]]
        assert len(steps) == row["version"]
        assert [s.action for s in steps][:1] == ["report"]
        assert (steps[-1].after or {})["state"] == row["state"]
        assert [s.at for s in steps] == sorted(s.at for s in steps)
        told_columns = {k: v for s in steps for k, v in (s.after or {}).items()}
        for name in ("assignee_id", "responded_at", "resolved_at", "step_due_at", "desk_id"):
            if name in told_columns:
                assert told_columns[name] == row[name], (row["number"], name)
        for before, after in pairwise(steps):
            assert (after.before or {})["state"] == (before.after or {})["state"]


def test_most_buildings_were_called_at_in_each_of_the_last_weeks(filled: Store) -> None:
    week = 7 * 86_400
    with filled.read() as conn:
        calls = conn.execute(select(schema.visit)).mappings().all()
        buildings = count(filled, schema.building)
    assert {c["kind"] for c in calls} == {
        "patrol", "safety", "publicity", "opinions", "mediation",
    }  # fmt: skip
    now = int(NOW.timestamp())
    assert max(c["at"] for c in calls) <= now
    for back in range(1, 7):
        seen = {
            c["building_id"]
            for c in calls
            if now - (back + 1) * week <= c["at"] < now - back * week
        }
        assert 0.5 < len(seen) / buildings < 1


def test_a_forced_demo_takes_the_casework_of_the_old_one_away(filled: Store) -> None:
    with filled.read() as conn:
        account = conn.execute(select(schema.account.c.id).limit(1)).scalar_one()
        one = conn.execute(select(schema.incident.c.id).limit(1)).scalar_one()
        building = conn.execute(select(schema.building.c.id).limit(1)).scalar_one()
        area = conn.execute(select(schema.area.c.id).limit(1)).scalar_one()
    with filled.write() as conn:
        conn.execute(insert(schema.notice), {
            "account_id": account, "incident_id": one, "what": "report", "at": 1})  # fmt: skip
        conn.execute(insert(schema.incident_body), {
            "incident_id": one, "body": "police", "joined_at": 1, "actor": "a"})  # fmt: skip
        conn.execute(insert(schema.alias), {
            "text": "x", "label": "x", "building_id": building, "area_id": area, "lon": 1.0,
            "lat": 1.0, "created_at": 1, "actor": "a"})  # fmt: skip
    make_demo(filled, tiny_plan(2), seed=2, now=NOW, force=True)
    assert count(filled, schema.notice) == count(filled, schema.alias) == 0
    assert [f for f in check(filled) if f.grave] == []
