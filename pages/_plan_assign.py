"""A table of buildings and grids taken into a draft: looked at first, then taken over."""

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from data import clock
from data.importers.plan_adopt import AssignmentFound, adopt_assignment, look_at_assignment
from data.plan_rows import StalePlan
from data.store import StoreUnavailable
from pages import _session
from pages._desk import take_desk
from pages._messages import words
from pages._plan_address import PLAN_PARTS
from pages._plan_desk import Bench
from pages._plan_draw import STALE, Stand, say
from pages._plan_upload import MOST_MEGABYTES, TABLES, lines, looked
from rules.access import OutsideScope
from rules.boundary_plan import NotYourPlan
from rules.plan_edits import Locked, NotEditable, UnknownGrid

FILE: Final = "plan_table"


def _adopt(stand: Stand, found: AssignmentFound) -> None:
    desk, (plan_id, version) = take_desk(), stand
    if desk is None:
        return
    try:
        done = adopt_assignment(
            desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
            plan_id=plan_id, version=version, found=found, now=clock.now(),
        )  # fmt: skip
    except StalePlan:
        _session.keep(STALE, stand)
    except (
        NotYourPlan, NotEditable, Locked, UnknownGrid, OutsideScope, StoreUnavailable,
    ) as error:  # fmt: skip
        say(plan_id, words(error, desk.t))
    else:
        moving = done.counts.get("moving", 0)
        say(plan_id, desk.t("{n} buildings were put into other grids.").format(n=moving), "good")
    st.rerun(list(PLAN_PARTS))


def draw_assign(bench: Bench) -> None:
    """Draw the field for the table, what was found in it, and the button that takes it over."""
    t, desk = bench.t, bench.desk
    upload: Any = st.file_uploader(
        t("Put buildings into grids by a table (CSV, Excel)"), type=TABLES, key=FILE,
        max_upload_size=MOST_MEGABYTES,
    )  # fmt: skip
    if upload is None:
        return
    found = looked(desk, upload, lambda file: look_at_assignment(
        desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
        area_id=bench.plan.area_id, file=file, plan_id=bench.plan.id,
    ))  # fmt: skip
    if found is None:
        return
    report = replace(found.report, source=upload.name, dry_run=True)
    st.html(lines(report, desk))
    st.button(t("Take the table over"), key="plan_table_adopt", type="primary",
              disabled=not found.grids, on_click=_adopt, args=(bench.stand, found))  # fmt: skip
