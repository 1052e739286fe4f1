"""The log alone gives every incident as it is stored: its values after, one over the other."""

import random
from datetime import timedelta

from sqlalchemy import select

from data import schema
from data.casework import act, opened
from data.events import events_of, verify_chain
from data.handling import NewIncident, report_incident
from data.picture import Pictures
from rules.access import Scope
from rules.casework import Request
from rules.steps import Action
from tests.small_district import AREA, BUILDING, NOW, NUMBER, PERSON, actor

DISTRICT = Scope(AREA["D"])
COLUMNS = (
    "state", "desk_id", "assignee_id", "due_at", "step_due_at", "resumes_to", "left_minutes",
    "until_at", "satisfaction", "responded_at", "dispatched_at", "resolved_at", "fed_back_at",
    "evaluated_at", "evaluated_by", "closed_at", "urged", "merged_into_id", "version",
)  # fmt: skip


def stored(store, number):
    with store.read() as conn:
        found = select(schema.incident).where(schema.incident.c.number == number)
        row = conn.execute(found).mappings().one()
        return {name: row[name] for name in COLUMNS}, events_of(conn, "incident", row["id"], 500)


def folded(start, log):
    row = dict(start)
    for event in reversed(log):
        row |= {k: v for k, v in (event.after or {}).items() if k in COLUMNS}
    return row


def request_for(action, now, chance):
    return Request(
        action, note="说明", person=chance.choice([PERSON["worker of G1"], PERSON["lead of G1"]]),
        until=now + timedelta(days=chance.randint(1, 9)), score=chance.randint(1, 5),
        other=NUMBER["I7"], bodies=("fire",), consent=True,
    )  # fmt: skip


def test_folding_the_log_gives_the_row_as_stored(district):
    pictures, chance = Pictures(district), random.Random(11)
    new = NewIncident("dispute", "楼上漏水", building_id=BUILDING["B1"])
    picture = pictures.current(NOW)
    filed = [
        report_incident(district, picture, scope=DISTRICT, actor=actor("lead"), new=new, now=NOW)
        for _ in range(4)
    ]
    numbers = [one.number for one in filed] + [NUMBER["I1"], NUMBER["I8"], NUMBER["I11"]]
    starts = {number: stored(district, number)[0] for number in numbers}
    now, taken = NOW, 0
    for _ in range(120):
        now += timedelta(minutes=chance.randint(1, 900))
        number, picture = chance.choice(numbers), pictures.current(now)
        who = actor(chance.choice(["command", "street", "lead", "lead"]))
        if number in {NUMBER["I8"], NUMBER["I11"]}:
            who = actor("command")
        found = opened(district, picture, scope=DISTRICT, actor=who, number=number)
        steps = [s.action for s in found.steps if s.action != Action.MERGE or chance.random() < 0.1]
        if not steps:
            continue
        taken += 1
        act(
            district, picture, scope=DISTRICT, actor=who, number=number, version=found.version,
            request=request_for(chance.choice(steps), now, chance), now=now,
        )  # fmt: skip
    assert taken > 80
    for number in numbers:
        row, log = stored(district, number)
        assert folded(starts[number], log) == row
        for event in log:
            before = folded(starts[number], [e for e in log if e.id < event.id])
            told = {k: v for k, v in (event.before or {}).items() if k in COLUMNS}
            assert told.items() <= before.items()
    with district.read() as conn:
        assert verify_chain(conn).sound
