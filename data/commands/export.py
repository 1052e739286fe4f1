"""``python -m data export``: incidents, areas or buildings into a file."""

import argparse
import os
from pathlib import Path
from typing import Final, get_args

from data.clock import now
from data.commands import FAILED, OK, USAGE
from data.commands.init import ready_store
from data.commands.speech import complain, is_chinese, say, words
from data.exporters import export_areas, export_buildings, export_incidents
from data.exporters.forms import Form, TooManyRows
from data.picture import Pictures
from data.progress import progress
from data.settings import Settings
from data.store import Store
from rules.access import Scope
from rules.filters import IncidentFilter
from rules.levels import Level

EXAMPLES = """examples:
  python -m data export incidents --out open.xlsx
  python -m data export incidents --status all --days 30 --area 510304001 --out month.csv
  python -m data export areas --level grid --out grids.gpkg
  python -m data export buildings --form geojson --out buildings.json
"""
FORMS: Final[tuple[Form, ...]] = get_args(Form)


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = sub.add_parser(
        "export", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
        help=words("write incidents, areas or buildings to a file", "导出事件、区域或楼栋"),
    )  # fmt: skip
    add = parser.add_argument
    add("what", choices=("incidents", "areas", "buildings"))
    add("--out", type=Path, required=True, help=words("file to write", "输出文件"))
    add("--form", choices=FORMS, help=words("by the name of the file", "默认按文件名"))
    add("--area", metavar="CODE", help=words("only this area and below", "只含此区域及下级"))
    add("--level", choices=[level.name.lower() for level in Level])
    add("--status", choices=("open", "closed", "all"), default="open")
    add("--days", choices=("7", "30", "90", "365"), default="")
    add("--kind", default="", help=words("kinds, comma-separated", "事件大类，逗号分隔"))
    add("--locale", choices=("zh", "en"), help=words("language of the headings", "表头语言"))
    add("--actor", default="system", help=words("login for the log", "记入日志的账号"))
    add("--force", action="store_true", help=words("overwrite the file", "覆盖已有文件"))
    add("--dry-run", action="store_true",
        help=words("check everything, write nothing", "只校验，不写入"))  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write the file: 0 done, 1 failed, 2 asked wrongly."""
    form = args.form or args.out.suffix.removeprefix(".").lower()
    if form not in FORMS:
        complain(
            f"name the form with --form: {', '.join(FORMS)}",
            f"请用 --form 指定格式：{', '.join(FORMS)}",
        )
        return USAGE
    if args.out.exists() and not args.force:
        complain(f"{args.out} exists; --force overwrites it", f"{args.out} 已存在；--force 可覆盖")
        return USAGE
    store = ready_store(settings)
    try:
        return _export(args, store, form)
    except TooManyRows as error:
        complain(
            f"{error.rows} rows do not fit an Excel sheet; use csv",
            f"{error.rows} 行超出 Excel 上限，请用 csv",
        )
        return FAILED
    finally:
        store.close()


def _export(args: argparse.Namespace, store: Store, form: Form) -> int:
    at = now()
    with progress(words("reading", "读取")):
        picture = Pictures(store).current(at)
    if not picture.tree.areas:
        complain("the store holds no areas yet", "尚无区域")
        return FAILED
    root = picture.tree.root_id
    area = picture.tree.by_code(args.area) if args.area else picture.tree.get(root)
    if area is None:
        complain(f"no area has the code {args.area}", f"没有编码为 {args.area} 的区域")
        return USAGE
    query = {"status": args.status, "days": args.days, "kind": args.kind}
    if args.dry_run:
        say(
            f"would write {args.what} of {area.name} to {args.out}; nothing written",
            f"将把{area.name}的数据写入 {args.out}；未写入",
        )
        return OK
    locale = args.locale or ("zh" if is_chinese(os.environ) else "en")
    filter = IncidentFilter.from_query(query)
    scope = Scope(root)
    with progress(words("writing", "写出")):
        if args.what == "buildings":
            body, _, _ = export_buildings(
                store, picture, scope=scope, area_id=area.id, filter=filter, now=at, form=form,
                locale=locale, actor=args.actor,
            )  # fmt: skip
        elif args.what == "areas":
            body, _, _ = export_areas(
                store, picture, scope=scope, area_id=area.id, filter=filter, now=at, form=form,
                locale=locale, actor=args.actor,
                level=Level[args.level.upper()] if args.level else None,
            )  # fmt: skip
        else:
            body, _, _ = export_incidents(
                store, picture, scope=scope, area_id=area.id, filter=filter, now=at, form=form,
                locale=locale, actor=args.actor,
            )  # fmt: skip
        args.out.write_bytes(body)
    say(f"{args.out}: {len(body):,} bytes", f"{args.out}：{len(body):,} 字节")
    return OK
