"""``python -m data import``: boundaries, buildings, base map and incidents made by others."""

import argparse
import csv
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.clock import now
from data.commands import FAILED, OK, REFUSED, USAGE
from data.commands.init import ready_store
from data.commands.speech import is_chinese, words
from data.importers.base_map import LAYERS
from data.importers.faults import FAULTS, line
from data.importers.hierarchy import Root
from data.importers.options import Lookup, Options
from data.importers.report import Locale, Report, detection_lines, result_lines
from data.importers.session import (
    Checked,
    StoreMoved,
    check,
    look,
    sample,
    write,
)
from data.importers.texts import LINES
from data.importers.values import BadKind, kind_words
from data.importers.write import Entry
from data.progress import progress
from data.rulebook import read_rulebook
from data.settings import Settings
from data.store import Store, get_meta
from geo.crs import crs_name
from geo.datum import Datum
from rules.levels import Level

EXAMPLES = """examples:
  python -m data import boundaries grids.zip --level grid --parent-field SSSQ
  python -m data import boundaries councils.geojson --level community --code-field nc_id \\
      --name-field name --parent-field service_re --root-name "Los Angeles" --yes
  python -m data import buildings city.osm.pbf --dry-run
  python -m data import base roads.gpkg --layer roads --as road
  python -m data import incidents 2023.xlsx --map reported_at=登记时间 --datum gcj02
  python -m data import incidents requests.csv --map kind=type_id \\
      --lookup type_id=types.csv:type_id:type_name --kind-map Graffiti=environment \\
      --time-zone America/Los_Angeles --yes --json-report report.json
"""

_SHORT: Final = ("code", "name", "parent", "households", "lon", "lat", "number")


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = sub.add_parser(
        "import", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
        help=words("take in areas, buildings, base map, incidents", "导入边界、楼栋、底图或事件"),
    )  # fmt: skip
    add = parser.add_argument
    add("what", choices=("boundaries", "buildings", "base", "incidents"))
    add("file", type=Path, help="gpkg, shp, zip, geojson, kml, osm.pbf; csv, xlsx, xls, ods")
    levels = [level.name.lower() for level in Level]
    add(
        "--level", choices=levels, default="grid", help=words("level of the boundaries", "边界层级")
    )
    add(
        "--parent-level",
        choices=levels,
        help=words("level of parents to be made", "生成上级的层级"),
    )
    for name in _SHORT:
        add(f"--{name}-field", metavar="COLUMN", help=words(f"column of {name}", f"{name} 所在列"))
    add("--map", action="append", default=[], metavar="FIELD=COLUMN")
    add("--layer", help=words("layer or sheet of the file", "图层或工作表"))
    add("--as", dest="base_layer", choices=LAYERS, help=words("layer of the base map", "底图类别"))
    add("--where", help=words("condition on the rows, as in SQL", "筛选条件（SQL）"))
    add("--encoding", help=words("encoding of the texts", "文字编码"))
    add("--crs", help="EPSG:4544 …")
    add("--datum", choices=[d.value for d in Datum])
    add(
        "--gap-width",
        type=float,
        default=2.0,
        help=words("close gaps up to (m)", "填补缝隙上限（米）"),
    )
    add("--root-name", help=words("name of a root that has to be made", "新建根区域名称"))
    add("--root-code")
    add("--root-level", choices=levels)
    add("--time-zone", help=words("zone of times without one", "无时区时间所属时区"))
    add("--time-format", help="%%m/%%d/%%Y %%H:%%M …")
    add("--lookup", action="append", default=[], metavar="COLUMN=FILE:KEY:TEXT")
    add("--kind-map", action="append", default=[], metavar="WORD=KIND")
    add("--kind-map-file", type=Path, help=words("CSV of word,kind or JSON", "CSV 或 JSON 对照表"))
    add("--dry-run", action="store_true", help=words("report, write nothing", "只报告，不写入"))
    add("--yes", action="store_true", help=words("do not ask", "不再询问"))
    add(
        "--strict",
        action="store_true",
        help=words("write nothing if a row is refused", "有拒绝则不写"),
    )
    add("--json-report", type=Path, metavar="PATH")
    add("--actor", default="system", help=words("login for the log", "记入日志的账号"))


_UNREADABLE: Final = "bad_pair"
_NO_ZONE: Final = "unknown_zone"


