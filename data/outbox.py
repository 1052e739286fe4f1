"""Messages to the configured webhook: sent after their transaction, in order, until they arrive.

A message is claimed before it is sent and marked after, so that one which was cut off between
the two is sent again, with the same id: at least once, never lost. While one waits for its next
try, those after it wait as well; the first that arrives lets all of them through. A message names
the number of an incident, the step, and where to look: nothing personal leaves the house.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

from sqlalchemy import Connection, bindparam, delete, select, update

from data import schema
from data.notices import WEBHOOK
from data.settings import Settings
from data.store import Store, get_meta, set_meta
from rules.boundary_plan import TABLE
from rules.steps import STEPS, Action

MOST_TRIES: Final = 20
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=1)
LEASE: Final = timedelta(seconds=60)
"""How long a message belongs to the process that claimed it; longer than any attempt."""
TIMEOUT: Final = 10
KEPT: Final = timedelta(days=7)
"""How long a sent message stays in the store."""
MOST_ANSWER: Final = 65_536
WORDS: Final = {"report": "上报", "dissatisfied": "居民不满意，已重开"}
PLAN_WORDS: Final = {step.action.value: step.zh for step in TABLE} | {
    "in_force": "已生效",
    "set_back": "网格已变动，退回修改",
}

log = logging.getLogger(__name__)


class Undelivered(RuntimeError):
    """An attempt that did not arrive; says why in a few words."""


@dataclass(frozen=True)
class Message:
    """One message with the number of this attempt; ``id`` stays the same over all of them.

    It is about the incident of ``number``, or about the boundary plan ``plan``.
    """

    row_id: int
    id: str
    number: str
    what: str
    at: datetime
    tries: int
    plan: int | None = None


Deliver = Callable[[Message], None]
"""One attempt; raises :class:`Undelivered`."""

_O = schema.outbox.c
_WAITING = _O.sent_at.is_(None) & (_O.tries < MOST_TRIES)
_NEXT = select(schema.outbox).where(_WAITING).order_by(_O.id).limit(1)
GIVEN_UP: Final = (
    select(_O.error).where(_O.sent_at.is_(None), _O.tries >= MOST_TRIES).order_by(_O.id)
)
HELD_UP: Final = select(_O.error).where(_WAITING, _O.error != "").order_by(_O.id)
"""Messages that are no longer tried, and those that have failed and will be tried again."""
_OF = _O.id == bindparam("of_id")
_CLAIM = update(schema.outbox).where(_OF).values(tries=_O.tries + 1, next_at=bindparam("until"))
_SENT = update(schema.outbox).where(_OF).values(sent_at=bindparam("moment"), error="")
_FAILED = (
    update(schema.outbox).where(_OF).values(next_at=bindparam("until"), error=bindparam("reason"))
)
_FORGET = delete(schema.outbox).where(_O.sent_at < bindparam("before"))


def switch(store: Store, settings: Settings, *, now: datetime) -> None:
    """Let steps write messages exactly if a webhook is configured; forget those long sent."""
    wish = "1" if settings.webhook_url else "0"
    with store.read() as conn:
        same = (get_meta(conn, WEBHOOK) or "0") == wish
    with store.write() as conn:
        if not same:
            set_meta(conn, WEBHOOK, wish)
        conn.execute(_FORGET, {"before": _seconds(now - KEPT)})


def send_next(store: Store, deliver: Deliver, *, now: datetime) -> bool:
    """Send the message whose turn it is, and say whether one arrived: then the next may follow.

    Raises
    ------
    StoreUnavailable
        If the store cannot be asked. What had arrived by then is sent once more later.
    """
    with store.read() as conn:
        if not _due(conn, now):
            return False
    with store.write() as conn:
        message = _claimed(conn, now)
    if message is None:
        return False
    try:
        deliver(message)
    except Undelivered as error:
        log.warning("message %s did not arrive (try %d): %s", message.id, message.tries, error)
        until = _seconds(now + wait(message.tries))
        with store.write() as conn:
            conn.execute(
                _FAILED, {"of_id": message.row_id, "until": until, "reason": str(error)[:200]}
            )
        return False
    with store.write() as conn:
        conn.execute(_SENT, {"of_id": message.row_id, "moment": _seconds(now)})
    return True


def wait(tries: int) -> timedelta:
    """How long to wait after so many tries: twice as long each time, an hour at most."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(tries - 1, 20)
    return min(LONGEST_WAIT, doubled)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _due(conn: Connection, now: datetime) -> Any | None:
    row = conn.execute(_NEXT).one_or_none()
    return row if row is not None and row.next_at <= _seconds(now) else None


