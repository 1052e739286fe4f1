"""The land of a plan as the record will have it: which grids stay, which close, their shapes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select

from data import schema
from data.areas import shapes
from data.plan_sheet import Sheet
from geo.crs import STORE_CRS, transform
from geo.grids import part_shapes
from geo.settling import NEAR, settled

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


class BaseReplaced(RuntimeError):
    """The grids that a plan starts from are no longer those of the record."""

    def __init__(self, plan_id: int) -> None:
        super().__init__(plan_id)
        self.plan_id = plan_id


@dataclass(frozen=True, eq=False)
class Land:
    """The grids of a community by label, before and after a plan.

    ``kept`` are the ids of untouched grids, which keep their row; ``closed`` those of the others
    that are there today. ``shapes`` (degrees) are of all grids of the plan; ``added`` are vertices
    (n, 2) that they put on borders of the record. ``square_metres`` is the land that goes from one
    grid (first label) to another.
    """

    community: int
    kept: Mapping[str, int]
    closed: Mapping[str, int]
    shapes: Mapping[str, shapely.Geometry]
    added: Floats
    square_metres: Mapping[tuple[str, str], float]

    @property
    def before(self) -> dict[int, str]:
        """Label of each grid of the record."""
        return {area_id: label for label, area_id in (*self.kept.items(), *self.closed.items())}

    @property
    def made(self) -> tuple[str, ...]:
        """Labels of the grids that get a new row."""
        return tuple(label for label in self.shapes if label not in self.kept)


_A = schema.area.c
_LIVING = select(_A.id).where(_A.parent_id == bindparam("of_area"), _A.valid_to.is_(None))


def touched(sheet: Sheet) -> frozenset[str]:
    """Labels of grids of the start that a plan gives other land, another name or an end."""
    now = sheet.state.marks
    changed = {
        label
        for number, after in sheet.state.cells.items()
        if (before := sheet.origin(number)) != after
        for label in (before, after)
    }
    return frozenset(
        label
        for label, mark in sheet.start.marks.items()
        if label in changed or label not in now
        or (now[label].name, now[label].kind) != (mark.name, mark.kind)
    )  # fmt: skip


def land_of(conn: Connection, sheet: Sheet) -> Land:
    """Give the land of a plan, its borders laid onto those of the record.

    Raises
    ------
    BaseReplaced
        If the community has other grids now than those that the plan starts from.
    """
    area_id = sheet.plan.area_id
    living = {label: m.area for label, m in sheet.start.marks.items() if m.area is not None}
    if set(living.values()) != set(conn.execute(_LIVING, {"of_area": area_id}).scalars()):
        raise BaseReplaced(sheet.plan.id)
    stored = shapes(conn, list(living.values()) or [area_id])
    _require_base(sheet, {label: stored[i] for label, i in living.items()})
    other = touched(sheet)
    metres: dict[tuple[str, str], float] = {}
    for number, label in sheet.state.cells.items():
        way = sheet.origin(number), label
        metres[way] = metres.get(way, 0.0) + float(shapely.area(sheet.ground.cells[number].shape))
    drawn = grids_of(sheet)
    laid = settled(drawn, np.array(list(stored.values()), object), crs=sheet.ground.crs)
    return Land(
        community=area_id,
        kept={label: i for label, i in living.items() if label not in other},
        closed={label: i for label, i in living.items() if label in other},
        shapes=dict(zip(sheet.order, laid.shapes.tolist(), strict=True)),
        added=laid.added,
        square_metres=metres,
    )


def grids_of(sheet: Sheet) -> Shapes:
    """Shapes of a plan's grids in degrees, in the order of its labels.

    They are joined in metres: what is straight there is bent in degrees, by 1 cm over 1 km, so a
    cell that is thinner may not be sound.
    """
    joined = part_shapes(sheet.shapes, sheet.part, len(sheet.order))
    return transform(joined, sheet.ground.crs, STORE_CRS)


def _require_base(sheet: Sheet, stored: Mapping[str, shapely.Geometry]) -> None:
    """Refuse a plan whose grids got other borders since, by an import say."""
    cells: dict[str, list[shapely.Geometry]] = {label: [] for label in stored}
    for number, label in sheet.start.cells.items():
        if label in cells:
            cells[label].append(sheet.ground.cells[number].shape)
    metres = transform(np.array(list(stored.values()), object), STORE_CRS, sheet.ground.crs)
    for some, shape in zip(cells.values(), metres, strict=True):
        differs = shapely.symmetric_difference(shapely.coverage_union_all(some), shape)
        if float(differs.area) > NEAR * float(shape.length):
            raise BaseReplaced(sheet.plan.id)
