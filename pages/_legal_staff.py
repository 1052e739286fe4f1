"""The staff of the legal affairs centre, as assessed over the time that is shown."""

from data.assessment import Assessed, assess
from data.legal import officers
from pages._desk import Desk
from pages._scope_bar import window


def staff_of_centre(desk: Desk) -> list[Assessed]:
    """Assess the centre's officers."""
    since, until = window(desk)
    return assess(
        desk.store, desk.picture, scope=desk.scope, area_id=desk.place.at.id, by="person",
        since=since, until=until, now=desk.now, rulebook=desk.picture.rulebook,
        only=frozenset(officers(desk.picture)),
    )  # fmt: skip
