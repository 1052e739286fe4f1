"""The task that sends the messages of the outbox while the server runs."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Final

from starlette.concurrency import run_in_threadpool

from data import clock, outbox
from data.store import StoreUnavailable
from pages._house import House

PAUSE: Final = 5.0
"""Seconds between two looks into the outbox."""

log = logging.getLogger(__name__)


async def switched(house: House) -> bool:
    """Let steps write messages if a webhook is configured; ``False`` if that has to wait."""
    try:
        work = partial(outbox.switch, house.store, house.settings, now=clock.now())
        await run_in_threadpool(work)
    except Exception as error:  # a store that is away, or not set up yet
        log.warning("the outbox is not ready: %s", error)
        return False
    return True


async def send(house: House, deliver: outbox.Deliver) -> None:
    """Send what is due, one after the other; no fault ends the sending for good."""
    try:
        while await run_in_threadpool(
            partial(outbox.send_next, house.store, deliver, now=clock.now())
        ):
            pass
    except StoreUnavailable as error:
        log.info("the outbox waits: %s", error)
    except Exception:
        log.exception("the outbox stumbled and goes on")


async def for_ever(house: House) -> None:
    """Send until the server stops; without a webhook there is nothing to send."""
    while not await switched(house):
        await asyncio.sleep(PAUSE)
    if not house.settings.webhook_url:
        return
    deliver = outbox.webhook(house.settings)
    while True:
        await send(house, deliver)
        await asyncio.sleep(PAUSE)


@asynccontextmanager
async def sending(house: House) -> AsyncIterator[None]:
    """Send messages for as long as this lasts."""
    task = asyncio.create_task(for_ever(house))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
