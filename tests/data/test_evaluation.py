"""A resident evaluates once, by a link that is theirs, and learns nothing of the record."""

from dataclasses import fields
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from data import schema
from data.cases import find_row
from data.casework import act
from data.evaluation import (
    Asked,
    LinkExpired,
    LinkRefused,
    LinkUsed,
    NotAwaited,
    UnknownLink,
    evaluate,
    look_up,
    make_link,
    tidy,
)
from data.events import events_of, verify_chain
from data.hashing import digest
from data.lockout import MAX_FAILURES, LockedOut
from data.notices import notices
from data.picture import Pictures
from rules.access import OutsideScope, Scope
from rules.casework import IllegalStep, Missing, NotYours, Request
from rules.lifecycle import State
from rules.rulebook import DEFAULT
from rules.steps import Action
from tests.small_district import AREA, NOW, NUMBER, actor

DISTRICT = Scope(AREA["D"])
I1 = NUMBER["I1"]
DAY = timedelta(days=1)


@pytest.fixture
def picture(district):
    return Pictures(district).current(NOW)


def feed_back(store, picture, number=I1, version=1):
    """Bring an incident in progress to where its evaluation is awaited."""
    for n, action in enumerate((Action.RESOLVE, Action.FEED_BACK)):
        act(
            store, picture, scope=DISTRICT, actor=actor("lead"), number=number,
            version=version + n, request=Request(action, note="清理完毕"), now=NOW,
        )  # fmt: skip


def link(store, picture, *, login="lead", scope=DISTRICT, number=I1, now=NOW):
    return make_link(store, picture, scope=scope, actor=actor(login), number=number, now=now)


@pytest.fixture
def token(district, picture):
    feed_back(district, picture)
    return link(district, picture)


def give(store, picture, token, score=5, words="", now=NOW):
    return evaluate(store, picture, token=token, score=score, words=words, now=now)


def asked(store, picture, token, now=NOW, address="10.0.0.9"):
    return look_up(store, picture, token=token, address=address, now=now)


def row_of(store, number=I1):
    with store.read() as conn:
        return dict(find_row(conn, number))


def test_satisfied_words_are_kept_and_marked_as_the_residents_own(district, picture, token):
    assert give(district, picture, token, 5, " 很快，谢谢 ") == State.EVALUATED
    row = row_of(district)
    assert (row["satisfaction"], row["evaluated_by"], row["state"]) == (5, "link", "evaluated")
    with district.read() as conn:
        last = events_of(conn, "incident", 1)[0]
        assert verify_chain(conn).sound
    assert (last.actor, last.action, last.after["note"]) == ("resident", "evaluate", "很快，谢谢")


@pytest.mark.parametrize("score", [1, 2])
def test_dissatisfaction_reopens_and_alerts_whoever_keeps_the_desk(district, picture, token, score):
    assert give(district, picture, token, score, "还是堵着") == State.REOPENED
    assert notices(district, actor=actor("lead"))[0].what == "dissatisfied"
    row = row_of(district)
    assert (row["assignee_id"], row["satisfaction"]) == (None, score)


def test_a_link_is_used_once(district, picture, token):
    give(district, picture, token)
    for ask in (lambda: give(district, picture, token, 1), lambda: asked(district, picture, token)):
        with pytest.raises(LinkUsed):
            ask()
    assert row_of(district)["satisfaction"] == 5


