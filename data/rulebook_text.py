"""Writing a rulebook as the rules file that gives it back, with words on every part."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, time, timedelta
from typing import Final

from rules.assessment import MEASURES
from rules.deadlines import WorkingCalendar
from rules.kinds import SEVERITIES, Kind, Limit, Severity, Special
from rules.rulebook import DEFAULT, NEEDS, Rulebook

_HEAD: Final = """\
# 网格一张图 · 本区规则 / Grid Map: the rules of this district
#
# 存为 var/rules.toml，或用 GRIDMAP_RULES 指定；先检查：python -m data rules check；重启后生效。
# 省略的项目采用默认值。默认值是通行做法，不是国家规定。
# Save as var/rules.toml (or name it in GRIDMAP_RULES), check it with: python -m data rules check,
# restart the server. What is left out stays at its default. The defaults are common practice,
# not a national rule.
#
# 时限：clock 自然时间，work 工作时间，h 小时，min 分钟
# limits: "24 h clock" runs around the clock, "56 h work" in working time
# 程度 / severity: urgent 紧急, serious 较大, general 一般, minor 轻微
# 处置要求 / needs: note 文字说明, photo 照片, consent 当事人同意
# 空文字 "" 表示没有或沿用大类 / an empty text means none, or as in the kind
"""


def rulebook_text(book: Rulebook) -> str:
    """Write all rules as one readable file; reading it gives the same rulebook."""
    parts = (_lamps, _workload, _assessment, _calendar_part, _bodies, _kinds)
    return "\n".join([_HEAD, *("\n".join(part(book)) + "\n" for part in parts)])


def _quoted(text: str) -> str:
    # A basic string of TOML escapes as JSON does; a JSON surrogate pair never comes up.
    return json.dumps(text, ensure_ascii=False)


def _listed(values: Iterable[str]) -> str:
    return "[" + ", ".join(_quoted(value) for value in values) + "]"


def limit_text(limit: Limit | None) -> str:
    """Write a limit in hours where they are whole, else in minutes."""
    if limit is None:
        return ""
    hours = not limit.minutes % 60
    number, unit = (limit.minutes // 60, "h") if hours else (limit.minutes, "min")
    return f"{number} {unit} {'clock' if limit.clock else 'work'}"


def _lamps(book: Rulebook) -> Iterator[str]:
    yield "[lamps]"
    yield "# 用去时限的这一比例起亮黄灯，超期亮红灯"
    yield "# yellow from this share of the time used, red when over"
    yield f"yellow = {book.yellow!r}"
    yield "\n[evaluation]"
    yield "# 评分不高于此（1至5分）即重开 / a score up to this one (of 1 to 5) reopens the item"
    yield f"dissatisfied_at = {book.dissatisfied_at}"
    yield "# 居民可评价的天数 / days in which a resident may evaluate"
    yield f"evaluation_days = {book.evaluation_days}"


def _workload(book: Rulebook) -> Iterator[str]:
    yield "[workload]"
    yield "# 负荷 =（未办结工时 × 程度系数 + 巡查 + 走访）÷ 每周可用工时"
    yield "# load = (open effort × factor of severity + patrol + visits) ÷ working time of a week"
    yield f"overloaded = {book.overloaded!r}  # 高于此为超负荷 / above it overloaded"
    yield f"spare = {book.spare!r}  # 低于此为有余力 / below it spare"
    yield "\n[workload.weights]  # 程度系数，一位小数 / factors, one decimal"
    for severity, (zh, en) in SEVERITIES.items():
        factor = book.severity_weight[severity]
        yield f"{severity.name.lower()} = {factor!r}  # {zh} / {en}"


def _assessment(book: Rulebook) -> Iterator[str]:
    yield "[assessment]"
    yield "# 件数少于此不作评判 / a share of fewer items is not judged"
    yield f"few = {book.few}"
    yield "\n[assessment.targets]"
    yield "# 达到 good 为达标，差于 bad 须说明 / good: the mark is reached; beyond bad: missed"
    for key, target in book.targets.items():
        zh, en = MEASURES[key].formula
        yield f"# {zh}\n# {en}"
        yield f"{key} = {{ good = {target.good!r}, bad = {target.bad!r} }}"


def _clock(at: time) -> str:
    return at.strftime("%H:%M")


def _ranges(days: frozenset[date]) -> Iterator[str]:
    """Write days as first and last of each row of days."""
    rest = sorted(days)
    while rest:
        n = 1
        while n < min(len(rest), 60) and rest[n] == rest[0] + timedelta(days=n):
            n += 1
        first, last, rest = rest[0], rest[n - 1], rest[n:]
        yield f"{first}" if first == last else f"{first}..{last}"


def _by_year(name: str, days: frozenset[date]) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for text in _ranges(days):
        found.setdefault(text[:4], []).append(_quoted(text))
    yield f"{name} = ["
    yield from (f"  {', '.join(texts)}," for texts in found.values())
    yield "]"


def _calendar_part(book: Rulebook) -> Iterator[str]:
    calendar: WorkingCalendar = book.calendar
    yield "[calendar]"
    yield "# 工作时段；结束不晚于开始的跨到次日"
    yield "# periods of work; one that ends before it begins runs past midnight"
    yield f"periods = {_listed(f'{_clock(a)}-{_clock(b)}' for a, b in calendar.periods)}"
    yield "# 放假日，据国务院办公厅每年的通知 / public holidays by the State Council's notices"
    yield from _by_year("holidays", calendar.holidays)
    yield "# 调休上班日 / Saturdays and Sundays that are worked"
    yield from _by_year("makeup_days", calendar.makeup_days)
    yield "\n[calendar.shifts]"
    yield "# 值班班次；counts = true 的计入工作时间 / duty shifts; limits run in those that count"
    if not calendar.shifts:
        yield (
            '# night = { zh = "夜班", en = "Night", opens = "22:00", closes = "06:00",'
            " counts = false }"
        )
    for shift in calendar.shifts:
        yield (
            f"{shift.key} = {{ zh = {_quoted(shift.zh)}, en = {_quoted(shift.en)},"
            f' opens = "{_clock(shift.opens)}", closes = "{_clock(shift.closes)}",'
            f" counts = {str(shift.counts).lower()} }}"
        )


def _bodies(book: Rulebook) -> Iterator[str]:
    yield "[bodies]  # 责任单位 / responsible bodies"
    for body in book.bodies.values():
        yield f"{body.key} = {{ zh = {_quoted(body.zh)}, en = {_quoted(body.en)} }}"


def _kinds(book: Rulebook) -> Iterator[str]:
    yield "# 八个大类固定，名称、时限、责任单位、小类可改 / the eight kinds are fixed, the rest not"
    yield "# respond 响应, resolve 处置, feedback 反馈, effort_minutes 标准工时（分钟）"
    yield "# without: 不用的默认小类 / default sub-kinds that are not used here"
    for key, kind in book.kinds.items():
        yield f"\n[kinds.{key}]"
        yield from _of_kind(kind, book.resolve_needs[key])
        gone = [name for name in DEFAULT.kinds[key].subkinds if name not in kind.subkinds]
        yield f"without = {_listed(gone)}"
        yield f"\n[kinds.{key}.subkinds]"
        base = DEFAULT.kinds[key].special
        for name, (zh, en) in kind.subkinds.items():
            special = kind.special.get(name, Special())
            decided = [f"zh = {_quoted(zh)}", f"en = {_quoted(en)}"]
            decided += _of_special(special, base.get(name, Special()))
            yield f"{name} = {{ {', '.join(decided)} }}"


def _of_kind(kind: Kind, needs: frozenset[str]) -> Iterator[str]:
    yield f"zh = {_quoted(kind.zh)}"
    yield f"en = {_quoted(kind.en)}"
    yield f"severity = {_quoted(kind.severity.name.lower())}"
    yield f"body = {_quoted(kind.body)}"
    yield f"effort_minutes = {kind.effort_minutes}"
    for name in ("respond", "resolve", "feedback", "urgent_respond", "urgent_resolve"):
        yield f"{name} = {_quoted(limit_text(getattr(kind, name)))}"
    yield f"needs = {_listed(need for need in NEEDS if need in needs)}"


def _of_special(special: Special, base: Special) -> Iterator[str]:
    """Write what a sub-kind decides, and leaves to its kind where the default decides it."""
    for field in fields(Special):
        value, default = getattr(special, field.name), getattr(base, field.name)
        if value is not None or default is not None:
            yield f"{field.name} = {_value(value)}"


def _value(value: Severity | Limit | int | str | None) -> str:
    if isinstance(value, Severity):
        return _quoted(value.name.lower())
    if isinstance(value, int):
        return str(value)
    return _quoted(value or "" if isinstance(value, str | None) else limit_text(value))
