"""What a boundary plan says, as one flat map of keys and values, and changes of it.

A plan is an assignment: every cell of land has the label of a grid. Names, locks, the band and
the charges of building chiefs are further entries of the same map, so one mechanism serves all:
a change tells of each key what it was and what it is, its inverse swaps the two, and the hash of
the sorted map tells whether two ways led to the same plan.

====================  ======================================================================
key                   value
====================  ======================================================================
``cell:7``            label of the grid that cell 7 lies in; absent when the cell was cut
``grid:g12``          :class:`Mark` of a grid as JSON; label ``g<area id>`` is a living grid
``lock:grid:g12``     ``1``: the grid takes and gives nothing
``lock:cell:7``       ``1``: the cell stays where it is
``lock:border:a|b``   ``1``: nothing passes between the two grids (labels in order)
``band``              ``300-500``: households that a grid shall have
``chief:31``          who looks after building 31: ``p<person id>`` or ``n<number>`` for a post
====================  ======================================================================
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

CELL: Final = "cell:"
GRID: Final = "grid:"
LOCK_GRID: Final = "lock:grid:"
LOCK_CELL: Final = "lock:cell:"
LOCK_BORDER: Final = "lock:border:"
CHIEF: Final = "chief:"
BAND: Final = "band"
ON: Final = "1"

Entries = Mapping[str, str]
Change = Mapping[str, tuple[str | None, str | None]]
"""Of each key the value before and after; ``None`` where there is none."""


@dataclass(frozen=True)
class Mark:
    """What a grid is called. ``area`` is the id of the living grid, ``None`` for a new one.

    A new grid has no ``code`` until it is published, unless it revives a closed one.
    """

    name: str
    kind: str = "general"
    code: str = ""
    area: int | None = None


class Conflict(RuntimeError):
    """A change does not fit: the keys have other values than those it starts from."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(keys)
        self.keys = keys


@dataclass(frozen=True)
class PlanMap:
    """One state of a plan; never changed, only followed by another."""

    entries: Entries

    @cached_property
    def cells(self) -> dict[int, str]:
        """Label of each cell, by ascending number."""
        found = {int(k[len(CELL) :]): v for k, v in self.entries.items() if k.startswith(CELL)}
        return dict(sorted(found.items()))

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """Grids by label: living ones by area id, then new ones."""
        found = {
            k[len(GRID) :]: Mark(**json.loads(v))
            for k, v in self.entries.items()
            if k.startswith(GRID)
        }
        return dict(sorted(found.items(), key=lambda item: label_order(item[0])))

    @cached_property
    def members(self) -> dict[str, tuple[int, ...]]:
        """Cells of each grid, by label."""
        found: dict[str, list[int]] = {label: [] for label in self.marks}
        for cell, label in self.cells.items():
            found[label].append(cell)
        return {label: tuple(cells) for label, cells in found.items()}

    @cached_property
    def locked_grids(self) -> frozenset[str]:
        """Labels of grids that take and give nothing."""
        return frozenset(self._of(LOCK_GRID))

    @cached_property
    def locked_cells(self) -> frozenset[int]:
        """Cells that stay where they are."""
        return frozenset(int(k) for k in self._of(LOCK_CELL))

    @cached_property
    def locked_borders(self) -> frozenset[tuple[str, str]]:
        """Pairs of grids between which nothing passes, each in order."""
        return frozenset((a, b) for a, _, b in (k.partition("|") for k in self._of(LOCK_BORDER)))

    @cached_property
    def chiefs(self) -> dict[int, str]:
        """Who looks after a building, where the plan says so."""
        return {int(k): self.entries[CHIEF + k] for k in self._of(CHIEF)}

    @cached_property
    def band(self) -> tuple[int, int]:
        """Households that a grid shall have: least and most."""
        low, _, high = self.entries[BAND].partition("-")
        return int(low), int(high)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the map, as hexadecimal: equal exactly for equal plans."""
        body = json.dumps(sorted(self.entries.items()), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(body.encode()).hexdigest()

    def _of(self, prefix: str) -> list[str]:
        return sorted(k[len(prefix) :] for k in self.entries if k.startswith(prefix))


def label_order(label: str) -> tuple[str, int]:
    """Sort living grids (``g12``) before new ones (``n1``), each by number."""
    return label[:1], int(label[1:])


def new_label(known: Iterable[str]) -> str:
    """Give a label that none of the known ones equals."""
    return f"n{1 + max((int(k[1:]) for k in known if k.startswith('n')), default=0)}"


def border_key(one: str, other: str) -> str:
    """Key of the lock on the border between two grids."""
    first, second = sorted((one, other), key=label_order)
    return f"{LOCK_BORDER}{first}|{second}"


def mark_value(mark: Mark) -> str:
    """Write a mark as the value of its entry."""
    return json.dumps(asdict(mark), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plan_map(entries: Entries) -> PlanMap:
    """Make a state of entries; they are copied."""
    return PlanMap(MappingProxyType(dict(entries)))


def applied(state: PlanMap, change: Change) -> PlanMap:
    """Give the state that follows.

    Raises
    ------
    Conflict
        If a key has another value than the change starts from.
    """
    wrong = tuple(k for k, (before, _) in change.items() if state.entries.get(k) != before)
    if wrong:
        raise Conflict(wrong)
    entries = dict(state.entries)
    for key, (_, after) in change.items():
        if after is None:
            entries.pop(key, None)
        else:
            entries[key] = after
    return PlanMap(MappingProxyType(entries))


def inverse(change: Change) -> Change:
    """Give the change that leads back."""
    return {key: (after, before) for key, (before, after) in change.items()}


def difference(before: PlanMap, after: PlanMap) -> Change:
    """Give the change from one state to another."""
    keys = sorted(before.entries.keys() | after.entries.keys())
    pairs = ((key, (before.entries.get(key), after.entries.get(key))) for key in keys)
    return {key: (old, new) for key, (old, new) in pairs if old != new}


def change_to(state: PlanMap, values: Mapping[str, str | None]) -> Change:
    """Give the change that sets these keys, without those that are so already."""
    found = {key: (state.entries.get(key), after) for key, after in sorted(values.items())}
    return {key: pair for key, pair in found.items() if pair[0] != pair[1]}
