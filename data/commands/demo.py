"""``python -m data demo``: fill the store with a made-up district, city or province."""

import argparse
import sys
import time
from collections.abc import Callable
from typing import Final

from data.clock import now
from data.commands import FAILED, OK
from data.commands.init import ready_store
from data.commands.speech import complain, say, words
from data.demo import DEMO_PASSWORD
from data.demo.build import Made, make_demo
from data.demo.plan import Plan
from data.demo.plans import write_plans
from data.demo.scales import SCALES, plan_of
from data.demo.write import HoldsRealData, StoreNotEmpty, holds_data
from data.settings import Settings

EXAMPLES = """examples:
  python -m data demo
  python -m data demo --scale city --seed 3 --dry-run
  python -m data demo --force
"""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = sub.add_parser(
        "demo", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
        help=words("make a synthetic demo district", "生成演示数据（虚构）"),
    )  # fmt: skip
    parser.add_argument(
        "--scale", choices=SCALES, default="district",
        help=words("how much to make (default: district)", "数据规模（默认 district）"),
    )  # fmt: skip
    parser.add_argument(
        "--seed", type=int, default=1,
        help=words("another seed gives another district", "不同的种子生成不同的数据"),
    )  # fmt: skip
    parser.add_argument(
        "--force", action="store_true",
        help=words("replace an older demo; never real data", "替换已有演示数据；不会替换真实数据"),
    )  # fmt: skip
    parser.add_argument(
        "--if-empty", action="store_true",
        help=words("do nothing if the store holds data", "已有数据时不做任何事"),
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true",
        help=words("say what would be made, change nothing", "只说明将生成什么，不改动"),
    )  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Make the demo."""
    if args.seed < 0:
        complain("--seed must not be negative", "--seed 不能为负数")
        return FAILED
    plan = plan_of(args.scale, args.seed)
    if args.dry_run:
        _describe(plan)
        return OK
    store = ready_store(settings)
    moment, tell = now(), _timed()
    try:
        if args.if_empty:
            with store.read() as conn:
                if holds_data(conn):
                    return OK
        made = make_demo(
            store, plan, seed=args.seed, now=moment, force=args.force, tell=tell
        )  # fmt: skip
        if args.scale == "district":
            tell("plans")
            write_plans(store, seed=args.seed, now=moment)
    except StoreNotEmpty:
        complain(
            "The store holds a demo already. To replace it: --force",
            "数据库中已有演示数据。如需替换，请加 --force",
        )
        return FAILED
    except HoldsRealData:
        complain(
            "The store holds real data; a demo never replaces it. Nothing was changed.",
            "数据库中有真实数据，演示数据不会替换它。未作改动。",
        )
        return FAILED
    finally:
        store.close()
    _report(plan, made)
    return OK


_STEPS: Final = {"land": "地块与边界", "base map": "底图", "plans": "划分方案"}


def _timed() -> Callable[[str], None]:
    start = time.monotonic()

    def tell(step: str) -> None:
        named = words(step, _STEPS.get(step, step))
        label = words("demo", "演示数据")
        sys.stderr.write(f"{time.monotonic() - start:6.1f} s  {label}: {named} …\n")
        sys.stderr.flush()

    return tell


def _describe(plan: Plan) -> None:
    grids = sum(d.grids for d in plan.districts)
    units = sum(len(d.units) for d in plan.districts)
    homes = sum(d.households for d in plan.districts)
    say(
        f"would make: {plan.name}, {len(plan.districts)} districts, {units:,} communities and "
        f"villages, {grids:,} grids, {homes:,} households; nothing changed",
        f"将生成：{plan.name}，{len(plan.districts)} 个区县，{units:,} 个社区/村，"
        f"{grids:,} 个网格，{homes:,} 户；未作改动",
    )


def _report(plan: Plan, made: Made) -> None:
    c = made.counts
    say(
        f"synthetic demo data: {plan.name}, {c['area']:,} areas, {c['building']:,} buildings, "
        f"{c['person']:,} staff, {c['incident']:,} incidents\n"
        f"accounts: {', '.join(made.accounts)}; password: {DEMO_PASSWORD}",
        f"演示数据（虚构）：{plan.name}，{c['area']:,} 个区域，{c['building']:,} 栋建筑，"
        f"{c['person']:,} 名人员，{c['incident']:,} 件事件\n"
        f"账号：{'、'.join(made.accounts)}；密码：{DEMO_PASSWORD}",
    )