def test_of_many_at_the_same_moment_one_wins(district, picture, token):
    outcomes, ready = [], Barrier(6)

    def race(score):
        ready.wait()
        try:
            outcomes.append(give(district, picture, token, score))
        except LinkRefused as refused:
            outcomes.append(type(refused))

    threads = [Thread(target=race, args=(3 + n % 3,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(State.EVALUATED) == 1
    assert outcomes.count(LinkUsed) == 5
    with district.read() as conn:
        assert [e.action for e in events_of(conn, "incident", 1)].count("evaluate") == 1


def test_a_link_ends_with_its_day(district, picture, token):
    end = NOW + DEFAULT.evaluation_days * DAY
    assert asked(district, picture, token, now=end - timedelta(seconds=1))
    for ask in (lambda: asked(district, picture, token, now=end),
                lambda: give(district, picture, token, now=end)):  # fmt: skip
        with pytest.raises(LinkExpired):
            ask()


def test_a_newer_link_ends_the_older(district, picture, token):
    newer = link(district, picture, now=NOW + DAY)
    with pytest.raises(LinkExpired):
        give(district, picture, token, now=NOW + DAY)
    assert give(district, picture, newer, now=NOW + DAY) == State.EVALUATED


@pytest.mark.parametrize("forged", ["", "A" * 43, "' OR 1=1 --", "é" * 43, "\x00", "x" * 5000])
def test_a_made_up_link_opens_nothing(district, picture, token, forged):
    for guess in (forged, token[:-1], token.swapcase(), digest(token)):
        with pytest.raises(UnknownLink):
            give(district, picture, guess)
    with pytest.raises(UnknownLink):
        asked(district, picture, forged)
    assert row_of(district)["state"] == "fed_back"


def test_the_store_does_not_hold_what_opens(district, token):
    with district.read() as conn:
        assert token not in str(conn.execute(select(schema.evaluation_link)).all())
        assert token not in str(conn.execute(select(schema.event)).all())


def test_guesses_lock_their_address_and_no_resident(district, picture, token):
    for n in range(MAX_FAILURES):
        with pytest.raises(UnknownLink):
            asked(district, picture, f"guess {n}")
    with pytest.raises(LockedOut):
        asked(district, picture, "another guess")
    assert asked(district, picture, token)
    with pytest.raises(UnknownLink):
        asked(district, picture, "a guess", address="10.0.0.10")


def test_what_is_asked_names_no_person_and_no_door(district, picture, token):
    found = asked(district, picture, token)
    assert found.kind == "hazard"
    assert found.place == ("龙井社区", "龙井小区")
    assert {f.name for f in fields(Asked)} == {"kind", "place", "reported_at"}


def test_an_incident_that_is_not_waiting_gives_no_link(district, picture):
    with pytest.raises(IllegalStep):
        link(district, picture)


def test_nobody_makes_links_for_others(district, picture):
    feed_back(district, picture)
    with pytest.raises(OutsideScope):
        link(district, picture, scope=Scope(AREA["G2"]))
    with pytest.raises(OutsideScope):
        link(district, picture, number="?")
    for login in ("planner", "admin", "chief"):
        with pytest.raises(NotYours):
            link(district, picture, login=login)


def test_an_evaluation_told_to_a_worker_makes_the_link_void(district, picture, token):
    act(
        district, picture, scope=DISTRICT, actor=actor("lead"), number=I1, version=3,
        request=Request(Action.EVALUATE, score=4, note="当面"), now=NOW,
    )  # fmt: skip
    with pytest.raises(NotAwaited):
        give(district, picture, token, 1)
    row = row_of(district)
    assert (row["satisfaction"], row["evaluated_by"]) == (4, "spoken")


@pytest.mark.parametrize("score", [None, 0, 6, -1])
def test_a_score_that_is_none_leaves_the_link_alive(district, picture, token, score):
    with pytest.raises(Missing):
        give(district, picture, token, score)
    assert give(district, picture, token, 3) == State.EVALUATED


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("  好\r\n谢谢  ", "好\n谢谢"),
        ("a\x00b\u202ec\x1b[31m", "abc[31m"),
        ("字" * 900, "字" * 500),
        ("<script>alert(1)</script>{{7*7}}${1}", "<script>alert(1)</script>{{7*7}}${1}"),
    ],
)
def test_words_are_text_and_end_somewhere(said, kept):
    assert tidy(said) == kept
