"""While the server runs, plans take force on their day; a plan that stumbles holds up no other."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from data import clock
from data.picture import Pictures
from data.store import Store
from pages import _enacting
from pages._house import House
from pages._notices import all_unread, latest, line, plan_words, read_up_to
from pages._text import texts
from rules.rulebook import DEFAULT
from tests.data.enacted import HANDED, SPLIT, drafted, enacted, publish, row
from tests.small_district import NOW, actor


def looked(house: House) -> None:
    """Look once, in a thread of its own: a browser driver may keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(_enacting.look(house))).result()


def test_the_task_puts_plans_into_force_that_are_due(sqlite_district: Store) -> None:
    store = sqlite_district
    house = House(store.settings, store, Pictures(store), DEFAULT)
    publish(store, drafted(store, SPLIT), clock.now())
    looked(house)
    assert row(store, "plan", 1).in_force_at


def test_a_plan_that_stumbles_holds_up_no_other(
    sqlite_district: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store = sqlite_district
    house = House(store.settings, store, Pictures(store), DEFAULT)
    publish(store, drafted(store, HANDED), clock.now() - timedelta(days=1))
    publish(store, drafted(store, SPLIT), clock.now())
    with store.write() as conn:  # its cells are gone: it cannot even be read
        conn.exec_driver_sql("DELETE FROM plan_cell WHERE plan_id = 1")
    looked(house)
    assert "plan 1 could not be put into force" in caplog.text
    assert row(store, "plan", 2).in_force_at


def test_a_store_that_is_not_there_is_waited_for(sqlite_district: Store) -> None:
    store = sqlite_district
    house = House(store.settings, store, Pictures(store), DEFAULT)
    with store.write() as conn:
        conn.exec_driver_sql("ALTER TABLE plan RENAME TO elsewhere")
    looked(house)


def test_the_bell_counts_and_lists_notices_of_plans(sqlite_district: Store) -> None:
    enacted(sqlite_district, SPLIT)
    lead, t = actor("lead"), texts("zh_CN")
    before = all_unread(sqlite_district, lead)
    found = latest(sqlite_district, lead)
    assert "新网格边界已生效" in line(found[0], fresh=True, now=NOW, locale="zh_CN", t=t)
    read_up_to(sqlite_district, lead, found, now=NOW)
    assert (before, all_unread(sqlite_district, lead)) == (1, 0)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("what", ["publish", "submit", "in_force", "set_back"])
def test_every_notice_of_a_plan_has_words(what: str, locale: str) -> None:
    assert plan_words(what, locale, texts(locale)) != what
