"""Is the process up, and is it ready to serve? For watchdogs and load balancers."""

import shutil
from functools import partial
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from data.migrations import latest_version, schema_version
from data.store import StoreUnavailable, watermark
from layers.assets import complete
from pages._house import House

MIN_FREE_BYTES: Final = 200_000_000


def findings(house: House) -> dict[str, bool]:
    """Check what has to hold to let users in: store, picture, assets, disk."""
    found = {
        "assets": complete(house.settings.var / "assets"),
        "picture": house.pictures.last() is not None,
    }
    folder = house.settings.var
    found["disk"] = folder.is_dir() and shutil.disk_usage(folder).free > MIN_FREE_BYTES
    try:
        with house.store.read() as conn:
            watermark(conn)
        found["store"] = True
        found["schema"] = schema_version(house.store) == latest_version()
    except StoreUnavailable:
        found["store"] = False
    return found


async def healthz(_request: Request) -> Response:
    """Answer while the process runs."""
    return PlainTextResponse("ok")


async def readyz(_request: Request, *, house: House) -> Response:
    """Answer 200 when everything holds, else 503; no detail for strangers."""
    ready = all((await run_in_threadpool(findings, house)).values())
    return JSONResponse({"ready": ready}, status_code=200 if ready else 503)


def routes(house: House) -> list[Route]:
    """Give the routes of the watchdogs."""
    return [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/readyz", partial(readyz, house=house), methods=["GET"]),
    ]
