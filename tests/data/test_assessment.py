"""Each measure equals the plain count, opens what it counted, and stays inside the scope."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, update

from data import events, schema
from data.assessment import assess, cases_behind
from data.picture import Pictures
from rules.access import OutsideScope, Scope
from rules.assessment import MEASURES, Count
from rules.deadlines import add_limit
from rules.kinds import KINDS, Severity
from rules.lifecycle import State
from rules.rulebook import DEFAULT
from tests.data.records import DAY, Record, make, stored
from tests.data.records import NOW as RECORD_NOW
from tests.small_district import AREA, BUILDING, INCIDENT, NOW, NUMBER, PERSON

WEEK, YEAR = timedelta(days=7), timedelta(days=365)
DISTRICT = Scope(AREA["D"])


def asked(scope=DISTRICT, area="D", by="street", since=YEAR, **changed):
    return {
        "scope": scope, "area_id": AREA[area], "by": by, "since": NOW - since, "until": NOW,
        "now": NOW, "rulebook": DEFAULT, **changed,
    }  # fmt: skip


def event(conn, incident, action, *, before=None, after=None, hours=-1.0):
    events.append(
        conn, at=NOW + timedelta(hours=hours), actor="lead", action=action, subject="incident",
        subject_id=INCIDENT[incident], before=before, after=after,
    )  # fmt: skip


@pytest.fixture
def worked(district):
    """District in which I11 was sent back, I6 reopened, I9 not; B1 and B3 were visited."""
    at = int(NOW.timestamp())
    with district.write() as conn:
        event(conn, "I11", "send_back", before={"assignee_id": PERSON["lead of G7"]})
        event(conn, "I6", "evaluate", after={"state": "reopened"})
        event(conn, "I9", "evaluate", after={"state": "evaluated", "note": '"state":"reopened"'})
        event(conn, "I2", "reopen", after={"state": "reopened"}, hours=-9000)  # before the year
        conn.execute(
            insert(schema.visit),
            [
                {"building_id": BUILDING[b], "person_id": PERSON[p], "kind": "patrol", "at": t}
                for b, p, t in [
                    ("B1", "lead of G1", at - 60), ("B1", "worker of G1", at - DAY),
                    ("B3", "lead of G2", at - 3 * DAY), ("B5", "lead of G5", at - 400 * DAY),
                ]
            ],
        )  # fmt: skip
        conn.execute(
            update(schema.incident).where(schema.incident.c.number == NUMBER["I4"]).values(
                body="police"
            )
        )  # fmt: skip
    return district


def found(store, **changed):
    picture = Pictures(store).current(NOW)
    told = assess(store, picture, **asked(**changed))
    return {one.key: one for one in told}


def behind(store, figure, key, part="out_of", **changed):
    picture = Pictures(store).current(NOW)
    numbers = cases_behind(
        store, picture, figure=figure, key=key, part=part, **asked(**changed)
    )  # fmt: skip
    names = {number: name for name, number in NUMBER.items()}
    return {names.get(number, number) for number in numbers}


def test_streets_of_the_drawing(worked):
    s1, s2 = (found(worked)[AREA[name]] for name in ("S1", "S2"))
    assert s1.names == ("龙井街道", "龙井街道")
    # I4 is urgent and was responded to after half an hour; of I5 the four hours have not passed
    assert s1.counts["response"] == Count(5, 6)
    assert s1.counts["on_time"] == Count(1, 4)  # I3 of I3, I6 (late), I2 and I4 (overdue)
    assert s1.counts["satisfaction"] == Count(1, 2)
    assert s1.counts["coverage"] == Count(2, 4)
    assert s1.counts["reopens"] == Count(1, 2)
    assert s2.counts["on_time"] == Count(1, 2)  # I9, and I8 is overdue; I10 was rejected
    assert s2.counts["coverage"] == Count(0, 2)
    assert s2.counts["returns"] == Count(1, 3)
    assert behind(worked, "on_time", AREA["S1"], "missing") == {"I2", "I4", "I6"}
    assert behind(worked, "reopens", AREA["S1"], "counted") == {"I6"}
    assert behind(worked, "coverage", AREA["S1"], "missing") == {"B2", "B4"}
    assert behind(worked, "response", AREA["S1"], "missing") == {"I4"}


def test_a_return_stays_with_who_sent_it_back(worked):
    people = found(worked, by="person")
    assert people[PERSON["lead of G7"]].counts["returns"] == Count(1, 1)
    assert people[PERSON["lead of G8"]].counts["returns"] == Count(0, 1)
    assert behind(worked, "returns", PERSON["lead of G7"], by="person") == {"I11"}


def test_visits_count_for_who_made_them(worked):
    people = found(worked, by="person", since=WEEK)
    coverage = {name: people[PERSON[name]].counts["coverage"] for name in PERSON}
    assert coverage["lead of G1"] == coverage["worker of G1"] == Count(1, 2)
    assert coverage["lead of G2"] == Count(1, 1)
    assert coverage["lead of G5"] == coverage["chief of B5"] == Count(0, 1)
    assert coverage["chief of B1"] == Count(0, 2)
    assert coverage["lead of G6"] == Count(0, 0)


def test_bodies_answer_for_their_cases(worked):
    bodies = found(worked, by="body")
    assert set(bodies) == set(DEFAULT.bodies)
    assert "coverage" not in bodies["police"].counts
    assert behind(worked, "on_time", "police", by="body") == {"I2", "I4"}  # noise; as written
    assert behind(worked, "coverage", "police", by="body") == set()
    assert bodies["legal_centre"].names == ("文旅法务中心", "Cultural-tourism legal affairs centre")


def test_nobody_is_judged_by_few_cases_or_by_how_much_was_reported(worked):
    s1 = found(worked)[AREA["S1"]]
    assert (s1.overall.judged, s1.overall.reached, s1.overall.missed) == (2, 1, ("response",))
    strict = replace(DEFAULT, few=1)
    s1 = found(worked, rulebook=strict)[AREA["S1"]]
    assert s1.overall.missed == (
        "response", "on_time", "satisfaction", "coverage", "reopens",
    )  # fmt: skip


def test_a_past_period_is_seen_as_it_stood_at_its_end(sqlite_district):
    until = NOW - timedelta(hours=10)  # I9, reported 30 h ago, was due NOW + 10 h
    told = found(sqlite_district, by="grid", until=until)
    assert told[AREA["G5"]].counts["on_time"] == Count(0, 0)
    before = NOW - timedelta(hours=680)  # I6 was due 700 h ago and closed 650 h ago
    assert found(sqlite_district, by="grid", until=before)[AREA["G3"]].counts["on_time"] == Count(
        0, 1
    )


def test_a_chief_sees_the_own_buildings_and_nothing_else(worked):
    scope = Scope(AREA["G1"], frozenset({BUILDING["B1"], BUILDING["B2"]}))
    chief = {"scope": scope, "area": "G1"}
    assert set(found(worked, by="person", **chief)) == {PERSON["chief of B1"]}
    assert found(worked, by="grid", **chief)[AREA["G1"]].counts["coverage"] == Count(1, 2)
    assert behind(worked, "response", AREA["G1"], by="grid", **chief) == {"I1", "I2", "I3"}


@pytest.mark.parametrize("by", ["person", "grid", "community", "street", "body"])
def test_outside_the_scope_nothing_is_assessed(sqlite_district, by):
    picture = Pictures(sqlite_district).current(NOW)
    outside = asked(scope=Scope(AREA["S1"]), area="S2", by=by)
    with pytest.raises(OutsideScope):
        assess(sqlite_district, picture, **outside)
    theirs = {
        "person": PERSON["lead of G5"], "grid": AREA["G5"], "community": AREA["C3"],
        "street": AREA["S2"], "body": "an old one",
    }[by]  # fmt: skip
    with pytest.raises(OutsideScope):
        cases_behind(
            sqlite_district, picture, figure="response", key=theirs,
            **asked(scope=Scope(AREA["S1"]), area="S1", by=by),
        )  # fmt: skip


# The plain answer, one incident at a time, for any record.

SECOND = int(RECORD_NOW.timestamp())
BOOK = replace(DEFAULT, few=1)


def lived(random: Random, record: Record) -> tuple[list[dict], list[dict]]:
    """Give every incident a course, and the record visits and turns."""
    people = [p["id"] for p in record.people]
    turns = []
    for row in record.incidents:
        row["subkind"] = random.choice(["", *KINDS[row["kind"]].subkinds])
        row["body"] = random.choice(["", "", "police", "an_old_body"])
        for name in ("responded_at", "dispatched_at"):
            later = row["reported_at"] + random.randint(0, 3 * DAY)
            row[name] = random.choice([None, later, later])
        scored = row["satisfaction"] is not None
        row["evaluated_at"] = SECOND - random.randint(1, 60 * DAY) if scored else None
        if random.random() < 0.3:
            turns.append({
                "id": row["id"], "at": SECOND - random.randint(1, 60 * DAY),
                "action": random.choice(["send_back", "reopen", "evaluate"]),
                "holder": random.choice([None, *people]),
            })  # fmt: skip
    visits = [
        {
            "building_id": random.choice(record.buildings)["id"],
            "person_id": random.choice(people), "kind": "patrol",
            "at": SECOND - random.randint(1, 60 * DAY),
        }
        for _ in range(random.randint(0, 12) if people and record.buildings else 0)
    ]  # fmt: skip
    return turns, visits


def add(store, turns, visits):
    with store.write() as conn:
        for turn in turns:
            before = {"assignee_id": turn["holder"]} if turn["holder"] else {"version": 1}
            after = {"note": "", "state": "reopened"} if turn["action"] == "evaluate" else None
            events.append(
                conn, at=datetime.fromtimestamp(turn["at"], UTC), actor="x", action=turn["action"],
                subject="incident", subject_id=turn["id"], before=before, after=after,
            )  # fmt: skip
        if visits:
            conn.execute(insert(schema.visit), visits)


def within(time, start, end):
    return time is not None and start <= time < end


def done(row):
    return row["resolved_at"] or row["closed_at"]


def plain_incidents(measure, rows, turns, start, end):
    """Numbers counted and numbers in all, of these incidents."""
    counted, of = set(), set()
    back = {t["id"] for t in turns if t["action"] == "send_back"}
    again = {t["id"] for t in turns if t["action"] != "send_back"}
    for row in rows:
        state, at = State(row["state"]), done(row)
        gone = state in {State.MERGED, State.REJECTED}
        if measure == "response":
            limit = BOOK.limits(row["kind"], row["subkind"], Severity(row["severity"])).respond
            reported = datetime.fromtimestamp(row["reported_at"], UTC)
            late = int(add_limit(reported, limit, BOOK.calendar).timestamp())
            answer = row["responded_at"]
            if answer is not None and answer >= end:
                answer = None
            unknown = row["responded_at"] is None and at is not None
            due = within(row["reported_at"], start, end) and state != State.MERGED and not unknown
            out_of, good = (
                due and (answer is not None or late < end),
                bool(answer is not None and answer <= late),
            )
        elif measure == "on_time":
            still = (at is None or at >= end) and row["reported_at"] < end and row["due_at"] < end
            out_of = not gone and (within(at, start, end) or still)
            good = within(at, start, end) and at <= row["due_at"]
        elif measure == "satisfaction":
            out_of = within(row["evaluated_at"], start, end)
            good = (row["satisfaction"] or 0) >= 4
        elif measure == "returns":
            good = row["id"] in back
            out_of = good or within(row["dispatched_at"], start, end)
        else:
            good = row["id"] in again
            out_of = good or (within(at, start, end) and not gone)
        if out_of:
            of.add(row["number"])
            if good:
                counted.add(row["number"])
    return counted, of


def check(record, turns, visits, *, store, picture, **asking):
    scope, area_id, by = asking["scope"], asking["area_id"], asking["by"]
    start = int(asking["since"].timestamp())
    end = int(min(asking["until"], RECORD_NOW).timestamp())
    turns = [t for t in turns if within(t["at"], start, end)]
    visits = [v for v in visits if within(v["at"], start, end)]
    seen = record.visible(scope, scope.area_id if by == "person" else area_id)
    for one in assess(store, picture, **asking):
        assert set(one.counts) == set(MEASURES) - ({"coverage"} if by == "body" else set())
        for measure, count in one.counts.items():
            opened = [
                cases_behind(store, picture, figure=measure, key=one.key, part=part, **asking)
                for part in ("counted", "out_of", "missing")
            ]
            counted, of, missing = map(set, opened)
            assert [len(of), len(counted)] == [count.out_of, count.counted]
            assert (counted | missing, counted & missing) == (of, set())
            if measure == "coverage":
                houses = mine(record, scope, one.key, by)
                by_whom = {one.key} if by == "person" else {v["person_id"] for v in visits}
                calls = {v["building_id"] for v in visits if v["person_id"] in by_whom}
                assert of == {b["code"] for b in houses}
                assert counted == {b["code"] for b in houses if b["id"] in calls}
                continue
            if by == "person" and measure == "returns":
                assert (counted, of) == returns_of(one.key, seen, turns, start, end)
                continue
            rows = [i for i in seen if belongs(record, i, one.key, by)]
            assert (counted, of) == plain_incidents(measure, rows, turns, start, end), measure


def belongs(record, row, key, by):
    if by == "person":
        return row["assignee_id"] == key
    if by == "body":
        return (row["body"] or BOOK.body(row["kind"], row["subkind"])) == key
    return row["area_id"] in record.inside(key)


def mine(record, scope, key, by):
    person = next((p for p in record.people if by == "person" and p["id"] == key), None)
    if person and person["duty"] == "building_chief":
        kept = [b for b in record.buildings if b["chief_id"] == key]
    else:
        area_id = person["area_id"] if person else key
        kept = [b for b in record.buildings if b["area_id"] in record.inside(area_id)]
    inside = record.inside(scope.area_id)
    return [
        b for b in kept
        if b["area_id"] in inside and (scope.buildings is None or b["id"] in scope.buildings)
    ]  # fmt: skip


def returns_of(person, seen, turns, start, end):
    numbers = {i["id"]: i for i in seen}
    back = {
        numbers[t["id"]]["number"]
        for t in turns
        if t["action"] == "send_back" and t["id"] in numbers
        and (t["holder"] or numbers[t["id"]]["assignee_id"]) == person
    }  # fmt: skip
    held = {
        i["number"]
        for i in seen
        if i["assignee_id"] == person and within(i["dispatched_at"], start, end)
    }
    return back, back | held


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_number_is_the_plain_count_and_opens_it(seed, sqlite_template):
    random = Random(seed)
    record = make(random)
    turns, visits = lived(random, record)
    days = random.choice([3, 30, 365])
    until = RECORD_NOW - timedelta(seconds=random.choice([-DAY, 0, 0, 20 * DAY + 17]))
    since = RECORD_NOW - timedelta(days=days + 20)
    with stored(sqlite_template, record) as store:
        add(store, turns, visits)
        picture = Pictures(store).current(RECORD_NOW)
        for scope in record.scopes(random):
            inside = record.inside(scope.area_id)
            area_id = random.choice([a["id"] for a in record.areas if a["id"] in inside])
            for by in ("person", "grid", "community", "street", "body"):
                check(
                    record, turns, visits, store=store, picture=picture, scope=scope,
                    area_id=area_id, by=by, since=since, until=until, now=RECORD_NOW,
                    rulebook=BOOK,
                )  # fmt: skip
