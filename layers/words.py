"""The words of the map, as one document per language; the script sets them as text only."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from layers.palette import OVERDUE, STATE_TYPES, state_type
from rules import levels, lifecycle
from rules.figures import FIGURES
from rules.kinds import Kind

Translate = Callable[[str], str]
LANGUAGES: Final = ("zh", "en")


def N_(message: str) -> str:  # noqa: N802 - the name that message extractors know
    """Mark a message for the catalogues; it is translated when the document is made."""
    return message


WORDS: Final[dict[str, str]] = {
    "no_data": N_("No data"),
    "households": N_("Households"),
    "chief": N_("Building chief"),
    "number": N_("Number"),
    "address": N_("Address"),
    "reported": N_("Reported at"),
    "due": N_("Due at"),
    "incidents": N_("Incidents"),
    "cluster": N_("{n} incidents"),
    "cluster_hint": N_("Click to zoom in"),
    "heap": N_("{n} incidents at this place"),
    "seconds": N_("{n} s"),
    "minutes": N_("{n} min"),
    "hours": N_("{n} h"),
    "metres": N_("{n} m"),
    "kilometres": N_("{n} km"),
    "data_age": N_("Data as of {age} ago"),
    "data_away": N_("Store not reachable. Picture of {age} ago"),
    "legend": N_("Legend"),
    "quantiles": N_("Quantiles"),
    "equal": N_("Equal steps"),
    "unit_count": N_("items"),
    "unit_rate": N_("items per 100 households"),
    "unit_ratio": N_("of capacity"),
    "unit_number": N_("households per chief"),
    "unit_percent": N_("of those evaluated"),
    "type_waiting": N_("Waiting"),
    "type_working": N_("Being handled"),
    "type_held": N_("Held or returned"),
    "type_done": N_("Done"),
    "zoom_in": N_("Zoom in"),
    "zoom_out": N_("Zoom out"),
    "home": N_("Whole area"),
    "up": N_("One level up"),
    "layers": N_("Layers"),
    "full_screen": N_("Full screen"),
    "leave_full_screen": N_("Leave full screen"),
    "layer_areas": N_("Area colours"),
    "layer_labels": N_("Names"),
    "layer_incidents": N_("Incident symbols"),
    "layer_heat": N_("Heat"),
    "layer_buildings": N_("Buildings"),
    "layer_base": N_("Base map"),
    "search": N_("Search place, grid, building or number"),
    "clear_search": N_("Clear search"),
    "nothing_found": N_("Nothing found"),
}
"""Key in the script → English message. ``{n}`` and ``{age}`` are filled in by the script."""


def document(language: str, translate: Translate, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """All words and symbol colours for one language (``zh`` or ``en``); kinds have own names."""
    side = 0 if language == "zh" else 1
    return {
        "language": language,
        "texts": {key: translate(message) for key, message in WORDS.items()},
        "figures": {key: (f.zh, f.en)[side] for key, f in FIGURES.items()},
        "kinds": {key: (kind.zh, kind.en)[side] for key, kind in kinds.items()},
        "levels": {str(int(level)): pair[side] for level, pair in levels.LABELS.items()},
        "states": {
            state.value: {"label": pair[side], "type": state_type(state)}
            for state, pair in lifecycle.LABELS.items()
        },
        "colours": {"states": STATE_TYPES, "overdue": OVERDUE},
    }
