"""Making a boundary plan: a community is cut into cells that today's grids are made of."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, func, insert, select

from data import events, schema
from data.areas import Area, AreaTree, shapes
from data.picture import Picture
from data.plan_ground import crs_of, homes_in, in_metres, walls_of
from data.plan_rows import PLAN, Entry, append_entry
from data.store import Store
from geo.cells import Cells, make_cells
from geo.coverage import clean
from geo.crs import STORE_CRS, transform
from geo.locate import owners
from rules.access import Actor, Scope
from rules.boundary_plan import PLANNERS, NotYourPlan, PlanState
from rules.levels import Level
from rules.plan_checks import DEDICATED
from rules.plan_log import Record
from rules.plan_state import (
    BAND,
    CELL,
    CHIEF,
    GRID,
    LOCK_GRID,
    ON,
    Change,
    Mark,
    PlanMap,
    applied,
    change_to,
    mark_value,
    plan_map,
)

Shapes = NDArray[np.object_]

BANDS: Final = {"village": (200, 400)}
TOWN_BAND: Final = (300, 500)
"""Households of a grid, by kind of community [source: 300-500 in towns; practice in villages]."""
DRAW: Final = "draw"
LONGEST_TITLE: Final = 80


class BadTitle(ValueError):
    """A plan's title is empty or too long."""


class NotPlannable(ValueError):
    """The area is no community of grids; ``code`` names it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """A grid as it shall be: its shape in degrees, its label where it lives on, its mark."""

    shape: shapely.Geometry
    mark: Mark
    label: str | None = None


@dataclass(frozen=True)
class Making:
    """What a plan is made as: ``targets`` lead it away from today's grids in one first edit."""

    area_id: int
    title: str
    origin: str = "present"
    origin_id: int | None = None
    targets: Sequence[Target] = ()
    chiefs: Mapping[int, str] = field(default_factory=dict)


_E = schema.event.c
_LAST = select(func.coalesce(func.max(schema.plan.c.id), 0))
_LAST_TOLD = select(func.coalesce(func.max(_E.subject_id), 0)).where(_E.subject == PLAN)


def plannable(picture: Picture, scope: Scope) -> list[Area]:
    """Give the communities of a scope whose grids can be redrawn, in the order of the tree."""
    tree = picture.tree
    if scope.buildings is not None:
        return []
    first, last = tree.admit(scope, scope.area_id)
    return [tree.areas[i] for i in range(first, last) if _is_plannable(tree, i)]


def _is_plannable(tree: AreaTree, number: int) -> bool:
    """Whether an area is a community of which every part is a grid, or one without grids yet."""
    first, last = number + 1, int(tree.end[number])
    leaves = bool((tree.end[first:last] == np.arange(first, last) + 1).all())
    return tree.areas[number].level == Level.COMMUNITY and leaves


def new_plan(
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, making: Making, now: datetime
) -> int:
    """Make a draft and give its id.

    Raises
    ------
    OutsideScope, NotYourPlan, NotPlannable, BadTitle
        If the scope does not hold the community, the role draws no plans, the area has no grids
        of its own, or the title is no title.
    """
    with store.write() as conn:
        return make_plan(conn, picture, scope=scope, actor=actor, making=making, now=now)


def make_plan(
    conn: Connection, picture: Picture, *, scope: Scope, actor: Actor, making: Making, now: datetime
) -> int:
    """Make a draft inside the caller's transaction; see :func:`new_plan`."""
    tree = picture.tree
    tree.admit(scope, making.area_id)
    if actor.role not in PLANNERS or scope.buildings is not None:
        raise NotYourPlan(DRAW, actor.role)
    if not _is_plannable(tree, tree.number(making.area_id)):
        raise NotPlannable(tree.get(making.area_id).code)
    board = _board(conn, tree, making)
    plan_id = write_plan(conn, making, board.cells, board.start, actor=actor, now=now)
    change = _toward(board, making)
    if change:
        state = applied(board.start, change)
        entry = Entry(
            Record(1, "edit", 0, 1, change), making.origin, now, actor.login, state.digest
        )
        append_entry(conn, plan_id, entry)
    return plan_id


def write_plan(
    conn: Connection, making: Making, cells: Sequence[Mapping[str, Any]], start: PlanMap, *,
    actor: Actor, now: datetime,
) -> int:  # fmt: skip
    """Write the row, the cells and the event of a new plan; gives its id.

    Raises
    ------
    BadTitle
        If the title is empty or too long.
    """
    title = _one_line(making.title)
    if not title or len(title) > LONGEST_TITLE:
        raise BadTitle
    row = {
        "area_id": making.area_id, "title": title, "state": PlanState.DRAFT.value,
        "origin": making.origin, "origin_id": making.origin_id, "author": actor.login,
        "created_at": int(now.timestamp()), "version": 1,
        "start": json.dumps(dict(start.entries), ensure_ascii=False, sort_keys=True),
    }  # fmt: skip
    # A log outlives the plans of a demo: a number is never given twice.
    plan_id = 1 + max(int(conn.execute(each).scalar_one()) for each in (_LAST, _LAST_TOLD))
    conn.execute(insert(schema.plan).values(id=plan_id, **row))
    conn.execute(insert(schema.plan_cell), [{"plan_id": plan_id, **cell} for cell in cells])
    events.append(
        conn, at=now, actor=actor.login, action="plan", subject=PLAN, subject_id=plan_id,
        before=None,
        after={
            "area": making.area_id, "title": title, "origin": making.origin,
            "of": making.origin_id, "cells": len(cells), "digest": start.digest,
        },
    )  # fmt: skip
    return plan_id


