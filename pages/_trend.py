"""The last thirty days as small bars.

Plain HTML: the chart engine's script (775 kB) held the first picture up by a third of a second.
"""

from typing import Final

from markupsafe import Markup

from data.figures import Summary, Trend
from pages._html import heading, join
from pages._text import Translate

EVERY: Final = 7
"""A date is written under every so many days, counted back from today."""


def day_bars(day: Trend, most: int, *, dated: bool, t: Translate) -> Markup:
    """Give one day: a bar of what was reported beside one of what was resolved."""
    words = t("{day}: {reported} reported, {resolved} resolved").format(
        day=f"{day.day:%m-%d}", reported=day.reported, resolved=day.closed
    )
    label = Markup("<small>{}</small>").format(f"{day.day:%m-%d}") if dated else ""
    return Markup(
        '<div title="{}"><i style="height:{}%"></i>'
        '<i class="gm-out" style="height:{}%"></i>{}</div>'
    ).format(words, round(100 * day.reported / most), round(100 * day.closed / most), label)


def change_words(now: int, before: int, days: int, t: Translate) -> str:
    """Say how the reports changed against the period before; nothing when there was none."""
    if not before:
        return ""
    change = (now - before) / before
    if abs(change) < 0.005:
        return t("as many reported as in the {n} days before").format(n=days)
    words = t("reported {change} against the {n} days before")
    return words.format(change=f"{change:+.0%}", n=days)


def trend(found: Summary, t: Translate) -> Markup:
    """Give the last thirty days, and the comparison with the period before."""
    words = change_words(found.sums.reported, found.previous.reported, found.period_days, t)
    most = max([1, *(max(day.reported, day.closed) for day in found.trend)])
    last = len(found.trend) - 1
    days = join(
        day_bars(day, most, dated=(last - i) % EVERY == 0, t=t) for i, day in enumerate(found.trend)
    )
    keys = Markup(
        '<div class="gm-legend"><i></i>{}<i class="gm-out"></i>{}<span>{}</span></div>'
    ).format(t("Reported"), t("Resolved"), t("at most {n} a day").format(n=most))
    chart = Markup('<div class="gm-days" role="img" aria-label="{}">{}</div>').format(
        t("Incidents reported and resolved per day"), days
    )
    return heading(t("Last 30 days"), words) + keys + chart
