"""Polygons of a file made into a new plan, in two steps: look, then make."""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import shapely

from data.importers.columns import AREA, map_columns
from data.importers.known import Known, KnownArea
from data.importers.placing import place
from data.importers.plan_file import IMPORT, PlanFile, Reader, living_grids
from data.importers.plan_grids import fit_grids
from data.importers.reading import Request, read_records
from data.importers.report import Report
from data.picture import Picture
from data.plan_ground import crs_of, outline_of
from data.plan_making import Making, Target, new_plan
from data.store import Store
from rules.access import Actor, Scope


@dataclass(frozen=True)
class GridsFound:
    """Grids of a file that fill a community, and the report on them."""

    area_id: int
    targets: tuple[Target, ...]
    report: Report


def look_at_grids(
    store: Store, picture: Picture, *, scope: Scope, area_id: int, file: PlanFile,
    read: Reader = read_records,
) -> GridsFound:  # fmt: skip
    """Read the polygons of a file as the grids of a community; nothing is written.

    Raises
    ------
    OutsideScope
        If the scope does not hold the community.
    data.importers.reading.UnreadableFile, data.importers.columns.UnknownColumn
        If the file cannot be read or lacks a column that was named.
    geo.crs.AmbiguousCrs, geo.crs.UnknownCrs, geo.crs.UnknownCrsName
        If a person has to say what the coordinates are.
    """
    picture.tree.admit(scope, area_id)
    request = Request(file.path, file.layer, file.encoding, dimension=2)
    records = read(request, file.limits)
    mapping = map_columns(records.headers, AREA, asked=file.mapping)
    columns = {name: records.columns[column] for name, column in mapping.items()}
    with store.read() as conn:
        whole = outline_of(conn, area_id)
        living = living_grids(conn, picture, area_id)
    report = Report(
        "grids", file.path.name, records.encoding, records.layer, tuple(records.headers), mapping,
        read=len(records),
    )  # fmt: skip
    raw = np.full(len(records), None, object) if records.shapes is None else records.shapes
    if not shapely.is_missing(raw).all():
        placed = place(
            raw, _known(picture, area_id, whole), declared=records.crs, crs=file.crs,
            datum=file.datum,
        )  # fmt: skip
        raw = placed.shapes
        report = replace(report, detection=placed.detection).with_notes(*placed.notes)
    done = fit_grids(
        raw, columns, records.rows, whole=whole, living=living, crs=crs_of(picture.tree, area_id),
        gap_width=file.gap_width, broken=records.broken,
    )  # fmt: skip
    repair = {k: float(v) for k, v in vars(done.repair).items() if k != "emptied"}
    report = replace(
        report, accepted=len(done.targets), refused=done.refused,
        counts={"grids": len(done.targets)}, repair=repair if done.repair.needed else {},
    ).with_notes(*done.notes)  # fmt: skip
    return GridsFound(area_id, done.targets, report)


def _known(picture: Picture, area_id: int, whole: shapely.Geometry) -> Known:
    """Give the community alone as what coordinates are laid on."""
    area = picture.tree.get(area_id)
    return Known((KnownArea(area.id, None, area.level, area.code, area.name, whole),))


def make_from_grids(  # noqa: PLR0913 - what of it is made, by whom, when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, title: str, found: GridsFound,
    now: datetime,
) -> int:  # fmt: skip
    """Make a draft whose grids are those of a file and give its id; see ``new_plan``."""
    making = Making(found.area_id, title, IMPORT, targets=found.targets)
    return new_plan(store, picture, scope=scope, actor=actor, making=making, now=now)
