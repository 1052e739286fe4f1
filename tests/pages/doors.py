"""Our own routes behind our own door, on a store of the test's own, without Streamlit."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from data import clock
from data.accounts import sign_in_demo
from pages._gate import SESSION_COOKIE, Auth
from pages._headers import Headers
from pages._house import House

OURS = {"origin": "http://testserver", "accept-language": "zh-CN"}


def behind_the_door(house: House, routes: list[BaseRoute]) -> TestClient:
    """Serve routes as the server does: headers, then the door, then they."""
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(Headers, tile_url=None, secure=False), Middleware(Auth, house=house),
        ],
    )  # fmt: skip
    return TestClient(app, follow_redirects=False)


def headers_of(house: House, login: str) -> dict[str, str]:
    """Headers of somebody who is signed in."""
    token = sign_in_demo(house.store, login=login, now=clock.now()).token
    return {**OURS, "cookie": f"{SESSION_COOKIE}={token}"}
