"""Downloads: exactly what the present view shows, as a file."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final, Literal, get_args
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data import clock
from data.assessment_view import allowed, offered
from data.buildings import building_id
from data.exporters import (
    export_areas,
    export_assessment,
    export_buildings,
    export_incidents,
)
from data.exporters.forms import TooManyRows
from data.picture import Picture
from data.store import StoreUnavailable
from pages._address import Address
from pages._desk import NoAreas, Place, find_place
from pages._house import House
from pages._messages import words
from pages._scope_bar import window_of
from pages._text import texts
from rules.access import OutsideScope
from rules.levels import Level

Form = Literal["xlsx", "csv", "geojson", "gpkg"]
SheetForm = Literal["xlsx", "csv"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
EXPORTS: Final[dict[str, Any]] = {
    "incidents": export_incidents,
    "areas": export_areas,
    "buildings": export_buildings,
}


SHEET_FORMS: Final[dict[Form, SheetForm]] = {"xlsx": "xlsx", "csv": "csv"}
"""Forms of what has no shapes."""


def content_disposition(name: str) -> str:
    """Give the header that names a file, with an ASCII name for old browsers (RFC 6266)."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def level_below(place: Place) -> Level | None:
    """Level of the areas of the file: the one that the map draws, if it lies below the area."""
    drawn = place.level
    return drawn if drawn is not None and drawn > place.area.level else None


def file_of(house: House, request: Request, what: str, form: Form) -> tuple[bytes, str, str]:
    """Write the file for what the URL asks for, inside what the actor may see.

    With a building in the URL that building alone.
    """
    now = clock.now()
    picture = house.pictures.current(now)
    if what == "assessment":
        return assessment_of(house, request, picture, form, now)
    address = Address.from_query(dict(request.query_params))
    scope = request.scope["grid_scope"]
    place = find_place(picture.tree, scope, address)
    if place.lost:
        raise OutsideScope("area")  # noqa: EM101
    area, more = place.area, {}
    if address.building:
        one = building_id(house.store, picture, address.building, scope=scope)
        area, scope = place.root, replace(scope, buildings=frozenset({one}))
    if what == "areas":
        more["level"] = level_below(place)
    file: tuple[bytes, str, str] = EXPORTS[what](
        house.store, picture, scope=scope, area_id=area.id, filter=address.filter, now=now,
        form=form, locale=request.scope["grid_locale"], actor=request.scope["actor"].login, **more,
    )  # fmt: skip
    return file


def assessment_of(
    house: House, request: Request, picture: Picture, form: Form, now: datetime
) -> tuple[bytes, str, str]:
    """Write the assessment that the page shows with the same URL, for who may see whom."""
    actor, scope = request.scope["actor"], request.scope["grid_scope"]
    query = dict(request.query_params)
    address = Address.from_query(query)
    place = find_place(picture.tree, scope, address)
    by = next((one for one in offered(picture, actor) if one == query.get("by")), None)
    sheet = SHEET_FORMS.get(form)
    if place.lost or by is None or sheet is None:
        raise OutsideScope("area")  # noqa: EM101
    since, until = window_of(address, now)
    return export_assessment(
        house.store, picture, scope=scope, area_id=place.at.id, by=by,
        only=allowed(picture, actor, by), since=since, until=until, now=now,
        rulebook=picture.rulebook, form=sheet, locale=request.scope["grid_locale"],
        actor=actor.login,
    )  # fmt: skip


def is_offered(what: str, form: Form) -> bool:
    """Whether there is such a file."""
    return what in EXPORTS or (what == "assessment" and form in SHEET_FORMS)


async def download(request: Request, *, house: House) -> Response:
    """Answer GET /download/{what}.{form} with the parameters of the map page."""
    what, form = request.path_params["what"], request.path_params["form"]
    known = next((f for f in FORMS if f == form), None)
    if known is None or not is_offered(what, known):
        return PlainTextResponse("not found", status_code=404)
    try:
        work = partial(file_of, house, request, what, known)
        body, media_type, name = await run_in_threadpool(work)
    except OutsideScope as error:
        return _refused(request, error, 404)
    except TooManyRows as error:
        return _refused(request, error, 413)
    except (StoreUnavailable, NoAreas) as error:
        return _refused(request, error, 503)
    headers = {"content-disposition": content_disposition(name)}
    # The page server would compress the file again, at the cost of seconds for a large one.
    headers["content-encoding"] = "identity"
    return Response(body, media_type=media_type, headers=headers)


def _refused(request: Request, error: Exception, status: int) -> Response:
    return PlainTextResponse(words(error, texts(request.scope["grid_locale"])), status_code=status)


def routes(house: House) -> list[Route]:
    """Give the route of the downloads."""
    return [
        Route(
            "/download/{what:str}.{form:str}", partial(download, house=house), methods=["GET"],
            name="download",
        )
    ]  # fmt: skip
