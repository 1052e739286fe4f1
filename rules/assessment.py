"""Assessment: the figures that work is judged by, as formulas on plain counts.

Nobody is judged by how much is reported: a quota on reports invites made-up ones.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Target:
    """Mark of a figure: ``good`` is reached or not, ``bad`` is where it has to be talked about."""

    good: float
    bad: float


TARGETS: Final[dict[str, Target]] = {
    "response": Target(0.95, 0.85),
    "on_time": Target(0.95, 0.85),
    "satisfaction": Target(0.90, 0.80),
    "coverage": Target(0.90, 0.60),
    "returns": Target(0.05, 0.15),
    "reopens": Target(0.03, 0.10),
}
"""Marks by figure [practice]."""

FEW: Final = 5
"""A rate over fewer items says little about anybody and is not judged."""
