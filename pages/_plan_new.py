"""The forms that begin a new plan: from today's grids, or from the polygons of a file."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import streamlit as st

from data import clock
from data.importers.plan_new import GridsFound, look_at_grids, make_from_grids
from data.plan_making import LONGEST_TITLE, BadTitle, Making, NotPlannable, new_plan, plannable
from data.store import StoreUnavailable
from pages._desk import Desk
from pages._html import empty, plain
from pages._messages import words
from pages._plan_upload import GRIDS, MOST_MEGABYTES, lines, looked
from rules.access import OutsideScope
from rules.boundary_plan import NotYourPlan

AREA: Final = "new_plan_area"
TITLE: Final = "new_plan_title"
FILE: Final = "new_plan_file"


def communities(desk: Desk) -> dict[int, str]:
    """Name the communities whose grids can be redrawn, by id, with what is above them."""
    tree = desk.picture.tree
    paths = {a.id: tree.path(desk.scope, a.id) for a in plannable(desk.picture, desk.scope)}
    return {
        area_id: " · ".join(tree.get(i).name for i in path[1:] or path)
        for area_id, path in paths.items()
    }


def draw_new(desk: Desk) -> None:
    """Draw the button that opens the form; making a plan opens its page."""
    t = desk.t
    with st.popover(t("New plan"), key="new_plan", icon=":material/add:", type="primary"):
        names = communities(desk)
        if not names:
            st.html(empty(t("There is no community whose grids could be redrawn.")))
            return
        area_id = st.selectbox(
            t("Community"), list(names), index=None, format_func=lambda i: names[i],
            placeholder=t("Choose a community"), key=AREA,
        )  # fmt: skip
        title = st.text_input(t("Title"), max_chars=LONGEST_TITLE, key=TITLE)
        upload: Any = st.file_uploader(
            t("Grids of a file (GeoPackage, GeoJSON, Shapefile as zip); not required"),
            type=GRIDS, key=FILE, max_upload_size=MOST_MEGABYTES,
        )  # fmt: skip
        found = None
        if upload is not None and area_id is not None:
            found = looked(desk, upload, lambda file: look_at_grids(
                desk.store, desk.picture, scope=desk.scope, area_id=area_id, file=file
            ))  # fmt: skip
            if found is not None:
                st.html(lines(replace(found.report, source=upload.name, dry_run=True), desk))
        unusable = upload is not None and (found is None or not found.targets)
        if st.button(t("Begin"), type="primary", key="new_plan_begin", disabled=unusable):
            _make(desk, area_id, title, found)


def _make(desk: Desk, area_id: int | None, title: str, found: GridsFound | None) -> None:
    if area_id is None:
        st.error(plain(desk.t("Please choose a community.")))
        return
    try:
        plan_id = made(desk, area_id, title, found, clock.now())
    except (BadTitle, NotPlannable, NotYourPlan, OutsideScope, StoreUnavailable) as error:
        st.error(plain(words(error, desk.t)))
        return
    st.switch_page("plan.py", query_params={"plan": str(plan_id)})


def made(desk: Desk, area_id: int, title: str, found: GridsFound | None, now: datetime) -> int:
    """Make the plan and give its id."""
    actor = desk.visitor.actor
    if found is not None:
        return make_from_grids(
            desk.store, desk.picture, scope=desk.scope, actor=actor, title=title, found=found,
            now=now,
        )  # fmt: skip
    return new_plan(
        desk.store, desk.picture, scope=desk.scope, actor=actor, making=Making(area_id, title),
        now=now,
    )  # fmt: skip
