"""The course of an incident in words: what the log tells, and what came before the log."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from markupsafe import Markup

from data.evaluation import RESIDENT
from data.events import Event
from data.incidents import Milestone
from data.plan_following import REGRID
from data.reporter import UNMASK
from pages._desk import Desk
from pages._format import date_time
from pages._html import join
from pages._incident import Whole, body_name
from pages._text import Translate, later, pick
from rules.steps import STEPS, Action

MILESTONES: Final = {
    "reported": later("Reported"),
    "responded": later("Accepted"),
    "dispatched": later("Dispatched"),
    "resolved": later("Resolved"),
    "closed": later("Closed and filed"),
}
OTHERS: Final = {
    "report": later("Reported"),
    UNMASK: later("Looked at the reporter's name and phone"),
    "attach": later("Added a photo or paper"),
    "ask": later("Gave out a link for the evaluation"),
    "place": later("Placed by hand"),
    REGRID: later("Came to a grid with new borders"),
}


def told(step: Milestone, events: tuple[Event, ...]) -> bool:
    """Whether the log tells of a milestone, so that it needs no line of its own."""
    name, moment = f"{step.step}_at", int(step.at.timestamp())
    return any(
        (event.after or {}).get(name) == moment
        or (step.step == "reported" and event.action == "report")
        for event in events
    )


def action_name(action: str, locale: str, t: Translate) -> str:
    """Name of what an event did."""
    if action in set(Action):
        step = STEPS[Action(action)]
        return pick((step.zh, step.en), locale)
    return t(OTHERS[action]) if action in OTHERS else t("changed")


def moment_of(value: Any) -> datetime | None:
    """Give a moment out of the seconds of an event."""
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int) else None


def details(event: Event, desk: Desk) -> list[str]:
    """Say to whom, until when, with whom, how rated: what the values of an event add."""
    after, t = event.after or {}, desk.t
    found = []
    if event.action in {Action.DISPATCH, Action.TRANSFER}:
        found.append(desk.picture.staff.names.get(after.get("assignee_id", 0), ""))
    desk_id = after.get("area_id" if event.action == REGRID else "desk_id")
    if event.action != "report" and isinstance(desk_id, int) and desk_id in desk.picture.tree:
        found.append(desk.picture.tree.get(desk_id).name)
    until = moment_of(after.get("until_at"))
    if until:
        found.append(t("until {time}").format(time=date_time(until, desk.now)))
    if event.action == Action.EVALUATE and after.get("satisfaction"):
        found.append(t("{n} of 5").format(n=after["satisfaction"]))
    found += [body_name(str(body), desk) for body in after.get("bodies") or ()]
    if event.action == "attach":
        found.append(str(after.get("name") or ""))
    return [one for one in found if one]


def line(at: datetime, what: str, aside: str, words: str, desk: Desk) -> Markup:
    """Give one line of the course."""
    said = Markup('<div class="gm-said">{}</div>').format(words) if words else Markup("")
    return Markup("<li><time>{}</time><p>{}<small> {}</small></p>{}</li>").format(
        date_time(at, desk.now), what, aside, said
    )


def actor_name(login: str, names: Mapping[str, str], t: Translate) -> str:
    """Give the name of who acted: of an account, or a word for who has none."""
    nobody = {RESIDENT: later("resident"), "demo": later("Demo data"), "system": later("system")}
    return t(nobody[login]) if login in nobody else names.get(login, login)


def timeline(found: Whole, desk: Desk) -> Markup:
    """Give the whole course, oldest first."""
    events, names = found.detail.events, found.item.names
    lines = [
        (step.at, 0, line(step.at, desk.t(MILESTONES[step.step]), "", "", desk))
        for step in found.detail.milestones
        if step.step in MILESTONES and not told(step, events)
    ]
    for event in events:
        what = action_name(event.action, desk.locale, desk.t)
        by = actor_name(event.actor, names, desk.t)
        aside = " · ".join([*details(event, desk), by])
        note = str((event.after or {}).get("note") or "")
        lines.append((event.at, event.id, line(event.at, what, aside, note, desk)))
    drawn = join(markup for _, _, markup in sorted(lines, key=lambda entry: entry[:2]))
    return Markup('<ul class="gm-events gm-timeline">{}</ul>').format(drawn)
