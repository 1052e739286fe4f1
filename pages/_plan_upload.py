"""A file brought along for a plan: put where the readers find it, and what they said of it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import streamlit as st
from markupsafe import Markup

from data.importers.faults import FAULTS, fault_text
from data.importers.plan_file import PlanFile
from data.importers.reading import Limits
from data.importers.report import Locale, Report, detection_lines, result_lines
from data.store import StoreUnavailable
from pages._desk import Desk
from pages._html import join, plain
from pages._messages import words
from rules.access import OutsideScope
from rules.plan_edits import UnknownGrid

MOST_MEGABYTES: Final = 50
GRIDS: Final = ["gpkg", "geojson", "json", "zip"]
TABLES: Final = ["csv", "xlsx"]
LIMITS: Final = Limits(seconds=60, rows=200_000)
SHOWN: Final = 8
"""Refused rows that are told one by one."""

T = TypeVar("T")


@contextmanager
def laid_down(upload: Any) -> Iterator[PlanFile]:
    """Give an uploaded file as one on the disk, for as long as it is read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"plan{Path(upload.name).suffix.lower()}"
        path.write_bytes(upload.getbuffer())
        yield PlanFile(path, limits=LIMITS)


def looked(desk: Desk, upload: Any, look: Callable[[PlanFile], T]) -> T | None:
    """Give what a reader finds in a file; says in words why it cannot be used."""
    locale: Locale = "zh" if desk.locale == "zh" else "en"
    try:
        with st.spinner(desk.t("The file is being read …")), laid_down(upload) as file:
            return look(file)
    except tuple(FAULTS) as error:
        st.error(plain(fault_text(error, locale)))
    except (OutsideScope, UnknownGrid, StoreUnavailable) as error:
        st.error(plain(words(error, desk.t)))
    return None


def lines(report: Report, desk: Desk) -> Markup:
    """Give what was found in a file, line by line."""
    locale: Locale = "zh" if desk.locale == "zh" else "en"
    said = [*detection_lines(report, locale), *result_lines(report, locale, rows=SHOWN)]
    return Markup('<ul class="gm-lines gm-found">{}</ul>').format(
        join(Markup("<li>{}</li>").format(line) for line in said)
    )
