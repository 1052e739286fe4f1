"""``python -m data init``: create the store, or bring it to the schema of this program."""

import argparse
import uuid

from data.commands import OK
from data.commands.speech import say, words
from data.migrations import latest_version, schema_version, upgrade
from data.settings import Settings
from data.store import Store, StoreUnavailable, open_store

EXAMPLES = """examples:
  python -m data init
  GRIDMAP_DATABASE_URL=postgresql://grid@db/gridmap python -m data init --dry-run
"""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = sub.add_parser(
        "init", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
        help=words("create or upgrade the store", "建立或升级数据库"),
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true",
        help=words("say what would be done, change nothing", "只说明将做什么，不改动"),
    )  # fmt: skip


def place(store: Store) -> str:
    """Where the store is, without its password."""
    return store.writers.url.render_as_string(hide_password=True)


def _present(store: Store) -> str | None:
    # A file that does not exist yet is not a fault here.
    if store.path is not None and not store.path.exists():
        return None
    return schema_version(store)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Create or upgrade the store."""
    store = open_store(settings, create=not args.dry_run)
    try:
        if args.dry_run:
            before, after = _present(store), latest_version()
        else:
            before, after = upgrade(store, store_id=uuid.uuid4().hex)
    finally:
        store.close()
    where, old = place(store), before or words("nothing", "空")
    if before == after:
        say(f"store: {where}, up to date ({after})", f"数据库：{where}，已是最新（{after}）")
    elif args.dry_run:
        say(
            f"store: {where} would go from {old} to {after}; nothing changed",
            f"数据库：{where} 将从 {old} 升级到 {after}；未作改动",
        )
    else:
        say(f"store: {where}, from {old} to {after}", f"数据库：{where}，已从 {old} 升级到 {after}")
    return OK


def ready_store(settings: Settings) -> Store:
    """Open the store for another subcommand.

    Raises
    ------
    NotSetUp
        If it was not created, or is not at the schema of this program.
    """
    store = open_store(settings, create=False)
    if _present(store) != latest_version():
        store.close()
        raise NotSetUp(place(store))
    return store


class NotSetUp(StoreUnavailable):
    """The store does not exist yet, or needs an upgrade; ``python -m data init`` does both."""

    def __init__(self, where: str) -> None:
        super().__init__("away", where)
        self.where = where
