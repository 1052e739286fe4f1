"""The task that puts boundary plans into force when their day has come, while the server runs."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Final

from starlette.concurrency import run_in_threadpool

from data import clock
from data.plan_due import bring_into_force, due_plans
from data.store import StoreUnavailable
from pages._house import House

PAUSE: Final = 15.0
"""Seconds between two looks for plans that are due."""

log = logging.getLogger(__name__)


async def look(house: House) -> None:
    """Put into force what is due; a plan that stumbles holds up no other."""
    try:
        due = await run_in_threadpool(partial(due_plans, house.store, clock.now()))
    except Exception as error:  # a store that is away, or not set up yet
        log.info("plans wait: %s", error)
        return
    for plan_id in due:
        work = partial(
            bring_into_force, house.store, house.pictures, plan_id=plan_id, now=clock.now()
        )
        try:
            done = await run_in_threadpool(work)
            log.info("plan %d is due: %s", plan_id, "in force" if done else "not put into force")
        except StoreUnavailable as error:
            log.info("plan %d waits: %s", plan_id, error)
        except Exception:
            log.exception("plan %d could not be put into force", plan_id)


async def for_ever(house: House) -> None:
    """Look until the server stops."""
    while True:
        await look(house)
        await asyncio.sleep(PAUSE)


@asynccontextmanager
async def enacting(house: House) -> AsyncIterator[None]:
    """Put plans into force for as long as this lasts."""
    task = asyncio.create_task(for_ever(house))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
