"""One consistent picture of the store in memory, refreshed when the event log moves."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, bindparam, select

from data import schema
from data.areas import AreaTree, load_tree
from data.atlas import Atlas, load_atlas
from data.columns import IncidentColumns
from data.mirror import load_columns, refreshed
from data.registers import Buildings, Staff, load_buildings, load_staff
from data.store import Store, get_meta, watermark
from rules.rulebook import DEFAULT, Rulebook

T = TypeVar("T")


class Memo:
    """Least-recently-used results of one picture; a picture never changes, so neither do they."""

    def __init__(self, size: int = 128) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give what is kept under ``key``, made now if it is not."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                kept: T = self._kept[key]
                return kept
        made = make()
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made


class Once(Generic[T]):
    """A value made when it is first asked for, by one thread."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: list[T] = []
        self._lock = threading.Lock()

    def get(self) -> T:
        """Give the value."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]


@dataclass(frozen=True, eq=False)
class Picture:
    """All that pages and feeds compute from, as of ``at`` and event ``watermark``.

    ``area_version`` changes with every write to areas, ``bulk`` is the event of the last bulk
    write (import, demo), ``store_id`` names the installation: together they version what is
    cached outside. ``rulebook`` is the district's rules, the same as long as the process runs.
    The register of buildings and the shapes of areas are read when first needed.
    """

    tree: AreaTree
    columns: IncidentColumns
    staff: Staff
    register: Once[Buildings]
    shapes: Once[Atlas]
    watermark: int
    bulk: int
    at: datetime
    area_version: str
    store_id: str
    rulebook: Rulebook = DEFAULT
    memo: Memo = field(default_factory=Memo, repr=False)

    @property
    def buildings(self) -> Buildings:
        """The register of buildings."""
        return self.register.get()

    @property
    def atlas(self) -> Atlas:
        """The shapes of all areas."""
        return self.shapes.get()


_E = schema.event.c
_WHOLE = ("batch", "store")
"""Subjects of events that may have changed anything: bulk writes, and a restored backup."""
_CHANGES = (
    select(_E.subject, _E.subject_id)
    .where(_E.id > bindparam("since"), _E.subject.in_((*_WHOLE, "incident", "person", "building")))
    .distinct()
)
_BULK = select(_E.id).where(_E.subject.in_(_WHOLE)).order_by(_E.id.desc()).limit(1)
_MANY = 20_000
"""With so many changed incidents, reading all of them is not slower."""


class Pictures:
    """Keeps the latest picture of a store; one per process, shared by all threads."""

    def __init__(self, store: Store, rulebook: Rulebook = DEFAULT) -> None:
        self._store = store
        self._rulebook = rulebook
        self._last: Picture | None = None
        self._refreshing = threading.Lock()

    @property
    def rulebook(self) -> Rulebook:
        """The district's rules, which every picture carries."""
        return self._rulebook

    def last(self) -> Picture | None:
        """Give the latest picture without asking the store: what to show when it is away."""
        return self._last

    def current(self, now: datetime) -> Picture:
        """Give a picture that holds every change committed so far.

        While another thread reads the whole store anew, the one before it is given.

        Raises
        ------
        StoreUnavailable
            If the store cannot be asked; :meth:`last` still has the last picture.
        """
        last = self._last
        with self._store.read() as conn:
            if last is not None and _is_current(last, conn, now):
                return replace(last, at=now)
        if not self._refreshing.acquire(timeout=-1 if last is None else 1):
            return last or self.current(now)
        try:
            with self._store.read() as conn:
                self._last = self._next(conn, now)
            return self._last
        finally:
            self._refreshing.release()

    def _next(self, conn: Connection, now: datetime) -> Picture:
        last = self._last
        if last is None:
            return self._load(conn, now)
        if _is_current(last, conn, now):
            return replace(last, at=now)
        mark, version = watermark(conn), get_meta(conn, "area_version") or ""
        store_id = get_meta(conn, "store_id") or ""
        if mark < last.watermark or store_id != last.store_id:
            return self._load(conn, now)
        changes = conn.execute(_CHANGES, {"since": last.watermark}).all()
        ids = sorted({i for subject, i in changes if subject == "incident"})
        if len(ids) > _MANY or any(subject in _WHOLE for subject, _ in changes):
            return self._load(conn, now)
        moved = version != last.area_version or _expired(last.tree, now)
        if not changes and not moved:
            return replace(last, watermark=mark, at=now)
        tree = load_tree(conn, at=now) if moved else last.tree
        columns = last.columns.placed(tree) if moved else last.columns
        register = self._later(lambda conn: load_buildings(conn, tree))
        shapes = self._later(lambda conn: load_atlas(conn, tree))
        registers = moved or any(subject != "incident" for subject, _ in changes)
        return replace(
            last,
            tree=tree,
            columns=refreshed(columns, conn, tree, ids),
            staff=load_staff(conn, tree) if registers else last.staff,
            register=register if registers else last.register,
            shapes=shapes if moved else last.shapes,
            watermark=mark,
            at=now,
            area_version=version,
            memo=Memo(),
        )

    def _load(self, conn: Connection, now: datetime) -> Picture:
        tree = load_tree(conn, at=now)
        return Picture(
            tree=tree,
            columns=load_columns(conn, tree),
            staff=load_staff(conn, tree),
            register=self._later(lambda conn: load_buildings(conn, tree)),
            shapes=self._later(lambda conn: load_atlas(conn, tree)),
            watermark=watermark(conn),
            bulk=conn.execute(_BULK).scalar_one_or_none() or 0,
            at=now,
            area_version=get_meta(conn, "area_version") or "",
            store_id=get_meta(conn, "store_id") or "",
            rulebook=self._rulebook,
        )

    def _later(self, load: Callable[[Connection], T]) -> Once[T]:
        def make() -> T:
            with self._store.read() as conn:
                return load(conn)

        return Once(make)


def _expired(tree: AreaTree, now: datetime) -> bool:
    return tree.until is not None and now.timestamp() >= tree.until


def _is_current(picture: Picture, conn: Connection, now: datetime) -> bool:
    return watermark(conn) == picture.watermark and not _expired(picture.tree, now)


def chunks(ids: Sequence[int], size: int = 500) -> list[list[int]]:
    """Cut ids into pieces that fit the bind parameters of one statement."""
    return [list(ids[start : start + size]) for start in range(0, len(ids), size)]
