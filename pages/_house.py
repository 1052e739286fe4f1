"""What one server process holds: its settings, its store and the picture in memory."""

import os
from dataclasses import dataclass
from functools import cache

from data.picture import Pictures
from data.settings import Settings, read_settings
from data.store import Store, open_store


@dataclass(frozen=True)
class House:
    """The parts that pages, feeds and routes of one process share."""

    settings: Settings
    store: Store
    pictures: Pictures


@cache
def house() -> House:
    """Give the process's house, opened on first use from the environment."""
    settings = read_settings(os.environ)
    store = open_store(settings)
    return House(settings, store, Pictures(store))
