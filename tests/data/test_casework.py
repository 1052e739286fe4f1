from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import insert, select, update

from data import schema
from data.casework import StaleSave, act, opened
from data.events import events_of, verify_chain
from data.incidents import incident
from data.notices import mark_read, notices, unread
from data.picture import Pictures
from data.todo import duties
from rules.access import OutsideScope, Scope
from rules.casework import IllegalStep, Missing, NoDesk, NotYours, Request
from rules.lifecycle import State
from rules.rulebook import DEFAULT
from rules.steps import Action
from tests.data.enacted import MERGED, enacted
from tests.small_district import AREA, NOW, NUMBER, PERSON, actor

DISTRICT = Scope(AREA["D"])


@pytest.fixture
def pictures(district):
    return Pictures(district)


def step(store, pictures, number, version, action, *, login="command", now=NOW, scope=DISTRICT,
         **given):  # fmt: skip
    return act(
        store, pictures.current(now), scope=scope, actor=actor(login), number=number,
        version=version, request=Request(action, **given), now=now,
    )  # fmt: skip


def shown(store, pictures, number, now=NOW):
    return incident(store, pictures.current(now), scope=DISTRICT, number=number, now=now)


def test_a_step_writes_times_version_and_event(district, pictures):
    worker = PERSON["worker of G1"]
    assert step(district, pictures, NUMBER["I5"], 1, Action.DISPATCH, person=worker) == 2
    later = NOW + timedelta(hours=1)
    settled = {"now": later, "note": "现场已处理"}
    assert step(district, pictures, NUMBER["I5"], 2, Action.SETTLE, **settled) == 3
    found = shown(district, pictures, NUMBER["I5"], later)
    assert [(m.step, m.at) for m in found.milestones][1:] == [
        ("responded", NOW), ("dispatched", NOW), ("resolved", later),
    ]  # fmt: skip
    last = found.events[-1]
    assert (last.action, last.before["state"], last.after["state"]) == (
        "settle", "dispatched", "resolved",
    )  # fmt: skip
    assert last.after["note"] == "现场已处理"
    with district.read() as conn:
        assert verify_chain(conn).sound


def test_a_reopened_incident_is_no_longer_resolved(district, pictures):
    step(district, pictures, NUMBER["I3"], 1, Action.REOPEN, note="又来了")
    picture = pictures.current(NOW)
    found = shown(district, pictures, NUMBER["I3"])
    assert [m.step for m in found.milestones] == ["reported", "responded", "dispatched"]
    assert found.row.state == State.REOPENED
    assert found.row.assignee_id is None
    assert picture.columns.done[picture.columns.positions([3])].tolist() == [0]


def test_a_stale_step_names_the_current_version_and_writes_nothing(district, pictures):
    step(district, pictures, NUMBER["I1"], 1, Action.RESOLVE, note="好了", login="lead")
    with pytest.raises(StaleSave) as caught:
        step(district, pictures, NUMBER["I1"], 1, Action.ESCALATE, note="x")
    assert caught.value.current_version == 2
    with district.read() as conn:
        state = select(schema.incident.c.state).where(schema.incident.c.id == 1)
        assert conn.execute(state).scalar_one() == "resolved"
        assert len(events_of(conn, "incident", 1)) == 1


