"""People to give an incident to, and why, in words."""

from typing import Final

from data.suggest import Suggestion
from pages._format import percent
from pages._text import Translate, later, pick

DUTIES: Final = {
    "grid_lead": ("网格长", "Grid lead"),
    "grid_worker": ("网格员", "Grid worker"),
    "building_chief": ("栋长", "Building chief"),
}
REASONS: Final = {
    "own_building": later("chief of this building"),
    "own_grid": later("own grid"),
    "same_community": later("same community"),
    "same_street": later("same street or town"),
    "farther": later("another street or town"),
    "spare": later("has spare time"),
    "balanced": later("load in balance"),
    "overloaded": later("overloaded"),
    "no_capacity": later("no working time registered"),
}


def way(metres: float, t: Translate) -> str:
    """Say how far it is; of the own place, nothing."""
    if metres <= 0:
        return ""
    if metres < 1000:
        return t("{n} m away").format(n=round(metres / 10) * 10)
    return t("{n} km away").format(n=f"{metres / 1000:.1f}")


def reason_words(one: Suggestion, t: Translate) -> str:
    """Say why somebody is suggested: where they belong, how far, how much they carry."""
    said = [t(REASONS[reason]) for reason in one.reasons]
    load = t("load {share}").format(share=percent(one.ratio)) if one.ratio is not None else ""
    return t(", ").join(
        filter(None, (said[0], way(one.distance, t), *said[1:], load,
                      t("{n} open items").format(n=one.open)))
    )  # fmt: skip


def person_words(one: Suggestion, locale: str, t: Translate) -> str:
    """Name a person for a list: name, duty, area, load."""
    parts = (
        one.name, pick(DUTIES.get(one.duty, (one.duty, one.duty)), locale), one.area_name,
        t("load {share}").format(share=percent(one.ratio)) if one.ratio is not None else "",
        t("{n} open items").format(n=one.open),
    )  # fmt: skip
    return " · ".join(filter(None, parts))
