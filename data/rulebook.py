"""The rules file: a district's own rules, laid over the default ones."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from data.rulebook_form import CalendarForm, KindForm, RulesForm
from data.settings import Settings
from rules.assessment import MEASURES, Target
from rules.bodies import Body
from rules.deadlines import Shift, WorkingCalendar
from rules.kinds import Kind, Limit, Severity, Special
from rules.rulebook import DEFAULT, Rulebook

MAX_BYTES: Final = 1_000_000

_CODES: Final = {"extra_forbidden": "unknown", "missing": "missing"}
_OURS: Final = frozenset(
    {"limit", "time", "period", "day", "severity", "need", "name", "tenth"}
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: at which key (dotted, empty for the file itself), what, and how.

    ``code`` is a key of the commands' texts; ``detail`` the value, or what the reader said.
    """

    key: str
    code: str
    detail: str = ""


class BadRules(ValueError):
    """A rules file cannot be used; carries every fault found."""

    def __init__(self, path: Path | str, faults: Sequence[Fault]) -> None:
        told = (f"{f.key or 'file'}: {f.code} {f.detail}".strip() for f in faults)
        super().__init__(f"{path}: " + "; ".join(told))
        self.path = str(path)
        self.faults = tuple(faults)


def rules_path(settings: Settings) -> Path | None:
    """Where the district's rules are: as set, else ``rules.toml`` in ``var`` if there is one."""
    own = settings.var / "rules.toml"
    return settings.rules or (own if own.exists() else None)


def read_rulebook(settings: Settings) -> Rulebook:
    """Read the rules that hold here; the default ones where there is no file.

    Raises
    ------
    BadRules
        If the file cannot be read or used; names every fault.
    """
    path = rules_path(settings)
    return DEFAULT if path is None else load_rulebook(path)


