"""Messages to the webhook: at least once, in order, to the configured host, nothing personal."""

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from sqlalchemy import select, update

from data import outbox, schema
from data.casework import act
from data.check import check
from data.handling import NewIncident, report_incident
from data.outbox import LEASE, MOST_TRIES, Undelivered, send_next, shaped, switch, wait, webhook
from data.picture import Pictures
from data.settings import Settings
from data.store import get_meta
from rules.access import Scope
from rules.casework import Request
from rules.steps import Action
from tests.small_district import AREA, NOW, NUMBER, actor

DISTRICT = Scope(AREA["D"])
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def straight(monkeypatch):
    """Keep a proxy of the machine out of the loopback."""
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr("data.check.MIN_FREE_BYTES", 0)


def settings_of(store, url="http://127.0.0.1:9/hook", form="plain"):
    return Settings("", store.settings.var, webhook_url=url, webhook_form=form,
                    public_origin="https://map.example")  # fmt: skip


@pytest.fixture
def told(district):
    """Store with the webhook switched on and three messages waiting."""
    switch(district, settings_of(district), now=NOW)
    picture = Pictures(district).current(NOW)
    new = NewIncident(
        kind="hazard", title="王某家漏水", lon=104.775, lat=29.375, address="龙井路1号",
        reporter_name="王某", reporter_phone="13812345678",
    )  # fmt: skip
    number = report_incident(
        district, picture, scope=DISTRICT, actor=actor("command"), new=new, now=NOW
    ).number
    for version, action in ((1, Action.ESCALATE), (2, Action.HAND_DOWN)):
        act(
            district, picture, scope=DISTRICT, actor=actor("command"), number=number,
            version=version, request=Request(action, note="王某催办"), now=NOW,
        )  # fmt: skip
    return district


class Inbox:
    """Receiver in memory that can be told to refuse."""

    def __init__(self):
        self.got = []
        self.refusals = 0

    def __call__(self, message):
        if self.refusals:
            self.refusals -= 1
            reason = "HTTP 500"
            raise Undelivered(reason)
        self.got.append((message.id, message.what))


def send_all(store, deliver, now=NOW):
    while send_next(store, deliver, now=now):
        pass


def test_messages_arrive_once_and_in_the_order_of_the_steps(told):
    inbox = Inbox()
    send_all(told, inbox)
    assert [what for _, what in inbox.got] == ["report", "escalate", "hand_down"]
    assert len({key for key, _ in inbox.got}) == 3
    assert not send_next(told, inbox, now=NOW + timedelta(days=1))


def test_a_failure_is_tried_again_with_the_same_id_and_nothing_overtakes_it(told):
    inbox = Inbox()
    inbox.refusals = 2
    assert not send_next(told, inbox, now=NOW)
    assert not send_next(told, inbox, now=NOW + wait(1) - SECOND)
    assert not send_next(told, inbox, now=NOW + wait(1))
    assert inbox.got == []
    send_all(told, inbox, NOW + wait(1) + wait(2))
    assert [what for _, what in inbox.got] == ["report", "escalate", "hand_down"]


def test_the_pause_doubles_up_to_an_hour():
    assert [wait(n) / SECOND for n in (1, 2, 3, 7, 8, 20)] == [30, 60, 120, 1920, 3600, 3600]


def test_cut_off_between_sending_and_marking_it_is_sent_again(told):
    inbox = Inbox()

    class Killed(BaseException):
        pass

    def arrives_and_dies(message):
        inbox(message)
        raise Killed

    with pytest.raises(Killed):
        send_next(told, arrives_and_dies, now=NOW)
    assert not send_next(told, inbox, now=NOW + LEASE - SECOND)  # another process keeps off
    send_all(told, inbox, NOW + LEASE)
    keys = [key for key, _ in inbox.got]
    assert keys[0] == keys[1]
    assert [what for _, what in inbox.got] == ["report", "report", "escalate", "hand_down"]


def test_two_processes_never_send_the_same_message_at_the_same_time(told):
    inbox, other = Inbox(), Inbox()

    def meanwhile(message):
        assert not send_next(told, other, now=NOW)
        inbox(message)

    send_all(told, meanwhile)
    assert (len(inbox.got), other.got) == (3, [])


