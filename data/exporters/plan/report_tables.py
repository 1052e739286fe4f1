"""Rows of the review report's tables, as texts."""

from collections.abc import Iterable
from datetime import datetime

from data.exporters.plan.review import Review
from data.exporters.plan.tables import VERDICTS
from data.exporters.plan.words import UNITS, Teller
from data.plan_comments import Comment
from data.plan_figures import PlanFigures
from rules.boundary_plan import LABELS, TABLE
from rules.plan_checks import CAUSES, RULES, Finding

Rows = list[tuple[str, ...]]

STEPS = {step.action.value: (step.zh, step.en) for step in TABLE}
TURNS = {"plan": "made", **{k: k for k in ("comment", "resolve_comment", "enact", "supersede")}}
SHOWN = 6
"""So many names are written out in one cell."""


def told_time(moment: datetime | None, review: Review) -> str:
    """Give a moment in the zone of the district; a dash for none."""
    return "—" if moment is None else f"{moment.astimezone(review.zone):%Y-%m-%d %H:%M}"


def head_rows(review: Review, t: Teller) -> Rows:
    """Say what the plan is, who drew it, who reviewed it."""
    plan, sheet = review.sheet.plan, review.sheet
    state = t.of(LABELS, plan.state)
    low, high = sheet.state.band
    return [
        (t("plan"), plan.title),
        (t("community"), f"{' '.join(review.place)}（{review.code}）"),
        (t("state"), t("in_force") if plan.in_force_at is not None else state),
        (t("drawn_by"), t.listed(review.name(login) for login in sorted(plan.hands))),
        (t("reviewed_by"), t.listed(review.name(login) for login in review.reviewers)),
        (t("effective"), told_time(plan.effective_at, review)),
        (t("band"), t("band_text", low=low, high=high)),
        (t("version"), t("version_text", version=plan.version, digest=sheet.state.digest[:12])),
        (t("made_at"), told_time(review.at, review)),
    ]


def principle_rows(review: Review, t: Teller) -> Rows:
    """Give the three principles: measure, before, after."""
    was, now, moved = review.was, review.now, review.now.moved
    share = f"{moved / max(now.households, 1):.1%}"

    def row(principle: str, measure: str, *values: str) -> tuple[str, ...]:
        return (t(principle), t(measure), *values)

    near, run, keep = "convenient", "manageable", "stable"
    return [
        row(near, "walk_mean", f"{_walk(was):.0f}", f"{_walk(now):.0f}"),
        row(near, "walk_max", *(f"{max(g.walk_max for g in f.grids):.0f}" for f in (was, now))),
        row(near, "estates_split", str(was.estates_split), str(now.estates_split)),
        row(near, "barriers", f"{was.barriers_crossed:.0f}", f"{now.barriers_crossed:.0f}"),
        row(run, "grids_count", str(len(was.grids)), str(len(now.grids))),
        row(run, "in_band", *(f"{f.in_band}/{f.banded}" for f in (was, now))),
        row(run, "worst", f"{was.worst_deviation:.1%}", f"{now.worst_deviation:.1%}"),
        row(run, "compact", f"{was.polsby_popper:.3f}", f"{now.polsby_popper:.3f}"),
        row(run, "border", f"{was.border / 1000:.2f}", f"{now.border / 1000:.2f}"),
        row(keep, "moved_households", "—", t("moved_text", n=moved, share=share)),
        row(keep, "bound", "—", str(review.bound.bound)),
        row(keep, "touched", "—", str(now.grids_touched)),
        row(keep, "chiefs", "—", str(now.chiefs_changed)),
    ]


def _walk(figures: PlanFigures) -> float:
    """Mean walk of all households, from the means of the grids."""
    total = sum(grid.walk_mean * grid.households for grid in figures.grids)
    return total / max(figures.households, 1)


