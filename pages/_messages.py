"""One table: which words tell a person what went wrong and what to do next."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from data.accounts import LockedOut, WeakPassword, WrongCredentials
from data.attachments import TooMany
from data.casework import StaleSave
from data.evaluation import LinkExpired, LinkUsed, NotAwaited, UnknownLink
from data.exporters.forms import TooManyRows
from data.geocoder.geocoder import NothingToTeach
from data.photos import BrokenPicture, EmptyUpload, TooLarge, TooManyPixels, UnknownContent
from data.placing import NotYourDesk
from data.reporter import NoReason, ReporterHidden
from data.rulebook import BadRules
from data.store import StoreUnavailable
from data.visits import NoPerson
from pages._format import clock_time, count
from pages._text import Translate, later
from rules.access import OutsideScope
from rules.casework import IllegalStep, Missing, NoDesk, NotYours
from rules.steps import Need

Words = Callable[[Exception, Translate], str]


def _locked(error: Exception, t: Translate) -> str:
    until = getattr(error, "until", None)
    when = clock_time(until) if isinstance(until, datetime) else ""
    return t("Too many wrong attempts. Try again after {time}.").format(time=when)


_REASONS: Final = {
    "length": later("10 to 200 characters"),
    "classes": later("three of: lower case, upper case, digits, other signs"),
    "common": later("not one of the passwords that everybody uses"),
    "login": later("not containing the account name"),
}


def _weak(error: Exception, t: Translate) -> str:
    reasons = [
        t(_REASONS.get(str(reason), str(reason))) for reason in getattr(error, "reasons", ())
    ]
    return t("This password is too weak. It needs: {reasons}.").format(
        reasons=t(", ").join(reasons)
    )


_UNAVAILABLE: Final = {
    "away": later("The store cannot be reached. Nothing was saved; the page goes on by itself."),
    "locked": later("The store is busy. Nothing was saved; try again in a moment."),
    "damaged": later(
        "The store is damaged. Tell the administrator: it has to be restored from a backup."
    ),
    "read_only": later("The store can only be read. Nothing was saved; tell the administrator."),
    "full": later("The disk is full. Nothing was saved; tell the administrator."),
}


def _unavailable(error: Exception, t: Translate) -> str:
    reason = str(getattr(error, "reason", ""))
    message = _UNAVAILABLE.get(reason, _UNAVAILABLE["away"])
    return t(message)


def _too_many(error: Exception, t: Translate) -> str:
    message = t("{n} rows do not fit an Excel sheet. Take CSV, or narrow the filter.")
    return message.format(n=count(getattr(error, "rows", 0)))


def _bad_rules(error: Exception, t: Translate) -> str:
    faults = getattr(error, "faults", ())
    message = t("The rules file has faults ({n}), the first at {key}. Tell the administrator.")
    return message.format(n=count(len(faults)), key=faults[0].key if faults else "")


_MISSING: Final = {
    Need.NOTE: later("Please write a note."),
    Need.PERSON: later("Please choose a person."),
    Need.UNTIL: later("Please choose a day after today."),
    Need.SCORE: later("Please choose a score from 1 to 5."),
    Need.OTHER: later("Please choose another item that is still open."),
    Need.BODIES: later("Please choose at least one body."),
    Need.PHOTO: later("A photo is needed. Add one to the item first."),
    Need.CONSENT: later("The parties have to agree first; please confirm it."),
}


def _missing(error: Exception, t: Translate) -> str:
    need = getattr(error, "need", Need.NOTE)
    return t(_MISSING[need])


TABLE: Final[dict[type[Exception], Words]] = {
    WrongCredentials: lambda _, t: t("The account or the password is wrong."),
    LockedOut: _locked,
    WeakPassword: _weak,
    StoreUnavailable: _unavailable,
    TooManyRows: _too_many,
    BadRules: _bad_rules,
    StaleSave: lambda _, t: t(
        "Somebody has changed this item in between. Look at it as it is now and try again; "
        "what you typed is kept."
    ),
    IllegalStep: lambda _, t: t("The item is in another state now; this step is not possible."),
    NotYours: lambda _, t: t("This step is for whoever holds the item or keeps its desk."),
    NoDesk: lambda _, t: t("There is no desk or holder for this step."),
    Missing: _missing,
    ReporterHidden: lambda _, t: t("Only who handles the item may see who reported it."),
    NoReason: lambda _, t: t("Please say in a few words what you need it for."),
    NoPerson: lambda _, t: t("This account belongs to nobody of the staff, so it cannot check in."),
    NotYourDesk: lambda _, t: t("Only who holds the item or keeps its desk may place it."),
    NothingToTeach: lambda _, t: t(
        "These words name no place of their own, so they cannot be remembered. Nothing was saved."
    ),
    EmptyUpload: lambda _, t: t("The file is empty."),
    TooLarge: lambda _, t: t("The file is larger than 15 MB."),
    TooManyPixels: lambda _, t: t("The picture has more than 40 million pixels."),
    UnknownContent: lambda _, t: t("Only pictures (JPEG, PNG, WebP) and PDF files can be kept."),
    BrokenPicture: lambda _, t: t("The picture is damaged and cannot be read."),
    TooMany: lambda _, t: t("The item has as many photos and papers as it may have."),
    UnknownLink: lambda _, t: t(
        "This link does not exist. Please look at it once more, or ask your grid worker."
    ),
    LinkUsed: lambda _, t: t("By this link somebody has evaluated already. Thank you."),
    LinkExpired: lambda _, t: t("This link has ended. Your grid worker can give you a new one."),
    NotAwaited: lambda _, t: t("At the moment no evaluation is awaited here. Thank you."),
    OutsideScope: lambda _, t: t("This is not in your area, or it does not exist."),
}


def words(error: Exception, t: Translate) -> str:
    """Say in words what ``error`` means for the person at the screen."""
    for kind in type(error).__mro__:
        if kind in TABLE:
            return TABLE[kind](error, t)
    return t("Something went wrong. It has been logged; reload the page to go on.")