def test_it_gives_up_and_the_check_says_so(told):
    inbox, now = Inbox(), NOW
    inbox.refusals = MOST_TRIES
    assert check(told) == []
    for n in range(1, MOST_TRIES + 1):
        assert not send_next(told, inbox, now=now)
        now += wait(n)
        found = {(f.code, f.count, f.example) for f in check(told)}
        assert found == {("given_up" if n == MOST_TRIES else "held_up", 1, "HTTP 500")}
    send_all(told, inbox, now)
    assert [what for _, what in inbox.got] == ["escalate", "hand_down"]
    assert not any(f.grave for f in check(told))


def test_without_a_webhook_nothing_is_written(told):
    switch(told, Settings("", told.settings.var), now=NOW)
    before = waiting(told)
    picture = Pictures(told).current(NOW)
    act(
        told, picture, scope=DISTRICT, actor=actor("command"), number=NUMBER["I5"], version=1,
        request=Request(Action.ESCALATE, note="x"), now=NOW,
    )  # fmt: skip
    assert waiting(told) == before
    with told.read() as conn:
        assert get_meta(conn, "webhook") == "0"


def waiting(store):
    with store.read() as conn:
        return [row.body for row in conn.execute(select(schema.outbox).order_by("id"))]


def test_what_was_sent_is_forgotten_after_a_week(told):
    send_all(told, Inbox())
    switch(told, settings_of(told), now=NOW + outbox.KEPT)
    assert len(waiting(told)) == 3
    switch(told, settings_of(told), now=NOW + outbox.KEPT + SECOND)
    assert waiting(told) == []


def claimed(store):
    found = []
    send_next(store, found.append, now=NOW)
    return found[0]


@pytest.mark.parametrize("form", ["plain", "wecom", "dingtalk"])
def test_a_message_has_number_step_and_link_and_nothing_personal(told, form):
    message = claimed(told)
    body = json.dumps(shaped(message, form, "https://map.example/"), ensure_ascii=False)
    assert message.number in body
    assert "上报" in body
    assert f"https://map.example/map?incident={message.number}" in body
    for secret in ("王某", "138", "漏水", "龙井路"):
        assert secret not in body + "".join(waiting(told))


def test_a_number_of_an_import_stays_inside_its_link(told):
    with told.write() as conn:
        odd = json.dumps({"number": 'A&b=1#"/x', "what": "report", "at": 0})
        conn.execute(update(schema.outbox).values(body=odd))
    link = shaped(claimed(told), "plain", "https://map.example")["link"]
    assert link == "https://map.example/map?incident=A%26b%3D1%23%22%2Fx"


class Receiver(BaseHTTPRequestHandler):
    """Loopback receiver that answers what the test prepared, then 200."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.path, self.headers["idempotency-key"], json.loads(body)))
        status, said = self.server.answers.pop(0) if self.server.answers else (200, b"{}")
        self.send_response(status)
        if status == 302:
            self.send_header("location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_args):
        pass


@pytest.fixture
def receiver():
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.answers = [], []
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def to(store, receiver, form="plain"):
    return webhook(settings_of(store, f"http://127.0.0.1:{receiver.server_port}/hook?key=1", form))


def error_of(store):
    with store.read() as conn:
        return conn.execute(select(schema.outbox.c.error).order_by("id")).scalars().first()


@pytest.mark.parametrize(
    ("form", "status", "said", "error"),
    [
        ("plain", 500, b"", "HTTP 500"),
        ("plain", 302, b"", "HTTP 302"),
        ("wecom", 200, b'{"errcode":45009,"errmsg":"limit"}', "errcode 45009"),
        ("dingtalk", 200, b"<html>proxy</html>", "errcode None"),
    ],
)
def test_over_the_wire_a_refusal_is_tried_again_and_arrives(
    told, receiver, form, status, said, error
):
    receiver.answers = [(status, said)] + [(200, b'{"errcode":0}')] * 3
    deliver = to(told, receiver, form)
    assert not send_next(told, deliver, now=NOW)
    assert error_of(told) == error
    send_all(told, deliver, NOW + wait(1))
    assert [path for path, _, _ in receiver.got] == ["/hook?key=1"] * 4
    assert receiver.got[0] == receiver.got[1]
    assert error_of(told) == ""


def test_a_host_that_is_away_is_named_without_its_key(told, caplog):
    deliver = webhook(settings_of(told, "http://127.0.0.1:9/hook?key=very-secret"))
    assert not send_next(told, deliver, now=NOW)
    assert error_of(told) == "URLError"
    assert "very-secret" not in caplog.text
