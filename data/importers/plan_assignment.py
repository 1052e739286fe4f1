"""A table of buildings and grids, read as an assignment: which grid each building goes to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from data.importers.columns import ASSIGNMENT, map_columns, plain
from data.importers.reading import Records
from data.importers.report import Note, Refusal, Report
from data.importers.values import text_of
from rules.plan_edits import LONGEST_NAME
from rules.plan_state import Mark, new_label

TOO_MANY: Final = 5
"""Times the grids there are; a file that names more has its grids in another column."""
FEW: Final = 0.2
"""Share of the usual number of buildings below which a new grid may be a slip of the pen."""
_NAMED: Final = 8


class NotAnAssignment(ValueError):
    """No column of building codes, or none of grids, could be told; ``headers`` are those."""

    def __init__(self, headers: Sequence[str]) -> None:
        super().__init__(headers)
        self.headers = tuple(headers)


class TooManyGrids(ValueError):
    """The file names far more grids than there are."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(found, known)
        self.found = found
        self.known = known


@dataclass(frozen=True)
class Assignment:
    """Label of the grid of each building, by its code; ``marks`` are those of all labels used."""

    grids: Mapping[str, str]
    marks: Mapping[str, Mark]
    report: Report


def read_assignment(
    records: Records, *, source: str, codes: Iterable[str], marks: Mapping[str, Mark],
    asked: Mapping[str, str] | None = None,
) -> Assignment:  # fmt: skip
    """Read which grid each building goes to.

    A grid is named by its code, its name or its label; what nothing knows is a new grid.

    Parameters
    ----------
    records
        Rows of the file.
    source
        Name of the file.
    codes
        Codes of the community's buildings.
    marks
        Grids that are known, by label.
    asked
        Columns by field (building, grid_code, grid_name, label) where a person named them.

    Raises
    ------
    NotAnAssignment
        If there is no column of buildings or none of grids.
    TooManyGrids
        If the file names more than five times the grids there are.
    data.importers.columns.UnknownColumn
        If a column was named that the file does not have.
    """
    mapping = _mapping(records.headers, asked or {})
    known, names = frozenset(codes), _Names(marks)
    blank = [None] * len(records)
    cells = {field: records.columns.get(mapping.get(field, ""), blank) for field in ASSIGNMENT}
    found: dict[str, str] = {}
    refused: list[Refusal] = []
    tally: Counter[str] = Counter()
    for at, row in enumerate(records.rows):
        code, *grid = (text_of(cells[f][at]) for f in ("building", "grid_code", "grid_name"))
        if not any(grid):
            tally["no_grid"] += 1
            continue
        fault = _fault(grid)
        if code not in known:
            refused.append(Refusal(row, mapping["building"], code, "unknown_building"))
        elif fault:
            refused.append(Refusal(row, _column(mapping), grid[1] or grid[0], fault))
        else:
            label = names.label(grid[0], grid[1], text_of(cells["label"][at]))
            if found.setdefault(code, label) != label:
                refused.append(Refusal(row, mapping["building"], code, "assigned_twice"))
    if len(set(found.values())) > TOO_MANY * max(len(marks), 2):
        raise TooManyGrids(len(set(found.values())), len(marks))
    tally["not_listed"] = len(known - found.keys())
    notes = [Note(key, {"n": tally[key]}) for key in ("no_grid", "not_listed") if tally[key]]
    report = Report(
        "assignment", source, records.encoding, records.layer, tuple(records.headers), mapping,
        read=len(records), accepted=len(found), refused=tuple(refused),
        counts={"assigned": len(found), "grids": len(set(found.values()))},
    ).with_notes(*notes, *_new_notes(found, names, marks))  # fmt: skip
    used = set(found.values())
    return Assignment(found, {k: m for k, m in names.marks.items() if k in used}, report)


def _mapping(headers: Sequence[str], asked: Mapping[str, str]) -> dict[str, str]:
    found = map_columns(headers, ASSIGNMENT, asked=asked)
    has_grid = {"grid_code", "grid_name"} & found.keys()
    if len(headers) == 2 and not (has_grid and "building" in found):
        return {"building": headers[0], "grid_code": headers[1]}
    if "building" not in found or not has_grid:
        raise NotAnAssignment(headers)
    return found


def _column(mapping: Mapping[str, str]) -> str:
    return mapping.get("grid_name") or mapping["grid_code"]


def _fault(grid: Sequence[str]) -> str:
    if any(len(text) > LONGEST_NAME for text in grid):
        return "too_long"
    return "" if all(text.isprintable() for text in grid) else "not_a_name"


class _Names:
    """Labels by what a file calls grids; words that nothing knows become new grids."""

    def __init__(self, marks: Mapping[str, Mark]) -> None:
        self.marks = dict(marks)
        self._codes = {mark.code: label for label, mark in marks.items() if mark.code}
        often = Counter(plain(mark.name) for mark in marks.values())
        self._names = {
            plain(mark.name): label for label, mark in marks.items() if often[plain(mark.name)] == 1
        }
        self._new: dict[str, str] = {}

    def label(self, code: str, name: str, label: str) -> str:
        """Label of a grid by its code, its label if that has this name, its name, or a new one."""
        known = next((t for t in (code, name) if t in self._codes), None)
        if known is not None:
            return self._codes[known]
        mark = self.marks.get(label)
        if mark is not None and plain(mark.name) == plain(name):
            return label
        for text in (name, code):
            if text and plain(text) in self._names:
                return self._names[plain(text)]
        if (code or name) in self.marks:
            return code or name
        key = plain(code or name)
        if key not in self._new:
            self._new[key] = new_label(self.marks)
            self.marks[self._new[key]] = Mark(name or code)
        return self._new[key]


def _new_notes(
    found: Mapping[str, str], names: _Names, marks: Mapping[str, Mark]
) -> list[Note]:  # fmt: skip
    sizes = Counter(found.values())
    fresh = [label for label in sizes if label not in marks]
    if not fresh:
        return []
    usual = median(sizes.values())
    few = [label for label in fresh if sizes[label] < FEW * usual]
    notes = [Note("new_grids", {"n": len(fresh), "names": _listed(names, fresh)})]
    return [*notes, Note("outliers", {"names": _listed(names, few)})] if few else notes


def _listed(names: _Names, labels: Sequence[str]) -> str:
    shown: list[Any] = [names.marks[label].name for label in labels[:_NAMED]]
    return ", ".join([*shown, "…"] if len(labels) > _NAMED else shown)
