"""Proposals by a short key: the page chooses one, the map shows it, and nothing has to be kept.

The same plan, ask and seed always give the same proposals, so the key only has to say these.
"""

import struct
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from typing import Final, get_args

from data.plan_problem import Estates
from data.plan_proposals import Ask, Proposal, adopt, propose
from data.plan_sheet import Sheet
from geo.partition.problem import TooManyParts
from rules.plan_edits import Locked, NothingMoves, UnknownGrid, adopted
from rules.plan_state import applied

COUNT: Final = 100
"""Divisions that are drawn for one ask."""
_FORM: Final = struct.Struct(">HBIH")
_DIGEST: Final = 8
_LENGTH: Final = _DIGEST + 2 * _FORM.size
_OPEN: Final = 0xFFFF
_AFRESH, _UNHEEDED, _ESTATES = 1, 2, 4
_KINDS: Final[tuple[Estates, ...]] = get_args(Estates)


class UnknownOffer(LookupError):
    """The plan has been redrawn since the proposal was made, or there was never such a one."""


@dataclass(frozen=True)
class Offer:
    """One proposal among those for an ask."""

    ask: Ask
    seed: int
    index: int


@dataclass(frozen=True)
class _Question:
    plan_id: int
    standing: str
    ask: Ask
    seed: int
    sheet: Sheet = field(compare=False)


@lru_cache(maxsize=8)
def _drawn(question: _Question) -> tuple[Proposal, ...]:
    return propose(question.sheet, question.ask, count=COUNT, seed=question.seed)


def offers(sheet: Sheet, ask: Ask, *, seed: int) -> tuple[Proposal, ...]:
    """Give the proposals for an ask, drawn once for each state of the plan.

    Raises
    ------
    geo.partition.problem.TooManyParts
        If there are not so many pieces of land to make grids of.
    """
    return _drawn(_Question(sheet.plan.id, _standing(sheet), ask, seed, sheet))


def _standing(sheet: Sheet) -> str:
    """Digest of the plan as it stands and of who lives where: buildings may be imported since."""
    return sha256(sheet.state.digest.encode() + sheet.households.tobytes()).hexdigest()


def key_of(sheet: Sheet, offer: Offer) -> str:
    """Give the key of a proposal: hexadecimal, good until the plan is redrawn or homes change."""
    ask = offer.ask
    flags = (
        _AFRESH * (ask.source == "afresh") | _UNHEEDED * (ask.barriers == "free")
        | _ESTATES * _KINDS.index(ask.estates)
    )  # fmt: skip
    grids = _OPEN if ask.grids is None else ask.grids
    return _standing(sheet)[:_DIGEST] + _FORM.pack(grids, flags, offer.seed, offer.index).hex()


def offer_of(sheet: Sheet, key: str) -> Offer:
    """Read a key; raises ``UnknownOffer`` if it is none of this state of the plan."""
    if len(key) != _LENGTH or key[:_DIGEST] != _standing(sheet)[:_DIGEST]:
        raise UnknownOffer
    try:
        grids, flags, seed, index = _FORM.unpack(bytes.fromhex(key[_DIGEST:]))
    except ValueError:
        raise UnknownOffer from None
    ask = Ask(
        None if grids == _OPEN else grids,
        "afresh" if flags & _AFRESH else "present",
        _KINDS[flags // _ESTATES % len(_KINDS)],
        "free" if flags & _UNHEEDED else "heeded",
    )
    return Offer(ask, seed, index)


def offered(sheet: Sheet, key: str) -> Proposal:
    """Give the proposal of a key; raises ``UnknownOffer`` if the plan has none such."""
    offer = offer_of(sheet, key)
    try:
        found = offers(sheet, offer.ask, seed=offer.seed)
    except TooManyParts:
        raise UnknownOffer from None
    if offer.index >= len(found):
        raise UnknownOffer
    return found[offer.index]


def as_offered(sheet: Sheet, key: str) -> Sheet:
    """Give the sheet as it would be with a proposal; raises ``UnknownOffer``."""
    command = adopt(offered(sheet, key))
    try:
        change = adopted(sheet.state, command.cells, command.marks)
    except (Locked, NothingMoves, UnknownGrid):
        raise UnknownOffer from None
    return replace(sheet, state=applied(sheet.state, change))
