"""One incident as panel and page show it: read at once, with heading, facts and parties."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from data.attachments import count_photos
from data.casework import Open, opened
from data.incidents import IncidentDetail, IncidentRow, incident
from data.item import Item, item
from pages import _words
from pages._desk import Desk
from pages._format import date_time
from pages._html import badge, join
from pages._text import later, pick
from rules.kinds import Severity
from rules.lifecycle import is_open

PLACES: Final = {
    "exact": later("exact place"),
    "building": later("at the building"),
    "grid": later("somewhere in the grid"),
    "unplaced": later("not placed yet"),
    "outside": later("outside the district"),
}


@dataclass(frozen=True)
class Whole:
    """All that is known of one incident: facts and log, rules' view, parties, photos."""

    detail: IncidentDetail
    case: Open
    item: Item
    photos: int

    @property
    def row(self) -> IncidentRow:
        """The incident as lists show it."""
        return self.detail.row


def load(desk: Desk, number: str) -> Whole:
    """Read an incident.

    Raises
    ------
    OutsideScope
        If there is none, or the scope does not hold it.
    """
    store, picture, scope = desk.store, desk.picture, desk.scope
    return Whole(
        incident(store, picture, scope=scope, number=number, now=desk.now),
        opened(store, picture, scope=scope, actor=desk.visitor.actor, number=number),
        item(store, picture, scope=scope, number=number),
        count_photos(store, picture, scope=scope, number=number),
    )


def head(row: IncidentRow, desk: Desk) -> Markup:
    """Give title, number, and the labels of kind, severity and state."""
    grave = row.severity >= Severity.SERIOUS
    labels = join(
        [
            badge(_words.kind_name(row.kind, desk.locale)),
            badge(_words.severity_name(row.severity, desk.locale), "bad" if grave else "plain"),
            badge(
                _words.state_name(row.state, desk.locale),
                "good" if not is_open(row.state) else "warn",
            ),
        ]
    )
    return Markup(
        '<div class="gm-title"><h2>{}</h2><span>{}</span></div><div class="gm-labels">{}</div>'
    ).format(row.title, row.number, labels)


def place_path(found: IncidentDetail, desk: Desk) -> str:
    """Names of the areas around the incident, as far as the scope goes."""
    tree = desk.picture.tree
    seen = [i for i in found.area_path if tree.covers(desk.scope.area_id, i)]
    return " › ".join(tree.get(i).name for i in seen)


def fact_rows(found: Whole, desk: Desk) -> list[tuple[str, str]]:
    """Names and values of what happened where."""
    row, t = found.row, desk.t
    return [
        (t("Sub-kind"), _words.subkind_name(row.kind, row.subkind, desk.locale)),
        (t("Source"), _words.source_name(row.source, desk.locale)),
        (t("Address"), row.address),
        (t("Area"), place_path(found.detail, desk)),
        (t("Place"), t(PLACES[found.detail.place]) if found.detail.place in PLACES else ""),
        (t("Reported"), date_time(row.reported_at, desk.now)),
        (t("Standard effort"), t("{n} min").format(n=row.effort_minutes)),
        (t("Evaluation"), evaluation(found, desk)),
    ]


def evaluation(found: Whole, desk: Desk) -> str:
    """Say what the resident thought of it, and how that came to be known."""
    t, score = desk.t, found.detail.satisfaction
    if not score:
        return ""
    said = t("{n} of 5").format(n=score)
    how = {"spoken": t("spoken"), "link": t("by the resident's link")}.get(found.item.evaluated_by)
    return f"{said} · {how}" if how else said


def body_name(key: str, desk: Desk) -> str:
    """Name of a body of the rulebook."""
    body = desk.picture.rulebook.bodies.get(key)
    return pick((body.zh, body.en), desk.locale) if body else key


def party_rows(found: Whole, desk: Desk) -> list[tuple[str, str]]:
    """Names and values of who has to do with it."""
    t, row, tree = desk.t, found.row, desk.picture.tree
    answers = found.item.body or desk.picture.rulebook.body(row.kind, row.subkind)
    keeper = tree.get(found.case.desk_id)
    seen = tree.covers(desk.scope.area_id, keeper.id)
    level = _words.level_name(keeper.level, desk.locale)
    times = t("{n} times").format(n=found.item.urged) if found.item.urged else ""
    return [
        (t("With"), row.assignee_name or t("Not assigned")),
        (t("Desk"), f"{keeper.name} · {level}" if seen else level),
        (t("Responsible body"), body_name(answers, desk)),
        (t("Joint handling"), t(", ").join(body_name(b, desk) for b in found.case.bodies)),
        (t("Organisation served"), found.item.party),
        (t("Urged"), times),
        (t("Merged into"), found.item.merged_into),
        (t("Merged here"), t(", ").join(found.item.merged_here)),
    ]