def _claimed(conn: Connection, now: datetime) -> Message | None:
    """Take the message whose turn it is, for the time of the lease."""
    row = _due(conn, now)
    if row is None:
        return None
    conn.execute(_CLAIM, {"of_id": row.id, "until": _seconds(now + LEASE)})
    body = json.loads(row.body)
    return Message(
        row_id=row.id, id=f"{get_meta(conn, 'store_id')}-{row.id}", number=body.get("number", ""),
        what=body["what"], at=datetime.fromtimestamp(body["at"], UTC), tries=row.tries + 1,
        plan=body.get("plan"),
    )  # fmt: skip


def word(what: str) -> str:
    """Name what happened, in Chinese, as a messenger shows it."""
    return STEPS[Action(what)].zh if what in set(Action) else WORDS.get(what, what)


def shaped(message: Message, form: str, origin: str) -> dict[str, Any]:
    """Give a message the form that WeCom, DingTalk or a plain receiver expects."""
    number, said = message.number, word(message.what)
    link = f"{origin.rstrip('/')}/map?incident={quote(number, safe='')}"
    if message.plan is not None:
        number, said = f"划分方案 {message.plan}", PLAN_WORDS.get(message.what, message.what)
        link = f"{origin.rstrip('/')}/plan?plan={message.plan}"
    line = f"{number} {said}"
    if form == "wecom":
        return {"msgtype": "text", "text": {"content": f"网格一张图：{line}\n{link}"}}
    if form == "dingtalk":
        card = {"title": "网格一张图", "text": line, "messageUrl": link, "picUrl": ""}
        return {"msgtype": "link", "link": card}
    return {
        "id": message.id, "number": number, "what": message.what, "word": said,
        "at": message.at.isoformat(), "link": link,
    }  # fmt: skip


def origin_of(settings: Settings) -> str:
    """Address of the pages as people see it."""
    return settings.public_origin or f"http://{settings.host}:{settings.port}"


class _Stays(HTTPRedirectHandler):
    """Follows nobody to another place: a message goes to the configured host or nowhere."""

    def redirect_request(self, *_args: Any, **_values: Any) -> None:
        return None


def webhook(settings: Settings) -> Deliver:
    """Give the way to the configured webhook."""
    url, form, origin = settings.webhook_url or "", settings.webhook_form, origin_of(settings)
    opener = build_opener(_Stays)

    def deliver(message: Message) -> None:
        body = json.dumps(shaped(message, form, origin), ensure_ascii=False).encode()
        headers = {"content-type": "application/json", "idempotency-key": message.id}
        # The settings admit http and https alone.
        request = Request(url, data=body, headers=headers, method="POST")  # noqa: S310
        try:
            with opener.open(request, timeout=TIMEOUT) as answer:
                said = answer.read(MOST_ANSWER)
        except HTTPError as error:
            with error:
                raise Undelivered(f"HTTP {error.code}") from error  # noqa: EM102
        except (OSError, HTTPException) as error:
            raise Undelivered(type(error).__name__) from error
        if form != "plain":
            _accepted(said)

    return deliver


def _accepted(said: bytes) -> None:
    """Messengers answer 200 to everything and say in the body whether they took it."""
    try:
        found = json.loads(said)
    except ValueError:
        found = None
    code = found.get("errcode") if isinstance(found, Mapping) else None
    if code != 0:
        raise Undelivered(f"errcode {str(code)[:20]}")  # noqa: EM102
