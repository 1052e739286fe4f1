"""The form of the rules file: which keys there are and how their values are written.

Whatever the file leaves out stays as it is in the default rules. Limits are written like
``"24 h clock"`` (around the clock) or ``"56 h work"`` (working time), in ``h`` or ``min``.
"""

import re
from datetime import date, time
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from rules.holidays import days
from rules.kinds import Limit, Severity
from rules.rulebook import NEEDS

LONGEST: Final = 525_600
"""No limit is longer than a year, in minutes."""

_LIMIT: Final = re.compile(r"(\d{1,6}(?:\.\d{1,4})?) (min|h) (clock|work)")
_PERIOD: Final = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
_NAMES: Final = {severity.name.lower(): severity for severity in Severity}


def _refused(value: object, code: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{value}", {"value": str(value)[:60]})


def _limit(value: Any) -> Any:
    found = _LIMIT.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise _refused(value, "limit")
    minutes = float(found[1]) * (60 if found[2] == "h" else 1)
    if minutes != int(minutes) or not 0 < minutes <= LONGEST:
        raise _refused(value, "limit")
    return Limit(int(minutes), clock=found[3] == "clock")


def _time(value: str) -> time:
    return time.fromisoformat("00:00" if value == "24:00" else value)


def _clock_time(value: Any) -> Any:
    try:
        return value if isinstance(value, time) else _time(value)
    except (TypeError, ValueError) as error:
        raise _refused(value, "time") from error


def _period(value: Any) -> Any:
    found = _PERIOD.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise _refused(value, "period")
    return _clock_time(found[1]), _clock_time(found[2])


def _days(value: Any) -> Any:
    """Read a day, or a first and a last day with two dots between."""
    try:
        first, _, last = value.partition("..")
        found = days(date.fromisoformat(first), date.fromisoformat(last or first))
    except (AttributeError, ValueError) as error:
        raise _refused(value, "day") from error
    if not 0 < len(found) <= 60:
        raise _refused(value, "day")
    return found


def _severity(value: Any) -> Any:
    if not isinstance(value, str) or value not in _NAMES:
        raise _refused(value, "severity")
    return _NAMES[value]


def _need(value: Any) -> Any:
    if value not in NEEDS:
        raise _refused(value, "need")
    return value


def _name(value: str) -> str:
    if value != value.strip() or not value.isprintable():
        raise _refused(value, "name")
    return value


def _tenth(value: float) -> float:
    if round(value, 1) != value:
        raise _refused(value, "tenth")
    return value


Name = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_name)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
LimitText = Annotated[Limit, BeforeValidator(_limit)]
OrNone = BeforeValidator(lambda value: None if value == "" else value)
SeverityText = Annotated[Severity, BeforeValidator(_severity)]
Effort = Annotated[int, Field(gt=0, le=10_000)]
Rate = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(gt=0, le=10), AfterValidator(_tenth)]
Clock = Annotated[time, BeforeValidator(_clock_time)]
Days = Annotated[tuple[date, ...], BeforeValidator(_days)]
Period = Annotated[tuple[time, time], BeforeValidator(_period)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def given(self, *besides: str) -> dict[str, Any]:
        """Give what the file says, by key, without ``besides``."""
        return {key: getattr(self, key) for key in self.model_fields_set - set(besides)}


class LampForm(_Form):
    """The lamps of an item."""

    yellow: Annotated[float, Field(gt=0, lt=1)] | None = None


class EvaluationForm(_Form):
    """What a resident's score does, and how long it may be given."""

    dissatisfied_at: Annotated[int, Field(ge=1, le=4)] | None = None
    evaluation_days: Annotated[int, Field(ge=1, le=365)] | None = None


class WorkloadForm(_Form):
    """Factors by severity, and the ratios that have a name."""

    overloaded: Annotated[float, Field(gt=0, le=10)] | None = None
    spare: Annotated[float, Field(ge=0, le=10)] | None = None
    weights: dict[Literal["urgent", "serious", "general", "minor"], Weight] = {}


class TargetForm(_Form):
    """Marks of one figure of the assessment."""

    good: Rate
    bad: Rate


class AssessmentForm(_Form):
    """Marks of the assessment."""

    few: Annotated[int, Field(ge=1, le=1000)] | None = None
    targets: dict[str, TargetForm] = {}


class ShiftForm(_Form):
    """A duty period."""

    zh: Name
    en: Name
    opens: Clock
    closes: Clock
    counts: bool = False


class CalendarForm(_Form):
    """Working time; a list takes the place of the one before it as a whole."""

    periods: Annotated[list[Period], Field(min_length=1, max_length=12)] | None = None
    holidays: list[Days] | None = None
    makeup_days: list[Days] | None = None
    shifts: dict[Key, ShiftForm] | None = None


class BodyForm(_Form):
    """A responsible body."""

    zh: Name
    en: Name


class SubkindForm(_Form):
    """A sub-kind: names, and what it decides differently; ``""`` leaves it to the kind."""

    zh: Name | None = None
    en: Name | None = None
    severity: Annotated[SeverityText | None, OrNone] = None
    respond: Annotated[LimitText | None, OrNone] = None
    resolve: Annotated[LimitText | None, OrNone] = None
    feedback: Annotated[LimitText | None, OrNone] = None
    effort_minutes: Annotated[Effort | None, OrNone] = None
    body: Annotated[Key | None, OrNone] = None


class KindForm(_Form):
    """A kind: ``without`` takes sub-kinds of the default rules away."""

    zh: Name | None = None
    en: Name | None = None
    severity: SeverityText | None = None
    body: Key | None = None
    effort_minutes: Effort | None = None
    respond: LimitText | None = None
    resolve: LimitText | None = None
    feedback: LimitText | None = None
    urgent_respond: Annotated[LimitText | None, OrNone] = None
    urgent_resolve: Annotated[LimitText | None, OrNone] = None
    needs: list[Annotated[str, BeforeValidator(_need)]] | None = None
    without: list[Key] = []
    subkinds: dict[Key, SubkindForm] = {}


class RulesForm(_Form):
    """The whole file."""

    lamps: LampForm = LampForm()
    evaluation: EvaluationForm = EvaluationForm()
    workload: WorkloadForm = WorkloadForm()
    assessment: AssessmentForm = AssessmentForm()
    calendar: CalendarForm = CalendarForm()
    bodies: dict[Key, BodyForm] = {}
    kinds: dict[str, KindForm] = {}
