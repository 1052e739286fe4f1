"""What stops an import before it begins, in words: the file, its columns, its coordinates."""

from collections.abc import Callable
from typing import Any, Final

from data.importers.columns import UnknownColumn
from data.importers.plan_assignment import NotAnAssignment, TooManyGrids
from data.importers.reading import UnreadableFile
from data.importers.report import Locale
from data.importers.texts import FILE, LINES
from geo.crs import AmbiguousCrs, UnknownCrs, UnknownCrsName


def line(key: str, locale: Locale, **values: Any) -> str:
    """Give a line of the texts in a language, filled in."""
    return LINES[key][locale == "en"].format(**values)


FAULTS: Final[dict[type[Exception], Callable[[Any, Locale], str]]] = {
    UnreadableFile: lambda e, at: FILE[e.reason][at == "en"].format(detail=e.detail),
    UnknownColumn: lambda e, at: line(
        "unknown_column", at, name=e.name, headers=", ".join(e.headers)
    ),
    AmbiguousCrs: lambda e, at: line(
        "ambiguous", at, detail=", ".join(sorted({c.crs for c in e.candidates}))
    ),
    UnknownCrs: lambda e, at: line("unknown_crs", at, detail=str(e.bounds)),
    UnknownCrsName: lambda e, at: line("unknown_crs_name", at, detail=e.text),
    NotAnAssignment: lambda e, at: line("no_assignment", at, headers=", ".join(e.headers)),
    TooManyGrids: lambda e, at: line("too_many_grids", at, found=e.found, known=e.known),
}
"""Of each error the words for whoever brought the file."""


def fault_text(error: Exception, locale: Locale) -> str:
    """Say what is wrong with a file; raises ``KeyError`` for an error of another kind."""
    kind = next(kind for kind in type(error).__mro__ if kind in FAULTS)
    return FAULTS[kind](error, locale)
