"""How many incidents there were by year and kind: the figures that a report or an article names."""

from collections import Counter
from datetime import datetime
from typing import Literal

import numpy as np

from data.areas import Ints
from data.columns import KIND_KEYS, SUBKIND_KEYS, select
from data.picture import Picture
from rules.access import Scope
from rules.deadlines import CHINA
from rules.filters import IncidentFilter

By = Literal["kind", "subkind"]


def yearly(
    picture: Picture, *, scope: Scope, area_id: int, filter: IncidentFilter, by: By, now: datetime
) -> Counter[tuple[str, int]]:
    """Count what a filter keeps by kind or sub-kind and local year of the report.

    The same filter with that kind and year gives exactly the items behind each number.

    Raises
    ------
    OutsideScope
        If the scope does not hold the area.
    """
    columns = picture.columns
    rows = select(columns, picture.tree, scope=scope, area_id=area_id, filter=filter, now=now)
    codes, keys = (columns.kind, KIND_KEYS) if by == "kind" else (columns.subkind, SUBKIND_KEYS)
    pairs = codes[rows].astype(np.int64) * 10_000 + years_of(columns.reported[rows])
    found, counts = np.unique(pairs, return_counts=True)
    return Counter({
        (keys[pair // 10_000], pair % 10_000): n
        for pair, n in zip(found.tolist(), counts.tolist(), strict=True)
    })  # fmt: skip


def years_of(times: Ints) -> Ints:
    """Local calendar year of each moment."""
    offset = CHINA.utcoffset(None)
    local = times + int(offset.total_seconds())
    return local.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
