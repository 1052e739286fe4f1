"""Signing in and out and choosing the language: plain pages outside Streamlit."""

import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from data import accounts, clock
from data.store import StoreUnavailable, get_meta
from pages._gate import LANGUAGE_COOKIE, SESSION_COOKIE, local_path
from pages._house import House
from pages._messages import words
from pages._text import LOCALE_NAMES, known_locale, pick, texts
from rules.access import LABELS, Actor

FOLDER: Final = Path(__file__).parent
MAX_BODY: Final = 8192
_YEAR: Final = 365 * 24 * 3600

log = logging.getLogger(__name__)
templates = Environment(loader=FileSystemLoader(FOLDER), autoescape=True)


@dataclass(frozen=True)
class Front:
    """What the sign-in page shows besides the form."""

    district: str
    demo: tuple[accounts.DemoAccount, ...]


def district_of(house: House) -> str:
    """Name of the district; nothing while the store is away."""
    try:
        with house.store.read() as conn:
            return get_meta(conn, "district_name") or ""
    except StoreUnavailable:
        return ""


def front(house: House) -> Front:
    """Read the district's name and the accounts on offer; nothing while the store is away."""
    try:
        return Front(district_of(house), tuple(accounts.demo_accounts(house.store)))
    except StoreUnavailable:
        return Front("", ())


def language_cookie(response: Response, locale: str, *, secure: bool) -> None:
    """Keep the chosen language for a year."""
    response.set_cookie(
        LANGUAGE_COOKIE, locale, max_age=_YEAR, path="/", httponly=True, samesite="lax",
        secure=secure,
    )  # fmt: skip


def page(shown: Front, *, locale: str, goes_to: str, login: str = "", message: str = "") -> str:
    """Write the sign-in page."""
    offered = [
        {
            "login": a.login,
            "name": f"{a.name} · {a.area_name}",
            "role": pick(LABELS[a.role], locale),
        }
        for a in shown.demo
    ]
    return templates.get_template("sign_in.html").render(
        t=texts(locale), locale=locale, lang="zh-CN" if locale == "zh" else "en",
        district=shown.district, demo=offered, next=goes_to, login=login, message=message,
        languages=LOCALE_NAMES.items(),
    )  # fmt: skip


async def show(request: Request, *, house: House) -> Response:
    """Answer GET /sign-in; ``to`` changes the language."""
    wish = known_locale(request.query_params.get("to"))
    locale = wish or request.scope["grid_locale"]
    goes_to = local_path(request.query_params.get("next", "/"))
    shown = await run_in_threadpool(front, house)
    response = HTMLResponse(page(shown, locale=locale, goes_to=goes_to))
    if wish:
        language_cookie(response, wish, secure=house.settings.secure_cookie)
    return response


async def enter(request: Request, *, house: House) -> Response:
    """Answer POST /sign-in: start a session, or say in words why not."""
    form = await short_form(request)
    goes_to = local_path(form.get("next", "/"))
    address = request.client.host if request.client else ""
    try:
        if "demo" in form:
            work = partial(accounts.sign_in_demo, house.store, login=form["demo"], now=clock.now())
        else:
            work = partial(
                accounts.sign_in, house.store, login=form.get("login", ""),
                password=form.get("password", ""), address=address, now=clock.now(),
            )  # fmt: skip
        signed_in = await run_in_threadpool(work)
    except (accounts.WrongCredentials, accounts.LockedOut, StoreUnavailable) as error:
        return await refused(request, house, form, error)
    response = RedirectResponse(goes_to, status_code=303)
    response.set_cookie(
        SESSION_COOKIE, signed_in.token, path="/", httponly=True, samesite="lax",
        secure=house.settings.secure_cookie,
    )  # fmt: skip
    return response


async def refused(
    request: Request, house: House, form: dict[str, str], error: Exception
) -> Response:
    """Show the form again with the reason; the password is never sent back."""
    locale = request.scope["grid_locale"]
    status = {accounts.LockedOut: 429, accounts.WrongCredentials: 401}.get(type(error), 503)
    shown = await run_in_threadpool(front, house)
    body = page(
        shown, locale=locale, goes_to=local_path(form.get("next", "/")),
        login=form.get("login", "")[:60], message=words(error, texts(locale)),
    )  # fmt: skip
    return HTMLResponse(body, status_code=status)


async def leave(request: Request, *, house: House) -> Response:
    """Answer POST /sign-out: end the session at once and forget the cookie."""
    token = request.cookies.get(SESSION_COOKIE, "")
    try:
        await run_in_threadpool(accounts.sign_out, house.store, token)
    except StoreUnavailable:
        log.warning("a session could not be ended: the store is away")
        return Response(status_code=503)
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")
    return response


def keep_language(house: House, actor: Actor, locale: str) -> None:
    """Keep the choice with the account; those of a demo are shared, so theirs stays open."""
    with house.store.read() as conn:
        shared = get_meta(conn, "demo") == "1"
    if not shared:
        accounts.set_locale(house.store, actor.account_id, locale)


async def language(request: Request, *, house: House) -> Response:
    """Answer GET /language?to=…: keep the choice and go back to the page it was made on."""
    wish = known_locale(request.query_params.get("to")) or request.scope["grid_locale"]
    try:
        await run_in_threadpool(partial(keep_language, house, request.scope["actor"], wish))
    except StoreUnavailable:
        log.warning("the language of an account was not kept: the store is away")
    came_from = urlsplit(request.headers.get("referer", ""))
    back = "/"
    if came_from.netloc == request.headers.get("host"):
        back = local_path(came_from.path + ("?" + came_from.query if came_from.query else ""))
    response = RedirectResponse(back, status_code=303)
    language_cookie(response, wish, secure=house.settings.secure_cookie)
    return response


async def style(_request: Request) -> Response:
    """Answer GET /sign-in.css."""
    body = (FOLDER / "sign_in.css").read_bytes()
    return Response(body, media_type="text/css", headers={"cache-control": "max-age=300"})


async def short_form(request: Request) -> dict[str, str]:
    """Read a small urlencoded form; anything longer than 8 kB counts as empty."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            return {}
    try:
        parsed = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in parsed.items()}


def routes(house: House) -> list[Route]:
    """Give the routes of signing in and out."""
    return [
        Route("/sign-in", partial(show, house=house), methods=["GET"]),
        Route("/sign-in", partial(enter, house=house), methods=["POST"]),
        Route("/sign-in.css", style, methods=["GET"]),
        Route("/sign-out", partial(leave, house=house), methods=["POST"]),
        Route("/language", partial(language, house=house), methods=["GET"]),
    ]
