"""``python -m data plan``: boundary plans listed, written to files, and made from files."""

import argparse
import os
from pathlib import Path
from typing import Final, get_args

from data.clock import now
from data.commands import FAILED, OK, USAGE
from data.commands.init import ready_store
from data.commands.plan_import import add_import, import_plan
from data.commands.speech import complain, is_chinese, say, words
from data.exporters.plan import PlanForm, Wish, export_plan
from data.picture import Picture, Pictures
from data.plan_rows import plans
from data.progress import progress
from data.settings import Settings
from data.store import Store
from rules.access import Actor, OutsideScope, Role, Scope
from rules.boundary_plan import LABELS
from rules.plan_log import UnknownPosition

EXAMPLES = """examples:
  python -m data plan list
  python -m data plan export 3 --out plan.gpkg
  python -m data plan export 3 --out review.docx --locale zh
  python -m data plan import grids.zip --community 510304001001 --title "Plan of June" --dry-run
  python -m data plan import assignment.xlsx --plan 3 --yes
"""
FORMS: Final[dict[str, PlanForm]] = {
    **{f".{form}": form for form in get_args(PlanForm)}, ".zip": "shp", ".json": "geojson",
}  # fmt: skip


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = sub.add_parser(
        "plan", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
        help=words("boundary plans to and from files", "划分方案的导出与导入"),
    )  # fmt: skip
    inner = parser.add_subparsers(dest="what", required=True, metavar="what")
    inner.add_parser("list", help=words("name all plans", "列出方案"))
    out = inner.add_parser("export", help=words("write a plan to a file", "导出方案"))
    add = out.add_argument
    add("plan", type=int, help=words("number of the plan", "方案编号"))
    add("--out", type=Path, required=True, help="gpkg, geojson, zip (Shapefile), csv, xlsx, docx")
    add("--form", choices=get_args(PlanForm), help=words("by the name of the file", "默认按文件名"))
    add("--seq", type=int, help=words("as it stood at this step", "按第几步时的状态"))
    add("--metres", dest="metric", action="store_const", const="metres", default="degrees",
        help=words("coordinates in metres", "米制坐标（高斯-克吕格）"))  # fmt: skip
    add("--encoding", choices=("UTF-8", "GBK"), default="UTF-8", help="Shapefile")
    add("--locale", choices=("zh", "en"), help=words("language of the file", "文件语言"))
    add("--force", action="store_true", help=words("overwrite the file", "覆盖已有文件"))
    came = inner.add_parser("import", help=words("make a plan from a file", "由文件建立方案"))
    add_import(came)
    for one in (out, came):
        one.add_argument(
            "--actor", default="system", help=words("login for the log", "记入日志的账号")
        )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what was asked: 0 done, 1 failed, 2 asked wrongly, 3 done but rows were refused."""
    store = ready_store(settings)
    try:
        with progress(words("reading", "读取")):
            picture = Pictures(store).current(now())
        if not picture.tree.areas:
            complain("the store holds no areas yet", "尚无区域")
            return FAILED
        actor = Actor(0, getattr(args, "actor", "system"), "", Role.PLANNER, picture.tree.root_id)
        if args.what == "import":
            return import_plan(args, store, picture, actor)
        return (_export if args.what == "export" else _list)(args, store, picture, actor)
    finally:
        store.close()


def _list(_: argparse.Namespace, store: Store, picture: Picture, actor: Actor) -> int:
    for plan in plans(store, picture, scope=Scope(actor.area_id), actor=actor):
        area, (zh, en) = picture.tree.get(plan.area_id), LABELS[plan.state]
        about = f"{area.code} {area.name}\t{plan.title}\t{plan.author}"
        say(f"{plan.id}\t{en}\t{about}", f"{plan.id}\t{zh}\t{about}")
    return OK


def _export(args: argparse.Namespace, store: Store, picture: Picture, actor: Actor) -> int:
    form = args.form or FORMS.get(args.out.suffix.lower())
    if form is None:
        forms = ", ".join(get_args(PlanForm))
        complain(f"name the form with --form: {forms}", f"请用 --form 指定格式：{forms}")
        return USAGE
    if args.out.exists() and not args.force:
        complain(f"{args.out} exists; --force overwrites it", f"{args.out} 已存在；--force 可覆盖")
        return USAGE
    locale = args.locale or ("zh" if is_chinese(os.environ) else "en")
    try:
        with progress(words("writing", "写出")):
            body, _, _ = export_plan(
                store, picture, scope=Scope(actor.area_id), actor=actor, plan_id=args.plan,
                wish=Wish(form, locale, args.metric, args.encoding), now=now(), seq=args.seq,
            )  # fmt: skip
    except OutsideScope:
        complain(f"there is no plan {args.plan}", f"没有方案 {args.plan}")
        return USAGE
    except UnknownPosition:
        complain(f"the plan never stood at {args.seq}", f"方案没有第 {args.seq} 步")
        return USAGE
    args.out.write_bytes(body)
    say(f"{args.out}: {len(body):,} bytes", f"{args.out}：{len(body):,} 字节")
    return OK
