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
from data.plan_comments import EmptyComment
from data.plan_course import HardFaults, NothingChanges, PastDate, StaleBase
from data.plan_land import BaseReplaced
from data.plan_making import DRAW, BadTitle, NotPlannable
from data.plan_proposals import NothingBetter
from data.plan_restart import NothingBefore
from data.plan_rows import StalePlan
from data.reporter import NoReason, ReporterHidden
from data.rulebook import BadRules
from data.store import StoreUnavailable
from data.visits import NoPerson
from geo.cutting import CutsNothing
from geo.partition.problem import TooManyParts
from layers.plan_commands import BadCommand
from pages._format import clock_time, count
from pages._plan_words import WHY
from pages._text import Translate, later
from rules.access import OutsideScope
from rules.boundary_plan import IllegalPlanStep, NoReasonGiven, NotYourPlan, OwnPlan
from rules.casework import IllegalStep, Missing, NoDesk, NotYours
from rules.plan_edits import (
    BadBand,
    BadName,
    BreaksGrid,
    Locked,
    NotEditable,
    NothingMoves,
    UnknownGrid,
)
from rules.plan_log import NothingToRedo, NothingToUndo, UnknownPosition
from rules.plan_state import LOCK_BORDER, LOCK_CELL, Conflict
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


def _locked_land(error: Exception, t: Translate) -> str:
    keys = getattr(error, "keys", ())
    if any(key.startswith(LOCK_CELL) for key in keys):
        return t("A building or piece of land there is locked. Unlock it first.")
    if any(key.startswith(LOCK_BORDER) for key in keys):
        return t("The border between the two grids is locked. Unlock it first.")
    return t("The grid is locked. Unlock it first.")


def _breaks(error: Exception, t: Translate) -> str:
    name, pieces = getattr(error, "name", ""), getattr(error, "pieces", 0)
    message = t("{name} would fall into {n} pieces. Nothing was changed.")
    return message.format(name=name or t("The new grid"), n=pieces)


def _not_your_plan(error: Exception, t: Translate) -> str:
    if getattr(error, "action", "") == DRAW:
        return t("Only planners draw plans.")
    return t("This step is not for your role.")


def _nothing_better(error: Exception, t: Translate) -> str:
    reason = getattr(error, "reason", None)
    if reason is None:
        return t("The grid has as many households as it shall have.")
    if reason.kind not in WHY:
        return t(
            "Between this grid and its neighbours nothing better was found. "
            "Proposals look at the whole community."
        )
    why = t(WHY[reason.kind]).format(n=count(getattr(error, "households", 0)))
    return t("Nothing better was found, nothing was changed. {why}").format(why=why)


def _hard(error: Exception, t: Translate) -> str:
    message = t("The plan breaks {n} rules that no plan may break. The checks name the places.")
    return message.format(n=len(getattr(error, "rules", ())))


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
    StalePlan: lambda _, t: t("Somebody has changed the plan in between. Nothing was saved."),
    NotEditable: lambda _, t: t("The plan is in review or has ended; it cannot be redrawn now."),
    Locked: _locked_land,
    BreaksGrid: _breaks,
    NothingMoves: lambda _, t: t("This changes nothing."),
    NothingBetter: _nothing_better,
    UnknownGrid: lambda _, t: t("The plan has no such grid any more."),
    BadBand: lambda _, t: t("The band needs two numbers of households, the lower one first."),
    BadName: lambda _, t: t("A grid's name has 1 to 40 letters."),
    CutsNothing: lambda _, t: t("The line cuts nothing. Draw it right across the grid."),
    NothingToUndo: lambda _, t: t("There is nothing to undo."),
    NothingToRedo: lambda _, t: t("There is nothing to redo."),
    UnknownPosition: lambda _, t: t("The plan never stood there."),
    Conflict: lambda _, t: t(
        "The plan's record does not fit together. Nothing was saved; tell the administrator."
    ),
    BadTitle: lambda _, t: t("A title has 1 to 80 letters."),
    NotPlannable: lambda _, t: t("The grids of this area cannot be redrawn."),
    IllegalPlanStep: lambda _, t: t("The plan is in another state now; this step is not possible."),
    NotYourPlan: _not_your_plan,
    OwnPlan: lambda _, t: t("Whoever drew a plan cannot review it. It takes another account."),
    NoReasonGiven: lambda _, t: t("Please say why."),
    HardFaults: _hard,
    StaleBase: lambda _, t: t(
        "Other grids are in force, or about to be, than those this plan starts from. "
        "Set it upon the present grids first."
    ),
    BaseReplaced: lambda _, t: t(
        "Other grids are in force, or about to be, than those this plan starts from. "
        "Set it upon the present grids first."
    ),
    NothingBefore: lambda _, t: t("There are no grids of before to go back to."),
    PastDate: lambda _, t: t("A plan takes force today or later."),
    NothingChanges: lambda _, t: t("The plan says what is so today: there is nothing to review."),
    EmptyComment: lambda _, t: t("A comment has 1 to 500 letters."),
    TooManyParts: lambda _, t: t("There are not so many pieces of land to make grids of."),
    BadCommand: lambda _, t: t("This could not be read. Nothing was changed."),
    OutsideScope: lambda _, t: t("This is not in your area, or it does not exist."),
}


def words(error: Exception, t: Translate) -> str:
    """Say in words what ``error`` means for the person at the screen."""
    for kind in type(error).__mro__:
        if kind in TABLE:
            return TABLE[kind](error, t)
    return t("Something went wrong. It has been logged; reload the page to go on.")
