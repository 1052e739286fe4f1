"""All that a district decides, as one value: kinds, calendar, bodies, lamps, needs, thresholds.

The defaults are common practice, not a national rule, and no screen may present them as one; a
district lays its own over them in one file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from rules.assessment import FEW, TARGETS, Target
from rules.bodies import BODIES, Body
from rules.deadlines import WorkingCalendar, add_limit
from rules.figures import OVERLOADED, SPARE
from rules.holidays import HOLIDAYS, MAKEUP_DAYS
from rules.kinds import KINDS, SEVERITY_WEIGHT, Kind, Limit, Severity, Special

Lamp = Literal["green", "yellow", "red", "none"]
Need = Literal["note", "photo", "consent"]

NEEDS: Final[tuple[Need, ...]] = ("note", "photo", "consent")
"""What resolving may ask for: words, a picture, the consent of the parties."""


@dataclass(frozen=True)
class Limits:
    """Limits of one incident: to respond and to resolve from its report, to feed back from then."""

    respond: Limit
    resolve: Limit
    feedback: Limit


def _needs() -> dict[str, frozenset[str]]:
    dispute = frozenset({"note", "consent"})
    return {kind: dispute if kind == "dispute" else frozenset({"note"}) for kind in KINDS}


@dataclass(frozen=True)
class Rulebook:
    """The rules of one district.

    ``kinds`` has exactly the keys of the catalogue. ``yellow`` is the share of the time used from
    which the lamp is yellow. A score up to ``dissatisfied_at`` (of 1 to 5) reopens the incident;
    a resident may give it within ``evaluation_days``. ``resolve_needs`` says by kind what
    resolving asks for. ``severity_weight`` is the factor on the effort in the workload, in whole
    tenths; load ratios above ``overloaded`` and below ``spare`` are named so. ``targets`` are the
    marks of the assessment, and a figure over fewer than ``few`` items is not judged.
    """

    kinds: Mapping[str, Kind] = field(default_factory=lambda: dict(KINDS))
    calendar: WorkingCalendar = field(
        default_factory=lambda: WorkingCalendar(holidays=HOLIDAYS, makeup_days=MAKEUP_DAYS)
    )
    bodies: Mapping[str, Body] = field(default_factory=lambda: dict(BODIES))
    yellow: float = 0.75
    dissatisfied_at: int = 2
    evaluation_days: int = 14
    resolve_needs: Mapping[str, frozenset[str]] = field(default_factory=_needs)
    severity_weight: Mapping[Severity, float] = field(default_factory=lambda: dict(SEVERITY_WEIGHT))
    overloaded: float = OVERLOADED
    spare: float = SPARE
    targets: Mapping[str, Target] = field(default_factory=lambda: dict(TARGETS))
    few: int = FEW

    def _special(self, kind: str, subkind: str | None) -> Special:
        return self.kinds[kind].special.get(subkind or "", Special())

    def limits(self, kind: str, subkind: str | None, severity: Severity) -> Limits:
        """Limits of an incident: those of urgency before the sub-kind's before the kind's."""
        entry, special = self.kinds[kind], self._special(kind, subkind)
        urgent = severity == Severity.URGENT
        return Limits(
            respond=(urgent and entry.urgent_respond) or special.respond or entry.respond,
            resolve=(urgent and entry.urgent_resolve) or special.resolve or entry.resolve,
            feedback=special.feedback or entry.feedback,
        )

    def due(
        self, kind: str, subkind: str | None, severity: Severity, reported_at: datetime
    ) -> datetime:
        """Moment by which an incident has to be resolved (UTC)."""
        return add_limit(reported_at, self.limits(kind, subkind, severity).resolve, self.calendar)

    def effort(self, kind: str, subkind: str | None) -> int:
        """Give the standard handling effort in minutes."""
        return self._special(kind, subkind).effort_minutes or self.kinds[kind].effort_minutes

    def severity(self, kind: str, subkind: str | None) -> Severity:
        """Severity a new incident starts with."""
        return self._special(kind, subkind).severity or self.kinds[kind].severity

    def body(self, kind: str, subkind: str | None) -> str:
        """Key of the body that answers for an incident."""
        return self._special(kind, subkind).body or self.kinds[kind].body

    def lamp(self, reported_at: datetime, due_at: datetime, now: datetime, open: bool) -> Lamp:  # noqa: A002 - the word of the domain
        """Lamp of an incident: yellow once ``yellow`` of its time is used, red when over.

        Time is counted on the clock from the report to the moment it is due.
        """
        if not open:
            return "none"
        if now > due_at:
            return "red"
        return "yellow" if now - reported_at >= self.yellow * (due_at - reported_at) else "green"


DEFAULT: Final = Rulebook()
"""The rules where a district has set none of its own."""
