"""Connected pieces of cells or nodes that have something in common."""

import numpy as np
from numpy.typing import NDArray

from geo.partition.compiled import compiled

Ints = NDArray[np.int64]


@compiled
def _joined(source: Ints, neighbour: Ints, key: Ints) -> Ints:
    """Give numbers from 0 in the order of their first members (union-find, Tarjan 1975)."""
    lead = np.arange(len(key))
    for side in range(len(source)):
        a, b = source[side], neighbour[side]
        if key[a] != key[b]:
            continue
        while lead[a] != a:
            lead[a] = lead[lead[a]]
            a = lead[a]
        while lead[b] != b:
            lead[b] = lead[lead[b]]
            b = lead[b]
        if a < b:
            lead[b] = a
        else:
            lead[a] = b
    number = np.zeros(len(key), np.int64)
    count = 0
    for member in range(len(key)):
        first = member
        while lead[first] != first:
            first = lead[first]
        if first == member:
            number[member] = count
            count += 1
        else:
            number[member] = number[first]
    return number


def pieces(source: Ints, neighbour: Ints, key: Ints) -> Ints:
    """Give numbers to the connected pieces of equal ``key``, by their first members.

    ``source`` and ``neighbour`` are the two ends of each side, below ``len(key)``.
    """
    plain = (np.require(ends, np.int64, ["C", "W"]) for ends in (source, neighbour, key))
    return _joined(*plain)
