"""Files of a plan: its grids, its assignment, its review report."""

from functools import partial
from typing import Final, get_args

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data import clock
from data.exporters.plan import PlanForm, Wish, export_plan
from data.store import StoreUnavailable
from pages._house import House
from pages._messages import words
from pages._text import texts
from pages.downloads import content_disposition
from rules.access import OutsideScope
from rules.plan_log import UnknownPosition

FORMS: Final[tuple[PlanForm, ...]] = get_args(PlanForm)

LONGEST: Final = 16
"""Digits past which nothing is the number of a step."""


def file_link(plan_id: int, form: PlanForm) -> str:
    """Give the address of a file of a plan."""
    return f"/plan/{plan_id}/file/{form}"


def wish_of(request: Request, form: PlanForm) -> Wish:
    """Read what the file shall be: ``crs=metres`` and ``encoding=GBK`` where they are asked for."""
    query = request.query_params
    return Wish(
        form, request.scope["grid_locale"],
        "metres" if query.get("crs") == "metres" else "degrees",
        "GBK" if query.get("encoding", "").upper() == "GBK" else "UTF-8",
    )  # fmt: skip


def step_of(text: str) -> int | None:
    """Read at which step the plan is asked for; none named means as it stands.

    Raises
    ------
    UnknownPosition
        If it is no number of a step.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < LONGEST):
        raise UnknownPosition(-1)
    return int(text)


def file_of(house: House, request: Request, form: PlanForm) -> tuple[bytes, str, str]:
    """Write the file that is asked for, as the plan stands or as it stood at ``seq``."""
    now = clock.now()
    return export_plan(
        house.store, house.pictures.current(now), scope=request.scope["grid_scope"],
        actor=request.scope["actor"], plan_id=request.path_params["plan"],
        wish=wish_of(request, form), now=now, seq=step_of(request.query_params.get("seq", "")),
    )  # fmt: skip


async def plan_file(request: Request, *, house: House) -> Response:
    """Answer GET /plan/{plan}/file/{form}."""
    form = next((one for one in FORMS if one == request.path_params["form"]), None)
    if form is None:
        return PlainTextResponse("not found", status_code=404)
    try:
        work = partial(file_of, house, request, form)
        body, media_type, name = await run_in_threadpool(work)
    except (OutsideScope, UnknownPosition) as error:
        return _refused(request, error, 404)
    except StoreUnavailable as error:
        return _refused(request, error, 503)
    headers = {"content-disposition": content_disposition(name), "content-encoding": "identity"}
    return Response(body, media_type=media_type, headers=headers)


def _refused(request: Request, error: Exception, status: int) -> Response:
    return PlainTextResponse(words(error, texts(request.scope["grid_locale"])), status_code=status)


def routes(house: House) -> list[Route]:
    """Give the route of a plan's files."""
    return [
        Route(
            "/plan/{plan:int}/file/{form:str}", partial(plan_file, house=house), methods=["GET"],
            name="plan_file",
        )
    ]  # fmt: skip
