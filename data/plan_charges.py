"""Areas of building chiefs inside one grid of a plan, about 100 households each."""

import numpy as np
from numpy.typing import NDArray

from data.plan_moves import charge_of, homes_of
from data.plan_sheet import Sheet
from geo.cell_graph import cell_graph
from geo.partition.local import nest
from rules.figures import HOUSEHOLDS_PER_CHIEF
from rules.plan_commands import Charge
from rules.plan_state import new_label

Ints = NDArray[np.int64]


def charges(sheet: Sheet, label: str, *, seed: int) -> Charge:
    """Divide the buildings of a grid among chiefs: present ones keep what they can.

    Returns
    -------
    Charge
        Who looks after each building of the grid: a person, a post to be filled (``n1``, ``n2``,
        …), or ``""`` where it is who looks after it anyhow. Empty for a grid without buildings.
    """
    cells = sheet.state.members[label]
    homes = homes_of(sheet, cells)
    if not homes:
        return Charge({})
    shapes = np.empty(len(cells), object)
    shapes[:] = [sheet.ground.cells[n].shape for n in cells]
    households = np.array([sheet.ground.cells[n].households for n in cells], np.int64)
    keepers = [_keeper(sheet, n) for n in cells]
    names = sorted({keeper for keeper in keepers if keeper})
    base = np.array([names.index(k) if k else -1 for k in keepers], np.int64)
    parts = nest(
        cell_graph(shapes), households, base, target=float(HOUSEHOLDS_PER_CHIEF), seed=seed
    )
    known = {*names, *sheet.state.chiefs.values()}
    posts = dict(enumerate(names))
    for part in dict.fromkeys(parts.tolist()):
        if part not in posts:
            posts[part] = new_label(known)
            known.add(posts[part])
    wanted = {
        home.id: posts[part]
        for n, part in zip(cells, parts.tolist(), strict=True)
        for home in homes_of(sheet, [n])
    }
    return Charge({
        home.id: "" if wanted[home.id] == f"p{home.chief_id}" else wanted[home.id]
        for home in homes
    })  # fmt: skip


def _keeper(sheet: Sheet, number: int) -> str:
    """Chief with most households of a cell, the first of equals; empty for none."""
    sums: dict[str, int] = {}
    for home in homes_of(sheet, [number]):
        who = charge_of(home, sheet.state)
        if who:
            sums[who] = sums.get(who, 0) + home.households
    return min(sums, key=lambda who: (-sums[who], who), default="")
