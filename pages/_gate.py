"""The door: one pure-ASGI middleware over pages, feeds, uploads, media and the websocket.

Everything is refused unless the request carries a live session, but for the few exact paths of
``PUBLIC`` and the links by which residents evaluate. The websocket is checked here once; each
script run checks again (``pages._session``).
"""

import json
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from data import clock, evaluation
from data.accounts import actor_of, scope_of
from data.store import StoreUnavailable
from pages._house import House
from pages._text import accepted_locale, choose_locale
from rules.access import Actor
from rules.access import Scope as AreaScope

SESSION_COOKIE: Final = "gridmap_session"
LANGUAGE_COOKIE: Final = "gridmap_language"
PUBLIC: Final = frozenset({"/sign-in", "/sign-in.css", "/evaluate.css", "/healthz", "/readyz"})
PUBLIC_LINK: Final = re.compile(f"/evaluate/{evaluation.FORM}")
"""A resident's link, letter for letter: what it carries is the key, and it is checked inside."""
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_HEADERS: Final = b"x-gridmap-"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Visitor:
    """Who is at the door: the actor and what they may see."""

    actor: Actor
    grid_scope: AreaScope


def header(scope: Scope, name: bytes) -> str:
    """First value of a request header, or the empty text."""
    return next((v.decode("latin-1") for k, v in scope["headers"] if k.lower() == name), "")


def cookies(scope: Scope) -> dict[str, str]:
    """Cookies of a request; a malformed header counts as none."""
    try:
        jar = SimpleCookie(header(scope, b"cookie"))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def same_origin(scope: Scope, public_origin: str | None) -> bool:
    """Whether the request comes from our own pages: its Origin is ours.

    A request that changes something, and every websocket, has to carry an Origin; a browser
    always sends one there, so a missing one is a foreign tool with a stolen cookie at best.
    """
    origin = header(scope, b"origin")
    if not origin or origin == "null":
        return False
    if public_origin and origin == public_origin.rstrip("/"):
        return True
    return urlsplit(origin).netloc.lower() == header(scope, b"host").lower()


def is_public(path: str) -> bool:
    """Whether a path is open to everybody."""
    return path in PUBLIC or PUBLIC_LINK.fullmatch(path) is not None


class Auth:
    """Let in who has a session; put ``actor``, ``grid_scope`` and ``grid_locale`` on the scope."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self.app = app
        self.house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        jar = cookies(scope)
        headers = [(k, v) for k, v in scope["headers"] if not k.lower().startswith(_OWN_HEADERS)]
        scope = {**scope, "headers": headers}
        scope["grid_locale"] = choose_locale(
            jar.get(LANGUAGE_COOKIE), accepted_locale(header(scope, b"accept-language"))
        )
        must_be_ours = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        if must_be_ours and not same_origin(scope, self.house.settings.public_origin):
            await refuse(scope, receive, send, 403, "foreign origin")
            return
        if scope["type"] == "http" and is_public(scope["path"]):
            await self.app(scope, receive, send)
            return
        try:
            visitor = await run_in_threadpool(visitor_of, self.house, jar.get(SESSION_COOKIE))
        except StoreUnavailable:
            await refuse(scope, receive, send, 503, "store unavailable")
            return
        if visitor is None:
            await refuse(scope, receive, send, 401, "sign in first")
            return
        await self.app(admitted(scope, visitor, jar), receive, send)


def visitor_of(house: House, token: str | None) -> Visitor | None:
    """Who a session cookie belongs to; ``None`` for none, unknown, expired or disabled."""
    actor = actor_of(house.store, token, now=clock.now()) if token else None
    return Visitor(actor, scope_of(house.store, actor)) if actor else None


def admitted(scope: Scope, visitor: Visitor, jar: dict[str, str]) -> Scope:
    """Give the scope with the visitor on it, for our routes and for ``st.user``."""
    actor = visitor.actor
    own: Iterable[tuple[bytes, bytes]] = (
        (b"x-gridmap-login", quote(actor.login, safe="@.").encode()),
        (b"x-gridmap-role", actor.role.value.encode()),
    )
    return {
        **scope,
        "headers": [*scope["headers"], *own],
        "actor": actor,
        "grid_scope": visitor.grid_scope,
        "grid_locale": choose_locale(jar.get(LANGUAGE_COOKIE), actor.locale, scope["grid_locale"]),
    }


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, reason: str) -> None:
    """Refuse a request: a page is sent to the sign-in, anything else gets the status as JSON."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4000 + status, "reason": reason})
        return
    page = scope["method"] == "GET" and "text/html" in header(scope, b"accept")
    headers = [(b"cache-control", b"no-store")]
    if status == 401 and page:
        headers.append((b"location", sign_in_address(scope).encode()))
        await _answer(send, 303, headers, b"")
        return
    body = json.dumps({"error": reason}).encode()
    await _answer(send, status, [*headers, (b"content-type", b"application/json")], body)


def sign_in_address(scope: Scope) -> str:
    """Address of the sign-in page that leads back to what was asked for."""
    asked = scope["path"]
    if scope["query_string"]:
        asked += "?" + scope["query_string"].decode("latin-1")
    return "/sign-in" if asked == "/" else f"/sign-in?next={quote(asked, safe='')}"


def local_path(text: str) -> str:
    """Give ``text`` when it is a path on this server, else the start page."""
    safe = text.startswith("/") and not text.startswith("//") and "\\" not in text
    return text if safe and text.isprintable() else "/"


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({
        "type": "http.response.start", "status": status,
        "headers": [*headers, (b"content-length", str(len(body)).encode())],
    })  # fmt: skip
    await send({"type": "http.response.body", "body": body})
