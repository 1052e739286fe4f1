"""How numbers, times and shares look on the screen, in both languages."""

from datetime import UTC, datetime, timedelta
from typing import Final

from pages._text import Translate
from rules.deadlines import CHINA
from rules.figures import FIGURES

NOTHING: Final = "–"


def as_moment(seconds: float | datetime) -> datetime:
    """Give a moment in UTC from seconds since 1970 or from a moment."""
    return seconds if isinstance(seconds, datetime) else datetime.fromtimestamp(seconds, UTC)


def clock_time(moment: float | datetime) -> str:
    """Time of day in China, ``08:05``."""
    return f"{as_moment(moment).astimezone(CHINA):%H:%M}"


def date_time(moment: float | datetime, now: datetime) -> str:
    """Day and time, as short as is clear: ``08:05`` today, ``11-03 08:05``, ``2025-11-03``."""
    local, today = as_moment(moment).astimezone(CHINA), now.astimezone(CHINA)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d}"


def duration(length: timedelta, t: Translate) -> str:
    """Length of time in words, in its largest fitting unit: 40 min, 5 h, 3 d."""
    minutes = max(0, round(length.total_seconds() / 60))
    if minutes < 60:
        return t("{n} min").format(n=minutes)
    if minutes < 48 * 60:
        return t("{n} h").format(n=round(minutes / 60))
    return t("{n} d").format(n=round(minutes / 1440))


def due_words(due: float | datetime, now: datetime, t: Translate) -> str:
    """Say how far away the deadline is: ``overdue by 3 h``, ``40 min left``."""
    left = as_moment(due) - now
    if left < timedelta(0):
        return t("overdue by {time}").format(time=duration(-left, t))
    return t("{time} left").format(time=duration(left, t))


def ago(moment: float | datetime, now: datetime, t: Translate) -> str:
    """Say how long ago: ``just now``, ``5 min ago``, ``3 d ago``."""
    length = now - as_moment(moment)
    if length < timedelta(minutes=1):
        return t("just now")
    return t("{time} ago").format(time=duration(length, t))


def count(number: float) -> str:
    """Whole number with thousands separated."""
    return f"{round(number):,}"


def figure_text(key: str, value: float | None) -> str:
    """Print the value of a figure in its form; a dash where there is none."""
    if value is None:
        return NOTHING
    form = FIGURES[key].form
    if form in {"count", "number"}:
        return count(value)
    if form == "ratio":
        return f"{value * 100:.0f}%"
    return f"{value * 100:.1f}%" if form == "percent" else f"{value:.1f}"


def percent(share: float | None) -> str:
    """Share as a whole percentage; a dash where there is none."""
    return NOTHING if share is None else f"{share * 100:.0f}%"
