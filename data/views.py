"""Views by their opaque key: what the map is told instead of a filter."""

import threading
from collections import OrderedDict
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from data import clock, schema
from data.store import Store
from rules.filters import View

_V = schema.view.c
_FIND = select(_V.body).where(_V.key == bindparam("of_key"))
_KEEP = insert(schema.view)
_REMEMBERED: Final = 4096

_lock = threading.Lock()
_remembered: OrderedDict[tuple[str, str], View] = OrderedDict()
"""Latest views of this process by store and key; a key always stands for the same view."""


def keep_view(store: Store, view: View, *, now: datetime | None = None) -> str:
    """Keep a view and give its key; keeping it again costs nothing and changes nothing.

    ``now`` only dates the row, for housekeeping; without it the clock is asked.
    """
    key = view.key
    if _recall(store, key) is not None:
        return key
    with store.read() as conn:
        known = conn.execute(_FIND, {"of_key": key}).first()
    if known is None:
        row = {
            "key": key,
            "body": view.to_json(),
            "created_at": int((now or clock.now()).timestamp()),
        }
        try:
            with store.write() as conn:
                conn.execute(_KEEP, row)
        except IntegrityError:  # another process kept the same view in between
            pass
    _remember(store, key, view)
    return key


def view(store: Store, key: str) -> View | None:
    """Give the view kept under ``key``, from any process; ``None`` for an unknown key."""
    found = _recall(store, key)
    if found is not None:
        return found
    with store.read() as conn:
        body = conn.execute(_FIND, {"of_key": key}).scalar_one_or_none()
    if body is None:
        return None
    found = View.from_json(body)
    _remember(store, key, found)
    return found


def _recall(store: Store, key: str) -> View | None:
    name = (store.settings.database_url, key)
    with _lock:
        if name in _remembered:
            _remembered.move_to_end(name)
        return _remembered.get(name)


def _remember(store: Store, key: str, view: View) -> None:
    with _lock:
        _remembered[store.settings.database_url, key] = view
        if len(_remembered) > _REMEMBERED:
            _remembered.popitem(last=False)
