from datetime import timedelta

import pytest
from sqlalchemy import select, update

from data import schema
from data.board import QUEUES, Pick, act_on_all, board, queue_rows
from data.casework import StaleSave
from data.events import verify_chain
from data.picture import Pictures
from rules.access import OutsideScope, Scope
from rules.casework import IllegalStep, Request
from rules.filters import IncidentFilter
from rules.steps import Action
from tests.small_district import AREA, NOW, NUMBER, PERSON, actor

DISTRICT = Scope(AREA["D"])
ALL = IncidentFilter()
PERSON_KEY = "person"


@pytest.fixture
def pictures(district):
    return Pictures(district)


def queues(store, pictures, *, scope=DISTRICT, login="command", area="D", chosen=ALL, now=NOW):
    picture = pictures.current(now)
    found = board(
        store, picture, scope=scope, actor=actor(login), area_id=AREA[area], filter=chosen, now=now
    )  # fmt: skip
    return {
        queue: [row.number for row in queue_rows(store, picture, found, queue, now=now)]
        for queue in QUEUES
    }


def of(*keys):
    return [NUMBER[key] for key in keys]


def test_each_queue_holds_what_its_name_says(district, pictures):
    found = queues(district, pictures)
    assert found["unassigned"] == of("I4", "I5")
    assert found["overdue"] == of("I2", "I8", "I4")
    assert found["today"] == of("I1")
    assert found["returned"] == of("I11")
    assert found["feedback"] == of("I9")
    for queue in ("reopened", "escalated", "suspended", "evaluation", "closing"):
        assert found[queue] == []


def test_an_area_and_a_kind_narrow_the_board(district, pictures):
    assert queues(district, pictures, area="S1")["returned"] == []
    hazards = queues(district, pictures, chosen=IncidentFilter(kinds=("hazard",)))
    assert hazards["overdue"] == of("I4")
    with pytest.raises(OutsideScope):
        queues(district, pictures, scope=Scope(AREA["S1"]), area="S2")


def test_escalated_shows_what_lies_on_the_own_desk(district, pictures):
    with district.write() as conn:
        on_desk = update(schema.incident).where(schema.incident.c.id == 8)
        conn.execute(on_desk.values(desk_id=AREA["D"]))
    assert queues(district, pictures)["escalated"] == of("I8")
    street = queues(district, pictures, login="street", scope=Scope(AREA["S2"]), area="S2")
    assert street["escalated"] == []


def test_a_suspension_past_its_day_is_shown(district, pictures):
    with district.write() as conn:
        asleep = update(schema.incident).where(schema.incident.c.id == 7)
        conn.execute(asleep.values(until_at=int(NOW.timestamp())))
    assert queues(district, pictures)["suspended"] == of("I7")
    earlier = NOW - timedelta(hours=1)
    assert queues(district, pictures, now=earlier)["suspended"] == []


def act_all(store, pictures, picks, request):
    return act_on_all(
        store, pictures.current(NOW), scope=DISTRICT, actor=actor("command"), picks=picks,
        request=request, now=NOW,
    )  # fmt: skip


def test_of_many_the_refused_ones_are_told_and_the_others_done(district, pictures):
    picks = [Pick(NUMBER["I5"], 1), Pick(NUMBER["I4"], 9), Pick(NUMBER["I3"], 1), Pick("?", 1)]
    worker = PERSON["worker of G1"]
    outcomes = act_all(
        district, pictures, picks, lambda _: Request(Action.DISPATCH, person=worker)
    )  # fmt: skip
    assert [type(one.refused) for one in outcomes] == [
        type(None), StaleSave, IllegalStep, OutsideScope,
    ]  # fmt: skip
    assert [one.person for one in outcomes] == [worker, None, None, None]
    with district.read() as conn:
        holder = select(schema.incident.c.assignee_id).where(schema.incident.c.id == 5)
        assert conn.execute(holder).scalar_one() == worker
        assert verify_chain(conn).events == 2


def test_what_is_asked_for_may_differ_by_item_and_fail_by_item(district, pictures):
    def request(pick):
        if pick.number == NUMBER["I4"]:
            raise OutsideScope(PERSON_KEY)
        return Request(Action.NOTE, note=pick.number)

    picks = [Pick(NUMBER["I4"], 1), Pick(NUMBER["I5"], 1)]
    outcomes = act_all(district, pictures, picks, request)
    assert [one.refused is None for one in outcomes] == [False, True]
