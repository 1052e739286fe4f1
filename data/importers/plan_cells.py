"""From buildings to land: the grid of every cell when those of its buildings are known."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.importers.report import Note
from data.plan_sheet import Sheet
from geo.cell_graph import CellGraph
from rules.plan_commands import Adopt
from rules.plan_state import Mark

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_SHOWN: Final = 8


@dataclass(frozen=True)
class Adoption:
    """The command that takes an assignment over, and what there is to say about it."""

    command: Adopt
    notes: tuple[Note, ...]
    moving: int


def adoption(sheet: Sheet, grids: Mapping[str, str], marks: Mapping[str, Mark]) -> Adoption:
    """Give every live cell its grid.

    A cell goes where its buildings go; where they disagree, most households decide. Cells without
    buildings stay, unless a cell beside them moves: then they follow their longest border.

    Parameters
    ----------
    sheet
        The draft.
    grids
        Label of the grid by code of building; buildings that are not named stay.
    marks
        Marks of all labels named.
    """
    now, wanted, shared = list(sheet.state.cells.values()), [], []
    for cell, label in zip(sheet.cells, now, strict=True):
        weight: Counter[str] = Counter()
        for home in (sheet.ground.homes[i] for i in cell.buildings):
            weight[grids.get(home.code, label)] += home.households or 1
        if len(weight) > 1:
            shared.append(sheet.ground.homes[cell.buildings[0]].code)
        # Of equal weights the grid that the cell is in already, then the first by label.
        wanted.append(max(sorted(weight), key=lambda k: (weight[k], k == label), default=label))
    names = sorted({*wanted, *now})
    number = {label: at for at, label in enumerate(names)}
    before = np.array([number[label] for label in now], np.int64)
    after = np.array([number[label] for label in wanted], np.int64)
    empty = np.array([not cell.buildings for cell in sheet.cells], bool)
    done = followed(sheet.graph, after, empty & beside(sheet.graph, empty, before != after))
    cells = {n: names[k] for n, k in zip(sheet.numbers.tolist(), done.tolist(), strict=True)}
    used = set(cells.values())
    fresh = {k: m for k, m in marks.items() if k in used and k not in sheet.state.marks}
    notes = _notes(sheet, done, names, shared, int((empty & (done != before)).sum()), marks)
    moving = sum(
        len(cell.buildings)
        for cell, is_new in zip(sheet.cells, done != before, strict=True)
        if is_new
    )
    return Adoption(Adopt(cells, fresh, "assign"), notes, moving)


def beside(graph: CellGraph, empty: Bools, moves: Bools) -> Bools:
    """Tell the empty cells that touch a moving one, also through other empty cells."""
    source, neighbour = graph.source, graph.neighbour
    links = empty[source] & empty[neighbour]
    n = len(graph)
    matrix = coo_array((np.ones(links.sum()), (source[links], neighbour[links])), shape=(n, n))
    cluster = connected_components(matrix, directed=False)[1]
    touched = cluster[source[empty[source] & moves[neighbour]]]
    return np.asarray(empty & np.isin(cluster, touched))


def followed(graph: CellGraph, labels: Ints, free: Bools) -> Ints:
    """Give free cells the label they share most border with, the longest border first.

    A free cell that touches no other, even through free cells, keeps its own label.
    """
    found, left = labels.copy(), free.copy()
    while left.any():
        rim = left[graph.source] & ~left[graph.neighbour]
        if not rim.any():
            break
        key = graph.source[rim] * (labels.max() + 1) + found[graph.neighbour[rim]]
        pairs, at = np.unique(key, return_inverse=True)
        best = int(pairs[np.argmax(np.bincount(at, graph.length[rim]))])
        cell, label = divmod(best, int(labels.max()) + 1)
        found[cell], left[cell] = label, False
    return found


def _notes(
    sheet: Sheet, done: Ints, names: list[str], shared: list[str], moved: int,
    marks: Mapping[str, Mark],
) -> tuple[Note, ...]:  # fmt: skip
    notes = []
    if shared:
        listed = ", ".join([*shared[:_SHOWN], *(["…"] if len(shared) > _SHOWN else [])])
        notes.append(Note("shared_cells", {"n": len(shared), "codes": listed}))
    if moved:
        notes.append(Note("followed", {"n": moved}))
    known = {**sheet.state.marks, **marks}
    for at, label in enumerate(names):
        pieces = _pieces(sheet.graph, done == at)
        if pieces > 1:
            notes.append(Note("in_pieces", {"name": known[label].name, "n": pieces}))
    return tuple(notes)


def _pieces(graph: CellGraph, inside: Bools) -> int:
    links = inside[graph.source] & inside[graph.neighbour]
    n = len(graph)
    matrix = coo_array(
        (np.ones(links.sum()), (graph.source[links], graph.neighbour[links])), shape=(n, n)
    )
    return int(connected_components(matrix, directed=False)[0] - (~inside).sum())
