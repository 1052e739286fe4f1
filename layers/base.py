"""The map that folium is asked for: constant to the last character.

What changes travels through the feeds. Into folium go a view's hexadecimal key, whole numbers and
words out of a fixed list, nothing else: its output is parsed as a template a second time.
"""

import re
from collections.abc import Sequence
from typing import Final, Literal

import folium
from branca.element import MacroElement
from folium.template import Template

from layers.assets import HEAT, LEAFLET, LEAFLET_CSS
from layers.bundle import script_link, style_link

_KEY: Final = re.compile(r"[0-9a-f]{24}")
_MICRO: Final = 1_000_000
_TURN: Final = 360

Language = Literal["zh", "en"]
Kind = Literal["area", "building", "incident"]


class BadKey(ValueError):
    """Something other than a view key, a known word or a whole number was meant for folium."""


class Shell(MacroElement):
    """Hands the Leaflet map to our script."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "GridMap.mount({{ this._parent.get_name() }});{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Shell"


class CommandMap(folium.Map):
    """A folium map whose scripts and styles all come from this server."""

    default_js = [("leaflet", LEAFLET), ("heat", HEAT), ("gridmap", script_link())]  # noqa: RUF012 - folium's own shape
    default_css = [("leaflet_css", LEAFLET_CSS), ("gridmap_css", style_link())]  # noqa: RUF012


def command_map() -> CommandMap:
    """Give a new map; every call gives the same script, so the component is never re-mounted.

    It must be new each time: streamlit-folium adds the groups to the map it is handed.
    """
    shell = CommandMap(
        location=(35.0, 105.0),
        zoom_start=4,
        tiles=None,
        prefer_canvas=True,
        control_scale=False,
        zoom_control=False,
        attribution_control=False,
        double_click_zoom=False,
        max_zoom=19,
        zoom_snap=0.25,
        wheel_px_per_zoom_level=90,
    )
    shell.add_child(Shell())
    return shell


class _Group(folium.FeatureGroup):
    """An empty Leaflet group; adding it tells our script something."""

    def __init__(self) -> None:
        super().__init__(control=False)


class ViewGroup(_Group):
    """Shows a view."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = L.featureGroup();\n"
        'GridMap.show("{{ this.key }}");{% endmacro %}'
    )

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


class SelectGroup(_Group):
    """Marks what is selected."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = L.featureGroup();\n"
        'GridMap.select("{{ this.kind }}", {{ this.id }});{% endmacro %}'
    )

    def __init__(self, kind: str, row_id: int) -> None:
        super().__init__()
        self.kind = kind
        self.id = row_id


class LanguageGroup(_Group):
    """Sets the language of the map's words."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = L.featureGroup();\n"
        'GridMap.language("{{ this.language }}");{% endmacro %}'
    )

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language


class PlacingGroup(_Group):
    """Lets something be placed by hand, and shows the spots to choose from."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = L.featureGroup();\n"
        "GridMap.place({{ this.turn }}, {{ this.chosen }}, {{ this.spots }});{% endmacro %}"
    )

    def __init__(self, turn: int, chosen: int, spots: list[int]) -> None:
        super().__init__()
        self.turn = turn
        self.chosen = chosen
        self.spots = spots


def view_group(view_key: str) -> folium.FeatureGroup:
    """Give the group that shows the view with this key.

    Raises
    ------
    BadKey
        If the key is not 24 lower-case hexadecimal digits.
    """
    if not _KEY.fullmatch(view_key):
        raise BadKey(view_key[:40])
    return ViewGroup(view_key)


def select_group(kind: Kind | None, row_id: int = 0) -> folium.FeatureGroup:
    """Give the group that marks one area, building or incident by its row id; ``None`` unmarks.

    Raises
    ------
    BadKey
        If the kind is not one of the three or the id is not a whole number.
    """
    known = {None: "none", "area": "area", "building": "building", "incident": "incident"}
    if kind not in known or type(row_id) is not int or row_id < 0:
        raise BadKey(str(kind)[:40])
    return SelectGroup(known[kind], row_id)


def language_group(language: str) -> folium.FeatureGroup:
    """Give the group that sets the language; anything but English is Chinese."""
    return LanguageGroup("en" if language == "en" else "zh")


def placing_group(
    spots: Sequence[tuple[float, float]] = (), *, chosen: int = -1, turn: int = 0
) -> folium.FeatureGroup:
    """Give the group that lets a place be pointed at; only whole numbers travel.

    ``spots`` are longitudes and latitudes to choose from, ``chosen`` the place of one among them.
    Whenever ``turn`` grows, the device is asked where it is.

    Raises
    ------
    BadKey
        If a number is none, or far from any place on the earth.
    """
    if not (type(turn) is int and type(chosen) is int and turn >= 0 and chosen >= -1):
        raise BadKey(str(chosen)[:40])
    if not all(abs(value) <= _TURN for spot in spots for value in spot):
        raise BadKey(str(len(spots)))
    whole = [round(value * _MICRO) for spot in spots for value in spot]
    return PlacingGroup(turn, chosen, whole)


def map_groups(
    view_key: str, *, language: str, kind: Kind | None = None, row_id: int = 0,
    placing: folium.FeatureGroup | None = None,
) -> list[folium.FeatureGroup]:  # fmt: skip
    """All that a page passes as ``feature_group_to_add``, the view last: it moves the map."""
    between = [] if placing is None else [placing]
    return [language_group(language), select_group(kind, row_id), *between, view_group(view_key)]
