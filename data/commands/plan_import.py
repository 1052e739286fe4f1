"""``python -m data plan import``: a plan made from polygons, or from a table of buildings."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from data.clock import now
from data.commands import OK, REFUSED, USAGE
from data.commands.speech import complain, is_chinese, words
from data.importers.faults import FAULTS, fault_text, line
from data.importers.parsers import SHEETS, TEXTS
from data.importers.plan_adopt import AssignmentFound, adopt_assignment, look_at_assignment
from data.importers.plan_file import PlanFile
from data.importers.plan_new import GridsFound, look_at_grids, make_from_grids
from data.importers.report import Locale, Report, detection_lines, result_lines
from data.picture import Picture
from data.plan_making import BadTitle, Making, NotPlannable, new_plan
from data.plans import sheet
from data.progress import progress
from data.store import Store
from geo.coverage import GAP_WIDTH
from geo.datum import Datum
from rules.access import Actor, OutsideScope, Scope
from rules.plan_edits import Locked, NotEditable

TABLES: Final = SHEETS | TEXTS


def add_import(parser: argparse.ArgumentParser) -> None:
    """Declare what an import of a plan is told."""
    add = parser.add_argument
    add("file", type=Path, help="gpkg, geojson, zip (Shapefile): grids; csv, xlsx: buildings")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--community", metavar="CODE", help=words("make a new plan for it", "为该社区新建方案")
    )
    where.add_argument(
        "--plan", type=int, help=words("draft that a table goes into", "表格导入到该草案")
    )
    add("--title", help=words("title of the new plan", "新方案名称"))
    add("--map", action="append", default=[], metavar="FIELD=COLUMN")
    add("--layer", help=words("layer or sheet of the file", "图层或工作表"))
    add("--encoding", help=words("encoding of the texts", "文字编码"))
    add("--crs", help="EPSG:4544 …")
    add("--datum", choices=[d.value for d in Datum])
    add("--gap-width", type=float, default=GAP_WIDTH,
        help=words("close gaps up to (m)", "填补缝隙上限（米）"))  # fmt: skip
    add("--dry-run", action="store_true", help=words("report, write nothing", "只报告，不写入"))
    add("--yes", action="store_true", help=words("do not ask", "不再询问"))
    add("--json-report", type=Path, metavar="PATH")


def import_plan(args: argparse.Namespace, store: Store, picture: Picture, actor: Actor) -> int:
    """Make or change a plan: 0 done, 2 asked wrongly or not confirmed, 3 rows were refused."""
    locale: Locale = "zh" if is_chinese(os.environ) else "en"
    try:
        return _import(args, store, picture, actor, locale)
    except tuple(FAULTS) as error:
        sys.stderr.write(fault_text(error, locale) + "\n")
    except OutsideScope:
        complain("there is no such community or plan", "没有这个社区或方案")
    except NotPlannable as error:
        complain(f"the grids of {error.code} cannot be redrawn", f"{error.code} 不能划分网格")
    except BadTitle:
        complain("a title has 1 to 80 letters", "方案名称为 1 至 80 个字")
    except NotEditable:
        complain("the plan is no draft", "该方案不是草案，不能修改")
    except Locked as error:
        keys = ", ".join(error.keys)
        complain(f"what would move is locked: {keys}", f"要调整的内容已锁定：{keys}")
    return USAGE


def _import(
    args: argparse.Namespace, store: Store, picture: Picture, actor: Actor, locale: Locale
) -> int:
    pairs = dict(text.partition("=")[::2] for text in args.map)
    file = PlanFile(
        args.file, args.layer, args.encoding, args.crs, Datum(args.datum) if args.datum else None,
        pairs, args.gap_width,
    )  # fmt: skip
    is_table = args.file.suffix.lower() in TABLES
    if args.plan is not None and not is_table:
        complain(
            "grids make a new plan: name the community with --community",
            "网格图形会建立新方案，请用 --community 指定社区",
        )
        return USAGE
    scope, area_id = Scope(actor.area_id), _area(args, store, picture, actor)
    found: AssignmentFound | GridsFound
    with progress(line("step_read", locale, source=args.file.name)):
        if is_table:
            found = look_at_assignment(
                store, picture, scope=scope, actor=actor, area_id=area_id, file=file,
                plan_id=args.plan,
            )  # fmt: skip
        else:
            found = look_at_grids(store, picture, scope=scope, area_id=area_id, file=file)
    _say(detection_lines(found.report, locale))
    report = replace(found.report, dry_run=args.dry_run)
    code = REFUSED if report.refused else OK
    if args.dry_run or not report.accepted:
        _say(result_lines(report, locale))
        _keep(args, report)
        return code if args.dry_run else USAGE
    if not _confirmed(args, locale):
        return USAGE
    report, said = _written(args, store, picture, actor, found, locale)
    _say([*result_lines(report, locale), said])
    _keep(args, report)
    return code


def _area(args: argparse.Namespace, store: Store, picture: Picture, actor: Actor) -> int:
    if args.plan is not None:
        draft = sheet(store, picture, scope=Scope(actor.area_id), actor=actor, plan_id=args.plan)
        return draft.plan.area_id
    area = picture.tree.by_code(args.community)
    if area is None:
        raise OutsideScope(args.community)
    return area.id


def _confirmed(args: argparse.Namespace, locale: Locale) -> bool:
    if args.yes:
        return True
    if not sys.stdin.isatty():
        sys.stderr.write(line("needs_yes", locale) + "\n")
        return False
    if input(line("confirm", locale)).strip().lower() in {"y", "yes", "是"}:
        return True
    sys.stderr.write(line("not_confirmed", locale) + "\n")
    return False


def _written(
    args: argparse.Namespace, store: Store, picture: Picture, actor: Actor,
    found: AssignmentFound | GridsFound, locale: Locale,
) -> tuple[Report, str]:  # fmt: skip
    scope, title = Scope(actor.area_id), args.title or args.file.name.partition(".")[0]
    if isinstance(found, GridsFound):
        plan_id = make_from_grids(
            store, picture, scope=scope, actor=actor, title=title, found=found, now=now()
        )
        return found.report, line("plan_made", locale, n=plan_id, title=title)
    plan_id = args.plan
    if plan_id is None:
        making = Making(found.area_id, title)
        plan_id = new_plan(store, picture, scope=scope, actor=actor, making=making, now=now())
    draft = sheet(store, picture, scope=scope, actor=actor, plan_id=plan_id)
    report = adopt_assignment(
        store, picture, scope=scope, actor=actor, plan_id=plan_id, version=draft.plan.version,
        found=found, now=now(),
    )  # fmt: skip
    if args.plan is None:
        return report, line("plan_made", locale, n=plan_id, title=title)
    key = "plan_changed" if report.counts["moving"] else "plan_same"
    return report, line(key, locale, n=plan_id)


def _say(lines: Sequence[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def _keep(args: argparse.Namespace, report: Report) -> None:
    if args.json_report:
        text = json.dumps(report.to_json(keep=1_000_000), ensure_ascii=False, indent=1)
        args.json_report.write_text(text + "\n", encoding="utf-8")
