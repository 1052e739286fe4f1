"""Photos and papers over HTTP: within scope, never run, asked for anew each time."""

from functools import partial
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data import clock
from data.attachments import Attachment, attachment, file_of, small_of
from data.store import StoreUnavailable
from pages._house import House
from pages._messages import words
from pages._text import texts
from rules.access import OutsideScope


def found(house: House, request: Request) -> Attachment:
    """Give the attachment that the URL names, if the visitor may see it."""
    return attachment(
        house.store, house.pictures.current(clock.now()), scope=request.scope["grid_scope"],
        key=request.path_params["key"],
    )  # fmt: skip


def path_of(house: House, request: Request, one: Attachment) -> Path:
    """Give the file that is asked for: the small copy of a photo, or the whole."""
    small = request.url.path.endswith("/small") and one.is_photo
    return small_of(house.store, one) if small else file_of(house.store, one)


def headers(one: Attachment) -> dict[str, str]:
    """Headers of a file: a photo is shown, anything else is saved."""
    how = "inline" if one.is_photo else "attachment"
    return {
        "content-disposition": f"{how}; filename*=UTF-8''{quote(one.name, safe='')}",
        # Asked for anew each time, so that a sign-out or a smaller scope bites at once.
        "cache-control": "private, no-cache",
        "etag": f'"{one.key}"',
        # The page server would compress what is compressed already.
        "content-encoding": "identity",
    }


async def serve(request: Request, *, house: House) -> Response:
    """Answer GET /attachment/{key} and /attachment/{key}/small."""
    try:
        one = await run_in_threadpool(found, house, request)
        if f'"{one.key}"' in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers(one))
        body = await run_in_threadpool(path_of(house, request, one).read_bytes)
    except OutsideScope as error:
        return _refused(request, error, 404)
    except StoreUnavailable as error:
        return _refused(request, error, 503)
    except FileNotFoundError:
        away = StoreUnavailable("away", "file of an attachment")
        return _refused(request, away, 503)
    return Response(body, media_type=one.media_type, headers=headers(one))


def _refused(request: Request, error: Exception, status: int) -> Response:
    return PlainTextResponse(words(error, texts(request.scope["grid_locale"])), status_code=status)


def routes(house: House) -> list[Route]:
    """Give the routes of photos and papers."""
    return [
        Route(path, partial(serve, house=house), methods=["GET"])
        for path in ("/attachment/{key:str}", "/attachment/{key:str}/small")
    ]
