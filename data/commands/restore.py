"""``python -m data restore``: put a backup in the place of the store."""

import argparse
from pathlib import Path

from data import clock
from data.backup import restore, verified
from data.commands import OK
from data.commands.speech import say, words
from data.progress import progress
from data.settings import Settings

EXAMPLES = """examples:
  python -m data restore var/backups/gridmap-20260617T040000Z.zip --dry-run
  python -m data restore gridmap.zip --force
  GRIDMAP_DATABASE_URL=postgresql://grid@db/gridmap python -m data restore gridmap.zip
"""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = sub.add_parser(
        "restore", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
        help=words("put a backup in the place of the store; stop the server first",
                   "用备份替换数据库；请先停止服务"),
    )  # fmt: skip
    parser.add_argument("source", type=Path, help=words("backup file", "备份文件"))
    parser.add_argument(
        "--force", action="store_true",
        help=words("replace a store that holds data; the old data is kept aside",
                   "替换已有数据；旧数据另存"),
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true",
        help=words("check the backup from end to end, change nothing", "只校验备份，不改动"),
    )  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Restore a backup."""
    source: Path = args.source
    if args.dry_run:
        with progress(words("check the backup: rows", "校验备份：行")) as advance:
            manifest = verified(source, advance=advance)
        say(
            f"{source} is sound: {manifest.district}, {manifest.rows:,} rows; nothing changed",
            f"{source} 完好：{manifest.district}，{manifest.rows:,} 行；未作改动",
        )
        return OK
    with progress(words("check and restore: rows", "校验并恢复：行")) as advance:
        done = restore(settings, source, now=clock.now(), force=args.force, advance=advance)
    rows = done.manifest.rows
    say(
        f"restored {rows:,} rows. Everyone has to sign in again.",
        f"已恢复 {rows:,} 行。所有人需要重新登录。",
    )
    if done.kept:
        say(f"what was there before: {done.kept}", f"原有数据保存在：{done.kept}")
    return OK
