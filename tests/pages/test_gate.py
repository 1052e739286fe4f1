"""Nothing answers without a session, whatever the spelling of the path; nothing is forged."""

import re
from collections.abc import Callable

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from data import accounts, clock
from pages._gate import PUBLIC, SESSION_COOKIE, Auth, local_path
from pages._house import House

ORIGIN = "http://testserver"
FILLED = {"path:path": "x", "kind": "area", "id": "1", "key": "0" * 24, "z": "16", "x": "1"}


def paths_of(routes: list[BaseRoute], prefix: str = "") -> set[str]:
    """Give one path for every route, mounted ones included."""
    found: set[str] = set()
    for route in routes:
        path = prefix + getattr(route, "path", "")
        if isinstance(route, Mount):
            found |= {path + "/", path + "/index.html"} | paths_of(route.routes or [], path)
        elif isinstance(route, Route | WebSocketRoute):
            found.add(re.sub(r"{([^}]*)}", lambda m: FILLED.get(m[1], "1"), path))
    return found


@pytest.fixture(scope="module")
def all_paths(server: TestClient) -> list[str]:
    inner = server.app._starlette_app
    found = paths_of(list(inner.routes))
    assert {"/map/view/" + "0" * 24, "/_stcore/stream", "/sign-out", "/download/1.1"} <= found
    return sorted(found)


def odd_spellings(path: str) -> list[str]:
    return [
        path, "/" + path, path + "/", path.upper(), path.replace("/", "//"), path + "%2f",
        "/." + path, "/x/.." + path, path + "?next=/sign-in", path + ";/sign-in", path + "%00",
    ]  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_no_route_answers_without_a_session(
    server: TestClient, all_paths: list[str], method: str
) -> None:
    asked = {s for path in all_paths if path not in PUBLIC for s in odd_spellings(path)}
    asked |= {"//sign-in", "/SIGN-IN", "/sign-in/", "/healthz/", "/sign-in.css/../map"}
    server.cookies.clear()
    for path in sorted(asked):
        if path.split("?")[0].split(";")[0] in PUBLIC and ";" not in path:
            continue
        answer = server.request(method, path, headers={"origin": ORIGIN})
        assert answer.status_code == 401, (method, path)
        assert b"Streamlit" not in answer.content


def test_a_person_is_sent_to_the_sign_in_and_back(server: TestClient) -> None:
    server.cookies.clear()
    answer = server.get("/?at=510304001&overdue=1", headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2F%3Fat%3D510304001%26overdue%3D1"


@pytest.mark.parametrize("cookie", ["", "x", "a" * 5000, "é", "%00", '"', ";;;", "gridmap_session"])
def test_a_made_up_cookie_opens_nothing(server: TestClient, cookie: str) -> None:
    server.cookies.clear()
    header = f"{SESSION_COOKIE}={cookie}".encode("latin-1")
    assert server.get("/map/search", headers={"cookie": header}).status_code == 401


def test_the_websocket_needs_a_session_and_our_origin(
    server: TestClient, as_command: dict[str, str]
) -> None:
    cookie = as_command["cookie"]
    server.cookies.clear()
    for headers in (
        {"origin": ORIGIN},
        {"cookie": cookie},
        {"cookie": cookie, "origin": "http://evil.example"},
        {"cookie": cookie, "origin": "null"},
    ):
        with (
            pytest.raises(WebSocketDisconnect),
            server.websocket_connect("/_stcore/stream", headers=headers),
        ):
            pass


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "http://testserver.evil"])
def test_nothing_is_changed_from_a_foreign_page(
    server: TestClient, as_command: dict[str, str], origin: str | None
) -> None:
    headers = {"cookie": as_command["cookie"]} | ({"origin": origin} if origin else {})
    assert server.post("/sign-out", headers=headers).status_code == 403
    assert server.post("/sign-in", data={"demo": "command"}, headers=headers).status_code == 403
    assert server.get("/map/search?q=x", headers=as_command).status_code != 401


def behind(house: House) -> TestClient:
    """Echo what the door puts on a request."""

    async def echo(request: Request) -> JSONResponse:
        return JSONResponse({
            "login": request.scope["actor"].login,
            "area": request.scope["grid_scope"].area_id,
            "locale": request.scope["grid_locale"],
            "headers": {k: v for k, v in request.headers.items() if k.startswith("x-gridmap")},
        })  # fmt: skip

    return TestClient(Auth(Route("/echo", echo).app, house))


def test_forged_headers_are_dropped_and_ours_are_set(
    house: House, as_command: dict[str, str]
) -> None:
    forged = {"X-Gridmap-Login": "admin", "x-gridmap-role": "administrator", "X-GRIDMAP-X": "1"}
    answer = behind(house).get("/echo", headers=as_command | forged)
    assert answer.json()["headers"] == {"x-gridmap-login": "command", "x-gridmap-role": "command"}


@pytest.mark.parametrize(("login", "area"), [("command", 1), ("street", 2), ("lead", 8)])
def test_actor_and_scope_come_from_the_account(
    house: House, signed_in: Callable[[str], str], login: str, area: int
) -> None:
    cookie = {"cookie": f"{SESSION_COOKIE}={signed_in(login)}"}
    found = behind(house).get("/echo", headers=cookie).json()
    assert (found["login"], found["area"]) == (login, area)


def test_a_sign_out_bites_at_once(
    server: TestClient, house: House, as_command: dict[str, str]
) -> None:
    assert behind(house).get("/echo", headers=as_command).status_code == 200
    left = server.post("/sign-out", headers=as_command)
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in")
    assert behind(house).get("/echo", headers=as_command).status_code == 401


def test_disabling_an_account_bites_at_once(house: House, signed_in: Callable[[str], str]) -> None:
    cookie = {"cookie": f"{SESSION_COOKIE}={signed_in('planner')}"}
    assert behind(house).get("/echo", headers=cookie).status_code == 200
    who = accounts.account_id_of(house.store, "planner")
    accounts.disable_account(house.store, account_id=who, actor="test", now=clock.now())
    assert behind(house).get("/echo", headers=cookie).status_code == 401
    accounts.enable_account(house.store, account_id=who, actor="test", now=clock.now())


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/?at=1", "/?at=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\r\nset-cookie:x", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_sent_off_the_server(asked: str, given: str) -> None:
    assert local_path(asked) == given
