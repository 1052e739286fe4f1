"""The review report of a plan as a Word document: what was drawn, what it does, what was said."""

from data.exporters.plan.document import Col, Paper
from data.exporters.plan.report_tables import (
    comment_rows,
    effect_rows,
    finding_rows,
    grid_rows,
    group_rows,
    head_rows,
    principle_rows,
    turn_rows,
)
from data.exporters.plan.review import Review
from data.exporters.plan.words import Teller
from data.plan_pictures import after_map, before_map, difference_map

ACROSS = 15.5
"""Centimetres that a map measures across."""


def write_report(review: Review, *, chinese: bool) -> bytes:
    """Write the report of a plan."""
    t = Teller(chinese=chinese)
    author = review.name(review.sheet.plan.author)
    paper = Paper(title=f"{review.sheet.plan.title} · {t('title')}", author=author, at=review.at)
    paper.title(review.sheet.plan.title)
    paper.title(t("title"))
    paper.table([Col(t("item"), 4), Col(t("content"), 12.5)], head_rows(review, t))
    paper.heading(t("principles"))
    columns = [Col(t("principle"), 3.2), Col(t("measure"), 7.3), Col(t("before"), 3, "right"),
               Col(t("after"), 3, "right")]  # fmt: skip
    paper.table(columns, principle_rows(review, t))
    _maps(paper, review, t)
    _grids(paper, review, t)
    _checks(paper, review, t)
    _course(paper, review, t)
    paper.heading(t("effect"))
    rows = effect_rows(review, t)
    if rows:
        paper.table([Col(t("what"), 12), Col(t("count"), 4.5, "right")], rows)
    else:
        paper.say(t("effect_over"))
    return paper.body()


def _maps(paper: Paper, review: Review, t: Teller) -> None:
    paper.heading(t("maps"))
    drawn = {"before_map": before_map, "after_map": after_map, "difference_map": difference_map}
    for key, draw in drawn.items():
        paper.picture(draw(review.sheet), centimetres=ACROSS, told=t(key))
        paper.caption(t(key))


def _grids(paper: Paper, review: Review, t: Teller) -> None:
    paper.heading(t("grids"))
    columns = [
        Col(t("number"), 1, "centre"), Col(t("code"), 3), Col(t("name"), 3.2),
        Col(t("households_before"), 1.4, "right"), Col(t("households_after"), 1.4, "right"),
        Col(t("verdict"), 1.8, "centre"), Col(t("area"), 1.5, "right"),
        Col(t("compact_short"), 1.3, "right"), Col(t("moved_in"), 1.1, "right"),
        Col(t("moved_out"), 1.1, "right"),
    ]  # fmt: skip
    paper.table(columns, grid_rows(review, t))
    paper.heading(t("groups"))
    rows = group_rows(review, t)
    if not rows:
        paper.say(t("no_groups"))
        return
    columns = [
        Col(t("from"), 3), Col(t("to"), 3), Col(t("estate"), 2.6), Col(t("buildings"), 4),
        Col(t("households"), 1.5, "right"), Col(t("chiefs_now"), 2.5),
    ]  # fmt: skip
    paper.table(columns, rows)


def _checks(paper: Paper, review: Review, t: Teller) -> None:
    paper.heading(t("checks"))
    rows = finding_rows(review, t)
    if not rows:
        paper.say(t("no_findings"))
        return
    columns = [
        Col(t("check"), 4.2), Col(t("weight"), 2.2, "centre"), Col(t("concerned"), 4),
        Col(t("value"), 2.4, "right"), Col(t("note"), 3.8),
    ]  # fmt: skip
    paper.table(columns, rows)


def _course(paper: Paper, review: Review, t: Teller) -> None:
    paper.heading(t("history"))
    columns = [Col(t("time"), 3.2), Col(t("who"), 2.6), Col(t("step"), 3), Col(t("words"), 7.8)]
    paper.table(columns, turn_rows(review, t))
    paper.heading(t("comments"), level=2)
    rows = comment_rows(review, t)
    if not rows:
        paper.say(t("no_comments"))
        return
    columns = [
        Col(t("time"), 3.2), Col(t("who"), 2.2), Col(t("about"), 3), Col(t("words"), 5.6),
        Col(t("settled"), 2.6),
    ]  # fmt: skip
    paper.table(columns, rows)
