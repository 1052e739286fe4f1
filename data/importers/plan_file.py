"""A file of a plan, and the grids of today that it is held against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from data.areas import shapes
from data.importers.plan_matching import Living
from data.importers.reading import Limits, Records, Request
from data.picture import Picture
from geo.coverage import GAP_WIDTH
from geo.datum import Datum
from rules.plan_state import Mark

Reader = Callable[[Request, Limits], Records]
IMPORT: Final = "import"


@dataclass(frozen=True)
class PlanFile:
    """A file and what a person said about it; ``mapping`` gives columns by field."""

    path: Path
    layer: str | None = None
    encoding: str | None = None
    crs: str | None = None
    datum: Datum | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    gap_width: float = GAP_WIDTH
    limits: Limits = field(default_factory=Limits)


def living_grids(conn: Connection, picture: Picture, area_id: int) -> list[Living]:
    """Give the grids of a community as they are today, with the labels they have in plans."""
    grids = [picture.tree.get(i) for i in picture.tree.children(area_id)]
    found = shapes(conn, [grid.id for grid in grids])
    return [
        Living(f"g{grid.id}", Mark(grid.name, grid.kind, grid.code, grid.id), found[grid.id])
        for grid in grids
    ]
