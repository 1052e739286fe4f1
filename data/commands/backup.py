"""``python -m data backup``: write the record to one file while the server runs."""

import argparse
from pathlib import Path

from data import clock
from data.archive import TABLES
from data.backup import backup
from data.commands import OK
from data.commands.init import ready_store
from data.commands.speech import say, words
from data.progress import progress
from data.settings import Settings
from data.swap import stamp

EXAMPLES = """examples:
  python -m data backup
  python -m data backup /mnt/backups/gridmap.zip
"""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = sub.add_parser(
        "backup", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
        help=words("write the record to one file; the server may run", "备份到一个文件，随时可做"),
    )  # fmt: skip
    parser.add_argument(
        "target", nargs="?", type=Path,
        help=words("file or folder (default: backups in GRIDMAP_VAR)",
                   "文件或目录（默认 GRIDMAP_VAR 下的 backups）"),
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true",
        help=words("say where the backup would go, write nothing", "只说明备份位置，不写入"),
    )  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Back up the store."""
    now = clock.now()
    target: Path = args.target or settings.var / "backups"
    if args.target is None or target.is_dir():
        target /= f"gridmap-{stamp(now)}.zip"
    store = ready_store(settings)
    try:
        if args.dry_run:
            say(
                f"{len(TABLES)} tables would go to {target}; nothing written",
                f"将把 {len(TABLES)} 张表备份到 {target}；未写入",
            )
            return OK
        with progress(words("backup: rows", "备份：行")) as advance:
            manifest = backup(store, target, now=now, advance=advance)
    finally:
        store.close()
    size = target.stat().st_size / 1e6
    say(
        f"{target}: {manifest.rows:,} rows, {manifest.events:,} events, {size:.1f} MB",
        f"{target}：{manifest.rows:,} 行，{manifest.events:,} 条日志，{size:.1f} MB",
    )
    return OK
