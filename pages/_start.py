"""What the server starts with: routes, checks of the configuration, warm caches."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute

from data import clock
from data.settings import Settings
from data.store import StoreUnavailable
from geo.partition import warm as solver
from layers.assets import asset_routes
from layers.feeds import map_routes
from pages import downloads, evaluate, health, media, plan_edits, plan_files, sign_in
from pages._enacting import enacting
from pages._house import House, house
from pages._messages import words
from pages._sending import sending
from pages._session import language
from pages._text import texts

log = logging.getLogger(__name__)


class WrongServerOption(RuntimeError):
    """The page server runs with an option that the program cannot live with."""

    def __init__(self, name: str, value: object) -> None:
        super().__init__(f"{name} is {value!r}; start in the folder of .streamlit/config.toml")
        self.name = name
        self.value = value


REQUIRED: dict[str, object] = {
    "runner.postScriptGC": False,
    "server.enableAgentApi": False,
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "browser.gatherUsageStats": False,
}


def routes(house: House) -> list[BaseRoute]:
    """Give all routes of ours."""
    return [
        *health.routes(house),
        *sign_in.routes(house),
        *downloads.routes(house),
        *media.routes(house),
        *evaluate.routes(house),
        *plan_edits.routes(house),
        *plan_files.routes(house),
        *map_routes(house.pictures, house.store, texts=texts),
        *asset_routes(house.settings.var / "assets"),
    ]


def server_options(settings: Settings) -> dict[str, Any]:
    """Options of the page server that the environment decides."""
    hosts = ["localhost", "127.0.0.1", "[::1]", "::1", settings.host]
    public = urlsplit(settings.public_origin or "")
    options: dict[str, Any] = {"server.address": settings.host, "server.port": settings.port}
    if public.hostname:
        hosts.append(public.hostname)
        options["browser.serverAddress"] = public.hostname
        options["server.corsAllowedOrigins"] = [settings.public_origin]
    if settings.host not in {"0.0.0.0", "::"}:  # noqa: S104
        options["server.allowedHosts"] = hosts
    return options


def check_options() -> None:
    """Refuse to serve when an option that matters did not arrive.

    Raises
    ------
    WrongServerOption
        For the first such option.
    """
    for name, value in REQUIRED.items():
        if st.get_option(name) != value:
            raise WrongServerOption(name, st.get_option(name))


def warm(house: House) -> None:
    """Read the picture before the first person asks for it.

    The map page is not imported here: its component registers itself only inside the run of a
    page; imported anywhere else it is lost, and the page says "Component not found".
    """
    try:
        house.pictures.current(clock.now())
    except StoreUnavailable as error:
        log.warning("no picture yet: %s", error)
    # What draws grids is compiled here once for the machine, before a planner waits for it.
    solver.warm()


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Check the options, then serve at once; a large store is read while the server answers."""
    check_options()
    warming = asyncio.create_task(run_in_threadpool(warm, house()))
    async with sending(house()), enacting(house()):
        yield
    await warming
    house().store.close()


def say_error(error: Exception) -> bool:
    """Log an uncaught error of a page and show words instead of a stack trace."""
    log.error("a page failed", exc_info=error)
    st.error(words(error, texts(language())))
    return True
