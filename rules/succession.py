"""What follows on what when grids are redrawn: heirs, lineage, and where duties go.

Grids are named by labels here: ``g12`` lives on under the code it has, ``n1`` is new.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Lineage(StrEnum):
    """What became of the land and homes that went from a closed grid to a new one.

    Of a grid that lives on, the rest was kept; one that is gone was merged into its heir. What
    founded a new grid was split off, and what went to another one that lives on transferred.
    """

    KEPT = "kept"
    MERGED = "merged"
    SPLIT = "split"
    TRANSFERRED = "transferred"


@dataclass(frozen=True)
class Share:
    """What went from one grid to another: households, and land in square metres."""

    before: str
    after: str
    households: int
    square_metres: float


def heirs(shares: Iterable[Share], labels: Collection[str]) -> dict[str, str]:
    """Give the label that stands for each grid of before.

    It is the grid itself if it lives on, else the one that got most of its households; where
    these are equal, most of its land.
    """
    found: dict[str, Share] = {}
    for share in shares:
        best = found.get(share.before)
        if best is None or _weight(share) > _weight(best):
            found[share.before] = share
    return {old: old if old in labels else share.after for old, share in found.items()}


def _weight(share: Share) -> tuple[int, float]:
    return share.households, share.square_metres


def lineage_of(share: Share, heir: str) -> Lineage:
    """Name what became of a share, given the heir of the grid it comes from."""
    if share.before == share.after:
        return Lineage.KEPT
    if heir == share.after:
        return Lineage.MERGED
    return Lineage.SPLIT if share.after.startswith("n") else Lineage.TRANSFERRED


def seat(households: Mapping[str, int], otherwise: str) -> str:
    """Give the grid where most households of a chief live.

    ``otherwise`` is the heir of the chief's own grid: it wins ties, and where there are none.
    """
    if not households:
        return otherwise
    return max(households, key=lambda label: (households[label], label == otherwise, label))


def charged(entry: str) -> int | None:
    """Give the person whom a plan puts in charge of a building; none where a post is open."""
    return int(entry[1:]) if entry.startswith("p") else None
