"""What an import found, decided and refused: one value for the screen, the log and the file."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from data.importers.texts import DETECTED, LINES, NOTES, REASONS
from geo.crs import Bounds

Locale = Literal["zh", "en"]
KEPT_REFUSALS: Final = 1000
"""So many refused rows are written out; all are counted."""


@dataclass(frozen=True)
class Refusal:
    """Why one row was refused: its number in the file, the column, the value, the rule."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Note:
    """Something to know that refused nothing: a key of the texts and what fills it."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Detection:
    """How the coordinates were read, why, and where that puts them (CGCS2000 degrees)."""

    crs: str
    swapped: bool
    datum: str
    crs_reason: str
    datum_reason: str
    extent: Bounds
    shares: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """Report of one import. ``counts`` holds what was or would be written, by name."""

    what: str
    source: str
    encoding: str = ""
    layer: str = ""
    headers: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    detection: Detection | None = None
    read: int = 0
    accepted: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    repair: Mapping[str, float] = field(default_factory=dict)
    refused: tuple[Refusal, ...] = ()
    notes: tuple[Note, ...] = ()
    dry_run: bool = False

    def with_notes(self, *notes: Note) -> "Report":
        """Give the report with more notes."""
        return replace(self, notes=(*self.notes, *notes))

    def to_json(self, *, keep: int = KEPT_REFUSALS) -> dict[str, Any]:
        """Give the report as plain values; at most ``keep`` refused rows in full."""
        detected = self.detection
        return {
            "what": self.what,
            "source": self.source,
            "encoding": self.encoding,
            "layer": self.layer,
            "headers": list(self.headers),
            "mapping": dict(self.mapping),
            "detection": None if detected is None else {
                **vars(detected),
                "extent": [round(v, 6) for v in detected.extent],
                "shares": {k: round(v, 5) for k, v in detected.shares.items()},
            },
            "read": self.read,
            "accepted": self.accepted,
            "counts": dict(self.counts),
            "repair": {k: round(v, 2) for k, v in self.repair.items()},
            "refused": len(self.refused),
            "reasons": dict(Counter(r.reason for r in self.refused)),
            "rows": [
                {**vars(r), "text": {loc: REASONS[r.reason][i] for i, loc in enumerate(_LOCALES)}}
                for r in self.refused[:keep]
            ],
            "notes": [{"key": n.key, **n.values} for n in self.notes],
            "dry_run": self.dry_run,
        }  # fmt: skip


_LOCALES: Final[tuple[Locale, Locale]] = ("zh", "en")


def detection_lines(report: Report, locale: Locale) -> list[str]:
    """Give what was detected and why, for a person to confirm."""
    at = _LOCALES.index(locale)
    lines = [LINES["file"][at].format(source=report.source, read=report.read)]
    if report.layer:
        lines.append(LINES["layer"][at].format(layer=report.layer))
    lines.append(LINES["encoding"][at].format(encoding=report.encoding))
    found = report.detection
    if found is not None:
        why = DETECTED[found.crs_reason][at]
        swapped = LINES["swapped"][at] if found.swapped else ""
        lines.append(LINES["crs"][at].format(crs=found.crs, swapped=swapped, why=why))
        shares = ", ".join(f"{k} {v:.1%}" for k, v in found.shares.items())
        why = DETECTED[found.datum_reason][at] + (f" ({shares})" if shares else "")
        lines.append(LINES["datum"][at].format(datum=found.datum, why=why))
        west, south, east, north = found.extent
        lines.append(LINES["extent"][at].format(west=west, south=south, east=east, north=north))
    if report.mapping:
        pairs = ", ".join(f"{name} ← {column}" for name, column in report.mapping.items())
        lines.append(LINES["mapping"][at].format(pairs=pairs))
    return lines


def result_lines(report: Report, locale: Locale, *, rows: int = 20) -> list[str]:
    """Give what was or would be written and refused; the first ``rows`` refusals in full."""
    at = _LOCALES.index(locale)
    head = "would" if report.dry_run else "done"
    lines = [LINES[head][at].format(accepted=report.accepted, refused=len(report.refused))]
    lines += [f"  {NOTES.get(k, (k, k))[at].format(n=v)}" for k, v in report.counts.items()]
    if report.repair:
        lines.append(LINES["repair"][at].format(**report.repair))
    lines += [f"  {NOTES[n.key][at].format(**n.values)}" for n in report.notes]
    for reason, n in Counter(r.reason for r in report.refused).most_common():
        lines.append(LINES["reason"][at].format(n=n, text=REASONS[reason][at]))
    for r in report.refused[:rows]:
        lines.append(
            LINES["row"][at].format(
                row=r.row, column=r.column, value=r.value[:60], text=REASONS[r.reason][at]
            )
        )
    return lines
