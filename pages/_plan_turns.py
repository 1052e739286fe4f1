"""The course of a plan in words: begun, submitted, reviewed, published, in force."""

from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

from data.plan_history import Turn
from pages._format import date_time
from pages._html import join
from pages._plan_desk import Bench
from pages._text import later, pick
from rules.boundary_plan import TABLE

TURNS: Final = {
    "plan": later("Begun"),
    "enact": later("Came into force"),
    "supersede": later("Replaced by another plan"),
}
QUIET: Final = frozenset({"comment", "resolve_comment"})
"""What the comments themselves tell."""


def course(found: Sequence[Turn], bench: Bench, names: Mapping[str, str]) -> Markup:
    """Give the steps of the review, oldest first, with the words said at each."""
    t = bench.t
    steps = {row.action.value: (row.zh, row.en) for row in TABLE}
    lines = []
    for one in found:
        if one.action in QUIET:
            continue
        known = t(TURNS[one.action]) if one.action in TURNS else one.action
        what = pick(steps[one.action], bench.desk.locale) if one.action in steps else known
        day = date_time(one.effective_at, bench.desk.now) if one.effective_at else ""
        aside = " · ".join(part for part in (names.get(one.actor, one.actor), day) if part)
        said = Markup('<div class="gm-said">{}</div>').format(one.note) if one.note else ""
        lines.append(Markup("<li><time>{}</time><p>{}<small> {}</small></p>{}</li>").format(
            date_time(one.at, bench.desk.now), what, aside, said
        ))  # fmt: skip
    return Markup('<ul class="gm-events gm-timeline">{}</ul>').format(join(lines))
