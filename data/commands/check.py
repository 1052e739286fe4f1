"""``python -m data check``: tell whether the record is sound."""

import argparse
from typing import Final

from data.attachments import keys
from data.check import Finding, check
from data.clock import now
from data.commands import FAILED, OK
from data.commands.init import ready_store
from data.commands.speech import say, words
from data.media import old_strays
from data.progress import progress
from data.settings import Settings
from data.store import Store

EXAMPLES = """examples:
  python -m data check && python -m data backup
"""

_WORDS: Final = {
    "schema": ("the schema is {example}; run: python -m data init",
               "结构为 {example}；请运行 python -m data init"),
    "file": ("the database file is damaged: {example}", "数据库文件已损坏：{example}"),
    "chain": ("the event log is broken at event {example}", "事件日志在第 {example} 条断裂"),
    "torn": ("the logs of {count} plans are not what was drawn, such as that of plan {example}",
             "{count} 个划分方案的记录与所绘不符，如方案 {example}"),
    "orphan": ("{count} rows refer to nothing, such as {example}",
               "{count} 行引用不存在，如 {example}"),
    "closed_area": ("{count} belong to a closed area, such as {example}",
                    "{count} 条属于已撤销的区域，如 {example}"),
    "shape": ("{count} shapes are not valid, such as {example}",
              "{count} 个图形无效，如 {example}"),
    "coverage": ("{count} overlaps or edges that do not match, such as at {example}",
                 "{count} 处重叠或边界不吻合，如 {example}"),
    "not_filled": ("{count} are not filled by their children, such as {example}",
                   "{count} 个区域未被下级完全覆盖，如 {example}"),
    "outside_area": ("{count} lie outside their area, such as id {example}",
                     "{count} 条位于所属区域之外，如 id {example}"),
    "lost_file": ("the files of {count} attachments are missing or cut off, such as {example};"
                  " restore them from a backup",
                  "{count} 个附件的文件缺失或不完整，如 {example}；请从备份恢复"),
    "stray_file": ("{count} files belong to no attachment, such as {example};"
                   " they do no harm: python -m data check --sweep",
                   "{count} 个文件不属于任何附件，如 {example}；无害，可清理："
                   "python -m data check --sweep"),
    "given_up": ("{count} messages to the webhook were given up after 20 tries, the last for:"
                 " {example}",
                 "{count} 条推送消息重试 20 次后放弃，最近原因：{example}"),
    "held_up": ("a message to the webhook has not got through yet: {example}; it is tried again",
                "推送消息尚未送达：{example}；将自动重试"),
    "disk": ("only {count} MB are free", "磁盘仅剩 {count} MB"),
}  # fmt: skip


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = sub.add_parser(
        "check", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
        help=words(
            "check schema, event chain, references, boundaries and disk; exit code 1 on a fault",
            "检查结构、事件链、引用、边界和磁盘；有问题时退出码为 1",
        ),
    )  # fmt: skip
    parser.add_argument(
        "--sweep", action="store_true",
        help=words(
            "first remove files that belong to no attachment and are older than a day",
            "先清理一天以前、不属于任何附件的文件",
        ),
    )  # fmt: skip


def describe(finding: Finding) -> None:
    """Print one finding."""
    english, chinese = (
        text.format(count=f"{finding.count:,}", example=finding.example)
        for text in _WORDS[finding.code]
    )
    say(
        f"{'FAULT' if finding.grave else 'note '} {finding.subject}: {english}",
        f"{'问题' if finding.grave else '提示'} {finding.subject}：{chinese}",
    )


def sweep(store: Store) -> None:
    """Remove the files that belong to no attachment, and say how many."""
    with store.read() as conn:
        known = keys(conn)
    swept = list(old_strays(store.settings.var, known, now=now()))
    for path in swept:
        path.unlink(missing_ok=True)
    say(f"{len(swept)} files swept.", f"已清理 {len(swept)} 个文件。")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Check the store."""
    store = ready_store(settings)
    try:
        if args.sweep:
            sweep(store)
        with progress(words("check", "检查")):
            findings = check(store)
    finally:
        store.close()
    for finding in findings:
        describe(finding)
    if any(finding.grave for finding in findings):
        return FAILED
    say("The record is sound.", "数据完好。")
    return OK
