"""Whom to give an incident to: who is capable of it, and who of them comes first.

Common practice, not a national rule: grid leads and workers are capable of every kind; a building
chief of disputes, opinions, public services and hazards in the chief's own buildings.
"""

from dataclasses import dataclass
from typing import Final, Literal

Nearness = Literal["own_building", "own_grid", "same_community", "same_street", "farther"]

NEARNESS: Final[tuple[Nearness, ...]] = (
    "own_building", "own_grid", "same_community", "same_street", "farther",
)  # fmt: skip
"""How a person's own place stands to an incident, nearest first."""
CHIEFS_KINDS: Final = frozenset({"dispute", "opinion", "public_service", "hazard"})
"""Kinds that a building chief is capable of."""
CHIEF: Final = "building_chief"


@dataclass(frozen=True)
class Standing:
    """What speaks for or against one person: nearness, way in metres, load, open items.

    ``ratio`` is the load against capacity, ``None`` where that is not known.
    """

    nearness: Nearness
    distance: float
    ratio: float | None
    open: int


def capable(duty: str, kind: str, *, keeps_building: bool) -> bool:
    """Whether somebody of this duty can handle an incident of this kind.

    ``keeps_building`` says whether the incident lies in one of the person's own buildings.
    """
    return keeps_building and kind in CHIEFS_KINDS if duty == CHIEF else True


def order(standing: Standing, *, overloaded: float) -> tuple[bool, int, bool, float, int, float]:
    """Give what people are sorted by, best first.

    Whoever is overloaded comes after all who are not; then the nearer place, the lower load, the
    fewer open items, the shorter way.
    """
    ratio = standing.ratio
    return (
        ratio is not None and ratio > overloaded,
        max(NEARNESS.index(standing.nearness), 1),
        ratio is None,
        ratio or 0.0,
        standing.open,
        standing.distance,
    )
