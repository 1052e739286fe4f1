"""The command line: ``python -m data`` with one of the commands of :mod:`data.commands`."""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Final

from data.backup import BadArchive, TargetInUse, TargetNotEmpty
from data.commands import COMMANDS, FAILED, USAGE
from data.commands.init import NotSetUp
from data.commands.rules import bad_rules_words
from data.commands.speech import complain, words
from data.migrations import NewerSchema, NoPostgis
from data.rulebook import BadRules
from data.settings import BadSetting, read_settings
from data.store import StoreUnavailable

_REASONS: Final = {
    "away": ("it cannot be reached", "无法连接"),
    "locked": ("another program holds it; try again", "被其他程序占用，请重试"),
    "damaged": ("it is damaged; restore a backup", "已损坏，请从备份恢复"),
    "read_only": ("it can only be read", "只读"),
    "full": ("the disk is full", "磁盘已满"),
}


def _unavailable(error: Any) -> tuple[str, str]:
    english, chinese = _REASONS[error.reason]
    return (
        f"The store is not available: {english}. Nothing was changed.\n  {error.detail}",
        f"数据库不可用：{chinese}。未作改动。\n  {error.detail}",
    )


_FAULTS: Final = {
    "not_a_backup": ("it is not a backup of this program", "不是本程序的备份"),
    "damaged": ("it is damaged or was cut off", "文件损坏或不完整"),
    "digest": ("its content does not fit its digest", "内容与摘要不符"),
    "rows": ("rows are missing", "行数不符"),
    "chain": ("its event log is broken", "事件日志断裂"),
    "newer": ("it was written by a newer program", "由更新版本的程序写入"),
    "unknown_table": ("it holds a table that is unknown here", "含有未知的表"),
}


_WORDS: Final[dict[type[Exception], Callable[[Any], tuple[str, str]]]] = {
    NotSetUp: lambda e: (
        f"There is no store ready at {e.where}. Run: python -m data init",
        f"{e.where} 尚无可用的数据库。请先运行：python -m data init",
    ),
    StoreUnavailable: _unavailable,
    NewerSchema: lambda e: (
        f"The store was written by a newer program (schema {e.found}). Update this one.",
        f"数据库由更新版本的程序写入（结构 {e.found}），请先升级本程序。",
    ),
    NoPostgis: lambda e: (
        "The database has no PostGIS. Install it (Debian: postgresql-15-postgis-3) and let a"
        f" superuser run: CREATE EXTENSION postgis\n  {e}",
        "数据库没有 PostGIS。请安装（Debian：postgresql-15-postgis-3），并由超级用户执行："
        f"CREATE EXTENSION postgis\n  {e}",
    ),
    BadRules: bad_rules_words,
    BadArchive: lambda e: (
        f"{e.path} cannot be restored: {_FAULTS[e.fault][0]} ({e.part or '-'})."
        " Nothing was changed.",
        f"{e.path} 无法恢复：{_FAULTS[e.fault][1]}（{e.part or '-'}）。未作改动。",
    ),
    OSError: lambda e: (
        f"{e.filename or ''}: {e.strerror or e}".lstrip(": "),
        f"文件操作失败：{e.filename or ''} {e.strerror or e}",
    ),
    TargetNotEmpty: lambda e: (
        f"{e.where} holds data already. To replace it (the old data is kept aside): --force",
        f"{e.where} 已有数据。如需替换（旧数据会另存），请加 --force",
    ),
    TargetInUse: lambda e: (
        f"{e.where} is in use. Stop the server first. Nothing was changed.",
        f"{e.where} 正在使用，请先停止服务。未作改动。",
    ),
}
"""One table: which words tell an administrator what went wrong and what to do next."""


def _load(name: str) -> ModuleType:
    return importlib.import_module(f"data.commands.{COMMANDS[name]}")


def parser(names: Sequence[str]) -> argparse.ArgumentParser:
    """Build the parser of the named subcommands."""
    found = argparse.ArgumentParser(
        prog="python -m data",
        description=words("The record behind Grid Map.", "网格一张图的数据工具。"),
        epilog=words(
            "exit codes: 0 done, 1 failed, 2 asked wrongly, 3 done but rows were refused",
            "退出码：0 完成，1 失败，2 用法错误，3 完成但有行被拒绝",
        ),
    )
    sub = found.add_subparsers(dest="command", required=True, metavar="command")
    for name in names:
        _load(name).add_parser(sub)
    return found


def main(argv: Sequence[str], environ: dict[str, str]) -> int:
    """Run one subcommand and give its exit code."""
    # Loading only the one that is asked for keeps the second start of the server quick.
    names = [argv[0]] if argv and argv[0] in COMMANDS else list(COMMANDS)
    args = parser(names).parse_args(argv)
    try:
        settings = read_settings(environ)
    except BadSetting as error:
        for name, fault in error.faults.items():
            complain(f"{name} {fault}", f"{name} 的值不对：{fault}")
        return USAGE
    try:
        code: int = _load(args.command).run(args, settings)
    except tuple(_WORDS) as error:
        kind = next(kind for kind in type(error).__mro__ if kind in _WORDS)
        complain(*_WORDS[kind](error))
        return FAILED
    except KeyboardInterrupt:
        complain("\nstopped", "\n已中止")
        return FAILED
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], dict(os.environ)))
