"""A resident's page: open to who has the link, without script, and in words to the end."""

import re

import pytest
from starlette.testclient import TestClient

from data import clock
from data.casework import act
from data.evaluation import make_link
from data.events import events_of
from data.incidents import incident
from pages import evaluate
from pages._gate import is_public
from pages._house import House
from rules.access import Scope
from rules.casework import Request
from rules.steps import Action
from tests.pages.doors import OURS, behind_the_door
from tests.small_district import AREA, NUMBER, actor

DISTRICT = Scope(AREA["D"])
CORPUS = (
    "<script>alert(1)</script>", "{{7*7}}{% raw %}", '" autofocus onfocus="x', "${1}`x`",
    "</textarea><img src=x onerror=alert(1)>", "é\u202e😀", "'; DROP TABLE incident; --",
)  # fmt: skip


@pytest.fixture
def client(own_house: House) -> TestClient:
    return behind_the_door(own_house, list(evaluate.routes(own_house)))


@pytest.fixture
def link(own_house: House) -> str:
    """Path of the link of an incident that was fed back."""
    now = clock.now()
    picture = own_house.pictures.current(now)
    for n, action in enumerate((Action.RESOLVE, Action.FEED_BACK)):
        act(
            own_house.store, picture, scope=DISTRICT, actor=actor("lead"), number=NUMBER["I1"],
            version=1 + n, request=Request(action, note="清理完毕"), now=now,
        )  # fmt: skip
    token = make_link(
        own_house.store, picture, scope=DISTRICT, actor=actor("lead"), number=NUMBER["I1"], now=now
    )
    return f"/evaluate/{token}"


def state(house: House) -> str:
    now = clock.now()
    picture = house.pictures.current(now)
    return incident(house.store, picture, scope=DISTRICT, number=NUMBER["I1"]).row.state


def send(client: TestClient, link: str, **form: str) -> tuple[int, str]:
    answer = client.post(link, data=form, headers=OURS)
    return answer.status_code, answer.text


def test_the_link_opens_without_signing_in_and_names_nobody(client: TestClient, link: str) -> None:
    answer = client.get(link, headers=OURS)
    assert answer.status_code == 200
    page = answer.text
    for said in ("大安区", "安全隐患", "龙井社区", "龙井小区", "非常满意"):
        assert said in page
    for secret in ("消防通道", "2026-0001", "网格长", "赵", "G1附近", "清理完毕", "第1网格"):
        assert secret not in page
    assert page.count('name="score"') == 5
    assert "<script" not in page
    policy = answer.headers["content-security-policy"]
    assert "script-src" not in policy
    assert {"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"} <= set(
        policy.split("; ")
    )
    assert answer.headers["cache-control"] == "no-store"
    assert "link" not in answer.headers


def test_satisfied_is_kept_and_the_link_used_up(
    own_house: House, client: TestClient, link: str
) -> None:
    status, page = send(client, link, score="5", words="很快")
    assert status == 200
    assert "您的评价已记录" in page
    assert state(own_house) == "evaluated"
    for again in (client.get(link, headers=OURS).text, send(client, link, score="1")[1]):
        assert "此链接已用于评价" in again
        assert 'name="score"' not in again
    assert state(own_house) == "evaluated"


def test_dissatisfied_opens_it_again_and_says_so(
    own_house: House, client: TestClient, link: str
) -> None:
    _, page = send(client, link, score="1", words="还是堵着")
    assert "已重新办理" in page
    assert state(own_house) == "reopened"


@pytest.mark.parametrize("score", ["", "0", "6", "5.0", "-1", "五", "١", " 5"])
def test_without_a_score_it_asks_again_and_keeps_the_words(
    own_house: House, client: TestClient, link: str, score: str
) -> None:
    status, page = send(client, link, score=score, words="我写了很久")
    assert status == 400
    assert "我写了很久</textarea>" in page
    assert state(own_house) == "fed_back"
    assert send(client, link, score="4")[0] == 200


@pytest.mark.parametrize("text", CORPUS)
def test_words_come_back_and_are_kept_as_text(
    own_house: House, client: TestClient, link: str, text: str
) -> None:
    _, page = send(client, link, score="x", words=text)
    assert "<script" not in page
    assert "<img" not in page
    assert 'onfocus="x' not in page
    assert "49" not in re.sub(r"/evaluate/\S+", "", page)
    send(client, link, score="5", words=text)
    with own_house.store.read() as conn:
        kept = events_of(conn, "incident", 1)[0].after or {}
    assert kept["note"] == text.replace("\u202e", "")


def test_a_foreign_page_cannot_evaluate(own_house: House, client: TestClient, link: str) -> None:
    for origin in ({}, {"origin": "http://evil.example"}, {"origin": "null"}):
        answer = client.post(link, data={"score": "1"}, headers=origin)
        assert answer.status_code == 403
    assert state(own_house) == "fed_back"


def test_guesses_are_refused_alike_and_then_not_looked_at(client: TestClient, link: str) -> None:
    answers = [client.get(f"/evaluate/{'A' * 42}{n}", headers=OURS) for n in range(8)]
    assert [a.status_code for a in answers] == [404] * 5 + [429] * 3
    assert client.get(link, headers=OURS).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/evaluate/", "/evaluate/x", "/evaluate/" + "a" * 42, "/evaluate/" + "a" * 44,
     "/evaluate/" + "a" * 43 + "/", "/evaluate/" + "a" * 43 + "\n", "/evaluate/../map",
     "/x/evaluate/" + "a" * 43, "/EVALUATE/" + "a" * 43, "/evaluate/" + "a" * 42 + "é",
     "/evaluate/" + "a" * 41 + "/x", "/evaluate/" + "a" * 40 + "..."],
)  # fmt: skip
def test_only_the_form_of_a_link_is_public(path: str) -> None:
    assert not is_public(path)
    assert is_public("/evaluate/" + "aZ0-_" * 8 + "abc")


def test_english_is_one_touch_away_and_stays(client: TestClient, link: str) -> None:
    answer = client.get(link + "?to=en", headers=OURS)
    assert "How well was this handled?" in answer.text
    assert "gridmap_language=en" in answer.headers["set-cookie"]
    assert "满意" not in answer.text.replace("中文", "")


def test_its_style_is_public(client: TestClient) -> None:
    assert client.get("/evaluate.css").headers["content-type"].startswith("text/css")
