"""Whether the log of every plan still spells what was drawn: replayed, and held against its hashes.

The hashes stand in the log of events too, which is a chain: a plan's log alone is none.
"""

import json
from typing import Final

from sqlalchemy import Connection, select

from data import schema
from data.plan_rows import PLAN, log_of, start_of
from rules.plan_log import UnknownPosition, replayed
from rules.plan_state import Conflict

MADE: Final = "plan"
REDRAW: Final = "redraw"

_P, _E = schema.plan.c, schema.event.c
_PLANS = select(_P.id).order_by(_P.id)
_TOLD = select(_E.subject_id, _E.after).where(_E.subject == PLAN, _E.action.in_((MADE, REDRAW)))


def torn_plans(conn: Connection) -> list[int]:
    """Ids of plans whose start or log is not what the hashes say."""
    told: dict[tuple[int, int], str] = {}
    for row in conn.execute(_TOLD):
        after = json.loads(row.after)
        told[row.subject_id, after.get("seq", 0)] = after["digest"]
    return [i for i in conn.execute(_PLANS).scalars().all() if _is_torn(conn, i, told)]


def _is_torn(conn: Connection, plan_id: int, told: dict[tuple[int, int], str]) -> bool:
    start, log = start_of(conn, plan_id), log_of(conn, plan_id)
    try:
        state = replayed(start, [entry.record for entry in log])
    except (Conflict, UnknownPosition):
        return True
    wanted = {told.get((plan_id, len(log)), state.digest), *(entry.digest for entry in log[-1:])}
    return start.digest != told.get((plan_id, 0), start.digest) or wanted != {state.digest}
