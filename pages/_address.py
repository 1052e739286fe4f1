"""What the URL of the map page says, and how it is put into the URL.

The URL is the only memory of the page: every view can be bookmarked, sent, reloaded, and the
browser's back button works. Nothing here asks the store.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

from rules.figures import DEFAULT_FIGURE, FIGURES, Classing
from rules.filters import IncidentFilter
from rules.levels import Level

CLASSINGS: Final[tuple[Classing, ...]] = ("quantiles", "equal")
MAX_CODE: Final = 60


def _code(text: str) -> str:
    return text.strip()[:MAX_CODE]


def _level(text: str) -> Level | None:
    known = {str(int(level)): level for level in Level}
    return known.get(text)


@dataclass(frozen=True)
class Address:
    """Where the page is: codes and numbers as the URL has them, not yet looked up.

    ``at`` is the area whose parts the map draws (empty: all that the actor may see), ``area``
    the selected one (empty: the one at), ``building`` and ``incident`` what is open in the panel.
    """

    at: str = ""
    area: str = ""
    building: str = ""
    incident: str = ""
    level: Level | None = None
    figure: str = DEFAULT_FIGURE
    classing: Classing = "quantiles"
    filter: IncidentFilter = field(default_factory=IncidentFilter)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Read the URL's parameters; unknown names and values are ignored."""
        figure, classing = query.get("figure", ""), query.get("classing", "")
        return cls(
            at=_code(query.get("at", "")),
            area=_code(query.get("area", "")),
            building=_code(query.get("building", "")),
            incident=_code(query.get("incident", "")),
            level=_level(query.get("level", "")),
            figure=figure if figure in FIGURES else DEFAULT_FIGURE,
            classing="equal" if classing == "equal" else "quantiles",
            filter=IncidentFilter.from_query(query),
        )

    def to_query(self) -> dict[str, str]:
        """Give the parameters that differ from the default, in a fixed order."""
        found = {
            "at": self.at,
            "area": self.area if self.area != self.at else "",
            "building": self.building,
            "incident": self.incident,
            "level": str(int(self.level)) if self.level else "",
            "figure": self.figure if self.figure != DEFAULT_FIGURE else "",
            "classing": self.classing if self.classing != "quantiles" else "",
        }
        return {k: v for k, v in found.items() if v} | self.filter.to_query()

    def drilled(self, code: str) -> Self:
        """Go into an area: its parts are drawn, nothing smaller is selected."""
        return replace(self, at=code, area="", building="", incident="", level=None)

    def selected(self, code: str) -> Self:
        """Select an area without going into it."""
        return replace(self, area=code, building="", incident="")

    def with_building(self, code: str) -> Self:
        """Open a building in the panel."""
        return replace(self, building=code, incident="")

    def with_incident(self, number: str) -> Self:
        """Open an incident in the panel; a building stays behind it."""
        return replace(self, incident=number)

    def closed(self) -> Self:
        """Close what is open in the panel: the incident first, then the building, then the area."""
        if self.incident:
            return replace(self, incident="")
        if self.building:
            return replace(self, building="")
        return replace(self, area="")

    def filtered(self, chosen: IncidentFilter) -> Self:
        """Filter differently; the place stays."""
        return replace(self, filter=chosen)
