"""A table of buildings and grids put into a draft, in two steps: look, then adopt."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from data.importers.plan_assignment import read_assignment
from data.importers.plan_cells import adoption
from data.importers.plan_file import PlanFile, Reader, living_grids
from data.importers.reading import Request, read_records
from data.importers.report import Report
from data.picture import Picture
from data.plan_edits import edit
from data.plan_ground import homes_in
from data.plans import sheet
from data.store import Store
from rules.access import Actor, Scope
from rules.plan_edits import NothingMoves
from rules.plan_state import Mark


@dataclass(frozen=True)
class AssignmentFound:
    """Grid of each building by code, as a file has it, with the marks of these grids."""

    area_id: int
    grids: Mapping[str, str]
    marks: Mapping[str, Mark]
    report: Report


def look_at_assignment(  # noqa: PLR0913 - a file, for whom, and what it is held against
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, area_id: int, file: PlanFile,
    plan_id: int | None = None, read: Reader = read_records,
) -> AssignmentFound:  # fmt: skip
    """Read which grid each building goes to; nothing is written.

    The grids of the file are those of a draft where one is named, else those of today.

    Raises
    ------
    OutsideScope
        If the scope does not hold the community, or the actor may not see the plan.
    data.importers.reading.UnreadableFile, data.importers.columns.UnknownColumn
        If the file cannot be read or lacks a column that was named.
    data.importers.plan_assignment.NotAnAssignment, TooManyGrids
        If it is no assignment, or that of another place.
    """
    picture.tree.admit(scope, area_id)
    records = read(Request(file.path, file.layer, file.encoding), file.limits)
    if plan_id is None:
        with store.read() as conn:
            codes = [home.code for home in homes_in(conn, picture.tree, area_id)]
            marks = {one.label: one.mark for one in living_grids(conn, picture, area_id)}
    else:
        draft = sheet(store, picture, scope=scope, actor=actor, plan_id=plan_id)
        codes = [home.code for home in draft.ground.homes.values()]
        marks = {**draft.start.marks, **draft.state.marks}
    found = read_assignment(
        records, source=file.path.name, codes=codes, marks=marks, asked=file.mapping
    )
    return AssignmentFound(area_id, found.grids, found.marks, found.report)


def adopt_assignment(  # noqa: PLR0913 - which draft, by whom, from which version, when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, plan_id: int, version: int,
    found: AssignmentFound, now: datetime,
) -> Report:  # fmt: skip
    """Put the buildings of a draft into the grids of a file, as one edit, and report on it.

    Raises
    ------
    OutsideScope, NotYourPlan, StalePlan, NotEditable, Locked, UnknownGrid
        As :func:`data.plan_edits.edit`.
    """
    draft = sheet(store, picture, scope=scope, actor=actor, plan_id=plan_id)
    done = adoption(draft, found.grids, found.marks)
    counts = {**found.report.counts, "moving": done.moving}
    try:
        edit(
            store, picture, scope=scope, actor=actor, plan_id=plan_id, version=version,
            command=done.command, now=now,
        )  # fmt: skip
    except NothingMoves:
        counts["moving"] = 0
    return replace(found.report, counts=counts).with_notes(*done.notes)
