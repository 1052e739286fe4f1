"""The page behind a resident's link: one to five, and words; no sign-in, no script."""

import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from data import clock, evaluation
from data.evaluation import Asked, LinkRefused, UnknownLink
from data.lockout import LockedOut
from data.store import StoreUnavailable
from pages import _words
from pages._house import House
from pages._messages import words
from pages._text import LOCALE_NAMES, known_locale, later, texts
from pages.sign_in import district_of, language_cookie, short_form
from rules.casework import IllegalStep, Missing
from rules.deadlines import CHINA
from rules.lifecycle import State

FOLDER: Final = Path(__file__).parent
SCORES: Final = (
    (5, later("Very satisfied")),
    (4, later("Satisfied")),
    (3, later("Neither nor")),
    (2, later("Dissatisfied")),
    (1, later("Very dissatisfied")),
)

log = logging.getLogger(__name__)
templates = Environment(loader=FileSystemLoader(FOLDER), autoescape=True)


@dataclass(frozen=True)
class Shown:
    """What the page shows: what is asked, or what came of it."""

    asked: Asked | None = None
    message: str = ""
    thanks: str = ""
    typed: str = ""
    status: int = 200


def page(shown: Shown, *, district: str, locale: str) -> str:
    """Write the page."""
    asked = shown.asked
    return templates.get_template("evaluate.html").render(
        t=texts(locale), locale=locale, lang="zh-CN" if locale == "zh" else "en",
        district=district, shown=shown, scores=SCORES, most=evaluation.MOST_WORDS,
        kind=_words.kind_name(asked.kind, locale) if asked else "",
        day=f"{asked.reported_at.astimezone(CHINA):%Y-%m-%d}" if asked else "",
        languages=LOCALE_NAMES.items(),
    )  # fmt: skip


def look(house: House, request: Request) -> Asked:
    """Say what the link of a request asks about."""
    now = clock.now()
    return evaluation.look_up(
        house.store, house.pictures.current(now), token=request.path_params["token"],
        address=request.client.host if request.client else "", now=now,
    )  # fmt: skip


def refused(error: Exception, locale: str) -> Shown:
    """Give the page that says why a link opens nothing."""
    statuses = {LockedOut: 429, UnknownLink: 404, StoreUnavailable: 503}
    status = next((s for kind, s in statuses.items() if isinstance(error, kind)), 410)
    return Shown(message=words(error, texts(locale)), status=status)


def given(house: House, request: Request, form: dict[str, str], locale: str) -> Shown:
    """Take what a resident sent; what cannot be taken is asked once more, with their words."""
    t, score = texts(locale), form.get("score", "")
    asked = look(house, request)
    now = clock.now()
    try:
        state = evaluation.evaluate(
            house.store, house.pictures.current(now), token=request.path_params["token"],
            score=int(score) if score in {"1", "2", "3", "4", "5"} else None,
            words=form.get("words", ""), now=now, rulebook=house.rulebook,
        )  # fmt: skip
    except Missing as error:
        return Shown(asked, words(error, t), typed=form.get("words", ""), status=400)
    if state == State.REOPENED:
        return Shown(thanks=t("We are sorry. The matter has been opened again for handling."))
    return Shown(thanks=t("Your evaluation has been kept."))


async def answer(request: Request, *, house: House) -> Response:
    """Answer GET and POST /evaluate/{token}; ``to`` changes the language."""
    wish = known_locale(request.query_params.get("to"))
    locale = wish or request.scope["grid_locale"]
    try:
        if request.method == "POST":
            form = await short_form(request)
            shown = await run_in_threadpool(given, house, request, form, locale)
        else:
            shown = Shown(await run_in_threadpool(look, house, request))
    except (LinkRefused, LockedOut, IllegalStep, StoreUnavailable) as error:
        log.info("a link opened nothing: %s", type(error).__name__)
        shown = refused(error, locale)
    district = await run_in_threadpool(district_of, house)
    response = HTMLResponse(page(shown, district=district, locale=locale), shown.status)
    if wish:
        language_cookie(response, wish, secure=house.settings.secure_cookie)
    return response


async def style(_request: Request) -> Response:
    """Answer GET /evaluate.css."""
    body = (FOLDER / "evaluate.css").read_bytes()
    return Response(body, media_type="text/css", headers={"cache-control": "max-age=300"})


def routes(house: House) -> list[Route]:
    """Give the routes of a resident's link."""
    return [
        Route("/evaluate/{token:str}", partial(answer, house=house), methods=["GET", "POST"]),
        Route("/evaluate.css", style, methods=["GET"]),
    ]
