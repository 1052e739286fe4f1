"""A report in the making: what the form says, and the incident that it becomes."""

from dataclasses import dataclass, replace
from typing import Any, Final

from data.handling import NewIncident
from pages import _session, _words
from pages._desk import Desk
from pages._picked import Picked, address
from pages._text import Translate
from rules.access import Actor, Role

KIND, SUBKIND, TITLE, NOTE = "report_kind", "report_subkind", "report_title", "report_note"
PARTY, SOURCE, PHOTOS = "report_party", "report_source", "report_photos"
NAME, PHONE = "report_name", "report_phone"
AUTO: Final = "report_auto"
TITLE_MOST: Final = 80
NOTE_MOST: Final = 2000

FIELD: Final = frozenset({Role.GRID_LEAD, Role.GRID_WORKER, Role.BUILDING_CHIEF})
"""Roles that report what they find themselves."""
OWN_WORK: Final = frozenset({Role.GRID_WORKER, Role.BUILDING_CHIEF})
"""Roles whose own reports are theirs to handle."""
HANDLING: Final = frozenset(Role) - {Role.PLANNER, Role.ADMINISTRATOR}
"""Roles that report at all."""
SOURCES: Final = ("hotline", "resident", "higher_level")
"""Sources that a desk chooses from."""
_SOURCE: Final = {
    Role.GRID_LEAD: "patrol", Role.GRID_WORKER: "patrol",
    Role.BUILDING_CHIEF: "building_chief", Role.LEGAL: "legal_centre",
}  # fmt: skip
_SERVICE: Final = {Role.BUILDING_CHIEF: "chief", Role.LEGAL: "legal"}


@dataclass(frozen=True)
class Draft:
    """What the form says."""

    kind: str
    subkind: str
    title: str
    note: str
    party: str
    source: str
    name: str
    phone: str


def _text(key: str) -> str:
    return str(_session.widget(key) or "").strip()


def read_draft(actor: Actor) -> Draft:
    """Read the form; the source follows from the role where that leaves no choice."""
    return Draft(
        kind=_text(KIND), subkind=_text(SUBKIND), title=_text(TITLE)[:TITLE_MOST],
        note=_text(NOTE)[:NOTE_MOST], party=_text(PARTY),
        source=_SOURCE.get(actor.role) or _text(SOURCE) or SOURCES[0],
        name=_text(NAME), phone=_text(PHONE),
    )  # fmt: skip


def keep_title(desk: Desk, draft: Draft, found: Picked | None) -> Draft:
    """Fill the title in from kind and place, as long as nobody has written another one."""
    fresh = title_of(draft, found, desk.locale, desk.t)
    if draft.title in {"", _session.kept(AUTO)} and draft.kind:
        _session.keep_widget(TITLE, fresh)
        _session.keep(AUTO, fresh)
        return replace(draft, title=fresh)
    return draft


def title_of(draft: Draft, found: Picked | None, locale: str, t: Translate) -> str:
    """Name a report after what is the matter, and where."""
    what = (
        _words.subkind_name(draft.kind, draft.subkind, locale)
        or _words.kind_name(draft.kind, locale)
    )  # fmt: skip
    where = found.name if found else address()
    return (t("{what}, {place}").format(what=what, place=where) if where else what)[:TITLE_MOST]


def new_incident(draft: Draft, found: Picked | None, actor: Actor) -> NewIncident:
    """Give the incident that a report becomes; without a place it waits where it was taken."""
    given: dict[str, Any] = {"area_id": actor.area_id}
    if found is not None:
        spot = found.choice.spot
        given = {
            "building_id": spot.building_id, "lon": spot.lon, "lat": spot.lat,
            "nearness": spot.nearness,
        }  # fmt: skip
    own = actor.role in OWN_WORK
    return NewIncident(
        kind=draft.kind, subkind=draft.subkind, title=draft.title, source=draft.source,
        service=_SERVICE.get(actor.role, "grid"), address=address(), party=draft.party,
        assignee_id=actor.person_id if own else None,
        reporter_name=draft.name or None, reporter_phone=draft.phone or None, **given,
    )  # fmt: skip
