"""The assessment as a file: every measure with what was counted, out of what, and the share."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal

import numpy as np

from data.assessment import assess
from data.events import append
from data.exporters.forms import Column, Sheet, render
from data.picture import Picture
from data.store import Store
from data.subjects import By, Key
from rules.access import Scope
from rules.assessment import MEASURES, judge
from rules.rulebook import Rulebook

_VERDICTS: Final = {
    "good": ("达标", "Reached"), "fair": ("接近", "Near"), "bad": ("未达标", "Missed"),
    "few": ("件数过少，不评判", "Too few to judge"), "none": ("无", "None"),
}  # fmt: skip


def _columns(measures: Collection[str]) -> tuple[Column, ...]:
    found = [Column("name", "对象", "Subject")]
    for key in measures:
        measure = MEASURES[key]
        found += [
            Column(key, measure.zh, measure.en, "number"),
            Column(f"{key}_counted", f"{measure.zh}分子", f"{measure.en}: counted", "number"),
            Column(f"{key}_out_of", f"{measure.zh}分母", f"{measure.en}: out of", "number"),
            Column(f"{key}_verdict", f"{measure.zh}评判", f"{measure.en}: verdict",
                   words=_VERDICTS),
        ]  # fmt: skip
    return tuple(found)


def export_assessment(  # noqa: PLR0913 - whom, where, when, for whom and in which form
    store: Store, picture: Picture, *, scope: Scope, area_id: int, by: By,
    only: frozenset[Key] | None, since: datetime, until: datetime, now: datetime,
    rulebook: Rulebook, form: Literal["xlsx", "csv"], locale: str, actor: str = "system",
) -> tuple[bytes, str, str]:  # fmt: skip
    """Write the assessment of an area, in the order of register or code, and log the export.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    rows = assess(
        store, picture, scope=scope, area_id=area_id, by=by, since=since, until=until, now=now,
        rulebook=rulebook, only=only,
    )  # fmt: skip
    chinese = locale.startswith("zh")
    measures = [key for key in MEASURES if any(key in row.counts for row in rows)]
    cells = []
    for row in rows:
        line: list[object] = [row.names[0 if chinese else 1]]
        for key in measures:
            count = row.counts[key]
            verdict = judge(MEASURES[key], count, rulebook.targets[key], few=rulebook.few)
            rate = None if count.rate is None else round(count.rate, 4)
            line += [rate, count.counted, count.out_of, verdict]
        cells.append(line)
    columns, zone = _columns(measures), rulebook.calendar.zone
    nowhere = np.empty(0, object)
    sheet = Sheet("assessment", "考核", "assessment", columns, cells, nowhere, zone)
    body = render(sheet, form, chinese=chinese)
    with store.write() as conn:
        append(
            conn, at=now, actor=actor, action="export", subject="export", subject_id=area_id,
            before=None,
            after={"what": "assessment", "form": form, "rows": len(cells), "by": by,
                   "since": int(since.timestamp()), "until": int(until.timestamp())},
        )  # fmt: skip
    return body
