"""Downloads: exactly what the present view shows, as a file."""

from dataclasses import replace
from functools import partial
from typing import Any, Final, Literal, get_args
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data import clock
from data.buildings import building_id
from data.exporters import export_areas, export_buildings, export_incidents
from data.exporters.forms import TooManyRows
from data.store import StoreUnavailable
from pages._address import Address
from pages._desk import NoAreas, Place, find_place
from pages._house import House
from pages._messages import words
from pages._text import texts
from rules.access import OutsideScope
from rules.levels import Level

Form = Literal["xlsx", "csv", "geojson", "gpkg"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
EXPORTS: Final[dict[str, Any]] = {
    "incidents": export_incidents,
    "areas": export_areas,
    "buildings": export_buildings,
}


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


async def download(request: Request, *, house: House) -> Response:
    """Answer GET /download/{what}.{form} with the parameters of the map page."""
    what, form = request.path_params["what"], request.path_params["form"]
    known = next((f for f in FORMS if f == form), None)
    if known is None or what not in EXPORTS:
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
