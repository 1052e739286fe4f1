"""What a division of cells is asked to be: values, no search."""

import math
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geo.cell_graph import CellGraph

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class MismatchedArrays(ValueError):
    """An array of a problem has another length than its graph has cells or sides."""

    def __init__(self, field: str, given: int, wanted: int) -> None:
        super().__init__(field, given, wanted)
        self.field = field
        self.given = given
        self.wanted = wanted


class TooManyParts(ValueError):
    """More parts are asked for than there are pieces to make them of, or less than one."""

    def __init__(self, wanted: int, most: int) -> None:
        super().__init__(wanted, most)
        self.wanted = wanted
        self.most = most


@dataclass(frozen=True)
class Band:
    """Households that a part may have, both ends allowed."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """What a part is best to have."""
        return (self.low + self.high) / 2

    @property
    def whole(self) -> "Band":
        """The band of whole households; the same where no whole number is inside."""
        low, high = math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9)
        return Band(low, high) if low <= high else self

    def excess(self, households: Floats) -> Floats:
        """Households above the band, per part."""
        return np.maximum(households - self.high, 0.0)

    def deficit(self, households: Floats) -> Floats:
        """Households below the band, per part."""
        return np.maximum(self.low - households, 0.0)


@dataclass(frozen=True, eq=False)
class Problem:
    """Cells to divide, and what holds them.

    Parameters
    ----------
    graph
        The cells (n of them) and the sides they share, metres.
    households
        Per cell; 0 for empty blocks.
    load
        Per cell, a second measure to even out (minutes a week); zeros where it does not matter.
    base
        Per cell, the part it is in now, 0 … k-1; -1 where it is in none.
    unit
        Per cell; cells of one number stay together (an estate) as far as they touch each other.
    fixed
        Per cell: may not leave its base part.
    closed
        Per base part: takes nothing and gives nothing.
    barrier
        Per directed side of the graph: 1 for an ordinary side, more where a border is welcome (a
        main road or a river, 3), less where it is not (inside a courtyard).
    band
        Households a part may have.

    Raises
    ------
    MismatchedArrays
        If an array does not fit the graph or the base parts.
    """

    graph: CellGraph
    households: Ints
    load: Floats
    base: Ints
    unit: Ints
    fixed: Bools
    closed: Bools
    barrier: Floats
    band: Band

    def __post_init__(self) -> None:
        n = len(self.graph)
        wanted = dict.fromkeys(("households", "load", "base", "unit", "fixed"), n)
        wanted |= {"barrier": len(self.graph.neighbour)}
        for name, size in wanted.items():
            if len(getattr(self, name)) != size:
                raise MismatchedArrays(name, len(getattr(self, name)), size)
        last, field = int(self.base.max(initial=-1)), "closed"
        if last >= len(self.closed):
            raise MismatchedArrays(field, len(self.closed), last + 1)

    @classmethod
    def of(
        cls, graph: CellGraph, households: Ints, band: Band, *, base: Ints | None = None
    ) -> Self:
        """Make a problem where nothing is held: no locks, estates, barriers or load."""
        n = len(graph)
        now = np.full(n, -1) if base is None else base
        return cls(
            graph=graph,
            households=households,
            load=np.zeros(n),
            base=now,
            unit=np.arange(n),
            fixed=np.zeros(n, bool),
            closed=np.zeros(int(now.max(initial=-1)) + 1, bool),
            barrier=np.ones(len(graph.neighbour)),
            band=band,
        )

    @property
    def held(self) -> Bools:
        """Cells that stay where they are: fixed ones with a base part, all of closed parts."""
        shut = np.append(self.closed, False)
        return np.asarray((self.fixed & (self.base >= 0)) | shut[self.base], bool)

    def rebased(self, base: Ints) -> Self:
        """Return the problem as if the parts were now ``base``, with what is held still held."""
        count = max(int(base.max(initial=-1)) + 1, len(self.closed))
        closed = np.zeros(count, bool)
        closed[: len(self.closed)] = self.closed
        return replace(self, base=base, closed=closed)


@dataclass(frozen=True)
class Wish:
    """How to weigh what is wanted, in metres of border.

    Parameters
    ----------
    parts
        How many parts there are to be.
    stability
        Metres of border that one household which stays in its part is worth (β); 0 draws afresh.
    balance, load
        Weight of evenness of households and of the load: mean sides' lengths that a part off by
        its whole mean costs. It grows with the square, so that 100 makes a part 10 % off cost one
        side: some hundreds are felt.
    steps
        Proposals tried in all; 0 chooses by size.
    """

    parts: int
    stability: float = 0.0
    balance: float = 0.0
    load: float = 0.0
    steps: int = 0
