"""Names of the rules' terms on the screen, with a fallback for what the catalogue lacks."""

from collections.abc import Mapping

from pages._house import house
from pages._text import pick
from rules.figures import FIGURES
from rules.kinds import KINDS, SERVICES, SEVERITIES, SOURCES, Kind, Severity
from rules.levels import LABELS as LEVELS
from rules.levels import Level
from rules.lifecycle import LABELS as STATES
from rules.lifecycle import State


def kind_name(key: str, locale: str) -> str:
    """Name of a kind of incident, as the district calls it."""
    kind = house().rulebook.kinds.get(key)
    return pick((kind.zh, kind.en), locale) if kind else key


def subkind_name(kind: str, key: str, locale: str) -> str:
    """Name of a sub-kind, of any kind if none is named; an import keeps the words it came with.

    A sub-kind that the district does not use any more keeps its default name.
    """
    named = [kinds[kind] for kinds in _catalogues() if kind in kinds]
    entries = named or [entry for kinds in _catalogues() for entry in kinds.values()]
    names = next((entry.subkinds[key] for entry in entries if key in entry.subkinds), None)
    return pick(names, locale) if names else key


def _catalogues() -> tuple[Mapping[str, Kind], Mapping[str, Kind]]:
    return house().rulebook.kinds, KINDS


def service_name(key: str, locale: str) -> str:
    """Name of a service."""
    return pick(SERVICES[key], locale) if key in SERVICES else key


def state_name(state: State | str, locale: str) -> str:
    """Name of a state."""
    return pick(STATES[State(state)], locale)


def source_name(key: str, locale: str) -> str:
    """Name of a source."""
    return pick(SOURCES[key], locale) if key in SOURCES else key


def severity_name(severity: Severity | int, locale: str) -> str:
    """Word for a severity."""
    return pick(SEVERITIES[Severity(severity)], locale)


def level_name(level: Level, locale: str) -> str:
    """Name of a level of the hierarchy."""
    return pick(LEVELS[level], locale)


def figure_name(key: str, locale: str) -> str:
    """Name of a figure."""
    return pick((FIGURES[key].zh, FIGURES[key].en), locale)
