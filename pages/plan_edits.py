"""Edits of a draft from the workbench map: one command in, what it changed or why not out."""

import json
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data import clock
from data.plan_edits import edit
from data.plan_rows import StalePlan
from data.plans import sheet
from data.store import StoreUnavailable
from geo.cutting import CutsNothing
from layers.plan_body import change_body
from layers.plan_commands import BadCommand, read_command, whole
from pages._house import House
from pages._messages import words
from pages._text import texts
from rules.access import OutsideScope
from rules.boundary_plan import NotYourPlan
from rules.plan_edits import (
    BadBand,
    BadName,
    BreaksGrid,
    Locked,
    NotEditable,
    NothingMoves,
    UnknownGrid,
)
from rules.plan_log import NothingToRedo, NothingToUndo, UnknownPosition
from rules.plan_state import LOCK_BORDER, LOCK_CELL, LOCK_GRID

log = logging.getLogger(__name__)

LARGEST: Final = 400_000
"""Bytes of the longest stroke that is read."""

BODY: Final = "body"

REFUSALS: Final[Mapping[type[Exception], tuple[int, str]]] = {
    StalePlan: (409, "stale"),
    NotEditable: (409, "not_editable"),
    Locked: (422, "locked"),
    BreaksGrid: (422, "breaks_grid"),
    NothingMoves: (422, "nothing_moves"),
    UnknownGrid: (422, "unknown_grid"),
    BadBand: (422, "bad_band"),
    BadName: (422, "bad_name"),
    CutsNothing: (422, "cuts_nothing"),
    NothingToUndo: (422, "nothing_to_undo"),
    NothingToRedo: (422, "nothing_to_redo"),
    UnknownPosition: (422, "unknown_position"),
    BadCommand: (400, "bad_command"),
    NotYourPlan: (403, "not_yours"),
    OutsideScope: (404, "not_found"),
    StoreUnavailable: (503, "store_away"),
}
"""Of each refusal the status and the word for the script."""


class TooLong(ValueError):
    """More was sent than a command can hold."""


def drawn(house: House, request: Request, content: bytes) -> dict[str, Any]:
    """Carry out what was sent; gives what the map has to change."""
    now = clock.now()
    body = read_body(content)
    command, version = read_command(body.get("command")), whole(body, "version")
    picture = house.pictures.current(now)
    asked = {
        "scope": request.scope["grid_scope"], "actor": request.scope["actor"],
        "plan_id": request.path_params["id"],
    }  # fmt: skip
    before = sheet(house.store, picture, **asked)
    after = edit(house.store, picture, **asked, version=version, command=command, now=now)
    return change_body(before, after)


def read_body(content: bytes) -> Mapping[str, Any]:
    """Read the JSON object that was sent; raises ``BadCommand`` for anything else."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise BadCommand(BODY) from None
    if not isinstance(body, dict):
        raise BadCommand(BODY)
    return body


def refusal(error: Exception, locale: str) -> Response:
    """Say why nothing was drawn: a word for the script, words for the planner, and where."""
    status, code = next(REFUSALS[k] for k in type(error).__mro__ if k in REFUSALS)
    body: dict[str, Any] = {"error": code, "words": words(error, texts(locale))}
    match error:
        case Locked(keys=keys):
            body |= places_of(keys)
        case BreaksGrid(label=label) if label:
            body["grids"] = [label]
        case StalePlan(current_version=version):
            body["version"] = version
    return _json(body, status)


def places_of(keys: tuple[str, ...]) -> dict[str, Any]:
    """Cells and grids that locks are on; a border is told by its two grids."""
    cells = [int(k[len(LOCK_CELL) :]) for k in keys if k.startswith(LOCK_CELL)]
    grids = [k[len(LOCK_GRID) :] for k in keys if k.startswith(LOCK_GRID)]
    pairs = [k[len(LOCK_BORDER) :].split("|") for k in keys if k.startswith(LOCK_BORDER)]
    return {"cells": cells, "grids": [*grids, *(label for pair in pairs for label in pair)]}


async def body_of(request: Request) -> bytes:
    """Read what was sent, as far as a command may reach; raises ``TooLong``."""
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > LARGEST:
            raise TooLong
    return content


async def serve(request: Request, *, house: House) -> Response:
    """Answer POST /plan/{id}/edit."""
    try:
        content = await body_of(request)
    except TooLong:
        return _json({"error": "too_long"}, 413)
    try:
        return _json(await run_in_threadpool(drawn, house, request, content))
    except tuple(REFUSALS) as error:
        log.info("an edit was refused: %s", error)
        return refusal(error, request.scope["grid_locale"])


def _json(content: Mapping[str, Any], status: int = 200) -> Response:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(
        body, status, media_type="application/json", headers={"Cache-Control": "no-store"}
    )


def routes(house: House) -> list[Route]:
    """Give the route of edits."""
    return [Route("/plan/{id:int}/edit", partial(serve, house=house), methods=["POST"])]