def _one_line(text: str) -> str:
    """Text as one line: white space is a space, and what cannot be seen is left out."""
    return " ".join("".join(c for c in text if c.isspace() or c.isprintable()).split())


@dataclass(frozen=True, eq=False)
class _Board:
    """A community cut into cells: rows of ``plan_cell``, the present state, a point in each."""

    cells: list[dict[str, Any]]
    inner: NDArray[np.float64]
    start: PlanMap


def _board(conn: Connection, tree: AreaTree, making: Making) -> _Board:
    community = tree.get(making.area_id)
    crs = crs_of(tree, community.id)
    ids = tree.children(community.id) or [community.id]
    degrees = shapes(conn, ids)
    grids = np.array([degrees[i] for i in ids], object)
    targets = np.array([target.shape for target in making.targets], object)
    metres = transform(grids, STORE_CRS, crs)
    homes = homes_in(conn, tree, community.id)
    walls = walls_of(conn, shapely.box(*community.bounds), crs)
    found = make_cells(
        clean(metres)[0], in_metres(homes, crs),
        lines=walls.lines, cut_by=transform(targets, STORE_CRS, crs),
    )  # fmt: skip
    lived = [tree.get(i) for i in ids]
    degrees_of = transform(found.shapes, crs, STORE_CRS)
    cells = _rows(found, degrees_of, homes, in_metres(homes, crs))
    inner = shapely.get_coordinates(
        transform(shapely.point_on_surface(found.shapes), crs, STORE_CRS)
    )
    return _Board(cells, inner, _present(community, lived, found))


def _present(community: Area, grids: Sequence[Area], found: Cells) -> PlanMap:
    """Give the state that says what is so today; a community without grids is one new grid."""
    low, high = BANDS.get(community.kind, TOWN_BAND)
    entries = {BAND: f"{low}-{high}"}
    labels = []
    for grid in grids:
        whole = grid.id == community.id
        label = "n1" if whole else f"g{grid.id}"
        mark = Mark(grid.name) if whole else Mark(grid.name, grid.kind, grid.code, grid.id)
        entries[GRID + label] = mark_value(mark)
        # A school or a hospital is a grid of its own for what it is, not for its households.
        if grid.kind == DEDICATED:
            entries[LOCK_GRID + label] = ON
        labels.append(label)
    entries |= {f"{CELL}{n}": labels[part] for n, part in enumerate(found.part.tolist(), start=1)}
    return plan_map(entries)


def _rows(
    found: Cells, degrees: Shapes, homes: Sequence[Any], spots: NDArray[np.float64]
) -> list[dict[str, Any]]:
    """Give rows of cells; a building that stands outside the community counts to the nearest."""
    own: dict[int, list[int]] = {}
    tree = shapely.STRtree(found.shapes)
    for home, spot, cell in zip(homes, spots, found.of_point.tolist(), strict=True):
        at = cell if cell >= 0 else int(tree.nearest(shapely.Point(spot)))
        own.setdefault(at, []).append(int(home.id))
    return [
        {"number": at + 1, "parent": None, "buildings": json.dumps(own.get(at, [])), "geom": shape}
        for at, shape in enumerate(degrees)
    ]


def _toward(board: _Board, making: Making) -> Change:
    """Give the first edit of a plan: every cell into the target that holds it."""
    start = board.start
    values: dict[str, str | None] = {f"{CHIEF}{home}": mark for home, mark in making.chiefs.items()}
    if making.targets:
        labels = _labels(making.targets, start)
        shape = np.array([target.shape for target in making.targets], object)
        at = owners(board.inner, shape).tolist()
        now = list(start.cells.items())
        after = {n: labels[i] if i >= 0 else label for (n, label), i in zip(now, at, strict=True)}
        used = set(after.values())
        values |= {f"{CELL}{n}": label for n, label in after.items()}
        marks = dict(zip(labels, (target.mark for target in making.targets), strict=True))
        values |= {GRID + k: mark_value(mark) for k, mark in marks.items() if k in used}
        gone = start.marks.keys() - used
        values |= {key: None for k in gone for key in (GRID + k, LOCK_GRID + k)}
        # Who brings other borders means them, also where today's are locked.
        moved = {k for n, label in now if after[n] != label for k in (label, after[n])}
        values |= {LOCK_GRID + k: None for k in moved}
    return change_to(start, values)


def _labels(targets: Sequence[Target], start: PlanMap) -> list[str]:
    """Give each target the label of the living grid it goes on, else a new one."""
    fresh = iter(f"n{i}" for i in range(1, len(targets) + len(start.marks) + 1))
    free = (label for label in fresh if label not in start.marks)
    return [t.label if t.label in start.marks else next(free) for t in targets]
