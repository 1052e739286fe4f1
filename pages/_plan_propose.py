"""Proposals: what is asked for, the choice among them, and taking one over."""

from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from data.plan_offers import Offer, as_offered, key_of, offers
from data.plan_problem import Barriers, Estates
from data.plan_proposals import Ask, Proposal, Source, suggested_grids
from data.plan_reasons import reasons
from geo.partition.problem import TooManyParts
from pages import _session
from pages._html import empty, heading, note
from pages._messages import words
from pages._plan_address import look_at, plan_here
from pages._plan_choice import draw_choice
from pages._plan_desk import Bench
from pages._plan_grid import why
from pages._plan_words import WHY
from pages._text import later, pick
from rules.boundary_plan import EDITABLE, LABELS, PLANNERS

ASKED: Final = "plan_asked"
GRIDS, SOURCE, ESTATES, BARRIERS = "ask_grids", "ask_source", "ask_estates", "ask_barriers"
SOURCES: Final[dict[Source, str]] = {
    "present": later("From the grids as drawn: few households move"),
    "afresh": later("Afresh: without regard to them"),
}
MOST_GRIDS: Final = 200


@dataclass(frozen=True)
class Asked:
    """What was asked of which state of a plan."""

    plan_id: int
    digest: str
    ask: Ask
    seed: int


def _ask(plan_id: int, digest: str) -> None:
    """Keep what the form asks for; asked for again, other proposals are drawn."""
    before: Asked | None = _session.kept(ASKED)
    estates: Estates = "whole" if _session.widget(ESTATES) else "free"
    barriers: Barriers = "heeded" if _session.widget(BARRIERS) else "free"
    ask = Ask(_session.widget(GRIDS), _session.widget(SOURCE) or "present", estates, barriers)
    seed = before.seed + 1 if before and before.plan_id == plan_id else 1
    _session.keep(ASKED, Asked(plan_id, digest, ask, seed))
    look_at(replace(plan_here(), proposal=""))


def draw_form(bench: Bench) -> None:
    """Draw what can be asked for."""
    t = bench.t
    with st.form("propose", border=False):
        with st.container(key="ask", horizontal=True, vertical_alignment="bottom"):
            st.number_input(
                t("Number of grids"), 1, MOST_GRIDS, suggested_grids(bench.sheet), key=GRIDS,
                width=130,
            )  # fmt: skip
            st.selectbox(t("Start from"), list(SOURCES), key=SOURCE,
                         format_func=lambda source: t(SOURCES[source]))  # fmt: skip
        with st.container(key="ask_more", horizontal=True, vertical_alignment="center"):
            st.checkbox(t("Keep estates whole"), value=True, key=ESTATES)
            st.checkbox(t("Respect main roads and rivers"), value=True, key=BARRIERS)
            st.form_submit_button(
                t("Draw proposals"), type="primary", on_click=_ask,
                args=(bench.plan.id, bench.sheet.state.digest),
            )  # fmt: skip


def draw_propose(bench: Bench) -> None:
    """Draw the form, and the proposals for what was last asked."""
    t = bench.t
    if not bench.drawable:
        _say_not_here(bench)
        return
    low, high = bench.sheet.state.band
    hint = t("the band of {low}–{high} suggests {n}").format(
        low=low, high=high, n=suggested_grids(bench.sheet)
    )
    st.html(heading(t("Proposals"), hint))
    draw_form(bench)
    asked: Asked | None = _session.kept(ASKED)
    if asked is None or asked.plan_id != bench.plan.id:
        st.html(empty(t("Up to 100 divisions are drawn; the ones no other beats stand out.")))
    elif asked.digest != bench.sheet.state.digest:
        st.html(empty(t("The plan has been redrawn since; ask again for proposals.")))
    else:
        _draw_found(bench, asked)


def _say_not_here(bench: Bench) -> None:
    """Say why there are no proposals here, and what a planner can do instead."""
    t, plan = bench.t, bench.plan
    st.html(heading(t("Proposals")))
    if plan.state in EDITABLE:
        st.html(empty(t("Proposals are drawn by planners, in a draft.")))
        return
    state = pick(LABELS[plan.state], bench.desk.locale)
    said = t("Proposals are for drafts; this plan is not one any more: {state}.")
    st.html(note(said.format(state=state)))
    if bench.desk.visitor.actor.role in PLANNERS:
        st.html(empty(t("A copy of it, made from the list of plans, can be redrawn.")))


def _draw_found(bench: Bench, asked: Asked) -> None:
    t = bench.t
    found: tuple[Proposal, ...] | None = None
    with st.spinner(t("Proposals are being drawn …")):
        # Within, because this error cannot pass through a context manager: it is frozen.
        try:
            found = offers(bench.sheet, asked.ask, seed=asked.seed)
        except TooManyParts as error:
            st.html(note(words(error, t)))
    if found is None:
        return
    if not found:
        st.html(note(t("Locks leave no other way. Unlock something and ask again.")))
        return
    _say_missing(bench, asked, found)
    draw_choice(bench, asked.ask, asked.seed, found)


def _say_missing(bench: Bench, asked: Asked, found: tuple[Proposal, ...]) -> None:
    """Say why no proposal brings every grid into the band, where that is so."""
    t, best = bench.t, max(found, key=lambda one: (one.in_band - one.grids, -one.moved))
    if best.in_band == best.grids:
        return
    said = t("No proposal brings all grids into the band; the best has {n} of {total}.")
    parts = [said.format(n=best.in_band, total=best.grids)]
    key = key_of(bench.sheet, Offer(asked.ask, asked.seed, best.index))
    nearest = replace(bench, shown=as_offered(bench.sheet, key))
    parts += [
        t("{name}: {why}").format(name=nearest.name(label), why=why(nearest, reason))
        for label, reason in reasons(nearest.shown).items()
        if reason.kind in WHY
    ]
    st.html(note(" ".join(parts)))
