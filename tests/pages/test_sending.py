"""The server switches the outbox on as configured and sends while it runs."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from data import clock, outbox
from data.casework import act
from data.picture import Pictures
from data.store import Store
from pages import _sending
from pages._house import House
from rules.access import Scope
from rules.casework import Request
from rules.rulebook import DEFAULT
from rules.steps import Action
from tests.small_district import AREA, NUMBER, actor


def alone(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run in a thread of its own: a browser driver may keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(work())).result()


@pytest.fixture
def hooked(sqlite_district: Store, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(_sending, "PAUSE", 0.0)
    settings = replace(sqlite_district.settings, webhook_url="http://127.0.0.1:9/hook")
    return House(settings, sqlite_district, Pictures(sqlite_district), DEFAULT)


def test_a_message_of_a_step_is_sent_by_the_task(
    hooked: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    got: list[str] = []

    async def run() -> None:
        arrived = asyncio.Event()
        loop = asyncio.get_running_loop()

        def deliver(message: outbox.Message) -> None:
            got.append(message.number)
            loop.call_soon_threadsafe(arrived.set)

        monkeypatch.setattr(outbox, "webhook", lambda _settings: deliver)
        while not await _sending.switched(hooked):
            pass
        act(
            hooked.store, hooked.pictures.current(clock.now()), scope=Scope(AREA["D"]),
            actor=actor("street"), number=NUMBER["I7"], version=1,
            request=Request(Action.URGE, note="尽快"), now=clock.now(),
        )  # fmt: skip
        async with _sending.sending(hooked):
            await asyncio.wait_for(arrived.wait(), 10)

    alone(run)
    assert got == [NUMBER["I7"]]


def test_one_fault_does_not_end_the_sending(
    hooked: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_args: object, **_values: object) -> bool:
        raise RuntimeError

    monkeypatch.setattr(outbox, "send_next", breaks)
    alone(lambda: _sending.send(hooked, lambda _message: None))
    assert "goes on" in caplog.text
