"""``python -m data rules show|check``: the district's rules as one readable file."""

import argparse
import sys
from pathlib import Path
from typing import Final

from data.commands import FAILED, OK
from data.commands.speech import complain, say, words
from data.rulebook import BadRules, Fault, load_rulebook, read_rulebook, rules_path
from data.rulebook_text import rulebook_text
from data.settings import Settings

EXAMPLES = """examples:
  python -m data rules show > var/rules.toml
  python -m data rules check var/rules.toml
  python -m data rules check
"""

_FAULTS: Final = {
    "unreadable": ("it cannot be read: {detail}", "无法读取：{detail}"),
    "size": ("it is far too large for a rules file", "文件过大，不是规则文件"),
    "encoding": ("it is not UTF-8; save it as UTF-8", "编码不是 UTF-8，请另存为 UTF-8"),
    "syntax": ("it is not TOML: {detail}", "不符合 TOML 写法：{detail}"),
    "unknown": ("there is no such key {detail}", "没有这个项目 {detail}"),
    "missing": ("it is missing", "缺少此项"),
    "value": ("{detail}", "值不对：{detail}"),
    "kind": ("the eight kinds are fixed; this is none of them", "大类固定为八个，没有这一个"),
    "names": ("a new sub-kind needs zh and en", "新的小类须有 zh 和 en"),
    "both": ("it is both given and taken away by without", "既给出又被 without 去掉"),
    "twice": ("this sub-kind belongs to {detail} already", "此小类已属于 {detail}"),
    "body": ("there is no body {detail} in [bodies]", "[bodies] 中没有 {detail}"),
    "order": ("it contradicts the value it is held against", "与相对应的值矛盾"),
    "worked_holiday": ("{detail} is both a holiday and worked", "{detail} 既放假又上班"),
    "limit": ('not a limit like "24 h clock" or "90 min work": {detail}',
              "时限写法应如 \"24 h clock\" 或 \"90 min work\"：{detail}"),
    "time": ('not a time like "22:00": {detail}', "时刻写法应如 \"22:00\"：{detail}"),
    "period": ('not a period like "09:00-12:00": {detail}',
               "时段写法应如 \"09:00-12:00\"：{detail}"),
    "day": ('not a day like "2026-10-01" or days like "2026-10-01..2026-10-07": {detail}',
            "日期写法应如 \"2026-10-01\" 或 \"2026-10-01..2026-10-07\"：{detail}"),
    "severity": ("not one of urgent, serious, general, minor: {detail}",
                 "应为 urgent、serious、general、minor 之一：{detail}"),
    "need": ("not one of note, photo, consent: {detail}", "应为 note、photo、consent：{detail}"),
    "name": ("not a name on one line: {detail}", "名称须为一行文字：{detail}"),
    "tenth": ("a factor has one decimal at most: {detail}", "系数最多一位小数：{detail}"),
}  # fmt: skip


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = sub.add_parser(
        "rules", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
        help=words("show or check the rules of this district", "查看或检查本区规则"),
    )  # fmt: skip
    what = parser.add_subparsers(dest="what", required=True, metavar="show|check")
    what.add_parser("show", help=words("write the whole rules file", "输出完整的规则文件"))
    check = what.add_parser("check", help=words("tell whether a file is usable", "检查规则文件"))
    check.add_argument(
        "file", type=Path, nargs="?", help=words("by default the one in use", "默认为当前文件")
    )


def fault_words(fault: Fault) -> tuple[str, str]:
    """Say in English and Chinese at which key what is wrong."""
    english, chinese = (text.format(detail=fault.detail).strip() for text in _FAULTS[fault.code])
    return f"{fault.key or '-'}: {english}", f"{fault.key or '-'}：{chinese}"


def bad_rules_words(error: BadRules) -> tuple[str, str]:
    """Say all that is wrong with a rules file, a line for each fault."""
    lines = [fault_words(fault) for fault in error.faults]
    english, chinese = ("\n  ".join(side) for side in zip(*lines, strict=True))
    return (
        f"The rules file {error.path} cannot be used:\n  {english}",
        f"规则文件 {error.path} 无法使用：\n  {chinese}",
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write or check the rules."""
    if args.what == "show":
        sys.stdout.write(rulebook_text(read_rulebook(settings)))
        return OK
    path: Path | None = args.file or rules_path(settings)
    if path is None:
        say("There is no rules file; the default rules hold.", "没有规则文件，采用默认规则。")
        return OK
    try:
        book = load_rulebook(path)
    except BadRules as error:
        complain(*bad_rules_words(error))
        return FAILED
    subkinds = sum(len(kind.subkinds) for kind in book.kinds.values())
    say(
        f"{path} can be used: {len(book.kinds)} kinds, {subkinds} sub-kinds,"
        f" {len(book.bodies)} bodies. Restart the server to use it.",
        f"{path} 可以使用：{len(book.kinds)} 个大类，{subkinds} 个小类，"
        f"{len(book.bodies)} 个责任单位。重启服务后生效。",
    )
    return OK
