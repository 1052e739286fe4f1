"""``python -m data user``: accounts, from the machine the server runs on."""

import argparse
import getpass
import sys
from collections.abc import Callable
from typing import Final

from sqlalchemy import select

from data import accounts, clock
from data.commands import FAILED, OK
from data.commands.init import ready_store
from data.commands.speech import complain, say, words
from data.schema import area
from data.settings import Settings
from data.store import Store
from rules.access import LABELS, Role
from rules.passwords import require_strong

EXAMPLES = """examples:
  python -m data user add wang.wei --name 王伟 --role grid_lead --area 510304002001003
  python -m data user password wang.wei < password.txt
  python -m data user list
  python -m data user disable wang.wei

Passwords are asked for, or read as one line of standard input; never given as an argument,
where every user of the machine could see them.
"""


class NoSuchArea(LookupError):
    """There is no current area of this code; without a code, no single topmost area."""

    def __init__(self, code: str | None) -> None:
        super().__init__(code or "")
        self.code = code


class PasswordsDiffer(ValueError):
    """The two passwords typed were not the same."""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = sub.add_parser(
        "user", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
        help=words("add, list, disable and enable accounts", "添加、列出、停用和启用账号"),
    )  # fmt: skip
    actions = parser.add_subparsers(dest="action", required=True, metavar="action")
    add = actions.add_parser("add", help=words("make an account", "新建账号"))
    add.add_argument("login")
    add.add_argument("--name", required=True, help=words("name on the screen", "显示名"))
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument(
        "--area", metavar="CODE",
        help=words("area the account sees (default: the topmost)", "可见区域编码（默认最上级）"),
    )  # fmt: skip
    add.add_argument(
        "--person", type=int, metavar="ID",
        help=words("staff member it belongs to; a building chief needs one",
                   "对应的人员编号；栋长必填"),
    )  # fmt: skip
    add.add_argument("--locale", choices=["zh", "en"])
    _dry(add)
    actions.add_parser("list", help=words("list all accounts", "列出所有账号"))
    for action, (_, help_en, help_zh) in _ACTIONS.items():
        one = actions.add_parser(action, help=words(help_en, help_zh))
        one.add_argument("login")
        _dry(one)


def _dry(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dry-run", action="store_true",
        help=words("check everything, change nothing", "只校验，不改动"),
    )  # fmt: skip