def load_rulebook(path: Path) -> Rulebook:
    """Read a rules file and lay it over the default rules.

    Raises
    ------
    BadRules
        If it cannot be read or used; names every fault.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadRules(path, [Fault("", "unreadable", str(error.strerror or error))]) from error
    if len(raw) > MAX_BYTES:
        raise BadRules(path, [Fault("", "size")])
    try:
        text = raw.decode("utf-8-sig")  # Notepad on Windows writes a mark first
    except UnicodeDecodeError as error:
        raise BadRules(path, [Fault("", "encoding")]) from error
    return parse_rulebook(text, path=path)


def parse_rulebook(text: str, *, path: Path | str = "rules.toml") -> Rulebook:
    """Lay the text of a rules file over the default rules; ``path`` names it in errors.

    Raises
    ------
    BadRules
        If it cannot be used; names every fault.
    """
    try:
        form = RulesForm.model_validate(tomllib.loads(text.replace("\r\n", "\n")))
    except tomllib.TOMLDecodeError as error:
        raise BadRules(path, [Fault("", "syntax", str(error))]) from error
    except ValidationError as error:
        raise BadRules(path, [_fault(e) for e in error.errors()]) from error
    if faults := [*_unknown(form)]:
        raise BadRules(path, faults)
    book = _laid_over(form, DEFAULT)
    if faults := [*_contradictions(book)]:
        raise BadRules(path, faults)
    return book


def _fault(error: Any) -> Fault:
    keys = [str(part) for part in error["loc"] if part != "[key]"]
    code = _CODES.get(error["type"], error["type"] if error["type"] in _OURS else "value")
    detail = (
        error["msg"] if code == "value" else str(error["ctx"]["value"]) if code in _OURS else ""
    )
    return Fault(".".join(keys), code, detail)


def _unknown(form: RulesForm) -> Iterator[Fault]:
    """Keys that name nothing, and new sub-kinds without names."""
    yield from (Fault(f"kinds.{k}", "kind") for k in form.kinds if k not in DEFAULT.kinds)
    yield from (
        Fault(f"assessment.targets.{k}", "unknown")
        for k in form.assessment.targets
        if k not in MEASURES
    )
    for key, kind in form.kinds.items():
        known = DEFAULT.kinds[key].subkinds if key in DEFAULT.kinds else {}
        where = f"kinds.{key}"
        yield from (Fault(f"{where}.without", "unknown", k) for k in kind.without if k not in known)
        for name, sub in kind.subkinds.items():
            if name in kind.without:
                yield Fault(f"{where}.subkinds.{name}", "both")
            if name not in known and not (sub.zh and sub.en):
                yield Fault(f"{where}.subkinds.{name}", "names")


def _laid_over(form: RulesForm, base: Rulebook) -> Rulebook:
    weights = {Severity[name.upper()]: w for name, w in form.workload.weights.items()}
    targets = {key: Target(t.good, t.bad) for key, t in form.assessment.targets.items()}
    needs = {
        key: frozenset(kind.needs) for key, kind in form.kinds.items() if kind.needs is not None
    }
    return replace(
        base,
        kinds={
            key: _kind(kind, form.kinds[key]) if key in form.kinds else kind
            for key, kind in base.kinds.items()
        },
        calendar=_calendar(form.calendar, base.calendar),
        bodies={**base.bodies, **{k: Body(k, b.zh, b.en) for k, b in form.bodies.items()}},
        resolve_needs={**base.resolve_needs, **needs},
        severity_weight={**base.severity_weight, **weights},
        targets={**base.targets, **targets},
        **form.lamps.given(),
        **form.evaluation.given(),
        **form.workload.given("weights"),
        **form.assessment.given("targets"),
    )


def _kind(base: Kind, form: KindForm) -> Kind:
    names = {key: pair for key, pair in base.subkinds.items() if key not in form.without}
    special = {key: found for key, found in base.special.items() if key in names}
    for key, sub in form.subkinds.items():
        zh, en = names.get(key, ("", ""))
        names[key] = (sub.zh or zh, sub.en or en)
        special[key] = replace(special.get(key, Special()), **sub.given("zh", "en"))
    return replace(
        base,
        **form.given("needs", "without", "subkinds"),
        subkinds=names,
        special={key: found for key, found in special.items() if found != Special()},
    )


def _calendar(form: CalendarForm, base: WorkingCalendar) -> WorkingCalendar:
    given: dict[str, Any] = {}
    if form.periods is not None:
        given["periods"] = tuple(form.periods)
    for name in ("holidays", "makeup_days"):
        if (listed := getattr(form, name)) is not None:
            given[name] = frozenset(day for part in listed for day in part)
    if form.shifts is not None:
        given["shifts"] = tuple(
            Shift(key, s.zh, s.en, s.opens, s.closes, s.counts) for key, s in form.shifts.items()
        )
    return replace(base, **given)


def _contradictions(book: Rulebook) -> Iterator[Fault]:
    """Name what is well written but cannot hold together."""
    both = sorted(book.calendar.holidays & book.calendar.makeup_days)
    yield from (Fault("calendar", "worked_holiday", day.isoformat()) for day in both)
    if book.spare >= book.overloaded:
        yield Fault("workload.spare", "order")
    for key, target in book.targets.items():
        good, bad = target.good, target.bad
        if (good < bad) if MEASURES[key].better == "high" else (good > bad):
            yield Fault(f"assessment.targets.{key}", "order")
    owner: dict[str, str] = {}
    for key, kind in book.kinds.items():
        yield from _of_kind(key, kind, book.bodies)
        for subkind in kind.subkinds:
            if owner.setdefault(subkind, key) != key:
                yield Fault(f"kinds.{key}.subkinds.{subkind}", "twice", owner[subkind])


def _of_kind(key: str, kind: Kind, bodies: Mapping[str, Body]) -> Iterator[Fault]:
    where = f"kinds.{key}"
    if kind.body not in bodies:
        yield Fault(f"{where}.body", "body", kind.body)
    if _late(kind.respond, kind.resolve):
        yield Fault(f"{where}.respond", "order")
    if _late(kind.urgent_respond, kind.urgent_resolve):
        yield Fault(f"{where}.urgent_respond", "order")
    for name, special in kind.special.items():
        if special.body is not None and special.body not in bodies:
            yield Fault(f"{where}.subkinds.{name}.body", "body", special.body)
        own = special.respond or special.resolve
        if own and _late(special.respond or kind.respond, special.resolve or kind.resolve):
            yield Fault(f"{where}.subkinds.{name}.respond", "order")


def _late(respond: Limit | None, resolve: Limit | None) -> bool:
    """Whether a response may come after the deadline, where both are counted alike."""
    if respond is None or resolve is None or respond.clock != resolve.clock:
        return False
    return respond.minutes > resolve.minutes