def test_of_two_at_the_same_time_one_is_told(district, pictures):
    outcomes = []

    def resolve():
        try:
            outcomes.append(step(district, pictures, NUMBER["I1"], 1, Action.RESOLVE, note="好了"))
        except StaleSave as stale:
            outcomes.append(stale)

    threads = [Thread(target=resolve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(o, StaleSave) for o in outcomes) == [False, True, True, True]


@pytest.mark.parametrize(
    ("key", "action", "login", "given", "error"),
    [
        ("I5", Action.CLOSE, "command", {}, IllegalStep),
        ("I5", Action.DISPATCH, "planner", {"person": 9}, NotYours),
        ("I5", Action.DISPATCH, "command", {}, Missing),
        ("I1", Action.RESOLVE, "lead", {"note": "  "}, Missing),
        ("I4", Action.HAND_DOWN, "command", {"note": "x"}, NoDesk),
        ("I7", Action.MERGE, "command", {"other": NUMBER["I7"]}, Missing),
        ("I7", Action.MERGE, "command", {"other": NUMBER["I3"]}, Missing),
        ("I7", Action.MERGE, "command", {"other": "?"}, OutsideScope),
        ("I5", Action.DISPATCH, "command", {"person": 4711}, OutsideScope),
        ("?", Action.NOTE, "command", {"note": "x"}, OutsideScope),
    ],
)
def test_a_refused_step_writes_nothing(  # noqa: PLR0917
    district, pictures, key, action, login, given, error
):
    with pytest.raises(error):
        step(district, pictures, NUMBER.get(key, key), 1, action, login=login, **given)
    with district.read() as conn:
        assert verify_chain(conn).events == 1
        assert conn.execute(select(schema.notice)).all() == []


def test_escalating_moves_the_desk_up_and_handing_down_brings_it_back(district, pictures):
    number = NUMBER["I4"]
    step(district, pictures, number, 1, Action.ESCALATE, note="超出权限")
    up = opened(district, pictures.current(NOW), scope=DISTRICT, actor=actor("community"),
                number=number)  # fmt: skip
    assert (up.desk_id, up.case.state, up.case.holder) == (AREA["C1"], State.ESCALATED, None)
    assert Action.HAND_DOWN in {s.action for s in up.steps}
    step(district, pictures, number, 2, Action.HAND_DOWN, note="可以自己办", login="community")
    down = opened(district, pictures.current(NOW), scope=DISTRICT, actor=actor("community"),
                  number=number)  # fmt: skip
    assert (down.desk_id, down.case.state) == (AREA["G2"], State.ACCEPTED)


def test_dissatisfaction_reopens_and_alerts_desk_and_holder(district, pictures):
    number = NUMBER["I1"]
    step(district, pictures, number, 1, Action.RESOLVE, note="清理完", login="lead")
    step(district, pictures, number, 2, Action.FEED_BACK, note="已告知", login="lead")
    step(district, pictures, number, 3, Action.EVALUATE, score=1, note="还是堵")
    found = shown(district, pictures, number)
    assert found.row.state == State.REOPENED
    told = notices(district, actor=actor("lead"))
    assert told[0].what == "dissatisfied"
    assert unread(district, actor=actor("lead")) == len(told)
    mark_read(district, actor=actor("lead"), up_to=told[0].id, now=NOW)
    assert unread(district, actor=actor("lead")) == 0


def test_what_was_resolved_before_its_grid_closed_is_finished_at_the_desk_of_the_heir(
    district, pictures
):
    number, post = NUMBER["I5"], {"area_id": AREA["G2"], "role": "grid_lead", "person_id": None}
    with district.write() as conn:
        conn.execute(update(schema.account).where(schema.account.c.login == "lead").values(**post))
    step(district, pictures, number, 1, Action.DISPATCH, person=PERSON["worker of G1"])
    step(district, pictures, number, 2, Action.SETTLE, note="现场已处理")
    done = enacted(district, MERGED)
    after = pictures.current(NOW)
    heir = replace(actor("lead"), area_id=done.areas["g8"], person_id=None)
    listed = duties(district, after, scope=Scope(heir.area_id), actor=heir, now=NOW)
    assert number in [duty.row.number for duty in listed]
    step(district, pictures, number, 3, Action.REOPEN, note="又堵了")
    assert notices(district, actor=heir)[0].what == "reopen"
    found = opened(district, pictures.current(NOW), scope=Scope(heir.area_id), actor=heir,
                   number=number)  # fmt: skip
    assert (found.desk_id, found.case.state) == (heir.area_id, State.REOPENED)


def test_joint_handling_keeps_one_lead_and_names_the_bodies(district, pictures):
    number = NUMBER["I1"]
    step(district, pictures, number, 1, Action.JOIN, note="一起查", bodies=("fire", "urban"))
    step(district, pictures, number, 2, Action.JOIN, note="再加", bodies=("fire",))
    found = opened(district, pictures.current(NOW), scope=DISTRICT, actor=actor("command"),
                   number=number)  # fmt: skip
    assert sorted(found.bodies) == ["fire", "urban"]
    assert found.case.holder is not None


def test_a_merged_incident_names_the_other(district, pictures):
    step(district, pictures, NUMBER["I5"], 1, Action.MERGE, other=NUMBER["I4"])
    with district.read() as conn:
        row = conn.execute(select(schema.incident).where(schema.incident.c.id == 5)).one()
    assert (row.state, row.merged_into_id) == ("merged", 4)


def test_a_narrow_account_acts_in_its_area_only(district, pictures):
    with pytest.raises(OutsideScope):
        step(district, pictures, NUMBER["I8"], 1, Action.NOTE, note="x", login="lead",
             scope=Scope(AREA["G1"]))  # fmt: skip


def test_a_photo_that_a_step_needs_is_counted_and_not_believed(district, pictures):
    strict = replace(DEFAULT, resolve_needs={"hazard": frozenset({"note", "photo"})})
    asked = {
        "scope": DISTRICT, "actor": actor("lead"), "number": NUMBER["I1"], "version": 1, "now": NOW,
        "rulebook": strict, "request": Request(Action.RESOLVE, note="清理完", photos=3),
    }  # fmt: skip
    with pytest.raises(Missing):
        act(district, pictures.current(NOW), **asked)
    picture = {
        "key": "a" * 32, "incident_id": 1, "name": "a.jpg", "media_type": "image/jpeg", "size": 1,
        "sha256": "0" * 64, "width": 4, "height": 3, "at": 0, "actor": "lead",
    }  # fmt: skip
    with district.write() as conn:
        conn.execute(insert(schema.attachment), picture)
    assert act(district, pictures.current(NOW), **asked) == 2
