"""Words about plans: states, verdicts, what an edit did, how a measure reads."""

from typing import Final

from data.plan_rows import Plan
from pages._html import badge
from pages._text import Translate, later, pick
from rules.boundary_plan import LABELS, PlanState
from rules.plan_checks import Verdict

TONES: Final[dict[PlanState, str]] = {
    PlanState.SUBMITTED: "warn",
    PlanState.CHANGES_REQUESTED: "bad",
    PlanState.APPROVED: "good",
    PlanState.PUBLISHED: "good",
}
VERDICTS: Final[dict[Verdict, tuple[str, str]]] = {
    "below": (later("too few"), "warn"),
    "within": (later("fits"), "good"),
    "above": (later("too many"), "bad"),
    "dedicated": (later("dedicated"), "plain"),
}
"""Of each verdict the word and the tone."""
WHY: Final[dict[str, str]] = {
    "building_too_big": later("One building alone has {n} households."),
    "estate": later("An estate that is kept whole has {n} households and moves only as one."),
    "island": later("It touches no grid that could give or take."),
    "locked": later("Locks hold {n} households of it."),
    "count": later("For so many households there are too many or too few grids."),
}
"""Causes of a missed band that can be told with the households behind them."""
OPS: Final = {
    "start": later("Drawn from today's grids"),
    "present": later("Drawn from today's grids"),
    "import": later("Imported"),
    "assign": later("Assignment imported"),
    "fork": later("Copied"),
    "rebase": later("Set upon the present grids"),
    "rollback": later("Drawn back to the grids of before"),
    "move": later("Moved buildings"),
    "lasso": later("Moved what a loop holds"),
    "brush": later("Painted"),
    "drag": later("Pushed a border"),
    "split": later("Divided a grid"),
    "merge": later("Merged grids"),
    "carve": later("Carved out a grid"),
    "move_border": later("Drew a border anew"),
    "moveborder": later("Drew a border anew"),
    "lock": later("Locked"),
    "unlock": later("Unlocked"),
    "rename": later("Renamed a grid"),
    "band": later("Changed the band"),
    "set_band": later("Changed the band"),
    "setband": later("Changed the band"),
    "charge": later("Set building chiefs"),
    "propose": later("Took a proposal over"),
    "adopt": later("Took a proposal over"),
    "fix": later("Repaired a grid"),
    "undo": later("Undone"),
    "redo": later("Redone"),
    "go": later("Went to a step"),
}


def state_badge(plan: Plan, locale: str, t: Translate) -> str:
    """Give the state of a plan as a label; a published one in force says so."""
    if plan.state == PlanState.PUBLISHED and plan.in_force_at is not None:
        return badge(t("In force"), "good")
    return badge(pick(LABELS[plan.state], locale), TONES.get(plan.state, "plain"))


def op_name(op: str, t: Translate) -> str:
    """Name what a record of a plan's log did."""
    return t(OPS[op]) if op in OPS else t("changed")


def metres(length: float, t: Translate) -> str:
    """Give a length in whole metres, or in kilometres from ten of them on."""
    if length >= 10_000:
        return t("{n} km").format(n=f"{length / 1000:,.1f}")
    return t("{n} m").format(n=f"{length:,.0f}")


def signed(number: float) -> str:
    """Give a whole number with its sign; a dash for nothing."""
    return f"{number:+,.0f}" if round(number) else "–"
