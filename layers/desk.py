"""What every feed does alike: know the actor, take a picture, work in a thread, fail in words."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from data.picture import Picture, Pictures
from data.store import Store, StoreUnavailable
from data.views import view as find_view
from layers.wire import trouble
from layers.words import Translate
from rules.access import Actor, OutsideScope, Scope
from rules.filters import View

_log: Final = logging.getLogger(__name__)

STEP: Final = 15
"""Seconds that figures stand still when no event comes: what falls due shows within that time."""


class Part(StrEnum):
    """What of a question can be wrong or missing."""

    VIEW = "view"
    VERSION = "version"
    BOUNDS = "bbox"
    LANGUAGE = "language"
    TILE = "tile"
    KIND = "kind"


class BadQuestion(ValueError):
    """A feed was asked for something that has no meaning; ``part`` says which part has none."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True)
class Desk:
    """What the feeds are served from. ``now`` is asked once per request."""

    pictures: Pictures
    store: Store
    texts: Callable[[str], Translate]
    now: Callable[[], datetime]


@dataclass(frozen=True)
class Question:
    """One request to a feed, with everything that its answer may depend on."""

    desk: Desk
    scope: Scope
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    now: datetime
    locale: str | None
    actor: Actor | None = None

    def picture(self) -> Picture:
        """Give the present picture; raises ``StoreUnavailable`` when the store is away."""
        return self.desk.pictures.current(self.now)

    def view(self) -> View:
        """Give the view that the address names; an unknown key is like one outside the scope.

        Where its area was closed in the meantime, it is the view of the one that stands for it.
        """
        key = self.path.get("key", self.query.get("view", ""))
        found = find_view(self.desk.store, key)
        if found is None:
            raise OutsideScope(Part.VIEW)
        tree = self.picture().tree
        if found.area_id in tree or found.area_id not in tree.places:
            return found
        return replace(found, area_id=tree.areas[tree.places[found.area_id]].id)

    def number(self, name: str, low: int, high: int) -> int:
        """Whole number from path or query, within bounds.

        Raises
        ------
        BadQuestion
            If it is missing, not a number, or out of bounds.
        """
        text = self.path.get(name, self.query.get(name, ""))
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise BadQuestion(name)
        if not low <= int(text) <= high:
            raise BadQuestion(name)
        return int(text)


Answer = Callable[[Question], Response]


def feed(desk: Desk, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    """Make a route's handler out of a function from question to response."""

    def guarded(question: Question) -> Response:
        try:
            return answer(question)
        except OutsideScope:
            return trouble(404, "not found")
        except BadQuestion as bad:
            return trouble(400, f"bad {bad.part}")
        except StoreUnavailable:
            return trouble(503, "store away")
        except Exception:
            _log.exception("a map feed failed")
            return trouble(500, "failed")

    async def handler(request: Request) -> Response:
        scope = request.scope.get("grid_scope")
        if not isinstance(scope, Scope):
            return trouble(401, "signed out")
        actor = request.scope.get("actor")
        question = Question(
            desk=desk,
            scope=scope,
            path={name: str(value) for name, value in request.path_params.items()},
            query=request.query_params,
            headers=request.headers,
            now=desk.now(),
            locale=getattr(actor, "locale", None),
            actor=actor if isinstance(actor, Actor) else None,
        )
        return await run_in_threadpool(guarded, question)

    return handler


def still(now: datetime) -> datetime:
    """Give the moment for which figures are computed: the last full step."""
    return now.replace(second=now.second - now.second % STEP, microsecond=0)
