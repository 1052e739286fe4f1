"""Signing in: words for every refusal, a safe cookie, demo accounts only in a demo."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from data import clock
from data.accounts import actor_of
from data.store import set_meta
from pages._gate import LANGUAGE_COOKIE, SESSION_COOKIE
from pages._house import House
from tests.small_district import PASSWORD

OURS = {"origin": "http://testserver"}


@pytest.fixture
def visitor(server: TestClient) -> TestClient:
    server.cookies.clear()
    return server


def sign_in(visitor: TestClient, **form: str) -> tuple[int, str, str]:
    answer = visitor.post("/sign-in", data=form, headers=OURS | {"accept-language": "zh-CN"})
    return answer.status_code, answer.text, answer.headers.get("set-cookie", "")


def test_the_right_password_opens_a_session_and_leads_back(
    visitor: TestClient, house: House
) -> None:
    answer = visitor.post(
        "/sign-in", headers=OURS,
        data={"login": "street", "password": PASSWORD, "next": "/?overdue=1"},
    )  # fmt: skip
    assert (answer.status_code, answer.headers["location"]) == (303, "/?overdue=1")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    found = actor_of(house.store, answer.cookies[SESSION_COOKIE], now=clock.now())
    assert found is not None
    assert found.login == "street"


def test_wrong_passwords_and_unknown_names_read_alike(visitor: TestClient) -> None:
    wrong = sign_in(visitor, login="community", password="no")
    unknown = sign_in(visitor, login="nobody", password="no")
    assert wrong[0] == unknown[0] == 401
    assert "账号或密码不正确" in wrong[1]
    assert wrong[1].replace('name="login" value="community"', "") == unknown[1].replace(
        'name="login" value="nobody"', ""
    )
    assert not wrong[2]


def test_too_many_failures_lock_in_words(visitor: TestClient) -> None:
    answers = [sign_in(visitor, login="ghost", password="no") for _ in range(7)]
    assert answers[-1][0] == 429
    assert "错误次数过多" in answers[-1][1]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{7*7}}", '" autofocus onfocus="x', "${1}", "é\u202e😀"]
)
def test_what_was_typed_comes_back_as_text(visitor: TestClient, text: str) -> None:
    _, page, _ = sign_in(visitor, login=text, password="x", next=text)
    assert "<script>alert" not in page
    assert 'onfocus="x' not in page
    assert ">49<" not in page
    assert 'value="49"' not in page


def test_a_flood_of_fields_is_refused_calmly(visitor: TestClient) -> None:
    body = "&".join(f"a{n}=1" for n in range(100))
    headers = OURS | {"content-type": "application/x-www-form-urlencoded"}
    for sent in (body, "login=" + "x" * 20_000):
        assert visitor.post("/sign-in", content=sent, headers=headers).status_code in {401, 429}


def test_demo_accounts_are_offered_in_a_demo_only(visitor: TestClient, house: House) -> None:
    assert 'value="planner"' in visitor.get("/sign-in").text
    with house.store.write() as conn:
        set_meta(conn, "demo", "0")
    try:
        assert 'name="demo"' not in visitor.get("/sign-in").text
        assert sign_in(visitor, demo="planner")[0] == 401
    finally:
        with house.store.write() as conn:
            set_meta(conn, "demo", "1")


@pytest.mark.parametrize(
    ("accepts", "lang"), [("zh-CN,zh;q=0.9", "zh-CN"), ("en-US", "en"), ("fr", "zh-CN")]
)
def test_the_browsers_language_decides(visitor: TestClient, accepts: str, lang: str) -> None:
    page = visitor.get("/sign-in", headers={"accept-language": accepts}).text
    assert f'<html lang="{lang}">' in page


def test_the_switch_overrides_and_is_kept(visitor: TestClient) -> None:
    answer = visitor.get("/sign-in?to=en", headers={"accept-language": "zh-CN"})
    assert '<html lang="en">' in answer.text
    assert answer.cookies[LANGUAGE_COOKIE] == "en"


def test_switching_the_language_leads_back_to_the_same_view(
    server: TestClient, signed_in: Callable[[str], str]
) -> None:
    server.cookies.clear()
    headers = {
        "cookie": f"{SESSION_COOKIE}={signed_in('lead')}",
        "referer": "http://testserver/?at=510304001&overdue=1",
    }
    answer = server.get("/language?to=en", headers=headers)
    assert answer.headers["location"] == "/?at=510304001&overdue=1"
    assert answer.cookies[LANGUAGE_COOKIE] == "en"
    headers["referer"] = "http://evil.example/"
    assert server.get("/language?to=zh", headers=headers).headers["location"] == "/"


def test_watchdogs_get_an_answer_without_detail(visitor: TestClient) -> None:
    assert visitor.get("/healthz").text == "ok"
    assert set(visitor.get("/readyz").json()) == {"ready"}