def grid_rows(review: Review, t: Teller) -> Rows:
    """Give every grid of before and after, by its number on the maps."""
    was = {grid.label: grid for grid in review.was.grids}
    now = {grid.label: grid for grid in review.now.grids}
    gone = {grid.label: grid for grid in review.now.gone}
    rows: Rows = []
    for label, number in review.numbers.items():
        old, grid, mark = was.get(label), now.get(label), review.marks[label]
        name = mark.name + ("" if old else t("new")) + (t("gone") if label in gone else "")
        before = str(old.households) if old else "—"
        if grid is None:
            left = str(gone[label].households)
            rows.append((str(number), mark.code, name, before, *"—————", left))
            continue
        rows.append((
            str(number), mark.code, name, before, str(grid.households),
            t.of(VERDICTS, grid.verdict), f"{grid.hectares:.2f}", f"{grid.polsby_popper:.2f}",
            str(grid.moved_in), str(grid.moved_out),
        ))  # fmt: skip
    total = (str(review.was.households), str(review.now.households))
    moved = sum(grid.moved_in for grid in now.values())
    rows.append(("", "", t("total"), *total, "", "", "", str(moved), str(moved)))
    return rows


def group_rows(review: Review, t: Teller) -> Rows:
    """Give every group of households that changes grid, with their sum."""
    marks, number, homes = review.marks, review.numbers, review.sheet.ground.homes
    rows: Rows = [
        (
            f"{number[g.from_label]} {review.sheet.start.marks[g.from_label].name}",
            f"{number[g.to_label]} {marks[g.to_label].name}",
            g.estate or "—", _few((homes[i].label for i in g.buildings), t), str(g.households),
            t.listed(g.chiefs),
        )
        for g in review.groups
    ]  # fmt: skip
    if not rows:
        return []
    count = sum(len(g.buildings) for g in review.groups)
    households = sum(g.households for g in review.groups)
    return [*rows, (t("total"), "", "", str(count), str(households), "")]


def _few(names: Iterable[str], t: Teller) -> str:
    found = list(names)
    more = f"…（{len(found)}）" if len(found) > SHOWN else ""
    return t.listed(found[:SHOWN]) + more


def finding_rows(review: Review, t: Teller) -> Rows:
    """Give the findings of the checks, hard ones first."""
    return [_finding(finding, review, t) for finding in review.findings]


def _finding(finding: Finding, review: Review, t: Teller) -> tuple[str, ...]:
    rule, marks = RULES[finding.rule], review.marks
    value = "—"
    if finding.value is not None:
        value = f"{finding.value:,.0f}{t.pick(UNITS[rule.unit])}"
    notes = [finding.subject, t.of(CAUSES, finding.cause) if finding.cause else ""]
    return (
        t.pick((rule.zh, rule.en)), t("hard" if finding.hard else "soft"),
        t.listed(f"{review.numbers[k]} {marks[k].name}" for k in finding.labels if k in marks),
        value, t.listed(note for note in notes if note),
    )  # fmt: skip


def turn_rows(review: Review, t: Teller) -> Rows:
    """Give the steps of the plan with who took them and what they said."""
    return [
        (
            told_time(turn.at, review), review.name(turn.actor),
            t(TURNS[turn.action]) if turn.action in TURNS else t.of(STEPS, turn.action),
            turn.note or "—",
        )
        for turn in review.turns
    ]  # fmt: skip


def comment_rows(review: Review, t: Teller) -> Rows:
    """Give the comments on the plan, its grids and places."""
    return [
        (
            told_time(one.at, review), review.name(one.actor), _about(one, review, t), one.text,
            t("settled_by", name=review.name(one.resolved_by)) if one.resolved_by else t("open"),
        )
        for one in review.comments
    ]  # fmt: skip


def _about(comment: Comment, review: Review, t: Teller) -> str:
    if comment.label in review.marks:
        return f"{review.numbers[comment.label]} {review.marks[comment.label].name}"
    if comment.place is not None:
        return t("place", lon=comment.place[0], lat=comment.place[1])
    return t("whole_plan")


def effect_rows(review: Review, t: Teller) -> Rows:
    """Count what publishing would do now; no rows where it cannot be told any more."""
    effect = review.effect
    if effect is None:
        return []
    counts = {
        "grids_kept": len(effect.land.kept), "grids_closed": len(effect.land.closed),
        "grids_made": len(effect.grids), "buildings_moved": len(effect.moved_homes),
        "items_moved": len(effect.moved_items), "people": len(effect.staff),
        "accounts": len(effect.accounts), "chiefs_lost": len(effect.chiefs),
        "torn": len(effect.torn),
    }  # fmt: skip
    return [(t(key), str(n)) for key, n in counts.items()]
