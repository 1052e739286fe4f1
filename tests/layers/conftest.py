"""Clients of the map's feeds over the small district, one per account."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from data.accounts import scope_of
from data.picture import Pictures
from data.store import Store
from data.views import keep_view
from layers.feeds import map_routes
from rules.access import Actor
from rules.filters import View
from tests.small_district import AREA, NOW, actor

Client = Callable[[str], TestClient]


class Hand:
    """The clock of the feeds; a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def __call__(self) -> datetime:
        return self.now


class SignedIn:
    """Stands in for the sign-in middleware: every request comes from one account, or nobody."""

    def __init__(self, app: ASGIApp, store: Store, who: Actor | None) -> None:
        self.app, self.who = app, who
        self.scope = scope_of(store, who) if who else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.who:
            scope = {**scope, "actor": self.who, "grid_scope": self.scope}
        await self.app(scope, receive, send)


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def client(sqlite_district: Store, hand: Hand) -> Client:
    """Give a client by login; ``""`` is nobody."""
    routes = map_routes(
        Pictures(sqlite_district), sqlite_district, texts=lambda _: str.upper, now=hand
    )
    app = Starlette(routes=routes)

    def give(login: str = "command") -> TestClient:
        who = actor(login) if login else None
        return TestClient(SignedIn(app, sqlite_district, who))

    return give


@pytest.fixture
def key(sqlite_district: Store) -> Callable[..., str]:
    """Keep a view by the name of its area and give its key."""

    def keep(area: str = "D", **view: object) -> str:
        return keep_view(sqlite_district, View(area_id=AREA[area], **view), now=NOW)

    return keep