class BadOption(ValueError):
    """An option cannot be meant: key of the texts and what fills it."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def _pairs(texts: Iterable[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator:
            raise BadOption(_UNREADABLE, detail=text)
        found[name.strip()] = value.strip()
    return found


def _lookup(text: str, beside: Path) -> Lookup:
    column, _, rest = text.partition("=")
    try:
        name, key, value = rest.rsplit(":", 2)
    except ValueError as error:
        raise BadOption(_UNREADABLE, detail=text) from error
    path = Path(name)
    return Lookup(column, path if path.is_file() else beside / name, key, value)


def _kind_file(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    if not path.is_file():
        raise BadOption(_UNREADABLE, detail=str(path))
    text = path.read_text("utf-8-sig")
    if path.suffix.lower() == ".json":
        return {str(k): str(v) for k, v in json.loads(text).items()}
    rows = [row for row in csv.reader(text.splitlines()) if len(row) >= 2]
    return {row[0].strip(): row[1].strip() for row in rows if row[1].strip() != "kind"}


def _level(name: str | None) -> Level | None:
    return Level[name.upper()] if name else None


def options_of(args: argparse.Namespace, zone_name: str | None) -> Options:
    """Read the options; ``zone_name`` is the store's time zone, if it has one.

    Raises
    ------
    BadOption, data.importers.values.BadKind, geo.crs.UnknownCrsName
        If an option cannot be meant.
    """
    asked = _pairs(args.map)
    asked |= {n: getattr(args, f"{n}_field") for n in _SHORT if getattr(args, f"{n}_field")}
    zone = args.time_zone or zone_name or "Asia/Shanghai"
    try:
        found = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadOption(_NO_ZONE, detail=zone) from error
    kinds = {**_kind_file(args.kind_map_file), **_pairs(args.kind_map)}
    kind_words(kinds)
    root = None
    if args.root_name or args.root_code or args.root_level:
        name = args.root_name or args.file.name.partition(".")[0]
        root = Root(name, args.root_code, _level(args.root_level))
    return Options(
        what=args.what, path=args.file, layer=args.layer, encoding=args.encoding,
        where=args.where, crs=crs_name(args.crs) if args.crs else None,
        datum=Datum(args.datum) if args.datum else None,
        mapping=asked, level=Level[args.level.upper()], parent_level=_level(args.parent_level),
        root=root, gap_width=args.gap_width, base_layer=args.base_layer,
        lookups=tuple(_lookup(text, args.file.parent) for text in args.lookup),
        kinds=kinds,
        zone=found, zone_name=zone, time_form=args.time_format,
    )  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Import a file: 0 done, 1 failed, 2 asked wrongly or not confirmed, 3 rows were refused."""
    locale: Locale = "zh" if is_chinese(os.environ) else "en"
    store = ready_store(settings)
    try:
        return _run(args, store, locale)
    except tuple(_FAULTS) as error:
        kind = next(k for k in type(error).__mro__ if k in _FAULTS)
        _complain(_FAULTS[kind](error, locale))
        return FAILED if isinstance(error, StoreMoved) else USAGE
    finally:
        store.close()


def _run(args: argparse.Namespace, store: Store, locale: Locale) -> int:
    with store.read() as conn:
        options = options_of(args, get_meta(conn, "time_zone"))
    options = replace(options, rulebook=read_rulebook(store.settings))
    with progress(line("step_read", locale, source=args.file.name)):
        found = look(store, options)
    shown = [line("sample", locale, cells=cells) for cells in sample(found)]
    _say([*detection_lines(found.report, locale), *shown])
    if not (args.dry_run or args.yes):
        if not sys.stdin.isatty():
            _complain(line("needs_yes", locale))
            return USAGE
        if input(line("confirm", locale)).strip().lower() not in {"y", "yes", "是"}:
            _complain(line("not_confirmed", locale))
            return USAGE
    entry = Entry(args.actor, now())
    with progress(line("step_check", locale, n=found.report.read)):
        checked = check(store, options, found, entry)
    report, code = _finish(args, store, options, checked, entry, locale)
    if args.json_report:
        text = json.dumps(report.to_json(keep=1_000_000), ensure_ascii=False, indent=1)
        args.json_report.write_text(text + "\n", encoding="utf-8")
    return code


def _finish(
    args: argparse.Namespace, store: Store, options: Options, checked: Checked,
    entry: Entry, locale: Locale,
) -> tuple[Report, int]:  # fmt: skip
    report = checked.report
    refused = REFUSED if report.refused else OK
    if args.dry_run:
        report = replace(report, dry_run=True)
        _say(result_lines(report, locale))
        return report, refused
    if not report.accepted or (args.strict and report.refused):
        _say(result_lines(replace(report, accepted=0, counts={}), locale))
        _complain(LINES["strict" if report.accepted else "nothing"][locale == "en"])
        return report, refused or FAILED
    with progress(LINES["step_write"][locale == "en"]):
        report = write(store, options, checked, entry)
    _say(result_lines(report, locale))
    return report, refused


def _say(lines: Iterable[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def _complain(text: str) -> None:
    sys.stderr.write(text + "\n")


_FAULTS: Final[dict[type[Exception], Any]] = {
    **FAULTS,
    BadKind: lambda e, at: line("bad_kind", at, detail=f"{e.word}={e.kind}"),
    BadOption: lambda e, at: line(e.key, at, **e.values),
    StoreMoved: lambda _, at: line("store_moved", at),
}
