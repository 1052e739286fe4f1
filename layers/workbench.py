"""The map that a planner draws on: constant like the command map, told of a plan by numbers.

Into folium go whole numbers, a grid's label (a letter and digits) and a proposal's hexadecimal
key, nothing else. Names and shapes come through ``/map/plan``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import folium
from folium.template import Template

from layers.assets import LEAFLET, LEAFLET_CSS
from layers.base import BadKey, Shell, language_group
from layers.bundle import plan_script_link, plan_style_link

_LABEL: Final = re.compile(r"(?:[gn][0-9]{1,12})?")
_PROPOSAL: Final = re.compile(r"[0-9a-f]{0,64}")
_MICRO: Final = 1_000_000
_LARGEST: Final = 2**53
_TURN: Final = 360


@dataclass(frozen=True)
class Shown:
    """What the map shows: a plan as of ``version``, and perhaps something else of it.

    ``seq`` is an older position to look at (0: as it was made), ``proposal`` the key of a
    proposal to look at; either can be drawn on no more.
    """

    plan_id: int
    version: int
    seq: int | None = None
    proposal: str = ""


@dataclass(frozen=True)
class Pointer:
    """What the page points at: a grid by its label, cells by number, a place.

    ``turn`` grows with every pointing, so that the same place can be shown again.
    """

    label: str = ""
    cells: tuple[int, ...] = ()
    spot: tuple[float, float] | None = None
    turn: int = 0


NOTHING: Final = Pointer()


class WorkbenchMap(folium.Map):
    """A folium map whose scripts and styles all come from this server."""

    default_js = [("leaflet", LEAFLET), ("gridmap", plan_script_link())]  # noqa: RUF012 - folium's own shape
    default_css = [("leaflet_css", LEAFLET_CSS), ("gridmap_css", plan_style_link())]  # noqa: RUF012


def workbench_map() -> WorkbenchMap:
    """Give a new map; every call gives the same script, so the component is never re-mounted."""
    shell = WorkbenchMap(
        location=(35.0, 105.0),
        zoom_start=4,
        tiles=None,
        prefer_canvas=True,
        control_scale=False,
        zoom_control=False,
        attribution_control=False,
        double_click_zoom=False,
        box_zoom=False,
        max_zoom=20,
        zoom_snap=0.25,
        wheel_px_per_zoom_level=90,
    )
    shell.add_child(Shell())
    return shell


class PlanGroup(folium.FeatureGroup):
    """Says which plan is shown, and as of which version."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = L.featureGroup();\n"
        "GridMap.plan({{ this.plan_id }}, {{ this.version }}, {{ this.seq }}, "
        '"{{ this.proposal }}");{% endmacro %}'
    )

    def __init__(self, plan_id: int, version: int, seq: int, proposal: str) -> None:
        super().__init__(control=False)
        self.plan_id = plan_id
        self.version = version
        self.seq = seq
        self.proposal = proposal


class PointGroup(folium.FeatureGroup):
    """Points at a grid, at cells, at a place."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = L.featureGroup();\n"
        'GridMap.point({{ this.turn }}, "{{ this.label }}", {{ this.cells }}, {{ this.spot }});'
        "{% endmacro %}"
    )

    def __init__(self, turn: int, label: str, cells: list[int], spot: list[int]) -> None:
        super().__init__(control=False)
        self.turn = turn
        self.label = label
        self.cells = cells
        self.spot = spot


def plan_group(shown: Shown) -> folium.FeatureGroup:
    """Give the group that shows a plan; ``seq`` travels as -1 where the plan's own is meant.

    Raises
    ------
    BadKey
        If a number is none, or the proposal's key is not hexadecimal.
    """
    seq = -1 if shown.seq is None else shown.seq
    if not all(_whole(n) for n in (shown.plan_id, shown.version, seq + 1)):
        raise BadKey(str(shown.plan_id)[:40])
    if not _known(_PROPOSAL, shown.proposal):
        raise BadKey(str(shown.proposal)[:40])
    return PlanGroup(shown.plan_id, shown.version, seq, shown.proposal)


def point_group(pointer: Pointer = NOTHING) -> folium.FeatureGroup:
    """Give the group that points at something; only whole numbers and a label travel.

    Raises
    ------
    BadKey
        If the label is none, or a number is none or far from any place on the earth.
    """
    label, spot = pointer.label, pointer.spot or ()
    if not _known(_LABEL, label):
        raise BadKey(str(label)[:40])
    if not (_whole(pointer.turn) and all(_whole(n) for n in pointer.cells)):
        raise BadKey(str(pointer.turn)[:40])
    if not all(abs(degrees) <= _TURN for degrees in spot):
        raise BadKey(str(len(spot)))
    cells, place = list(pointer.cells), [round(degrees * _MICRO) for degrees in spot]
    return PointGroup(pointer.turn, label, cells, place)


def workbench_groups(
    shown: Shown, *, language: str, pointer: Pointer = NOTHING
) -> Sequence[folium.FeatureGroup]:
    """All that a page passes as ``feature_group_to_add``; what is pointed at comes last."""
    return [language_group(language), plan_group(shown), point_group(pointer)]


def _whole(value: object) -> bool:
    return type(value) is int and 0 <= value < _LARGEST


def _known(form: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None
