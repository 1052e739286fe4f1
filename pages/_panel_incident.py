"""The panel of an incident: what, where, until when, and what has been done."""

from datetime import datetime
from typing import Any, Final

import streamlit as st
from markupsafe import Markup

from data.events import Event
from data.incidents import IncidentDetail, IncidentRow, incident
from data.store import StoreUnavailable
from pages import _words
from pages._actions import draw_back
from pages._desk import MAP, PANEL, Desk, goes, here
from pages._format import date_time, due_words
from pages._html import badge, facts, heading, join, note
from pages._items import draw_items
from pages._messages import words
from pages._text import Translate, later
from rules.access import OutsideScope
from rules.kinds import KINDS, Severity
from rules.lifecycle import State, is_open

NEARLY: Final = 0.75
"""Share of the time used from which the bar turns yellow [practice]."""

STEPS: Final = {
    "reported": later("Reported"),
    "responded": later("Accepted"),
    "dispatched": later("Dispatched"),
    "resolved": later("Resolved"),
    "closed": later("Closed and filed"),
}
PLACES: Final = {
    "exact": later("exact place"),
    "building": later("at the building"),
    "grid": later("somewhere in the grid"),
    "outside": later("outside the district"),
}


def share_used(row: IncidentRow, now: datetime) -> float:
    """Share of the time from report to deadline that is used up, at most 1."""
    whole = (row.due_at - row.reported_at).total_seconds()
    used = (now - row.reported_at).total_seconds()
    return 1.0 if whole <= 0 else max(0.0, min(1.0, used / whole))


def rule_words(row: IncidentRow, locale: str, t: Translate) -> str:
    """Name the rule that set the deadline."""
    kind = KINDS.get(row.kind)
    if kind is None:
        return ""
    urgent = row.severity == Severity.URGENT and kind.urgent_resolve is not None
    limit = kind.urgent_resolve if urgent and kind.urgent_resolve else kind.resolve
    form = t("{kind}: {n} h by the clock") if limit.clock else t("{kind}: {n} working hours")
    return form.format(kind=_words.kind_name(row.kind, locale), n=f"{limit.minutes / 60:g}")


def deadline(row: IncidentRow, desk: Desk) -> Markup:
    """Give the deadline in words and as a bar; of a closed incident, just the words."""
    t, now = desk.t, desk.now
    until = t("until {time}").format(time=date_time(row.due_at, now))
    rule = rule_words(row, desk.locale, t)
    if not is_open(row.state):
        return Markup('<div class="gm-deadline">{}<small>{}</small></div>').format(
            t("No longer open"), until
        )
    used = share_used(row, now)
    tone = "bad" if row.overdue else "warn" if used >= NEARLY else "good"
    return Markup(
        '<div class="gm-deadline gm-{}" title="{}"><b>{}</b><small>{} · {}</small>'
        '<div class="gm-bar"><i style="width:{}%"></i></div></div>'
    ).format(tone, rule, due_words(row.due_at, now, t), until, rule, f"{used * 100:.0f}")


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


def fact_rows(found: IncidentDetail, desk: Desk) -> list[tuple[str, str]]:
    """Names and values of what is known about an incident."""
    row, t = found.row, desk.t
    stars = t("{n} of 5").format(n=found.satisfaction) if found.satisfaction else ""
    return [
        (t("Sub-kind"), _words.subkind_name(row.kind, row.subkind, desk.locale)),
        (t("Source"), _words.source_name(row.source, desk.locale)),
        (t("Address"), row.address),
        (t("Area"), place_path(found, desk)),
        (t("Place"), t(PLACES[found.place]) if found.place in PLACES else ""),
        (t("With"), row.assignee_name or t("Not assigned")),
        (t("Reported"), date_time(row.reported_at, desk.now)),
        (t("Standard effort"), t("{n} min").format(n=row.effort_minutes)),
        (t("Evaluation"), stars),
        (t("Reporter"), t("known, not shown here") if found.has_reporter else ""),
    ]


def event_words(event: Event, locale: str, t: Translate) -> str:
    """Say what an event changed."""
    before, after = event.before or {}, event.after or {}
    old, new = _state(before.get("state")), _state(after.get("state"))
    if new and new != old:
        arrow = f"{_words.state_name(old, locale)} → " if old else ""
        return arrow + _words.state_name(new, locale)
    return t("reported") if event.action == "report" else t("changed")


def _state(value: Any) -> State | None:
    return State(value) if value in set(State) else None


def timeline(found: IncidentDetail, desk: Desk) -> Markup:
    """Give milestones and events in the order they happened."""
    t, locale = desk.t, desk.locale
    lines: list[tuple[datetime, str, str]] = [
        (step.at, t(STEPS[step.step]), "") for step in found.milestones if step.step in STEPS
    ]
    for event in found.events:
        by = " · ".join(filter(None, (event.actor, str((event.after or {}).get("note") or ""))))
        lines.append((event.at, event_words(event, locale, t), by))
    items = join(
        Markup("<li><time>{}</time><p>{}<small> {}</small></p></li>").format(
            date_time(at, desk.now), what, by
        )
        for at, what, by in sorted(lines, key=lambda line: line[0])
    )
    return Markup('<ul class="gm-events gm-timeline">{}</ul>').format(items)


def _building(code: str) -> None:
    goes(here().with_building(code), PANEL, MAP)


def draw_incident(desk: Desk) -> None:
    """Draw the incident that is open, and below it the list it came from."""
    t = desk.t
    draw_back(desk)
    try:
        found = incident(
            desk.store, desk.picture, scope=desk.scope, number=desk.address.incident, now=desk.now
        )
    except (OutsideScope, StoreUnavailable) as error:
        st.html(note(words(error, t)))
        return
    st.html(head(found.row, desk))
    st.html(deadline(found.row, desk))
    st.html(facts(fact_rows(found, desk)))
    if found.building_code:
        st.button(
            t("Show the building"), key="to_building", icon=":material/apartment:",
            on_click=_building, args=(found.building_code,),
        )  # fmt: skip
    st.html(heading(t("Course of events")))
    st.html(timeline(found, desk))
    draw_items(desk, area_id=desk.place.area.id, chosen_number=found.row.number)
