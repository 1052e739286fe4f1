"""Colours of the map, light and dark.

Classes are ColorBrewer sequences (colour-blind safe); symbol colours are of Okabe and Ito, darkened
or lightened so that they stand 3:1 against the halo that every symbol wears. Colour never stands
alone: a kind has its shape, an overdue incident its ring, a class its place in the legend.
"""

from typing import Final, Literal

Mood = Literal["calm", "warning", "quality"]
MOODS: Final[dict[str, Mood]] = {
    "open": "calm", "new": "calm", "items": "calm", "per_100": "calm",
    "overdue": "warning", "due_soon": "warning", "load": "warning", "satisfaction": "quality",
    "per_chief": "warning", "chiefless": "warning",
}  # fmt: skip

_LIGHT: Final[dict[Mood, tuple[str, ...]]] = {
    "calm": ("#e6eff8", "#c3daee", "#93c0e0", "#5b9bcd", "#2b6ca8"),
    "warning": ("#fdf0dc", "#fbd3a1", "#f5a663", "#df7033", "#ab4314"),
    "quality": ("#8c510a", "#cf9a4a", "#ecdcb4", "#a5d3cb", "#3b938a"),
}
_DARK: Final[dict[Mood, tuple[str, ...]]] = {
    "calm": ("#1b3045", "#21496c", "#2b6798", "#458bc2", "#83bdea"),
    "warning": ("#3a2a1b", "#63401f", "#955823", "#cb7a35", "#f6b16e"),
    "quality": ("#e0a04a", "#96723f", "#4d4a42", "#2e655f", "#3fa296"),
}
"""Five classes, from the lowest value to the highest."""

STATE_TYPES: Final[dict[str, tuple[str, str]]] = {
    "waiting": ("#d55e00", "#ff8a3d"),
    "working": ("#0067a5", "#62b5f0"),
    "held": ("#8a4f9e", "#cf97e0"),
    "done": ("#5f7282", "#93a5b4"),
}
"""Colour of an incident by the type of its state: light, dark."""

STATE_TYPE: Final[dict[str, str]] = {
    "reported": "waiting", "accepted": "waiting",
    "dispatched": "working", "in_progress": "working",
    "suspended": "held", "returned": "held", "escalated": "held", "reopened": "held",
}  # fmt: skip
"""Type of each open state; every other state is done."""

OVERDUE: Final = ("#c8102e", "#ff5a66")


def class_colours(figure: str, count: int, *, dark: bool, nothing: bool = False) -> list[str]:
    """Colours of ``count`` classes of a figure, from the lowest to the highest value.

    Fewer classes are spread over the whole sequence, so the top class is always the strongest;
    a single one is of the middle, or of the lowest where it holds ``nothing`` but noughts.
    """
    scale = (_DARK if dark else _LIGHT)[MOODS.get(figure, "calm")]
    if count <= 0:
        return []
    if count == 1:
        return [scale[0 if nothing else 2]]
    last = len(scale) - 1
    return [scale[round(i * last / (count - 1))] for i in range(min(count, len(scale)))]


def state_type(state: str) -> str:
    """Type of a state: waiting, working, held or done."""
    return STATE_TYPE.get(state, "done")
