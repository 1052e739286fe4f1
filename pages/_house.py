"""What one server process holds: its settings, its store and the picture in memory."""

import os
import sys
from dataclasses import dataclass
from functools import cache

from data.picture import Pictures
from data.rulebook import BadRules, read_rulebook
from data.settings import Settings, read_settings
from data.store import Store, open_store
from rules.rulebook import Rulebook


@dataclass(frozen=True)
class House:
    """The parts that pages, feeds and routes of one process share."""

    settings: Settings
    store: Store
    pictures: Pictures
    rulebook: Rulebook


@cache
def house() -> House:
    """Give the process's house, opened on first use from the environment.

    A rules file that cannot be used ends the process, in words: nobody shall work by other rules
    than the district's own.
    """
    settings = read_settings(os.environ)
    try:
        rulebook = read_rulebook(settings)
    except BadRules as error:
        sys.exit(f"{error}\npython -m data rules check {error.path}")
    store = open_store(settings)
    return House(settings, store, Pictures(store, rulebook), rulebook)
