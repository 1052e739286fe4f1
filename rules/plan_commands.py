"""What a planner may do with a draft: plain values, as they come from the map and the page.

Places are longitude and latitude (CGCS2000 degrees). Labels name grids (:mod:`rules.plan_state`);
``NEW`` stands for a grid that the command makes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from rules.plan_state import Mark

Points = tuple[tuple[float, float], ...]

NEW: Final = "new"


@dataclass(frozen=True)
class Move:
    """Put cells into a grid."""

    cells: tuple[int, ...]
    to: str


@dataclass(frozen=True)
class Lasso:
    """Put the cells whose building (or middle) a ring holds into a grid."""

    ring: Points
    to: str


@dataclass(frozen=True)
class Brush:
    """Put the cells under a stroke into a grid; ``metres`` is half its width."""

    path: Points
    metres: float
    to: str


@dataclass(frozen=True)
class Drag:
    """Push the border between two grids: cells of ``giver`` under the path go to ``taker``."""

    path: Points
    giver: str
    taker: str


@dataclass(frozen=True)
class Split:
    """Divide a grid along a drawn line; cells under the line are cut."""

    label: str
    line: Points


@dataclass(frozen=True)
class Merge:
    """Put all of ``gone`` into ``keep``."""

    keep: str
    gone: str


@dataclass(frozen=True)
class Carve:
    """Make a grid of what a drawn ring holds; cells under its rim are cut."""

    ring: Points


@dataclass(frozen=True)
class MoveBorder:
    """Draw the border between two grids anew along a line; cells under it are cut."""

    one: str
    other: str
    line: Points


@dataclass(frozen=True)
class Lock:
    """Set a lock; ``key`` is a key of the plan's map."""

    key: str


@dataclass(frozen=True)
class Unlock:
    """Take a lock away."""

    key: str


@dataclass(frozen=True)
class Rename:
    """Call a grid something else."""

    label: str
    name: str


@dataclass(frozen=True)
class SetBand:
    """Say how many households a grid shall have."""

    low: int
    high: int


@dataclass(frozen=True)
class Charge:
    """Say who looks after buildings: ``chiefs`` by building id, ``""`` for what is kept now."""

    chiefs: Mapping[int, str]


@dataclass(frozen=True)
class Adopt:
    """Take a proposal over: the grid of every live cell, and the marks of its new grids."""

    cells: Mapping[int, str]
    marks: Mapping[str, Mark] = field(default_factory=dict)
    op: str = "propose"


@dataclass(frozen=True)
class Undo:
    """Go back one edit."""


@dataclass(frozen=True)
class Redo:
    """Go forth again, along the branch that was left last."""


@dataclass(frozen=True)
class Go:
    """Go to any state the plan ever had."""

    seq: int


Edit = (
    Move | Lasso | Brush | Drag | Split | Merge | Carve | MoveBorder
    | Lock | Unlock | Rename | SetBand | Charge | Adopt
)  # fmt: skip
Walk = Undo | Redo | Go
Command = Edit | Walk
