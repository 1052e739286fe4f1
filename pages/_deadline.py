"""The clocks of an incident as bars: of the present step, and until it has to be resolved.

The rulebook says when a lamp is yellow; beside each bar stands the rule that set its end.
"""

from datetime import datetime
from typing import Final

from markupsafe import Markup

from pages import _words
from pages._desk import Desk
from pages._format import date_time, due_words
from pages._html import join
from pages._incident import Whole
from pages._text import Translate
from rules.kinds import Limit
from rules.lifecycle import State, is_open

TONES: Final = {"green": "good", "yellow": "warn", "red": "bad", "none": "plain"}


def share_used(start: datetime, due: datetime, now: datetime) -> float:
    """Share of a time that is used up, between 0 and 1."""
    whole = (due - start).total_seconds()
    return 1.0 if whole <= 0 else max(0.0, min(1.0, (now - start).total_seconds() / whole))


def limit_words(what: str, limit: Limit, t: Translate) -> str:
    """Name the rule of a limit: whose it is, and how long."""
    form = t("{kind}: {n} h by the clock") if limit.clock else t("{kind}: {n} working hours")
    return form.format(kind=what, n=f"{limit.minutes / 60:g}")


def since(found: Whole) -> datetime:
    """Moment since which the incident is in its present state, as far as the log tells."""
    for event in reversed(found.detail.events):
        before, after = event.before or {}, event.after or {}
        if "state" in after and after["state"] != before.get("state"):
            return event.at
    return found.detail.milestones[-1].at if found.detail.milestones else found.row.reported_at


def step_rule(found: Whole, desk: Desk) -> str:
    """Name the rule that set the end of the present step."""
    t, row, rulebook = desk.t, found.row, desk.picture.rulebook
    limits = rulebook.limits(row.kind, row.subkind, row.severity)
    match row.state:
        case State.REPORTED:
            return limit_words(t("Respond"), limits.respond, t)
        case State.RESOLVED | State.EVALUATED:
            return limit_words(t("Feed back and close"), limits.feedback, t)
        case State.FED_BACK:
            return t("Evaluation: {n} days").format(n=rulebook.evaluation_days)
        case State.SUSPENDED:
            return t("Suspended until then")
        case _:
            return ""


def bar(title: str, start: datetime, due: datetime, rule: str, desk: Desk) -> Markup:
    """Give one clock: what it is for, how it stands, until when, by which rule."""
    t, now, rulebook = desk.t, desk.now, desk.picture.rulebook
    tone = TONES[rulebook.lamp(start, due, now, open=True)]
    until = t("until {time}").format(time=date_time(due, now))
    yellow = t("yellow from {share}").format(share=f"{rulebook.yellow:.0%}")
    said = Markup('<div class="gm-deadline gm-{}"><span>{}</span><b>{}</b><small>{}</small>')
    drawn = Markup('<div class="gm-bar"><i style="width:{}%"></i></div><em>{} · {}</em></div>')
    return said.format(tone, title, due_words(due, now, t), until) + drawn.format(
        f"{share_used(start, due, now) * 100:.0f}", rule, yellow
    )


def clocks(found: Whole, desk: Desk) -> Markup:
    """Give the clocks that run; of an incident that has ended, just the words."""
    t, row = desk.t, found.row
    due = found.case.case.step_due_at
    rule = step_rule(found, desk)
    running = []
    if due is not None and rule:
        running.append(bar(t("Present step"), since(found), due, rule, desk))
    if is_open(row.state):
        limit = desk.picture.rulebook.limits(row.kind, row.subkind, row.severity).resolve
        words = limit_words(_words.kind_name(row.kind, desk.locale), limit, t)
        running.append(bar(t("To be resolved"), row.reported_at, row.due_at, words, desk))
    if running:
        return Markup('<div class="gm-clocks">{}</div>').format(join(running))
    until = t("until {time}").format(time=date_time(row.due_at, desk.now))
    return Markup('<div class="gm-deadline">{}<small>{}</small></div>').format(
        t("No longer open"), until
    )