def asked_password() -> str:
    """Ask for a password twice, or read one line where standard input is no terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(words("Password: ", "密码："))
    if getpass.getpass(words("Once more: ", "再输一次：")) != first:
        raise PasswordsDiffer
    return first


def operator() -> str:
    """Name the person at the machine for the event log."""
    try:
        return f"cli:{getpass.getuser()}"[:60]
    except (OSError, KeyError):
        return "cli"


_AREA = select(area.c.id).where(area.c.valid_to.is_(None))


def area_id_of(store: Store, code: str | None) -> int:
    """Id of the current area of a code; without one, of the topmost area.

    Raises
    ------
    NoSuchArea
        If there is none, or without a code more than one.
    """
    condition = area.c.code == code if code else area.c.parent_id.is_(None)
    with store.read() as conn:
        found = conn.execute(_AREA.where(condition)).scalars().all()
    if len(found) != 1:
        raise NoSuchArea(code)
    return int(found[0])


def _add(store: Store, args: argparse.Namespace) -> None:
    new = accounts.NewAccount(
        login=args.login, name=args.name, role=Role(args.role),
        area_id=area_id_of(store, args.area), person_id=args.person, locale=args.locale,
    )  # fmt: skip
    password = asked_password()
    if args.dry_run:
        require_strong(password, login=new.login)
        _nothing_changed()
        return
    accounts.create_account(store, new, password=password, actor=operator(), now=clock.now())
    say(f"{new.login}: made", f"{new.login}：已新建")


def _change(store: Store, args: argparse.Namespace) -> None:
    account_id = accounts.account_id_of(store, args.login)
    if args.dry_run:
        if args.action == "password":
            require_strong(asked_password(), login=args.login)
        _nothing_changed()
        return
    _ACTIONS[args.action][0](store, account_id)
    say(f"{args.login}: done", f"{args.login}：完成")


def _nothing_changed() -> None:
    say("nothing changed", "未作改动")


def _list(store: Store, _args: argparse.Namespace) -> None:
    for found in accounts.list_accounts(store, now=clock.now()):
        chinese, english = LABELS[found.role]
        disabled = words("disabled", "已停用") if found.disabled else ""
        say(
            f"{found.login}\t{found.name}\t{english}\t{found.area_code} {found.area_name}"
            f"\t{found.sessions} signed in\t{disabled}".rstrip(),
            f"{found.login}\t{found.name}\t{chinese}\t{found.area_code} {found.area_name}"
            f"\t{found.sessions} 个登录\t{disabled}".rstrip(),
        )


def _disable(store: Store, account_id: int) -> None:
    accounts.disable_account(store, account_id=account_id, actor=operator(), now=clock.now())


def _enable(store: Store, account_id: int) -> None:
    accounts.enable_account(store, account_id=account_id, actor=operator(), now=clock.now())


def _password(store: Store, account_id: int) -> None:
    accounts.change_password(
        store, account_id=account_id, password=asked_password(), actor=operator(), now=clock.now()
    )


def _sign_out(store: Store, account_id: int) -> None:
    accounts.sign_out_everywhere(store, account_id=account_id, actor=operator(), now=clock.now())


_ACTIONS: Final[dict[str, tuple[Callable[[Store, int], None], str, str]]] = {
    "disable": (_disable, "disable an account and end its sessions", "停用账号并结束其登录"),
    "enable": (_enable, "enable a disabled or locked account", "启用已停用或锁定的账号"),
    "password": (_password, "give an account a new password", "重设密码"),
    "sign-out": (_sign_out, "end all sessions of an account", "结束账号的所有登录"),
}

_WEAK: Final = {
    "length": ("at least 10 characters", "至少 10 个字符"),
    "classes": (
        "three of lower case, upper case, digits, others",
        "大写、小写、数字、其他中的三类",
    ),
    "common": ("not one that everybody uses", "不是常见密码"),
    "login": ("without the login in it", "不包含账号名"),
}


def _refusal(error: Exception) -> tuple[str, str]:
    match error:
        case accounts.WeakPassword(reasons=reasons):
            english = ", ".join(_WEAK[reason][0] for reason in reasons)
            chinese = "、".join(_WEAK[reason][1] for reason in reasons)
            return f"The password needs: {english}.", f"密码要求：{chinese}。"
        case accounts.TakenLogin(login=login):
            return (
                f"The login {login!r} is taken or unusable.",
                f"账号 {login!r} 已存在或不可用。",
            )
        case accounts.NoSuchAccount(wanted=wanted):
            return f"There is no account {wanted!r}.", f"没有账号 {wanted!r}。"
        case NoSuchArea(code=None):
            return (
                "Give --area: there is no single topmost area yet. Import boundaries first.",
                "请给出 --area：还没有唯一的最上级区域，请先导入边界。",
            )
        case NoSuchArea(code=code):
            return f"There is no area {code}.", f"没有编码为 {code} 的区域。"
        case _:
            return "The two passwords differ.", "两次输入的密码不一致。"


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Run one action on the accounts."""
    store = ready_store(settings)
    try:
        if args.action == "add":
            _add(store, args)
        elif args.action == "list":
            _list(store, args)
        else:
            _change(store, args)
    except (
        accounts.WeakPassword, accounts.TakenLogin, accounts.NoSuchAccount, NoSuchArea,
        PasswordsDiffer,
    ) as error:  # fmt: skip
        complain(*_refusal(error))
        return FAILED
    finally:
        store.close()
    return OK
