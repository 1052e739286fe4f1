"""The one filter that drives map, figures, tables and downloads, and the view it belongs to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final, Self

from rules.figures import DEFAULT_FIGURE, FIGURES, Classing
from rules.kinds import KINDS, SERVICES, SEVERITIES, SOURCES, Severity
from rules.levels import Level
from rules.lifecycle import State

STATUSES: Final = ("open", "closed", "all")
DAYS: Final = (7, 30, 90, 365)
"""Windows on the time of report that the screens offer, in days."""

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
"""Calendar years that can be asked for lie between these."""

SUBKINDS: Final = tuple(dict.fromkeys(key for kind in KINDS.values() for key in kind.subkinds))
"""Keys of all sub-kinds, each once."""

MAX_TEXT: Final = 60


@dataclass(frozen=True)
class IncidentFilter:
    """Which incidents are meant. Empty tuples and ``None`` do not restrict.

    ``status`` is the coarse choice (open, closed, all) and ``states`` refines it; ``days`` keeps
    incidents reported within so many days before now, ``year`` those of a local calendar year;
    ``text`` is looked for in number, title and address; ``unassigned`` keeps open incidents that
    nobody has been given.
    """

    status: str = "open"
    kinds: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    sources: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    days: int | None = None
    overdue: bool = False
    unassigned: bool = False
    text: str = ""
    services: tuple[str, ...] = ()
    subkinds: tuple[str, ...] = ()
    year: int | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Read a filter from URL parameters; unknown names and values are ignored."""

        def chosen(name: str) -> list[str]:
            return [part for part in query.get(name, "").split(",") if part]

        days = query.get("days", "")
        year = query.get("year", "")
        return cls(
            status=query["status"] if query.get("status") in STATUSES else "open",
            kinds=tuple(k for k in KINDS if k in chosen("kind")),
            states=tuple(s for s in State if s.value in chosen("state")),
            sources=tuple(s for s in SOURCES if s in chosen("source")),
            severities=tuple(s for s in SEVERITIES if str(int(s)) in chosen("severity")),
            days=int(days) if days.isascii() and days.isdigit() and int(days) in DAYS else None,
            overdue=query.get("overdue") == "1",
            unassigned=query.get("unassigned") == "1",
            text=query.get("q", "").strip()[:MAX_TEXT],
            services=tuple(s for s in SERVICES if s in chosen("service")),
            subkinds=tuple(s for s in SUBKINDS if s in chosen("subkind")),
            year=int(year) if _is_year(year) else None,
        )

    def to_query(self) -> dict[str, str]:
        """Give the URL parameters that differ from the default, in a fixed order."""
        found = {
            "status": "" if self.status == "open" else self.status,
            "kind": ",".join(self.kinds),
            "state": ",".join(self.states),
            "source": ",".join(self.sources),
            "severity": ",".join(str(int(s)) for s in self.severities),
            "days": str(self.days) if self.days else "",
            "overdue": "1" if self.overdue else "",
            "unassigned": "1" if self.unassigned else "",
            "q": self.text,
            "service": ",".join(self.services),
            "subkind": ",".join(self.subkinds),
            "year": str(self.year) if self.year else "",
        }
        return {name: value for name, value in found.items() if value}


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:6]) <= LAST_YEAR


QUERY_NAMES: Final = (
    "status", "kind", "state", "source", "severity", "days", "overdue", "unassigned", "q",
    "service", "subkind", "year",
)  # fmt: skip


@dataclass(frozen=True)
class View:
    """All that decides what the map shows: where, at which level, coloured how, filtered how.

    ``level`` is the level of the areas drawn; ``None`` means the children of ``area_id``.
    """

    area_id: int
    level: Level | None = None
    figure: str = DEFAULT_FIGURE
    classing: Classing = "quantiles"
    filter: IncidentFilter = field(default_factory=IncidentFilter)

    def to_json(self) -> str:
        """Canonical text of the view: equal views give equal texts."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read back what :meth:`to_json` wrote."""
        body = json.loads(text)
        known = {f.name for f in fields(IncidentFilter)}
        raw: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in body["filter"].items()
        }
        chosen = IncidentFilter(**{k: v for k, v in raw.items() if k in known})
        chosen = replace(
            chosen,
            states=tuple(State(s) for s in chosen.states),
            severities=tuple(Severity(s) for s in chosen.severities),
        )
        return cls(
            area_id=body["area_id"],
            level=None if body["level"] is None else Level(body["level"]),
            figure=body["figure"] if body["figure"] in FIGURES else DEFAULT_FIGURE,
            classing=body["classing"],
            filter=chosen,
        )

    @property
    def key(self) -> str:
        """Opaque hexadecimal id: 24 digits of the SHA-256 of the canonical text."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:24]
